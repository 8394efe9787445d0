"""Who uses what, over the files of a workspace and the database, as a client gets it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, running

QUERY = """\
with big as (
  select id from orders
)
select * from big join totals on true;
"""
VIEWS = "create view spenders as select * from Orders;\n"
GOLDEN = [{"question": "How much is paid?", "sql": 'select "total"\nfrom orders'}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text(
        'metadata = ["metadata.json"]\ngolden_queries = ["golden.json"]\ndialect = "postgres"\n'
    )
    columns = [
        {"column_name": "id", "data_type": "integer"},
        {"column_name": "total", "data_type": "integer"},
    ]
    tables = {
        "public.orders": {"columns": columns},
        "public.totals": {
            "columns": columns[1:],
            "table_type": "view",
            "definition": "SELECT sum(total) AS total\n   FROM orders",
        },
    }
    (folder / "metadata.json").write_text(json.dumps(tables))
    (folder / "views.sql").write_text(VIEWS)
    (folder / "golden.json").write_text(json.dumps(GOLDEN))
    return folder


@pytest.fixture
async def editor(tmp_path: Path, folder: Path) -> AsyncIterator[Editor]:
    can = lsp.ClientCapabilities(experimental={"defog": {"tableDocuments": True}})
    async with running(tmp_path, folder, can=can) as editor:
        await editor.state("ready")
        editor.open(query(folder), QUERY)
        yield editor


def query(folder: Path) -> str:
    return (folder / "query.sql").as_uri()


def at(folder: Path, name: str) -> tuple[lsp.TextDocumentIdentifier, lsp.Position]:
    before = QUERY[: QUERY.index(name)].split("\n")
    position = lsp.Position(len(before) - 1, len(before[-1]) + 1)
    return lsp.TextDocumentIdentifier(query(folder)), position


async def text_at(editor: Editor, uri: str, range_: lsp.Range) -> str:
    """What stands at *range_*, which is in one line."""
    if uri.startswith("defog:"):
        params = lsp.TextDocumentContentParams(uri)
        text = (await editor.workspace_text_document_content_async(params)).text
    else:
        path = Path(uri.removeprefix("file://"))
        text = path.read_text() if path.exists() else QUERY
    line = text.split("\n")[range_.start.line]
    return line[range_.start.character : range_.end.character]


async def prepared(editor: Editor, folder: Path, name: str) -> lsp.CallHierarchyItem:
    params = lsp.CallHierarchyPrepareParams(*at(folder, name))
    items = await editor.text_document_prepare_call_hierarchy_async(params)
    assert items is not None
    (item,) = items
    return item


async def incoming(editor: Editor, item: lsp.CallHierarchyItem) -> list[tuple[str, str, list[str]]]:
    calls = await editor.call_hierarchy_incoming_calls_async(
        lsp.CallHierarchyIncomingCallsParams(item)
    )
    return [
        (
            it.from_.name,
            it.from_.detail or "",
            [await text_at(editor, it.from_.uri, place) for place in it.from_ranges],
        )
        for it in calls or ()
    ]


async def outgoing(
    editor: Editor, item: lsp.CallHierarchyItem
) -> list[lsp.CallHierarchyOutgoingCall]:
    return [
        *(
            await editor.call_hierarchy_outgoing_calls_async(
                lsp.CallHierarchyOutgoingCallsParams(item)
            )
            or ()
        )
    ]


async def test_the_views_that_use_a_table(editor: Editor, folder: Path) -> None:
    found = await editor.text_document_implementation_async(
        lsp.ImplementationParams(*at(folder, "orders"))
    )
    assert isinstance(found, list)
    places = [(it.uri, it.range) for it in found if isinstance(it, lsp.Location)]
    assert [(uri, await text_at(editor, uri, place)) for uri, place in places] == [
        ((folder / "views.sql").as_uri(), "spenders"),
        ("defog:/-/public/totals.sql", "orders"),
    ]
    assert not await editor.text_document_implementation_async(
        lsp.ImplementationParams(*at(folder, "big"))
    )


async def test_who_reads_a_table(editor: Editor, folder: Path) -> None:
    item = await prepared(editor, folder, "orders")
    assert (item.name, item.kind, item.detail) == ("orders", lsp.SymbolKind.Class, "table · public")
    assert item.uri == "defog:/-/public/orders.sql"
    assert await text_at(editor, item.uri, item.selection_range) == "orders"
    assert await incoming(editor, item) == [
        ("big", "CTE", ["orders"]),
        ("spenders", "view", ["Orders"]),
        ("How much is paid?", "golden query", ["orders"]),
        ("totals", "view · public", ["orders"]),
    ]
    assert await outgoing(editor, item) == []


async def test_what_a_view_of_the_database_reads(editor: Editor, folder: Path) -> None:
    item = await prepared(editor, folder, "totals")
    assert item.kind == lsp.SymbolKind.Interface
    (call,) = await outgoing(editor, item)
    assert (call.to.name, call.to.uri) == ("orders", "defog:/-/public/orders.sql")
    assert [await text_at(editor, item.uri, it) for it in call.from_ranges] == ["orders"]
    ((statement, detail, places),) = await incoming(editor, item)
    assert statement.startswith("with big as ( select id from orders )")
    assert (detail, places) == ("statement", ["totals"])


async def test_what_a_golden_query_reads(editor: Editor, folder: Path) -> None:
    item = await prepared(editor, folder, "orders")
    calls = await editor.call_hierarchy_incoming_calls_async(
        lsp.CallHierarchyIncomingCallsParams(item)
    )
    golden = next(it.from_ for it in calls or () if it.from_.detail == "golden query")
    (call,) = await outgoing(editor, golden)
    assert call.to.name == "orders"
    assert [await text_at(editor, golden.uri, it) for it in call.from_ranges] == ["orders"]
    assert await incoming(editor, golden) == []


async def test_an_item_is_found_again_when_its_text_has_changed(
    editor: Editor, folder: Path
) -> None:
    item = await prepared(editor, folder, "big")
    assert (item.kind, item.detail) == (lsp.SymbolKind.Struct, "CTE")
    editor.change(query(folder), 2, f"\n\n{QUERY}")
    (call,) = await outgoing(editor, item)
    assert (call.to.name, call.from_ranges[0].start.line) == ("orders", 3)
    calls = await editor.call_hierarchy_incoming_calls_async(
        lsp.CallHierarchyIncomingCallsParams(item)
    )
    assert [it.from_ranges[0].start.line for it in calls or ()] == [5]
    editor.change(query(folder), 3, "select 1")
    assert await outgoing(editor, item) == []
    assert await incoming(editor, item) == []


async def test_data_that_nobody_of_ours_has_made(editor: Editor, folder: Path) -> None:
    item = await prepared(editor, folder, "orders")
    made_up: list[lsp.LSPAny] = [
        None, 1, {}, {"kind": "cte"}, {"kind": "x", "uri": query(folder), "name": "y"},
        {"kind": "cte", "uri": "no:where", "name": "y"},
    ]  # fmt: skip
    for data in made_up:
        item.data = data
        assert await outgoing(editor, item) == []
        assert await incoming(editor, item) == []


async def lenses(editor: Editor, folder: Path) -> list[lsp.Command]:
    params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(query(folder)))
    found = await editor.text_document_code_lens_async(params) or ()
    return [it.command for it in found if it.command]


async def test_lenses(tmp_path: Path, folder: Path) -> None:
    can = lsp.ClientCapabilities(workspace=lsp.WorkspaceClientCapabilities(apply_edit=True))
    assert can.workspace
    can.workspace.code_lens = lsp.CodeLensWorkspaceClientCapabilities(refresh_support=True)
    async with running(tmp_path, folder, can=can) as editor:
        asked: list[object] = []
        applied: list[lsp.ApplyWorkspaceEditParams] = []
        editor.feature(lsp.WORKSPACE_CODE_LENS_REFRESH)(lambda _: asked.append(None))

        def apply(params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
            applied.append(params)
            return lsp.ApplyWorkspaceEditResult(applied=True)

        editor.feature(lsp.WORKSPACE_APPLY_EDIT)(apply)
        editor.open(query(folder), QUERY.replace("from big join", "from orders join"))
        text, click = await lenses(editor, folder)
        assert (text.title, text.command) == ("reads orders, totals", "")
        assert (click.title, click.command) == ("unused CTE · Remove big", "defog.applyEdit")
        assert await editor.command(click.command, *click.arguments or ())
        (change,) = (applied[0].edit.changes or {})[query(folder)]
        assert change.range.start == lsp.Position(0, 0)
        # A table that nobody knows may be the CTE, misspelt.
        known = (folder / "metadata.json").read_text()
        tables = json.loads(known)
        del tables["public.orders"]
        for metadata, more, count in (
            (json.dumps(tables), "", 0),
            (known, "", 2),
            (known, "[code_lens]\nenable = false\n", 0),
        ):
            asked.clear()
            (folder / "metadata.json").write_text(metadata)
            with (folder / "defog.toml").open("a") as file:
                file.write(more)
            editor.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
            await editor.until(lambda: asked, "to be told to ask again")
            assert len(await lenses(editor, folder)) == count
