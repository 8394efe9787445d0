"""What a completion costs in the server, stage by stage, in front of catalogs of any size.

In one process and one thread, without a client: ``python -m benchmarks.requests`` says where the
time goes that a user waits for. Beside it, in the same run and taking turns, what a bare pygls
server does in the same process to answer as many constant items.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.protocol import JsonRPCResponseMessage, default_converter

from benchmarks.table import print_table
from benchmarks.warehouse import SCHEMAS, write_cache_file
from defog_lsp.ide.completion.complete import candidates
from defog_lsp.ide.completion.delivery import delivered
from defog_lsp.ide.completion.ranking import ranked
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.completion_list import completion_list
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.encoded import encoded
from defog_lsp.lsp.session import View
from defog_metadata.catalog import Catalog
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import caret_at
from defog_metadata.store.mirror import Mirror

SIZES = (10, 1_000, 100_000)
REQUESTS = {
    "columns behind a dot": "select o.| from orders o",
    "columns in WHERE": "select * from orders o join customers c on o.customer_id = c.customer_id"
    " where |",
    "tables": "select * from |",
    "tables, typed": "select * from ord|",
    "tables, abbreviated": "select * from oli|",
    "tables to join": "select * from orders o join |",
    "tables, asked for": "-- Which customers have paid late?\nselect * from |",
    "columns before FROM": "-- Which customers have paid late?\nselect |",
}
STAGES = ("received", "view", "caret", "candidates", "ranked", "delivered", "answer")
_CAPABILITIES = Capabilities(
    completion_markdown=True, label_details=True, snippets=True, resolves_documentation=True
)
_URI = "file:///a.sql"


@dataclass
class Measured:
    """One request in front of one catalog."""

    name: str
    tables: int
    items: int = 0
    size: int = 0
    """Of the answer, in bytes."""
    stages: dict[str, list[float]] = field(default_factory=lambda: {it: [] for it in STAGES})
    """Milliseconds, of each repetition."""
    floor: list[float] = field(default_factory=list)

    @property
    def medians(self) -> dict[str, float]:
        return {name: statistics.median(it) for name, it in self.stages.items()}

    @property
    def totals(self) -> list[float]:
        return [sum(it) for it in zip(*self.stages.values(), strict=True)]

    def as_dict(self) -> dict[str, object]:
        ordered = sorted(self.totals)
        return {
            "request": self.name,
            "tables": self.tables,
            "items": self.items,
            "bytes": self.size,
            "stages_ms": {name: round(it, 4) for name, it in self.medians.items()},
            "median_ms": round(statistics.median(ordered), 4),
            "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 4),
            "floor_median_ms": round(statistics.median(self.floor), 4),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="numbers of tables: 10,1000")
    parser.add_argument("--repeat", type=int, default=60)
    parser.add_argument("--folder", type=Path, help="where catalogs and mirrors are kept")
    parser.add_argument("--json", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    with _kept(arguments.folder) as folder:
        catalogs = {size: _catalog(folder / str(size), size) for size in arguments.sizes}
        found = list(_measured(catalogs, arguments.repeat))
    print_table(
        ("request", "tables", "items", *STAGES, "all (ms)", "floor (ms)"),
        [_row(it) for it in found],
    )
    if arguments.json:
        arguments.json.write_text(json.dumps([it.as_dict() for it in found], indent=2) + "\n")


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _row(it: Measured) -> list[str]:
    spent = (*it.medians.values(), statistics.median(it.totals), statistics.median(it.floor))
    return [it.name, f"{it.tables:,}", str(it.items), *(f"{ms:.2f}" for ms in spent)]


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def _catalog(folder: Path, size: int) -> Catalog:
    """The warehouse of *size* tables, as a server has it: looked up in its mirror."""
    file = write_cache_file(folder / "cache", size)
    mirror = Mirror(folder / "mirror")
    found = mirror.open(file) or mirror.build(file)
    return Catalog(found.source, "postgres", found.search_path or SCHEMAS[:1])


def _measured(catalogs: dict[int, Catalog], repeat: int) -> Iterator[Measured]:
    """Of each request the sizes take turns, so that what else the machine does hits all of them."""
    for name, marked in REQUESTS.items():
        found = {size: Measured(name, size) for size in catalogs}
        for turn in range(-3, repeat):
            for size, catalog in catalogs.items():
                stages, items, body = _complete(marked, catalog, turn)
                floor = _timed(lambda items=items: _floor(items))[0]  # type: ignore[misc]
                if turn >= 0:  # the first ones find things that are then remembered
                    for stage, spent in stages.items():
                        found[size].stages[stage].append(spent)
                    found[size].floor.append(floor)
                    found[size].items, found[size].size = items, len(body)
        yield from found.values()


def _complete(marked: str, catalog: Catalog, turn: int) -> tuple[dict[str, float], int, bytes]:
    """The milliseconds of each stage, the number of items, and the answer."""
    text = marked.replace("|", "") + f"\n-- {turn}"  # as if something had been typed
    offset = marked.index("|")
    stages: dict[str, float] = {}

    def stage(name: str, work: Callable[[], Any]) -> Any:
        spent, result = _timed(work)
        stages[name] = spent
        return result

    position = Positions(text).position(offset)
    request = _request(position)
    stage("received", lambda: _CONVERTER.structure(json.loads(request), lsp.CompletionRequest))

    def viewed() -> View:
        snapshot = Snapshot(text, catalog, "postgres")
        return View(_URI, turn, Positions(text), snapshot, {})

    view: View = stage("view", viewed)
    caret = stage("caret", lambda: caret_at(view.snapshot, offset))
    offered = stage("candidates", lambda: list(candidates(view.snapshot, caret)))
    ordered = stage("ranked", lambda: ranked(offered, view.snapshot, caret, most=100))
    completions = stage("delivered", lambda: delivered(ordered, text, offset, most=100))
    answer = stage(
        "answer", lambda: encoded(completion_list(completions, view, _CAPABILITIES)).body
    )
    return stages, len(completions.items), answer


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.thread_time()
    result = work()
    return 1000 * (time.thread_time() - started), result


_CONVERTER = default_converter()  # type: ignore[no-untyped-call]


def _request(position: lsp.Position) -> str:
    place = {"line": position.line, "character": position.character}
    params = {"textDocument": {"uri": _URI}, "position": place}
    message = {"jsonrpc": "2.0", "id": 7, "method": "textDocument/completion", "params": params}
    return json.dumps(message)


def _floor(count: int) -> bytes:
    """What pygls does: read the request, take apart an answer of *count* constant items."""
    request = _request(lsp.Position(0, 9))
    _CONVERTER.structure(json.loads(request), lsp.CompletionRequest)
    answer = lsp.CompletionList(is_incomplete=False, items=[_constant(it) for it in range(count)])
    message = JsonRPCResponseMessage(id=7, jsonrpc="2.0", result=answer)
    return json.dumps(message, default=_CONVERTER.unstructure).encode()


def _constant(index: int) -> lsp.CompletionItem:
    name = f"customer_{index:03}"
    place = lsp.Range(lsp.Position(0, 9), lsp.Position(0, 9))
    return lsp.CompletionItem(
        name,
        kind=lsp.CompletionItemKind.Field,
        sort_text=f"{index:04}",
        filter_text=name,
        text_edit=lsp.TextEdit(place, name),
        label_details=lsp.CompletionItemLabelDetails(" bigint", "orders"),
        data={"uri": _URI, "dialect": "postgres", "kind": "column", "name": name},
    )


if __name__ == "__main__":
    main()
