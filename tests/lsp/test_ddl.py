"""The command that writes DDL, in clients that can do more and less."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp.uris import path_of
from tests.lsp.editor import Editor, make_database, running
from tests.lsp.person import OURS, SHOWING, Person

NOTHING = lsp.ClientCapabilities()
QUERY = (
    "select o.total from orders o join customers c on c.id = o.customer_id;\nselect id from notes\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    make_database(
        root / "shop.db",
        "create table customers (id integer primary key, name text not null)",
        "create table orders (id integer primary key, customer_id integer references customers (id),"
        " total numeric)",
        "create table notes (id integer)",
        "create table unused (id integer)",
    )
    (root / "defog.toml").write_text(
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )
    return root


async def open_query(editor: Editor, folder: Path, text: str = QUERY) -> str:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, text)
    await editor.state("ready")
    return uri


def at(line: int, character: int) -> dict[str, Any]:
    position = {"line": line, "character": character}
    return {"start": position, "end": position}


async def test_a_client_of_ours_chooses_what_and_how(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor, 1, 1)
        found = await editor.command("defog.generateDdl", {"uri": uri, "range": at(0, 10)})
        what, how = person.asked
        assert what == (
            "Generate DDL for",
            [
                "orders",
                "the 2 tables of this statement",
                "the 3 tables of this file",
                "all 4 tables",
            ],
        )
        assert how[1][:2] == ["SQLite", "PostgreSQL"]
        (opened,) = person.opened
        assert (opened.name, opened.languageId) == ("orders-customers", "sql")
        assert "\n-- defog: dialect postgres\n\n" in opened.text
        assert opened.text.index("customers (\n") < opened.text.index("orders (\n")
        assert "notes" not in opened.text
        assert (found["text"], found["uri"]) == (opened.text, None)

        person.answers = [2, None]
        assert await editor.command("defog.generateDdl", {"uri": uri}) is None
        person.answers = [None]
        assert await editor.command("defog.generateDdl", {"uri": uri, "range": at(9, 9)}) is None
        assert len(person.opened) == 1
        # What was asked for by name is not asked about.
        asked = {"uri": uri, "tables": ["unused"], "dialect": "sqlite"}
        assert (await editor.command("defog.generateDdl", asked))["text"] == person.opened[1].text
        assert "CREATE TABLE unused (\n    id INTEGER\n);\n" in person.opened[1].text
        assert len(person.asked) == 5


async def test_a_client_that_shows_documents(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=SHOWING) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor, 2)
        asked = {"uri": uri, "tables": ["orders"]}
        found = await editor.command("defog.generateDdl", asked)
        assert person.asked[0][0] == "In which dialect?"
        assert [it.uri for it in person.shown] == [found["uri"]]
        file = path_of(found["uri"])
        assert file is not None
        assert file.name == "orders.sql"
        assert file.read_text() == found["text"]
        assert "-- defog: dialect mysql\n" in found["text"]
        assert file.parent.stat().st_mode & 0o77 == 0, "nobody else's business"
        # Another one has another file, and is read in its own dialect.
        found = await editor.command("defog.generateDdl", {**asked, "dialect": "mysql"})
        assert found["uri"].endswith("orders-2.sql")
        editor.open(found["uri"], found["text"])
        await editor.codes(found["uri"], [])
        editor.change(
            found["uri"], 2, found["text"] + "select `total` from orders limit 1, 2;\nselect nope"
        )
        await editor.codes(found["uri"], ["unknown-column"])


async def test_a_client_that_knows_nothing(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=NOTHING) as editor:
        uri = await open_query(editor, folder)
        asked = {"uri": uri, "tables": ["main.orders"], "dialect": "sqlite"}
        found = await editor.command("defog.generateDdl", asked)
        await editor.until(lambda: editor.messages, "where it is")
        assert editor.messages == [f"Written to {path_of(found['uri'])}"]
        # It cannot even answer a question: then nothing is chosen.
        assert await editor.command("defog.generateDdl", {"uri": uri}) is None


async def test_what_cannot_be_done_is_said(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        Person(editor)

        async def said(**asked: object) -> str:
            before = len(editor.messages)
            assert await editor.command("defog.generateDdl", {"uri": uri, **asked}) is None
            await editor.until(lambda: len(editor.messages) > before, "a message")
            return editor.messages[-1]

        assert (
            await said(tables=["orders", "nope"]) == "there is no table nope (did you mean notes?)"
        )
        assert "solr" in await said(tables=["orders"], dialect="solr")
        assert "klingon" in await said(tables=["orders"], dialect="klingon")
        assert (
            await said(uri="untitled:x", tables=["orders"])
            == "There is no metadata for this document"
        )
        wrong: Sequence[tuple[object, ...]] = (
            (),
            (uri,),
            ({"tables": ["orders"]},),
            ({"uri": uri, "tables": "orders"},),
            ({"uri": uri, "tables": [1]},),
            ({"uri": uri, "range": 3},),
            ({"uri": uri, "range": {"start": {}}},),
            ({"uri": uri, "dialect": 3},),
            ({"uri": uri, "text": "x"},),
        )
        for arguments in wrong:
            with pytest.raises(JsonRpcException) as raised:
                await editor.command("defog.generateDdl", *arguments)
            assert raised.value.code == -32602, arguments


async def test_as_a_code_action(tmp_path: Path, folder: Path) -> None:
    literals = lsp.ClientCodeActionLiteralOptions(lsp.ClientCodeActionKindOptions([]))
    can = lsp.ClientCapabilities(
        text_document=lsp.TextDocumentClientCapabilities(
            code_action=lsp.CodeActionClientCapabilities(code_action_literal_support=literals)
        ),
        experimental=OURS.experimental,
    )
    async with running(tmp_path, folder, can=can) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor)
        where = lsp.Range(lsp.Position(0, 10), lsp.Position(0, 10))
        params = lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(uri), where, lsp.CodeActionContext([], ["defog"])
        )
        found = {it.title: it for it in await editor.text_document_code_action_async(params) or ()}
        action = found["Generate DDL for the 2 tables of this statement"]
        assert isinstance(action, lsp.CodeAction)
        assert action.command is not None
        await editor.command(action.command.command, *(action.command.arguments or ()))
        assert "-- defog: dialect sqlite\n" in person.opened[0].text
        assert "Create the 2 tables of this statement in a database, without rows…" in found
