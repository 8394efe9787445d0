"""Code actions as a client gets them, by what it says it can do."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp

from defog_lsp.lsp.convert import Positions
from tests.lsp.editor import Editor, make_database, running

METADATA = """{
  "orders": [
    {"column_name": "id", "data_type": "integer"},
    {"column_name": "total", "data_type": "numeric"}
  ]
}
"""
CONFIGURATION = 'dialect = "postgres"\nmetadata = ["metadata/*.json"]\n'
DATABASE = (
    "create table customers (id integer primary key, name text not null, region text)",
    "create table orders (id integer primary key, customer_id integer not null"
    " references customers (id), status text, total numeric)",
)
LITERALS = lsp.ClientCodeActionLiteralOptions(
    lsp.ClientCodeActionKindOptions([lsp.CodeActionKind.QuickFix])
)
ABLE = lsp.ClientCapabilities(
    workspace=lsp.WorkspaceClientCapabilities(
        apply_edit=True, workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True)
    ),
    text_document=lsp.TextDocumentClientCapabilities(
        publish_diagnostics=lsp.PublishDiagnosticsClientCapabilities(version_support=True),
        code_action=lsp.CodeActionClientCapabilities(
            code_action_literal_support=LITERALS,
            is_preferred_support=True,
            data_support=True,
            resolve_support=lsp.ClientCodeActionResolveOptions(["edit"]),
        ),
    ),
)
SIMPLE = lsp.ClientCapabilities(
    text_document=lsp.TextDocumentClientCapabilities(
        code_action=lsp.CodeActionClientCapabilities(code_action_literal_support=LITERALS)
    )
)
COMMANDS = lsp.ClientCapabilities(workspace=lsp.WorkspaceClientCapabilities(apply_edit=True))
Answer = lsp.Command | lsp.CodeAction


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "metadata").mkdir(parents=True)
    (root / "defog.toml").write_text(CONFIGURATION)
    (root / "metadata/shop.json").write_text(METADATA)
    return root


@pytest.fixture
async def editing(tmp_path: Path) -> AsyncIterator[tuple[Editor, Path]]:
    """An editor over a folder with a database, and every rule at work."""
    folder = tmp_path / "shop"
    folder.mkdir()
    make_database(folder / "shop.db", *DATABASE)
    (folder / "defog.toml").write_text(
        'dialect = "postgres"\n'
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
        '[rules]\nselect-star = "warning"\n'
    )
    async with running(tmp_path, folder, can=ABLE) as editor:
        yield editor, folder


async def ask(
    editor: Editor,
    uri: str,
    where: tuple[int, int],
    diagnostics: Sequence[lsp.Diagnostic] = (),
    *,
    only: Sequence[str] | None = None,
    trigger: lsp.CodeActionTriggerKind | None = None,
) -> dict[str, Any]:
    at = lsp.Position(*where)
    context = lsp.CodeActionContext(list(diagnostics), only, trigger)
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), lsp.Range(at, at), context)
    found = await editor.text_document_code_action_async(params)
    return {it.title: it for it in found or ()}


def edits(edit: lsp.WorkspaceEdit | None) -> tuple[str, int | None, list[tuple[int, int, str]]]:
    """The document, its version, and each edit as line, character and text."""
    assert edit is not None
    assert edit.changes is None
    assert edit.document_changes is not None
    (change,) = edit.document_changes
    assert isinstance(change, lsp.TextDocumentEdit)
    return (
        change.text_document.uri,
        change.text_document.version,
        [
            (it.range.start.line, it.range.start.character, it.new_text)
            for it in change.edits
            if isinstance(it, lsp.TextEdit)
        ],
    )


def applied(text: str, edit: lsp.WorkspaceEdit | None) -> str:
    """*text* after the edit, as a client would apply it."""
    assert edit is not None
    (change,) = edit.document_changes or ()
    assert isinstance(change, lsp.TextDocumentEdit)
    positions = Positions(text, "utf-16")
    made = [(positions.span(it.range), it) for it in change.edits]
    for span, it in sorted(made, key=lambda it: it[0], reverse=True):
        assert isinstance(it, lsp.TextEdit)
        text = text[: span.start] + it.new_text + text[span.end :]
    return text


async def test_an_able_client(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    async with running(tmp_path, folder, can=ABLE) as editor:
        offered = editor.agreed.code_action_provider
        assert isinstance(offered, lsp.CodeActionOptions)
        assert offered.resolve_provider
        assert "source.fixAll.defog" in (offered.code_action_kinds or ())
        editor.open(uri, "select '😀', * from orders;\nselect x.a from salez x", version=7)
        (diagnostic,) = await editor.codes(uri, ["unknown-table"])

        found = await ask(editor, uri, (0, 13))
        expand = found["Expand *"]
        assert expand.kind == "refactor.rewrite"
        assert edits(expand.edit) == (uri, 7, [(0, 13, "id, total")])
        assert "Add aliases to the tables of this FROM" in found

        # The mends of a line's diagnostics are offered wherever the caret is.
        found = await ask(editor, uri, (1, 0), [diagnostic], only=["quickfix"])
        assert all(it.kind == "quickfix" for it in found.values())
        assert [it.diagnostics for it in found.values()] == [(diagnostic,)] * len(found)
        ignore = found["Ignore unknown-table for this line"]
        assert edits(ignore.edit)[2] == [(1, 23, " -- defog: ignore unknown-table")]
        assert "Refresh metadata" not in found, "there is no database"

        # Its edit is made when it is chosen, in the file as it is then.
        create = found["Create the metadata entry for salez"]
        assert create.edit is None
        resolved = await editor.code_action_resolve_async(create)
        target, version, changes = edits(resolved.edit)
        assert (target, version) == ((folder / "metadata/shop.json").as_uri(), None)
        (line, character, text) = changes[0]
        assert (line, character) == (4, 3)
        assert json.loads(f"{{{text.lstrip(',')}}}") == {
            "salez": [{"column_name": "a", "data_type": "", "column_description": ""}]
        }
        editor.open(target, "[]", "json", version=3)
        assert (await editor.code_action_resolve_async(create)).edit is None
        await editor.until(lambda: editor.messages, "a message")
        assert editor.messages[0].startswith("None of the metadata files")

        assert await ask(editor, uri, (1, 20), only=["source.fixAll"]) == {}
        assert await ask(editor, uri, (0, 13), trigger=lsp.CodeActionTriggerKind.Automatic) == {}
        assert await ask(editor, "file:///not/open.sql", (0, 0)) == {}


async def test_a_simple_client(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    async with running(tmp_path, folder, can=SIMPLE) as editor:
        editor.open(uri, "select x.a from salez x")
        await editor.codes(uri, ["unknown-table"])
        found = await ask(editor, uri, (0, 18))
        ignore = found["Ignore unknown-table for this line"]
        assert ignore.edit.document_changes is None
        assert list(ignore.edit.changes) == [uri]
        create = found["Create the metadata entry for salez"]
        assert list(create.edit.changes) == [(folder / "metadata/shop.json").as_uri()]
        assert create.data is None


async def test_a_client_that_knows_commands_only(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    applied: list[lsp.ApplyWorkspaceEditParams] = []
    async with running(tmp_path, folder, can=COMMANDS) as editor:

        def apply(params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
            applied.append(params)
            return lsp.ApplyWorkspaceEditResult(applied=True)

        editor.feature(lsp.WORKSPACE_APPLY_EDIT)(apply)
        editor.open(uri, "select * from orders")
        await editor.state("ready")
        found = await ask(editor, uri, (0, 7))
        expand = found["Expand *"]
        assert isinstance(expand, lsp.Command)
        assert await editor.command(expand.command, *(expand.arguments or ())) is True
        (params,) = applied
        assert params.label == "Expand *"
        assert params.edit.changes is not None
        assert [it.new_text for it in params.edit.changes[uri]] == ["id, total"]


async def test_a_client_that_knows_nothing(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=lsp.ClientCapabilities()) as editor:
        editor.open((folder / "a.sql").as_uri(), "select * from orders")
        found = await ask(editor, (folder / "a.sql").as_uri(), (0, 7))
        assert "Expand *" not in found, "it makes no edits"
        assert {it.command for it in found.values()} == {"defog.generateDdl"}


async def test_refreshing_metadata(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    make_database(folder / "shop.db")
    (folder / "defog.toml").write_text(
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
        '[rules]\nunknown-column = "off"\n'
    )
    uri = (folder / "a.sql").as_uri()
    async with running(tmp_path, folder, can=COMMANDS) as editor:
        editor.open(uri, "select nope from users;\nselect * from sales")
        await editor.codes(uri, ["unknown-table"])
        assert not [it for it in await ask(editor, uri, (0, 8)) if "gnore" in it], "a silenced rule"
        refresh = (await ask(editor, uri, (1, 15)))["Refresh metadata"]
        make_database(folder / "shop.db", "create table sales (id integer)")
        await editor.command(refresh.command, *refresh.arguments)
        await editor.codes(uri, [])


@pytest.mark.parametrize(
    ("code", "before", "title", "after"),
    [
        (
            "syntax-error",
            "selec id from orders",
            "Write select",
            "select id from orders",
        ),
        (
            "syntax-error",
            "select count(id from orders",
            "Write ) after id",
            "select count(id) from orders",
        ),
        (
            "syntax-error",
            "select id, from orders",
            "Remove this comma",
            "select id from orders",
        ),
        (
            "unknown-table",
            "select id from ordes",
            "Change to orders",
            "select id from orders",
        ),
        (
            "unknown-column",
            "select '😀', o.totl from orders o",
            "Change to total",
            "select '😀', o.total from orders o",
        ),
        (
            "unknown-alias",
            "select o.id, customers.name from orders o",
            "Add JOIN customers ON customers.id = o.customer_id",
            "select o.id, customers.name from orders o"
            " JOIN customers ON customers.id = o.customer_id",
        ),
        (
            "unknown-function",
            "select coutn(id) from orders",
            "Change to count",
            "select count(id) from orders",
        ),
        (
            "ambiguous-column",
            "select id from orders o join customers c on c.id = o.customer_id",
            "Qualify with o",
            "select o.id from orders o join customers c on c.id = o.customer_id",
        ),
        (
            "duplicate-alias",
            "select o.id, c.name from orders o join customers o on c.id = o.customer_id",
            "Call it c",
            "select o.id, c.name from orders o join customers c on c.id = o.customer_id",
        ),
        (
            "ungrouped-column",
            "select region, name, count(*) from customers group by region",
            "Add name to GROUP BY",
            "select region, name, count(*) from customers group by region, name",
        ),
        (
            "cartesian-join",
            "select o.total, c.name from orders o, customers c",
            "Add o.customer_id = c.id",
            "select o.total, c.name from orders o, customers c WHERE o.customer_id = c.id",
        ),
        (
            "null-comparison",
            "select id from orders where status = null",
            "Write is null",
            "select id from orders where status is null",
        ),
        (
            "unused-cte",
            "with paid as (select id from orders) select name from customers",
            "Remove paid",
            "select name from customers",
        ),
        (
            "select-star",
            "select * from customers",
            "Expand *",
            "select id, name, region from customers",
        ),
        (
            "unknown-column",
            "select o.totl from orders o",
            "Ignore unknown-column for this line",
            "select o.totl from orders o -- defog: ignore unknown-column",
        ),
    ],
)
async def test_a_mend_leaves_nothing_to_say(
    editing: tuple[Editor, Path], code: str, before: str, title: str, after: str
) -> None:
    editor, folder = editing
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, before)
    await editor.state("ready")  # some rules have something to say before the metadata is there
    (diagnostic,) = await editor.codes(uri, [code])
    start = diagnostic.range.start
    found = await ask(editor, uri, (start.line, start.character), [diagnostic], only=["quickfix"])
    assert title in found, list(found)
    changed = applied(before, found[title].edit)
    assert changed == after
    editor.change(uri, 2, changed)
    await editor.codes(uri, [])


async def test_fix_all_leaves_what_has_to_be_asked_about(editing: tuple[Editor, Path]) -> None:
    editor, folder = editing
    uri = (folder / "a.sql").as_uri()
    before = "select o.totl, o.id from orders o\nwhere o.status = NULL;\nselec name form customers"
    editor.open(uri, before)
    await editor.codes(uri, ["unknown-column", "null-comparison", "syntax-error"])
    for version in (2, 3):  # what a statement says is known once it can be read
        (every,) = (await ask(editor, uri, (0, 0), only=["source.fixAll"])).values()
        before = applied(before, every.edit)
        editor.change(uri, version, before)
        if version == 2:
            await editor.codes(uri, ["syntax-error"])
    await editor.codes(uri, [])
    assert before == (
        "select o.total, o.id from orders o\nwhere o.status IS NULL;\nselect name from customers"
    )


async def test_a_metadata_entry_makes_the_table_known(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    async with running(tmp_path, folder, can=ABLE) as editor:
        editor.open(uri, "select x.a, x.b from salez x")
        (diagnostic,) = await editor.codes(uri, ["unknown-table"])
        found = await ask(editor, uri, (0, 23), [diagnostic])
        create = found["Create the metadata entry for salez"]
        resolved = await editor.code_action_resolve_async(create)
        file = folder / "metadata/shop.json"
        file.write_text(applied(file.read_text(), resolved.edit))
        event = lsp.FileEvent(file.as_uri(), lsp.FileChangeType.Changed)
        editor.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
        await editor.codes(uri, [])
