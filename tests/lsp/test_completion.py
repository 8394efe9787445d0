"""Completion as a client gets it, by what it says it can do: documentation, edits, triggers."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, running

MARKDOWN = [lsp.MarkupKind.Markdown]


def able(*properties: str) -> lsp.ClientCapabilities:
    """A client that can ask for *properties* later, and knows snippets."""
    item = lsp.ClientCompletionItemOptions(
        documentation_format=MARKDOWN,
        snippet_support=True,
        label_details_support=True,
        resolve_support=lsp.ClientCompletionItemResolveOptions(list(properties)),
    )
    completion = lsp.CompletionClientCapabilities(completion_item=item)
    return lsp.ClientCapabilities(
        text_document=lsp.TextDocumentClientCapabilities(completion=completion)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text('metadata = ["metadata.json"]\ndialect = "postgres"\n')
    users = {
        "table_description": "Who buys.",
        "primary_key": ["id"],
        "columns": [
            {"column_name": "id", "data_type": "integer", "is_nullable": False},
            {"column_name": "email", "data_type": "text", "column_description": "Where to write."},
            {"column_name": "mood", "data_type": "mood", "custom_type_labels": ["ok", "sad"]},
        ],
    }
    (folder / "metadata.json").write_text(json.dumps({"public.users": users}))
    return folder


@pytest.fixture
async def editor(tmp_path: Path, folder: Path) -> AsyncIterator[Editor]:
    async with running(tmp_path, folder, can=able("documentation")) as editor:
        yield editor


async def items_at_end(editor: Editor, uri: str, sql: str) -> dict[str, lsp.CompletionItem]:
    editor.open(uri, sql)
    found = await editor.complete(uri, 0, len(sql))
    return {it.label: it for it in found.items} if found else {}


async def resolved(editor: Editor, item: lsp.CompletionItem) -> str:
    """The documentation, of an item that has not changed otherwise."""
    before = item.documentation
    found = await editor.completion_item_resolve_async(item)
    text = found.documentation
    found.documentation = before
    assert found == item
    if text is None:
        return ""
    assert isinstance(text, lsp.MarkupContent)
    return text.value


COLUMN = "```sql\nusers.email text\n```\n\nWhere to write.\n\n*users*: Who buys."


CASES = [
    ("select email from users where em", "email", COLUMN),
    # a column of a query is the column that its values come from, whatever it is called there
    ("with x as (select email from users) select x.", "email", COLUMN),
    ("with x as (select email as mail from users) select x.", "mail", COLUMN),
    ("select y.mail from (select email as mail from users) y where y.", "mail", COLUMN),
    ("select ema", "email", COLUMN),
    ("select * from users where mo", "mood", "- One of `ok`, `sad`"),
    ("select * from users where id", "id", "- Primary key"),
    ("select * from us", "users", "Who buys.\n\n```sql\ntable public.users (\n    id integer NOT"),
    ("select * from us", "users", "    email text  -- Where to write.\n"),
    ("select * from users u where u", "u", "table public.users"),
    ("insert into users ", "(id, email, mood) VALUES (…)", "table public.users"),
    ("select lowe", "lower", "```sql\nlower("),
]  # fmt: skip


async def test_documentation_comes_when_it_is_asked_for(editor: Editor, folder: Path) -> None:
    for number, (sql, label, expected) in enumerate(CASES):
        uri = (folder / f"{number}.sql").as_uri()
        item = (await items_at_end(editor, uri, sql))[label]
        assert item.documentation is None
        assert len(json.dumps(item.data)) < 200
        editor.change(uri, 2, "select 1")
        assert expected in await resolved(editor, item)
        editor.close(uri)
        assert expected in await resolved(editor, item)


@pytest.mark.parametrize("can", [able(), able("detail"), lsp.ClientCapabilities()])
async def test_documentation_comes_at_once_where_nobody_would_ask(
    tmp_path: Path, folder: Path, can: lsp.ClientCapabilities
) -> None:
    async with running(tmp_path, folder, can=can) as editor:
        uri = (folder / "a.sql").as_uri()
        email = (await items_at_end(editor, uri, "select email from users where em"))["email"]
        assert isinstance(email.documentation, lsp.MarkupContent)
        assert email.documentation.value == "Where to write."
        assert email.data is None
        editor.close(uri)
        users = (await items_at_end(editor, uri, "select * from us"))["users"]
        assert isinstance(users.documentation, lsp.MarkupContent)
        assert users.documentation.value == "Who buys."


GOOD = {"uri": "file:///a.sql", "kind": "column", "table": "users", "name": "email"}


NONSENSE: list[Any] = [
    None,
    0,
    "column",
    [],
    {},
    {"kind": "column"},
    {"kind": ["column"], "uri": "file:///a.sql"},
    GOOD | {"kind": "planet"},
    GOOD | {"name": 7},
    GOOD | {"table": "nothing"},
    GOOD | {"uri": ""},
    GOOD | {"uri": "untitled:\x00"},
    GOOD | {"dialect": "klingon"},
    GOOD | {"kind": "function"},
    {"kind": "function", "name": "lower", "uri": "x", "dialect": "no such, dialect"},
]


async def test_an_item_with_anything_else_comes_back_as_it_was(editor: Editor) -> None:
    for data in NONSENSE:
        item = lsp.CompletionItem("email", data=data, sort_text="0001")
        assert await resolved(editor, item) == "", data


async def test_an_opening_quote_asks_for_values_and_a_closing_one_for_nothing(
    editor: Editor, folder: Path
) -> None:
    uri = (folder / "a.sql").as_uri()
    for number, (sql, expected) in enumerate(
        [
            ("select * from users where mood = '", ["ok", "sad"]),
            ("select * from users where mood = 'ok'", None),
            ("select * from users where email = '", None),
        ]
    ):
        editor.open(uri, sql, version=number)
        found = await editor.text_document_completion_async(
            lsp.CompletionParams(
                lsp.TextDocumentIdentifier(uri),
                lsp.Position(0, len(sql)),
                lsp.CompletionContext(lsp.CompletionTriggerKind.TriggerCharacter, "'"),
            )
        )
        assert found is None or isinstance(found, lsp.CompletionList)
        assert (None if found is None else [it.label for it in found.items]) == expected
        editor.close(uri)
