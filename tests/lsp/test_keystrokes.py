"""Typing in a long file: what is published, and what is done for it, counted in the server."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.lsp.raw import RawProcess, raw_server

URI = "file:///a.sql"
STATEMENTS = 400
TEXT = "".join(f"select {it}, a\nfrom t{it};\n" for it in range(STATEMENTS)) + "select 1 from;\n"
# Each statement that is analysed leaves a line; with a file called slow, it takes its time too.
COUNTING = """
import json, os, sys, time
from pathlib import Path
from defog_metadata.sql import analysis
folder = Path({folder!r})
real = analysis._analysed
log = (folder / "analysed").open("a")
def counted(statement, text, *rest):
    print(json.dumps(text), file=log, flush=True)
    if (folder / "slow").exists():
        time.sleep(0.02)
    return real(statement, text, *rest)
analysis._analysed = counted
from defog_lsp.lsp.server import start_io
raise SystemExit(start_io())
"""


def script(folder: Path) -> str:
    return COUNTING.format(folder=str(folder))


def analysed(folder: Path) -> list[str]:
    path = folder / "analysed"
    if not path.exists():
        return []
    lines = path.read_text().split("\n")[:-1]
    return [json.loads(it) for it in lines]


async def greet(raw: RawProcess, folder: Path) -> None:
    """With a workspace whose diagnostics follow at once."""
    (folder / "defog.toml").write_text("[diagnostics]\ndebounce_ms = 0\n")
    folders = [{"uri": folder.as_uri(), "name": "a"}]
    await raw.request(
        "initialize",
        {"processId": None, "rootUri": None, "workspaceFolders": folders, "capabilities": {}},
    )
    raw.notify("initialized", {})


async def published(raw: RawProcess, uri: str, version: int) -> list[Any]:
    """The diagnostics of *version*; what is told of older ones meanwhile does not matter."""
    while True:
        message = await raw.receive()
        params = message.get("params")
        if (
            message.get("method") == "textDocument/publishDiagnostics"
            and params["uri"] == uri
            and params["version"] == version
        ):
            return list(params["diagnostics"])


def open_text(raw: RawProcess, uri: str, text: str = TEXT) -> None:
    item = {"uri": uri, "languageId": "postgres", "version": 1, "text": text}
    raw.notify("textDocument/didOpen", {"textDocument": item})


Place = tuple[int, int]


def insert(raw: RawProcess, uri: str, version: int, place: Place, text: str) -> None:
    change(raw, uri, version, place, place, text)


def change(  # noqa: PLR0917 - the parts of one edit
    raw: RawProcess, uri: str, version: int, start: Place, end: Place, text: str
) -> None:
    range_ = {
        name: {"line": line, "character": character}
        for name, (line, character) in (("start", start), ("end", end))
    }
    document = {"uri": uri, "version": version}
    changes = [{"range": range_, "text": text}]
    raw.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})


async def test_each_edit_costs_its_statement_and_moves_the_rest(tmp_path: Path) -> None:
    uri = (tmp_path / "a.sql").as_uri()
    async with raw_server(tmp_path, script(tmp_path)) as raw:
        await greet(raw, tmp_path)
        open_text(raw, uri)
        [mistake] = await published(raw, uri, 1)
        line = mistake["range"]["start"]["line"]
        before = len(analysed(tmp_path))
        insert(raw, uri, 2, (200, 7), "100000 + ")
        [same] = await published(raw, uri, 2)
        assert same == mistake
        assert analysed(tmp_path)[before:] == ["select 100000 + 100, a\nfrom t100"]
        insert(raw, uri, 3, (200, 0), "\n\n")
        [moved] = await published(raw, uri, 3)
        assert moved["range"]["start"]["line"] == line + 2
        assert {**moved, "range": None} == {**mistake, "range": None}
        assert len(analysed(tmp_path)) == before + 1


async def test_versions_that_have_passed_are_not_worked_on_to_their_end(tmp_path: Path) -> None:
    uri = (tmp_path / "a.sql").as_uri()
    many = 200
    async with raw_server(tmp_path, script(tmp_path)) as raw:
        await greet(raw, tmp_path)
        open_text(raw, uri, "select 1 from;\n")
        await published(raw, uri, 1)
        (tmp_path / "slow").touch()
        before = len(analysed(tmp_path))
        # All of them would take four seconds; somebody types in one for a fifth of one, and then
        # takes them back.
        insert(raw, uri, 2, (0, 0), "".join(f"select {it} from;\n" for it in range(2, many + 2)))
        for version in range(3, 21):
            await asyncio.sleep(0.01)
            insert(raw, uri, version, (0, 7), "1")
        change(raw, uri, 21, (0, 0), (many, 0), "")
        assert len(await published(raw, uri, 21)) == 1
        done = analysed(tmp_path)[before:]
        assert len(done) < many / 2
        assert len(set(done)) == len(done), "what was understood for one version serves the next"


async def test_a_cancelled_request_does_no_more(tmp_path: Path) -> None:
    uri = (tmp_path / "a.sql").as_uri()
    text = "".join(f"create table t{it} (a int);\n" for it in range(STATEMENTS)) + "select \n"
    async with raw_server(tmp_path, script(tmp_path)) as raw:
        await greet(raw, tmp_path)
        (tmp_path / "slow").touch()
        open_text(raw, uri, text)
        where = {"textDocument": {"uri": uri}, "position": {"line": STATEMENTS, "character": 7}}
        asked = raw.ask("textDocument/completion", where)
        while len(analysed(tmp_path)) < 5:
            await asyncio.sleep(0.01)
        raw.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        raw.notify("$/cancelRequest", {"id": asked})
        assert (await raw.response(asked))["error"]["code"] == -32800
        at_once = len(analysed(tmp_path))
        await asyncio.sleep(1)
        assert len(analysed(tmp_path)) <= at_once + 2
        assert at_once < STATEMENTS / 2
