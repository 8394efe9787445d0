"""What a keystroke costs, from the edit to its diagnostics, by the length of the file.

First in process, stage by stage: what the edit does to the text and its lines, which sections
change, what they are understood to be, what the rules find, and the JSON of it all. Then over
stdio, the whole way (debounce 0), beside the floor: a bare pygls server that applies the same
edit and sends as many constant diagnostics. ``--kinds`` does the same for other kinds of files.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.sql_files import KINDS, MARK, sql_file
from benchmarks.table import print_table
from benchmarks.warehouse import CONFIGURATION, SCHEMAS, tables, write_cache_file
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.interpreter import share_time
from defog_lsp.lsp.published import Published, published
from defog_lsp.lsp.session import View
from defog_metadata.catalog import Catalog
from defog_metadata.rules import DEFAULT_SEVERITIES, check_sections
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

__all__ = ["main"]

LENGTHS = (100, 1_000, 10_000)
_EDITS = 40
_FIRST = 10
"""Edits that are not counted."""
_PATIENCE = 120.0
_CLIENT: dict[str, Any] = {
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True}
    }
}
_CAPABILITIES = Capabilities(code_description=True, related_information=True)

_SERVER = "from defog_lsp.lsp.server import start_io; raise SystemExit(start_io())"
_FLOOR = """
import json, sys
from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
server = LanguageServer("floor", "1", lsp.TextDocumentSyncKind.Incremental)
message, code = "there is no column nowhere here", "unknown-column"
page = lsp.CodeDescription("https://github.com/defog-ai/defog-lsp/blob/main/docs/rules/" + code)
told = [
    lsp.Diagnostic(
        lsp.Range(lsp.Position(it * 10, 6), lsp.Position(it * 10, 15)), message,
        lsp.DiagnosticSeverity.Error, code, page, "floor",
    )
    for it in range(int(sys.argv[1]))
]
@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def tell(params):
    document = params.text_document
    answer = lsp.PublishDiagnosticsParams(document.uri, told, document.version)
    server.text_document_publish_diagnostics(answer)
server.start_io()
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.keystroke", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the numbers to this file, too")
    parser.add_argument("--kinds", action="store_true", help="files of all kinds, the longest only")
    arguments = parser.parse_args()
    chosen = [("queries", it) for it in LENGTHS]
    if arguments.kinds:
        chosen = [(it, LENGTHS[-1]) for it in KINDS]
    measured = [
        {"kind": kind, "lines": lines, **_measured(sql_file(kind, lines))} for kind, lines in chosen
    ]
    names = list(measured[0]["stages"])
    print_table(
        ["file", "lines", "found", *names, "all stages", "round trip", "floor", "times"],
        (
            [
                it["kind"],
                it["lines"],
                it["found"],
                *(_shown(it["stages"][name]) for name in names),
                _shown(it["all stages"]),
                _shown(it["round trip"]),
                _shown(it["floor"]),
                f"{it['round trip']['median'] / it['floor']['median']:.1f}",
            ]
            for it in measured
        ),
    )
    print("\nMilliseconds, as median / 95th percentile.")
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, indent=1), "utf-8")


def _measured(text: str) -> dict[str, Any]:
    stages = _stages(text)
    found = int(stages.pop("found")[0])
    totals = [sum(it) for it in zip(*stages.values(), strict=True)]
    own, floor = asyncio.run(_round_trips(text, found))
    return {
        "found": found,
        "stages": {name: _summed_up(it) for name, it in stages.items()},
        "all stages": _summed_up(totals),
        "round trip": _summed_up(own),
        "floor": _summed_up(floor),
    }


def _summed_up(milliseconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)
    at = min(len(ordered) - 1, int(len(ordered) * 0.95))
    return {"median": round(statistics.median(ordered), 3), "p95": round(ordered[at], 3)}


def _shown(numbers: dict[str, float]) -> str:
    return f"{numbers['median']:.2f} / {numbers['p95']:.2f}"


def _place(text: str) -> int:
    """In the middle of the file."""
    middle = text.find(MARK, len(text) // 2)
    return middle if middle >= 0 else text.index(MARK)


# In process


def _stages(text: str) -> dict[str, list[float]]:
    """Milliseconds of each stage, for each edit."""
    catalog = Catalog.of(*tables(10), dialect="postgres", search_path=SCHEMAS[:1])
    positions = Positions(text)
    snapshot = Snapshot(text, catalog, "postgres")
    view = View("file:///a.sql", 1, positions, snapshot, DEFAULT_SEVERITIES)
    told = published(view, _CAPABILITIES, None)
    share_time()  # as the server does
    place = _place(text)
    spent: dict[str, list[float]] = {}
    for edit in range(_EDITS):
        clock = _Clock(spent if edit >= _FIRST else {})
        positions = clock.time("edit", lambda: positions.edited(Span(place, place), " "))  # noqa: B023
        snapshot = snapshot.edited(positions.text)
        clock.time("sections", lambda: snapshot.sections)  # noqa: B023
        clock.time("known", lambda: snapshot.readings)  # noqa: B023
        clock.time("rules", lambda: check_sections(snapshot, DEFAULT_SEVERITIES))  # noqa: B023
        view = replace(view, positions=positions, snapshot=snapshot, version=edit)
        told = clock.time("JSON", lambda: _published(view, told))  # noqa: B023
    return {"found": [told.count], **spent}


def _published(view: View, before: Published) -> Published:
    return published(view, _CAPABILITIES, before)


class _Clock:
    def __init__(self, spent: dict[str, list[float]]) -> None:
        self._spent = spent

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        result = work()
        self._spent.setdefault(name, []).append(1000 * (time.perf_counter() - began))
        return result


# Over stdio


async def _round_trips(text: str, found: int) -> tuple[list[float], list[float]]:
    """Milliseconds from each edit to its diagnostics: of ours, and of the floor.

    In turns: whatever else the machine does is done to both.
    """
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "workspace"
        folder.mkdir()
        settings = f"{CONFIGURATION}\n[diagnostics]\ndebounce_ms = 0\n"
        (folder / "defog.toml").write_text(settings, "utf-8")
        write_cache_file(Path(home) / "cache", 10)
        async with _server(home, _SERVER) as own, _server(home, _FLOOR, str(found)) as floor:
            for it in (own, floor):
                await it.open(folder, text, found)
            pairs = [(await own.edit(), await floor.edit()) for _ in range(_EDITS)]
    own_times, floor_times = zip(*pairs[_FIRST:], strict=True)
    return list(own_times), list(floor_times)


@asynccontextmanager
async def _server(home: str, script: str, *arguments: str) -> Any:
    environment = {**os.environ, "DEFOG_HOME": home, "XDG_CACHE_HOME": home, "HOME": home}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *arguments, stdin=-1, stdout=-1, env=environment,
        limit=1 << 28,
    )  # fmt: skip
    try:
        yield _Connection(process)
    finally:
        process.kill()
        await process.wait()


class _Connection:
    """A client that only edits one document, and sees when its diagnostics come."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._writer, self._reader = process.stdin, process.stdout
        self._version = 1

    async def open(self, folder: Path, text: str, found: int) -> None:
        """Open a document with *text*, and wait until *found* diagnostics are shown."""
        self._uri = (folder / "a.sql").as_uri()
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        params = {"processId": None, "rootUri": None, "workspaceFolders": folders}
        self._send(id=1, method="initialize", params={**params, "capabilities": _CLIENT})
        while json.loads(await self._receive()).get("id") != 1:
            pass
        self._send(method="initialized", params={})
        item = {"uri": self._uri, "languageId": "sql", "version": self._version, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": item})
        while (shown := await self._shown()) != found:
            print(f"{shown} of {found} diagnostics so far", file=sys.stderr)
        before = text[: _place(text)]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        place = {"line": line, "character": column}
        self._change = {"range": {"start": place, "end": place}, "text": " "}

    async def edit(self) -> float:
        """Milliseconds from an edit to the diagnostics of the version that it makes."""
        self._version += 1
        began = time.perf_counter()
        document = {"uri": self._uri, "version": self._version}
        changes = [self._change]
        params = {"textDocument": document, "contentChanges": changes}
        self._send(method="textDocument/didChange", params=params)
        wanted = b'"version":%d,' % self._version
        while True:
            message = await self._receive()
            if b"textDocument/publishDiagnostics" in message:
                took = 1000 * (time.perf_counter() - began)
                if wanted in message.replace(b" ", b"") or _is_version(message, self._version):
                    return took

    async def _shown(self) -> int:
        while True:
            message = json.loads(await self._receive())
            if message.get("method") == "textDocument/publishDiagnostics":
                return len(message["params"]["diagnostics"])

    def _send(self, **message: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def _receive(self) -> bytes:
        async with asyncio.timeout(_PATIENCE):
            head = await self._reader.readuntil(b"\r\n\r\n")
            lengths = (it.partition(b":")[2] for it in _headers(head, b"content-length"))
            return await self._reader.readexactly(int(next(lengths)))


def _headers(head: bytes, name: bytes) -> Iterator[bytes]:
    return (it for it in head.split(b"\r\n") if it.lower().startswith(name))


def _is_version(message: bytes, version: int) -> bool:
    return bool(json.loads(message)["params"].get("version") == version)


if __name__ == "__main__":
    main()
