"""The JSON of completion lists, held against lsprotocol's reading and writing of them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from lsprotocol import types as lsp
from lsprotocol.converters import get_converter

from defog_lsp.ide.completion import Completions, Item, Subject, complete
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.completion_list import completion_list
from defog_lsp.lsp.convert import EmbeddedPositions, Positions
from defog_lsp.lsp.encoded import encoded
from defog_lsp.lsp.session import View
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.documents.golden import read_golden_file
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Edit, Span

ALL = Capabilities(
    completion_markdown=True,
    label_details=True,
    snippets=True,
    resolves_documentation=True,
    default_edit_range=True,
)
ITEMS = (
    Item("id", "column", Span(7, 8), "id", "integer", "users", "A **number**."),
    Item("Full Name", "column", Span(7, 8), '"Full Name"', filter_text='"Full Name'),
    Item("count", "function", Span(7, 8), "count()", snippet="count($1)$0"),
    Item(
        "total", "column", Span(7, 8), "total", extra_edits=(Edit(Span(8, 8), " from orders"),),
        subject=Subject("column", "total", "orders", "sales"),
    ),
)  # fmt: skip


def view(text: str = "select u", *, is_embedded: bool = False) -> View:
    snapshot = Snapshot(text, Catalog(dialect="postgres"), "postgres")
    return View("file:///a.sql", 1, Positions(text), snapshot, {}, is_embedded=is_embedded)


def read(answer: object) -> lsp.CompletionList:
    """What a client makes of it, which is all of it: nothing is said that LSP does not know."""
    sent = json.loads(encoded(answer).body)
    found: lsp.CompletionList = get_converter().structure(sent, lsp.CompletionList)
    assert get_converter().unstructure(found) == sent
    return found


@pytest.mark.parametrize(
    "capabilities",
    [
        ALL,
        Capabilities(),
        replace(ALL, default_edit_range=False),
        replace(ALL, resolves_documentation=False),
        replace(ALL, label_details=False, snippets=False),
        replace(ALL, insert_replace=True, later_kinds=True),
    ],
)
def test_lsprotocol_reads_what_it_would_write(capabilities: Capabilities) -> None:
    found = read(completion_list(Completions(ITEMS, is_incomplete=True), view(), capabilities))
    assert found.is_incomplete
    assert [it.label for it in found.items] == [it.label for it in ITEMS]
    assert [it.kind for it in found.items] == [
        lsp.CompletionItemKind.Field,
        lsp.CompletionItemKind.Field,
        lsp.CompletionItemKind.Function,
        lsp.CompletionItemKind.Field,
    ]


def test_every_item_has_its_edit_for_a_client_without_defaults() -> None:
    items = read(completion_list(Completions(ITEMS), view(), Capabilities())).items
    place = lsp.Range(lsp.Position(0, 7), lsp.Position(0, 8))
    assert [it.text_edit for it in items] == [lsp.TextEdit(place, it.insert) for it in ITEMS]
    end = lsp.Range(lsp.Position(0, 8), lsp.Position(0, 8))
    assert items[3].additional_text_edits == (lsp.TextEdit(end, " from orders"),)
    assert items[0].detail == "integer · users"
    assert items[0].documentation == lsp.MarkupContent(lsp.MarkupKind.PlainText, "A number.")
    assert items[3].data is None


def test_one_range_for_all_items() -> None:
    found = read(completion_list(Completions(ITEMS), view(), ALL))
    assert found.item_defaults is not None
    assert found.item_defaults.edit_range == lsp.Range(lsp.Position(0, 7), lsp.Position(0, 8))
    assert [it.text_edit for it in found.items] == [None] * 4
    # Without a text of its own an item's label is what is put in.
    written = [it.text_edit_text or it.label for it in found.items]
    assert written == ["id", '"Full Name"', "count($1)$0", "total"]
    assert [it.insert_text_format for it in found.items][2] == lsp.InsertTextFormat.Snippet
    assert [it.filter_text for it in found.items] == [None, '"Full Name', None, None]
    assert found.items[3].data == {
        "uri": "file:///a.sql", "dialect": "postgres", "kind": "column",
        "name": "total", "table": "orders", "schema": "sales",
    }  # fmt: skip


def test_items_that_replace_different_texts_say_so_themselves() -> None:
    longer = replace(ITEMS[0], span=Span(0, 8))
    found = read(completion_list(Completions((*ITEMS, longer)), view(), ALL))
    assert found.item_defaults is None
    edits = [it.text_edit for it in found.items]
    assert edits[4] == lsp.TextEdit(lsp.Range(lsp.Position(0, 0), lsp.Position(0, 8)), "id")
    assert edits[0] == lsp.TextEdit(lsp.Range(lsp.Position(0, 7), lsp.Position(0, 8)), "id")


def test_the_rest_of_a_word_may_go_or_stay() -> None:
    insert = lsp.Range(lsp.Position(0, 7), lsp.Position(0, 8))
    whole = lsp.Range(lsp.Position(0, 7), lsp.Position(0, 12))
    able = replace(ALL, insert_replace=True)
    found = read(completion_list(Completions(ITEMS[:2]), view("select users"), able))
    assert found.item_defaults is not None
    assert found.item_defaults.edit_range == lsp.EditRangeWithInsertReplace(insert, whole)
    each = replace(able, default_edit_range=False)
    [item] = read(completion_list(Completions(ITEMS[:1]), view("select users"), each)).items
    assert item.text_edit == lsp.InsertReplaceEdit("id", insert, whole)
    [item] = read(completion_list(Completions(ITEMS[:1]), view("select u, x"), each)).items
    assert item.text_edit == lsp.TextEdit(insert, "id"), "there is no rest"


def test_what_every_client_knows_is_said_of_kinds() -> None:
    items = [Item("x", kind, Span(7, 8), "x") for kind in ("cte", "type", "value")]
    for later_kinds, expected in (
        (True, [lsp.CompletionItemKind.Struct, lsp.CompletionItemKind.TypeParameter,
                lsp.CompletionItemKind.EnumMember]),
        (False, [lsp.CompletionItemKind.Class, lsp.CompletionItemKind.Keyword,
                 lsp.CompletionItemKind.Value]),
    ):  # fmt: skip
        able = replace(ALL, later_kinds=later_kinds)
        found = read(completion_list(Completions(tuple(items)), view(), able))
        assert [it.kind for it in found.items] == expected


def test_no_items() -> None:
    assert read(completion_list(Completions(), view(), ALL)) == lsp.CompletionList(
        is_incomplete=False, items=()
    )


def test_inside_a_file_edits_are_written_as_the_file_needs_them() -> None:
    text = '[{"question": "q", "sql": "select \\"x\\""}]'
    sql = read_golden_file(text, "json").entries[0].sql
    around = Positions(text)
    embedded = replace(view(sql.text, is_embedded=True), positions=EmbeddedPositions(sql, around))
    item = Item("Full Name", "column", Span(7, 10), '"Full Name"', snippet="no$1")
    start = text.index('\\"x')
    place = lsp.Range(lsp.Position(0, start), lsp.Position(0, start + 5))
    [found] = read(completion_list(Completions((item,)), embedded, ALL)).items
    assert found.text_edit == lsp.TextEdit(place, '\\"Full Name\\"')
    assert found.insert_text_format is None


def test_no_snippet_has_a_backtick() -> None:
    """In Emacs what stands between two of them would be evaluated."""
    item = Item("i", "list", Span(7, 8), "(`(evil)`) VALUES ()", snippet="(`(evil)`) VALUES ($1)")
    [found] = read(completion_list(Completions((item,)), view(), ALL)).items
    assert (found.text_edit_text, found.insert_text_format) == ("(`(evil)`) VALUES ()", None)


def neovim(version: str | None) -> bool:
    client = lsp.ClientInfo("Neovim", version)
    return Capabilities.of(lsp.ClientCapabilities(), client).cuts_texts


def test_who_puts_in_first_words_alone() -> None:
    assert [it for it in ("0.11.4+v0.11.4", "0.10.2", "0.12.0", "1.0.0", "nightly", None) if neovim(it)] == [
        "0.11.4+v0.11.4", "0.10.2",
    ]  # fmt: skip
    other = lsp.ClientInfo("Visual Studio Code", "0.11.4")
    assert not Capabilities.of(lsp.ClientCapabilities(), other).cuts_texts
    assert not Capabilities.of(lsp.ClientCapabilities()).cuts_texts


def test_a_client_that_cuts_texts_is_sent_snippets() -> None:
    """What a snippet escapes comes over what the file does."""
    item = Item("ON a.x", "join", Span(7, 8), "ON a.x = '${b}\\'")
    cutting = replace(ALL, cuts_texts=True)
    plain, quoted, called, _, joined = read(
        completion_list(Completions((*ITEMS, item)), view(), cutting)
    ).items
    assert plain.insert_text_format is None
    assert quoted.label == '"Full Name"'
    assert quoted.filter_text == '"Full Name'
    assert called.text_edit_text == "count($1)$0"
    assert (joined.label, joined.filter_text) == (item.insert, item.label)
    assert joined.text_edit_text == "ON a.x = '\\${b\\}\\\\'"
    assert joined.insert_text_format == quoted.insert_text_format == lsp.InsertTextFormat.Snippet

    text = '[{"question": "q", "sql": "select x"}]'
    sql = read_golden_file(text, "json").entries[0].sql
    positions = EmbeddedPositions(sql, Positions(text))
    embedded = replace(view(sql.text, is_embedded=True), positions=positions)
    [found] = read(completion_list(Completions((item,)), embedded, cutting)).items
    assert isinstance(found.text_edit, lsp.TextEdit)
    assert found.text_edit.new_text == "ON a.x = '\\${b\\}\\\\\\\\'"

    without = replace(cutting, snippets=False)
    [found] = read(completion_list(Completions((item,)), view(), without)).items
    assert found.insert_text_format is None


def test_whatever_completion_finds_is_lsp() -> None:
    catalog = Catalog.of(
        Table("users", (Column("id", "int"), Column("Full Name", "text")), "public"),
        Table("orders", (Column("id", "int"), Column("user_id", "int")), "public"),
    )
    for text in (
        "select ",
        "select * from ",
        "select u.",
        "\u2028 select co",
        "select '\ud800' || ",
    ):
        snapshot = Snapshot(text, catalog, "postgres")
        answer: Any = completion_list(
            complete(snapshot, len(text)), replace(view(text), snapshot=snapshot), ALL
        )
        assert read(answer).items
