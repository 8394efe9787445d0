"""Files of golden queries as documents: what is told of them, open and closed, and when."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from lsprotocol import types as lsp

from defog_lsp.lsp.convert import Positions
from defog_metadata.documents.golden import golden_kind, read_golden_file
from defog_metadata.text import Span
from tests.lsp.editor import Editor, capabilities, make_database, running
from tests.lsp.test_code_actions import ABLE
from tests.lsp.test_pull import pulling

QUESTION = 'Größe 🙂 "of" all\tnames?'
SQL = 'select "Order Total", \'🙂\\\\\' as "ü",\n\tnam from orders'
# Where the projects of open files are found slowly, as over a network.
FAR_AWAY = """
import time
from defog_lsp.lsp import projects
def slow(places, locate=projects._locate):
    time.sleep(0.7)
    return locate(places)
projects._locate = slow
"""
NAMES = ["g.json", "ascii.json", "g.csv", "g.yaml", "block.yaml", "g.sql"]


def written(name: str, *pairs: tuple[str, str]) -> str:
    """A file called *name* with *pairs* of question and SQL."""
    entries = [{"question": question, "sql": sql} for question, sql in pairs]
    if name.endswith(".json"):
        return json.dumps(entries, ensure_ascii=name.startswith("ascii"), indent=1)
    if name.endswith(".csv"):
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([("question", "sql"), *pairs])
        return stream.getvalue()
    if name == "block.yaml":
        return "".join(
            f"- question: {json.dumps(question, ensure_ascii=False)}\n  sql: |-\n"
            + "".join(f"    {line}\n" for line in sql.split("\n"))
            for question, sql in pairs
        )
    if name.endswith(".yaml"):
        dumped: str = yaml.safe_dump(entries, allow_unicode=True, default_style='"', width=9999)
        return dumped
    return "\n".join(f"-- {question}\n{sql};\n" for question, sql in pairs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    make_database(
        root / "shop.db",
        "create table customers (id integer primary key, name text)",
        'create table orders (id integer primary key, "Order Total" numeric)',
    )
    configure(root, *NAMES)
    return root


def configure(folder: Path, *names: str, more: str = "") -> None:
    (folder / "defog.toml").write_text(
        f"golden_queries = {json.dumps(names)}\n{more}"
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )


def in_units(encoding: lsp.PositionEncodingKind, can: lsp.ClientCapabilities) -> Any:
    can.general = lsp.GeneralClientCapabilities(position_encodings=[encoding])
    assert can.text_document
    assert ABLE.text_document
    can.text_document.code_action = ABLE.text_document.code_action
    return can


def place(text: str, name: str, part: str) -> Span:
    """Where *part* of the last entry's SQL stands in the file."""
    sql = read_golden_file(text, golden_kind(Path(name))).entries[-1].sql
    at = sql.text.index(part)
    return sql.span(Span(at, at + len(part)))


def codes(diagnostics: Any) -> list[str]:
    return [it.code for it in diagnostics]


UNITS = [lsp.PositionEncodingKind.Utf8, lsp.PositionEncodingKind.Utf16]


@pytest.mark.parametrize("encoding", UNITS)
@pytest.mark.parametrize("name", NAMES)
async def test_pulled_and_mended(
    tmp_path: Path, folder: Path, name: str, encoding: lsp.PositionEncodingKind
) -> None:
    text = written(name, (QUESTION, SQL))
    at = place(text, name, "nam")
    assert text[at.start : at.end] == "nam"
    (folder / name).write_bytes(text.encode())
    places = Positions(text, encoding)
    async with running(tmp_path, folder, can=in_units(encoding, pulling())) as editor:
        await editor.state("ready")
        uri = (folder / name).as_uri()
        reports = {it.uri: it for it in await editor.pull_workspace()}
        [closed] = reports[uri].items
        editor.open(uri, text, name.rpartition(".")[2])
        pulled: Any = await editor.pull(uri)
        [found] = pulled.items
        assert (found.code, found.range) == ("golden-invalid", places.range_(at))
        assert closed == found
        assert "[unknown-column]" in found.message
        # The file mended, with a name that has to be quoted there.
        # SQLite takes one that means nothing for a string, unless a table is said.
        wrong = SQL.replace('"Order Total"', 'orders."Order Totl"').replace(",\n\tnam", "")
        text = written(name, (QUESTION, wrong))
        places = Positions(text, encoding)
        editor.change(uri, 2, text)
        pulled = await editor.pull(uri)
        [found] = pulled.items
        params = lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(uri), found.range, lsp.CodeActionContext([found])
        )
        actions: Any = await editor.text_document_code_action_async(params)
        fix = next(it for it in actions if "Order Total" in it.title)
        edits = (fix.edit.changes or {}).get(uri) or fix.edit.document_changes[0].edits
        for it in sorted(edits, key=lambda it: places.span(it.range), reverse=True):
            span = places.span(it.range)
            text = text[: span.start] + it.new_text + text[span.end :]
        [entry] = read_golden_file(text, golden_kind(Path(name))).entries
        assert entry.sql.text == wrong.replace("Totl", "Total")
        editor.change(uri, 3, text)
        pulled = await editor.pull(uri)
        assert not pulled.items


@pytest.mark.parametrize("name", NAMES)
async def test_signatures_and_places_inside_of_escapes(
    tmp_path: Path, folder: Path, name: str
) -> None:
    sql = SQL.replace("nam from", "coalesce(id, 1) from")
    text = written(name, (QUESTION, sql))
    places = Positions(text)
    (folder / name).write_bytes(text.encode())
    async with running(tmp_path, folder) as editor:
        await editor.state("ready")
        uri = (folder / name).as_uri()
        editor.open(uri, text, name.rpartition(".")[2])
        document = lsp.TextDocumentIdentifier(uri)
        at = place(text, name, "1) from")
        helped = await editor.text_document_signature_help_async(
            lsp.SignatureHelpParams(document, places.position(at.start))
        )
        assert helped is not None
        assert helped.signatures[0].label.lower().startswith("coalesce(")
        # Everywhere in the name, its quotes with their escapes included, the name is explained.
        name_at = place(text, name, '"Order Total"')
        for offset in range(name_at.start, name_at.end):
            hovered = await editor.text_document_hover_async(
                lsp.HoverParams(document, places.position(offset))
            )
            assert hovered is not None, offset
            assert hovered.range == places.range_(name_at)
        # And nowhere is a request too much.
        for offset in range(0, len(text), 3):
            await editor.complete(uri, *_pair(places.position(offset)))


def _pair(position: lsp.Position) -> tuple[int, int]:
    return position.line, position.character


async def test_one_question_in_two_files(tmp_path: Path, folder: Path) -> None:
    first = written("g.json", (QUESTION, "select 1"))
    second = written("g.csv", (QUESTION.upper(), "select 2"), ("other", "select 3"))
    (folder / "g.json").write_bytes(first.encode())
    can = capabilities()
    assert can.text_document
    can.text_document.publish_diagnostics = lsp.PublishDiagnosticsClientCapabilities(
        related_information=True
    )
    async with running(tmp_path, folder, can=can) as editor:
        await editor.state("ready")
        uri, other = (folder / "g.csv").as_uri(), (folder / "g.json").as_uri()
        editor.open(uri, second, "csv")
        [found] = await editor.codes(uri, ["golden-duplicate"])
        assert "other SQL" in found.message
        [related] = found.related_information or ()
        asked = read_golden_file(first, "json").entries[0].question.place
        assert related.location.uri == other
        assert related.location.range == Positions(first).range_(asked)
        # What counts of the other one is its text in the editor.
        editor.open(other, written("g.json", ("another", "select 1")), "json")
        editor.change(uri, 2, second + "\n")
        await editor.codes(uri, [])


async def test_what_others_say_makes_another_result(tmp_path: Path, folder: Path) -> None:
    """A closed file's, and an open one's, whose own text is the same."""
    for name in ("g.json", "g.csv", "g.yaml"):
        (folder / name).write_bytes(written(name, (name, "select 1")).encode())
    async with running(tmp_path, folder, can=pulling(), patch=FAR_AWAY) as editor:
        await editor.state("ready")
        uri, opened = (folder / "g.csv").as_uri(), (folder / "g.yaml").as_uri()
        # Asked at once: what kind of file the open one is, is not known yet.
        editor.open(opened, written("g.yaml", ("g.yaml", "select 1")), "yaml")
        before = {it.uri: it.result_id for it in await editor.pull_workspace()}
        again: Any = {it.uri: it for it in await editor.pull_workspace(before)}
        assert (again[uri].kind, again[opened].kind) == ("unchanged", "unchanged")
        both = ("g.csv", "select 2"), ("g.yaml", "select 2")
        (folder / "g.json").write_bytes(written("g.json", *both).encode())
        again = {it.uri: it for it in await editor.pull_workspace(before)}
        assert codes(again[uri].items) == codes(again[opened].items) == ["golden-duplicate"]


async def test_on_save(tmp_path: Path, folder: Path) -> None:
    configure(folder, "g.json", more='[diagnostics]\nrun = "onSave"\n')
    good, bad = (written("g.json", ("a", f"select {it} from orders")) for it in ("id", "nam"))
    (folder / "g.json").write_text(bad)
    async with running(tmp_path, folder) as editor:
        await editor.state("ready")
        uri = (folder / "g.json").as_uri()
        editor.open(uri, bad, "json")
        await editor.codes(uri, ["golden-invalid"])
        told = len(editor.publications)
        editor.change(uri, 2, good)
        assert await editor.complete(uri, 3, 16) is not None
        assert len(editor.publications) == told, "nothing before it is saved"
        editor.save(uri)
        await editor.codes(uri, [])


async def test_what_the_configuration_names(tmp_path: Path, folder: Path) -> None:
    configure(folder, "other.json")
    bad = written("g.json", ("a", "select nam from orders"))
    (folder / "g.json").write_text(bad)
    can = capabilities()
    assert can.workspace
    can.workspace.code_lens = lsp.CodeLensWorkspaceClientCapabilities(refresh_support=True)
    async with running(tmp_path, folder, can=can) as editor:
        asked: list[None] = []
        editor.feature(lsp.WORKSPACE_CODE_LENS_REFRESH)(lambda _: asked.append(None))
        await editor.state("ready")
        uri = (folder / "g.json").as_uri()
        editor.open(uri, bad, "json")
        at = Positions(bad).position(bad.index("orders") + 1)
        assert await editor.hover(uri, *_pair(at)) is None
        assert await editor.complete(uri, *_pair(at)) is None
        assert await lenses(editor, uri) == []
        assert (uri in editor.diagnostics, asked) == (False, [])
        await change_configuration(editor, folder, "g.json")
        await editor.codes(uri, ["golden-invalid"])
        assert await editor.hover(uri, *_pair(at)) is not None
        assert [it.command.title for it in await lenses(editor, uri)][1:] == ["1 problem"]
        assert asked, "to ask for lenses again"
        await change_configuration(editor, folder, "other.json")
        await editor.codes(uri, [])
        assert await editor.hover(uri, *_pair(at)) is None


async def change_configuration(editor: Editor, folder: Path, name: str) -> None:
    configure(folder, name)
    editor.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))


async def lenses(editor: Editor, uri: str) -> list[Any]:
    params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
    return list(await editor.text_document_code_lens_async(params) or ())


async def test_what_is_completed_is_written_for_its_place(tmp_path: Path, folder: Path) -> None:
    """With what it brings along, at other places of the text."""
    async with running(tmp_path, folder) as editor:
        await editor.state("ready")
        for name in NAMES:
            text = written(name, (QUESTION, 'select "ü", Order from orders'))
            places = Positions(text)
            uri = (folder / name).as_uri()
            editor.open(uri, text, name.rpartition(".")[2])
            at = place(text, name, "Order ").start + 5
            found = await editor.complete(uri, *_pair(places.position(at)))
            assert found is not None
            item = next(it for it in found.items if it.label == "Order Total")
            assert isinstance(item.text_edit, lsp.TextEdit)
            edits = [item.text_edit, *(item.additional_text_edits or ())]
            for it in sorted(edits, key=lambda it: places.span(it.range), reverse=True):
                span = places.span(it.range)
                text = text[: span.start] + it.new_text + text[span.end :]
            [entry] = read_golden_file(text, golden_kind(Path(name))).entries
            assert entry.sql.text == 'select "ü", "Order Total" from orders', name
            assert entry.question.text.strip() == QUESTION
