"""A query of a SQL file added to the golden queries, by what a client can do."""

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp

from defog_lsp.lsp.convert import Positions
from defog_metadata.documents.golden import golden_kind, read_golden_file
from tests.lsp.editor import Editor, make_database, running
from tests.lsp.test_code_actions import ABLE, COMMANDS, SIMPLE

SQL = '-- Größe 🙂 of "all"?\nselect "Order Total"\nfrom orders;\n\nselect id from orders;\n'
TITLE = "Add to golden queries"
BEFORE = {
    "g.json": '[\n  {"question": "a", "sql": "select 1"}\n]\n',
    "g.yaml": "- question: a\n  sql: select 1\n",
    "g.csv": "question,sql\na,select 1\n",
    "g.sql": "-- a\nselect 1;\n",
}
ADDED = ('Größe 🙂 of "all"?', 'select "Order Total"\nfrom orders')


def folder_with(root: Path, files: dict[str, str], golden: list[str]) -> Path:
    root.mkdir()
    make_database(
        root / "shop.db", 'create table orders (id integer primary key, "Order Total" numeric)'
    )
    (root / "defog.toml").write_text(
        f"golden_queries = {json.dumps(golden)}\n"
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )
    for name, text in files.items():
        (root / name).write_bytes(text.encode())
    (root / "a.sql").write_text(SQL)
    return root


async def offered(editor: Editor, uri: str, line: int = 1) -> Any:
    at = lsp.Range(lsp.Position(line, 0), lsp.Position(line, 0))
    params = lsp.CodeActionParams(
        lsp.TextDocumentIdentifier(uri), at, lsp.CodeActionContext([], ["defog.golden"])
    )
    found = await editor.text_document_code_action_async(params)
    return next((it for it in found or () if it.title == TITLE), None)


async def opened(editor: Editor, folder: Path) -> str:
    await editor.state("ready")
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, SQL)
    return uri


def made(edit: lsp.WorkspaceEdit, text: str) -> tuple[str, int | None, str]:
    """The document, the version of it that is meant, and its text afterwards."""
    version: int | None = None
    if edit.document_changes:
        (change,) = edit.document_changes
        assert isinstance(change, lsp.TextDocumentEdit)
        uri, version = change.text_document.uri, change.text_document.version
        (one,) = change.edits
    else:
        ((uri, (one,)),) = (edit.changes or {}).items()
    assert isinstance(one, lsp.TextEdit)
    span = Positions(text).span(one.range)
    return uri, version, text[: span.start] + one.new_text + text[span.end :]


@pytest.mark.parametrize("name", BEFORE)
@pytest.mark.parametrize("is_open", [True, False])
async def test_it_is_made_when_it_is_chosen(tmp_path: Path, name: str, is_open: bool) -> None:
    folder = folder_with(tmp_path / "shop", BEFORE, [name])
    text = BEFORE[name]
    async with running(tmp_path, folder, can=ABLE) as editor:
        uri = await opened(editor, folder)
        target = (folder / name).as_uri()
        if is_open:
            # What counts is the text in the editor, in its own version.
            text = text.replace("select 1", "select 1 + 1")
            editor.open(target, text, name.partition(".")[2], version=7)
        action = await offered(editor, uri)
        assert (action.kind, action.edit) == ("defog.golden", None)
        resolved = await editor.code_action_resolve_async(action)
        assert resolved.edit is not None
        changed, version, after = made(resolved.edit, text)
        assert (changed, version) == (target, 7 if is_open else None)
        found = read_golden_file(after, golden_kind(Path(name)))
        assert [(it.question.text, it.sql.text) for it in found.entries[1:]] == [ADDED]
        assert not found.problems
        # Once it is there, it is not offered again, nor added by an action that was.
        if is_open:
            editor.change(target, 8, after)
        else:
            (folder / name).write_bytes(after.encode())
        assert await offered(editor, uri) is None
        assert (await editor.code_action_resolve_async(action)).edit is None
        assert any("is in one of them already" in it for it in editor.messages)
        # Of a query without a comment, the question is left to be written.
        other = await editor.code_action_resolve_async(await offered(editor, uri, 4))
        assert other.edit is not None
        *_, after = made(other.edit, after)
        last = json.loads(after)[-1] if name == "g.json" else {}
        assert last.get("question", "") == ""
        assert "select id from orders" in after


async def test_clients_that_can_do_less(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "shop", BEFORE, ["g.json"])
    for number, can in enumerate((SIMPLE, COMMANDS)):
        async with running(tmp_path / str(number), folder, can=can) as editor:
            uri = await opened(editor, folder)
            action = await offered(editor, uri)
            if can is COMMANDS:
                assert action.command == "defog.applyEdit"
                edit = action.arguments[1]
                assert "Größe" in str(edit)
            else:
                _, _, after = made(action.edit, BEFORE["g.json"])
                assert json.loads(after)[-1] == dict(zip(("question", "sql"), ADDED, strict=True))


async def test_the_first_file_that_can_take_it(tmp_path: Path) -> None:
    files = {"a.json": "[{]", "b.json": '{"golden_queries": []}', **BEFORE}
    folder = folder_with(tmp_path / "shop", files, ["a.json", "b.json", "g.yaml"])
    async with running(tmp_path, folder, can=ABLE) as editor:
        uri = await opened(editor, folder)
        resolved = await editor.code_action_resolve_async(await offered(editor, uri))
        assert resolved.edit is not None
        changed, _, after = made(resolved.edit, files["b.json"])
        assert changed == (folder / "b.json").as_uri()
        assert json.loads(after)["golden_queries"][0]["question"] == ADDED[0]
        # A question of any of them is one that is there.
        (folder / "g.yaml").write_text('- question: größe 🙂 of "all"\n  sql: select 2\n')
        assert await offered(editor, uri) is None


async def test_where_it_is_not_offered(tmp_path: Path) -> None:
    files = {**BEFORE, "other.sql": "select 1"}
    folder = folder_with(tmp_path / "shop", files, ["g.sql"])
    async with running(tmp_path, folder, can=ABLE) as editor:
        await opened(editor, folder)
        golden = (folder / "g.sql").as_uri()
        editor.open(golden, "-- a\nselect 1;\n-- b\nselect 2;\n")
        assert await offered(editor, golden, 3) is None, "it is there"
        (folder / "defog.toml").write_text('dialect = "postgres"\ngolden_queries = ["no.json"]\n')
        editor.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
        await editor.until(lambda: editor.statuses[-1]["connection"] != "shop", "no connection")
        assert await offered(editor, (folder / "a.sql").as_uri()) is None, "there is no file"
