"""How long the server's event loop is held up, by everything that might.

``python -m benchmarks.loop [--json PATH]``: a task in the server that sleeps a millisecond is late
by so much, while files are opened and edited, metadata is loaded and a workspace is checked. Also
the longest turns of the loop by their own (thread) time: what nothing but the server explains.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from lsprotocol import types as lsp

from benchmarks.table import print_table
from benchmarks.warehouse import CONFIGURATION, tables, write_cache_file
from defog_metadata.catalog.shapes import write_tables
from tests.lsp.editor import Editor, capabilities, running
from tests.support.loop_watch import Turn, Watched, script

__all__ = ["LINES", "Seen", "watch_checks", "watch_editing"]

LINES = (100, 1_000, 10_000)
_EDITS = 20
_TABLES = 5_000
_ENTRIES = 300
"""Of golden queries, glossary and metadata files."""
_FILES = 300
"""Of SQL, in the workspace."""
_STATEMENT = """\
select o.order_id, o.status, c.name, sum(l.quantity * l.unit_price) as total -- {it}
from orders o join customers c on o.customer_id = c.customer_id
join order_lines l on l.order_id = o.order_id
where o.status = 'paid' and c.customer_id > {it} group by 1, 2, 3;
"""


@dataclass(frozen=True)
class Seen:
    """What was seen of the loop under one load."""

    load: str
    lags: tuple[float, ...]
    """Seconds that a task was late, in order of size."""
    turns: tuple[Turn, ...]
    """The longest ones, by their own time."""
    full_collections: int
    unit: float
    """Seconds that a fixed amount of work took in the same process."""
    turn: float = field(init=False)
    """The longest turn's own seconds."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "turn", self.turns[0].own if self.turns else 0.0)

    def lag(self, share: float) -> float:
        return self.lags[min(len(self.lags) - 1, int(len(self.lags) * share))]


class _Loads:
    """The loads of one server, one after the other."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.seen_at = home / "seen.json"
        self.folder = home / "warehouse"
        self.folder.mkdir()
        self._marks: list[tuple[str, float, float]] = []
        names = 'golden_queries = ["golden.json"]\nglossary = ["*.md"]\nmetadata = ["meta.json"]\n'
        (self.folder / "defog.toml").write_text(
            f"{names}{CONFIGURATION}\n[diagnostics]\ndebounce_ms = 0\n"
        )

    def cache(self, count: int) -> None:
        """Let the cache file have *count* tables."""
        written = write_cache_file(self._home / f"cache-{count}", count)
        place = self._home / "defog/cache" / written.name
        place.parent.mkdir(parents=True, exist_ok=True)
        written.replace(place)

    @contextmanager
    def load(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._marks.append((name, began, time.monotonic()))

    def seen(self) -> list[Seen]:
        """What was seen under each load. Meant for when the server has ended."""
        watched = Watched.read(self.seen_at)
        return [
            Seen(
                name,
                tuple(sorted(lag for at, lag in watched.lags if began <= at < ended)),
                tuple(it for it in watched.turns if began <= it.at < ended)[:5],
                sum(began <= at < ended for at in watched.full_collections),
                watched.unit,
            )
            for name, began, ended in self._marks
        ]


def statements(lines: int) -> str:
    return "".join(_STATEMENT.format(it=it) for it in range(lines // 4))


async def watch_editing(home: Path, lines: Sequence[int] = LINES) -> list[Seen]:
    """Documents, and metadata that is loaded meanwhile; *home* is the server's alone."""
    loads = _Loads(home)
    loads.cache(10)
    async with running(home, loads.folder, script=script(loads.seen_at)) as editor:
        with loads.load("start"):
            await editor.state("ready")
            await asyncio.sleep(1)
        with loads.load(f"mirror of {_TABLES:,} tables"):
            loads.cache(_TABLES)
            await _reloaded(editor, _TABLES)
        with loads.load("golden queries, glossary, metadata"):
            _write_named_files(loads.folder)
            await _reloaded(editor, _TABLES + 1)
            await asyncio.sleep(1)  # they are studied after they are served
        for count in lines:
            await _edit(loads, editor, count)
        with loads.load("another catalog under an open file"):
            loads.cache(_TABLES + 100)
            await _reloaded(editor, _TABLES + 101)
            await asyncio.sleep(2)
        for count in lines:
            with loads.load(f"close {count:,} lines"):
                editor.close(_uri(loads, count))
                await asyncio.sleep(0.5)
    return loads.seen()


async def watch_checks(home: Path, files: int = _FILES) -> list[Seen]:
    """A workspace of many files that is checked while somebody types."""
    loads = _Loads(home)
    loads.cache(1_000)
    can = capabilities()
    assert can.text_document
    assert can.workspace
    can.text_document.diagnostic = lsp.DiagnosticClientCapabilities()
    can.workspace.diagnostics = lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    for it in range(files):
        (loads.folder / f"{it}.sql").write_text(statements(100 + it))
    async with running(home, loads.folder, can=can, script=script(loads.seen_at)) as editor:
        await editor.state("ready")
        uri = (loads.folder / "open.sql").as_uri()
        editor.open(uri, statements(1_000))
        await editor.pull(uri)
        with loads.load(f"check of {files} files"):
            checking = asyncio.ensure_future(editor.pull_workspace())
            version = 1
            while not checking.done():
                version += 1
                editor.change(uri, version, ((0, 7), (0, 7), "x"))
                await editor.complete(uri, 0, 9)
                await asyncio.sleep(0.3)
            await checking
    return loads.seen()


async def _edit(loads: _Loads, editor: Editor, lines: int) -> None:
    uri = _uri(loads, lines)

    def published(version: int) -> Callable[[], bool]:
        return lambda: uri in editor.diagnostics and editor.diagnostics[uri].version == version

    with loads.load(f"open {lines:,} lines"):
        editor.open(uri, statements(lines))
        await editor.until(published(1), "diagnostics")
    with loads.load(f"edit {lines:,} lines"):
        place = lines // 8 * 4  # in the middle
        for version in range(2, 2 + _EDITS):
            editor.change(uri, version, ((place, 7), (place, 7), "x"))
            await editor.complete(uri, place, 9)
            await editor.until(published(version), "diagnostics")


async def _reloaded(editor: Editor, count: int) -> None:
    await editor.state("ready", tables=count)


def _uri(loads: _Loads, lines: int) -> str:
    return (loads.folder / f"{lines}.sql").as_uri()


def _write_named_files(folder: Path) -> None:
    golden = [
        {"question": f"Question {it}?", "sql": _STATEMENT.format(it=it)} for it in range(_ENTRIES)
    ]
    (folder / "golden.json").write_text(json.dumps(golden, indent=2))
    glossary = (f"- Term {it} means `orders.status` is {it}.\n" for it in range(_ENTRIES))
    (folder / "glossary.md").write_text("".join(glossary))
    # Of tables that are there already, and one more.
    extra = {"table_name": "notes", "columns": [{"column_name": "id", "data_type": "int"}]}
    described = write_tables(tuple(islice(tables(_ENTRIES), _ENTRIES)))
    described["notes"] = extra["columns"]
    partly = folder / "meta.part"
    partly.write_text(json.dumps(described))
    partly.replace(folder / "meta.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.loop")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the numbers there, too")
    arguments = parser.parse_args()
    seen: list[Seen] = []
    for watch in (watch_editing, watch_checks):
        with tempfile.TemporaryDirectory() as home:
            os.environ["DEFOG_HOME"] = home
            seen += asyncio.run(watch(Path(home)))
    print_table(
        ["load", "p50 ms", "p95 ms", "max ms", "longest turn ms", "of what", "collections"],
        [
            [it.load, *(f"{it.lag(share) * 1000:.1f}" for share in (0.5, 0.95, 1.0)),
             f"{it.turn * 1000:.1f}", it.turns[0].what if it.turns else "", it.full_collections]
            for it in seen if it.lags
        ],
    )  # fmt: skip
    if arguments.json is not None:
        arguments.json.write_text(
            json.dumps([{**asdict(it), "lags": None, "p50": it.lag(0.5), "p95": it.lag(0.95),
                         "max": it.lag(1.0)} for it in seen if it.lags], indent=2)
        )  # fmt: skip


if __name__ == "__main__":
    main()
