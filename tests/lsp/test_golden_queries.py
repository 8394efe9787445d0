"""Golden queries in an editor: everything at its place, whatever the file has to escape."""

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from lsprotocol import types as lsp

from defog_lsp.lsp.convert import Positions
from defog_metadata.text import Span
from tests.lsp.editor import Editor, make_database, running
from tests.lsp.person import SHOWING

GOOD = {"question": "Größe 🙂?", "sql": 'select "Order Total" from orders'}
BAD = {"question": "🙂 Which?", "sql": 'select "Order Total", nam from orders'}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    make_database(
        root / "shop.db",
        "create table customers (id integer primary key, name text)",
        'create table orders (id integer primary key, "Order Total" numeric)',
    )
    (root / "defog.toml").write_text(
        'golden_queries = ["g.json", "g.csv", "g.yaml"]\n'
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )
    return root


async def lenses(editor: Editor, uri: str) -> list[tuple[int, str, str]]:
    found = await editor.text_document_code_lens_async(
        lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
    )
    told = [(it.range.start.line, it.command) for it in found or ()]
    return [(line, it.title, it.command) for line, it in told if it is not None]


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("g.json", json.dumps([GOOD, BAD], indent=1), [1, 5]),
        ("g.yaml", yaml.safe_dump([GOOD, BAD], allow_unicode=True), [0, 2]),
    ],
)
async def test_lenses(tmp_path: Path, folder: Path, name: str, text: str, lines: list[int]) -> None:
    async with running(tmp_path, folder, can=SHOWING) as editor:
        uri = (folder / name).as_uri()
        (folder / name).write_text(text)
        editor.open(uri, text, name.partition(".")[2])
        await editor.state("ready")
        assert await lenses(editor, uri) == [
            (0, "covers 1/2 tables, 25 % of columns", "defog.showUncovered"),
            (lines[0], "valid · table orders", ""),
            (lines[1], "1 problem", ""),
        ]
        shown = await editor.command("defog.showUncovered", {"uri": uri})
        assert shown["text"].splitlines()[2:] == [
            "-- Tables that none of them reads (1):",
            "--   customers",
            "--",
            "-- Columns that none of them reads, of tables that some do:",
            "--   orders: id",
        ]


def as_csv(*entries: dict[str, str]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows([("question", "sql"), *(it.values() for it in entries)])
    return stream.getvalue()


TEXTS = {
    "g.json": json.dumps([GOOD, BAD]),
    "g.csv": as_csv(GOOD, BAD),
    "g.yaml": yaml.safe_dump([GOOD, BAD], allow_unicode=True, default_style='"'),
}


@pytest.mark.parametrize(
    "encoding", [lsp.PositionEncodingKind.Utf8, lsp.PositionEncodingKind.Utf16]
)
@pytest.mark.parametrize("name", TEXTS)
async def test_sql_is_at_its_place(
    tmp_path: Path, folder: Path, name: str, encoding: lsp.PositionEncodingKind
) -> None:
    text = TEXTS[name]
    can = lsp.ClientCapabilities(
        general=lsp.GeneralClientCapabilities(position_encodings=[encoding])
    )
    at = text.index("nam from")
    places = Positions(text, encoding)
    (folder / name).write_bytes(text.encode())
    async with running(tmp_path, folder, can=can) as editor:
        uri = (folder / name).as_uri()
        editor.open(uri, text, name.partition(".")[2])
        await editor.state("ready")
        [found] = await editor.codes(uri, ["golden-invalid"])
        assert found.range == places.range_(Span(at, at + 3))
        document = lsp.TextDocumentIdentifier(uri)
        completed = await editor.text_document_completion_async(
            lsp.CompletionParams(document, places.position(at))
        )
        assert isinstance(completed, lsp.CompletionList)
        offered = {it.label: it for it in completed.items}
        edit = offered["Order Total"].text_edit
        assert isinstance(edit, lsp.TextEdit)
        quote = '""' if name == "g.csv" else '\\"'
        assert edit.new_text == f"{quote}Order Total{quote}"
        assert places.span(edit.range) == Span(at, at)
        hovered = await editor.text_document_hover_async(
            lsp.HoverParams(document, places.position(text.rindex("orders") + 2))
        )
        assert hovered is not None
        assert hovered.range == places.range_(
            Span(text.rindex("orders"), text.rindex("orders") + 6)
        )
        outside = lsp.HoverParams(document, places.position(text.index("Which")))
        assert await editor.text_document_hover_async(outside) is None
