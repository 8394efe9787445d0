"""Definitions, references, renaming, outlines and the rest, as a client gets them."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.editor import Editor, running

SQL = """\
with c as (
  select id, email as mail from users
)
select c.mail, u.id
from c
join users u on u.id = c.id
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text('metadata = ["metadata.json"]\ndialect = "postgres"\n')
    columns = [
        {"column_name": "id", "data_type": "integer"},
        {"column_name": "email", "data_type": "text", "column_description": "Where to write."},
        {"column_name": "fax", "data_type": "text", "column_description": "Deprecated: nobody."},
    ]
    tables = {"public.users": {"table_description": "Who buys.", "columns": columns}}
    (folder / "metadata.json").write_text(json.dumps(tables))
    return folder


def able(**own: bool) -> lsp.ClientCapabilities:
    return lsp.ClientCapabilities(
        text_document=lsp.TextDocumentClientCapabilities(
            definition=lsp.DefinitionClientCapabilities(link_support=bool(own)),
            document_symbol=lsp.DocumentSymbolClientCapabilities(
                hierarchical_document_symbol_support=bool(own)
            ),
        ),
        experimental={"defog": own},
    )


@pytest.fixture
async def editor(tmp_path: Path, folder: Path) -> AsyncIterator[Editor]:
    async with running(tmp_path, folder, can=able(tableDocuments=True)) as editor:
        editor.open((folder / "a.sql").as_uri(), SQL)
        yield editor


@pytest.fixture
async def plain(tmp_path: Path, folder: Path) -> AsyncIterator[Editor]:
    """An editor that can do no more than it must."""
    async with running(tmp_path, folder, can=able()) as editor:
        editor.open((folder / "a.sql").as_uri(), SQL)
        yield editor


def at(folder: Path, line: int, character: int) -> tuple[lsp.TextDocumentIdentifier, lsp.Position]:
    return lsp.TextDocumentIdentifier((folder / "a.sql").as_uri()), lsp.Position(line, character)


def marked(text: str, range_: lsp.Range) -> str:
    lines = text.split("\n")
    assert range_.start.line == range_.end.line
    return lines[range_.start.line][range_.start.character : range_.end.character]


async def test_definition_in_the_document(editor: Editor, folder: Path) -> None:
    links = await editor.text_document_definition_async(lsp.DefinitionParams(*at(folder, 3, 10)))
    assert isinstance(links, list)
    (link,) = links
    assert isinstance(link, lsp.LocationLink)
    assert link.target_uri == (folder / "a.sql").as_uri()
    assert marked(SQL, link.target_range) == "mail"
    assert link.origin_selection_range
    assert marked(SQL, link.origin_selection_range) == "mail"


async def test_a_table_of_the_database_is_a_document(editor: Editor, folder: Path) -> None:
    links = await editor.text_document_type_definition_async(
        lsp.TypeDefinitionParams(*at(folder, 5, 11))
    )
    assert isinstance(links, list)
    (link,) = links
    assert isinstance(link, lsp.LocationLink)
    assert link.target_uri == "defog:/-/public/users.sql"
    content = await editor.workspace_text_document_content_async(
        lsp.TextDocumentContentParams(link.target_uri)
    )
    assert "CREATE TABLE public.users" in content.text
    assert "Where to write." in content.text
    assert marked(content.text, link.target_range) == "users"
    gone = await editor.workspace_text_document_content_async(
        lsp.TextDocumentContentParams("defog:/-/public/nothing.sql")
    )
    assert gone.text.startswith("-- There is no such table")


async def test_a_column_in_a_file_that_is_only_for_reading(plain: Editor, folder: Path) -> None:
    found = await plain.text_document_definition_async(lsp.DefinitionParams(*at(folder, 1, 13)))
    assert isinstance(found, lsp.Location)
    file = Path(found.uri.removeprefix("file://"))
    assert marked(file.read_text(), found.range) == "email"
    assert not file.stat().st_mode & 0o222
    again = await plain.text_document_definition_async(lsp.DefinitionParams(*at(folder, 1, 13)))
    assert again == found


async def test_the_file_that_creates_a_table(editor: Editor, folder: Path) -> None:
    text = "-- all tables\ncreate table users (id int, email text);\n"
    (folder / "tables.sql").write_text(text)
    links = await editor.text_document_definition_async(lsp.DefinitionParams(*at(folder, 1, 13)))
    assert isinstance(links, list)
    (link,) = links
    assert isinstance(link, lsp.LocationLink)
    assert link.target_uri == (folder / "tables.sql").as_uri()
    assert marked(text, link.target_range) == "email"


async def test_references_and_highlights(editor: Editor, folder: Path) -> None:
    document, position = at(folder, 0, 5)
    for declared, count in ((True, 4), (False, 3)):
        found = await editor.text_document_references_async(
            lsp.ReferenceParams(lsp.ReferenceContext(declared), document, position)
        )
        assert found
        assert len(found) == count
        assert {marked(SQL, it.range) for it in found} == {"c"}
    shown = await editor.text_document_document_highlight_async(
        lsp.DocumentHighlightParams(document, position)
    )
    assert shown
    kinds = [it.kind for it in shown]
    assert kinds == [lsp.DocumentHighlightKind.Write] + 3 * [lsp.DocumentHighlightKind.Read]
    linked = await editor.text_document_linked_editing_range_async(
        lsp.LinkedEditingRangeParams(document, position)
    )
    assert linked
    assert [it.range for it in shown] == list(linked.ranges)


async def test_references_in_other_files(editor: Editor, folder: Path) -> None:
    other = "select u.email from users u;\nselect email from (select 'x' as email) s\n"
    (folder / "b.sql").write_text(other)
    (folder / "c.sql").write_text("select 1 as email")
    golden = [{"question": "Who?", "sql": 'select "email"\nfrom users'}]
    text = json.dumps(golden)
    (folder / "golden.json").write_text(text)
    glossary = "- Whoever has an email has `users.email`.\n"
    (folder / "glossary.md").write_text(glossary)
    with (folder / "defog.toml").open("a") as toml:
        toml.write('golden_queries = ["golden.json"]\nglossary = ["glossary.md"]\n')
    editor.workspace_did_change_watched_files(
        lsp.DidChangeWatchedFilesParams(
            [lsp.FileEvent((folder / "defog.toml").as_uri(), lsp.FileChangeType.Changed)]
        )
    )
    document, position = at(folder, 1, 14)
    params = lsp.ReferenceParams(lsp.ReferenceContext(include_declaration=True), document, position)

    async def found() -> dict[str, list[str]]:
        metadata = (folder / "metadata.json").read_text()
        texts = {"a.sql": SQL, "b.sql": other, "golden.json": text}
        texts |= {"glossary.md": glossary, "metadata.json": metadata}
        by_file: dict[str, list[str]] = {}
        for it in await editor.text_document_references_async(params) or ():
            name = it.uri.rpartition("/")[2]
            by_file.setdefault(name, []).append(marked(texts[name], it.range))
        return by_file

    expected = {"a.sql": ["email"], "b.sql": ["email"], "golden.json": ['\\"email\\"']}
    expected |= {"glossary.md": ["email"], "metadata.json": ["email"]}
    for _ in range(50):
        if (last := await found()) == expected:
            break
        await asyncio.sleep(0.1)
    assert last == expected


@pytest.mark.parametrize("own", [{"tableDocuments": True}, {}])
async def test_a_glossary_links_its_tables(
    own: dict[str, bool], tmp_path: Path, folder: Path
) -> None:
    text = "- Users are those in `users`; a user with `users.email` can be reached.\n"
    (folder / "glossary.md").write_text(text)
    toml = folder / "defog.toml"
    toml.write_text(toml.read_text() + 'glossary = ["glossary.md"]\n')
    uri = (folder / "glossary.md").as_uri()
    async with running(tmp_path, folder, can=able(**own)) as editor:
        editor.open(uri, text, "markdown")
        links = await editor.text_document_document_link_async(
            lsp.DocumentLinkParams(lsp.TextDocumentIdentifier(uri))
        )
        assert [marked(text, it.range) for it in links or ()] == ["users", "users"]
        assert links
        resolved = await editor.document_link_resolve_async(links[0])
    assert resolved.target
    assert (resolved.target == "defog:/-/public/users.sql") == bool(own)
    assert resolved.target.endswith("users.sql")
    assert resolved.tooltip == "Who buys."


async def test_sql_links_the_files_that_it_reads(editor: Editor, folder: Path) -> None:
    text = (
        "\\i schema/tables.sql\n\\ir views.sql\n\\i gone.sql\n\\i ../outside.sql\n"
        "select '\\i views.sql' as 🙂; \\ir 'schema/my views.sql'\n"
    )
    (folder / "sub/schema").mkdir(parents=True)
    (folder / "schema").mkdir()
    files = ("schema/tables.sql", "sub/views.sql", "sub/schema/my views.sql", "../outside.sql")
    for name in files:
        (folder / name).write_text("")
    document = lsp.TextDocumentIdentifier((folder / "sub/all.sql").as_uri())
    editor.open(document.uri, text)
    found = await editor.text_document_document_link_async(lsp.DocumentLinkParams(document))
    names = ["schema/tables.sql", "views.sql", "../outside.sql", "schema/my views.sql"]
    assert [marked_in_units(text, it.range) for it in found or ()] == names
    targets = [(folder / it).resolve().as_uri() for it in (files[0], files[1], files[3], files[2])]
    assert [it.target for it in found or ()] == targets
    assert found
    assert await editor.document_link_resolve_async(found[0]) == found[0]
    report = await editor.codes(document.uri, [])
    assert not report


def marked_in_units(text: str, range_: lsp.Range) -> str:
    """As ``marked``, where a line may have characters of two units."""
    line = text.split("\n")[range_.start.line].encode("utf-16-le")
    return line[2 * range_.start.character : 2 * range_.end.character].decode("utf-16-le")


@pytest.mark.parametrize("own", [{"tableDocuments": True}, {}])
async def test_names_of_the_workspace(own: dict[str, bool], tmp_path: Path, folder: Path) -> None:
    golden = [{"question": "Which users have an email?", "sql": "select 1"}]
    (folder / "golden.json").write_text(json.dumps(golden))
    toml = folder / "defog.toml"
    toml.write_text(toml.read_text() + 'golden_queries = ["golden.json"]\n')
    can = able(**own)
    properties = lsp.ClientSymbolResolveOptions(["location.range"])
    can.workspace = lsp.WorkspaceClientCapabilities(
        symbol=lsp.WorkspaceSymbolClientCapabilities(resolve_support=properties)
    )
    async with running(tmp_path, folder, can=can) as editor:
        editor.open((folder / "a.sql").as_uri(), SQL.replace("c ", "email_of "))
        await editor.state("ready", tables=1)
        found = await editor.workspace_symbol_async(lsp.WorkspaceSymbolParams("ema"))
        assert found
        named = [(it.name, it.container_name, it.kind) for it in found]
        assert named == [
            ("email", "users", lsp.SymbolKind.Field),
            ("Which users have an email?", None, lsp.SymbolKind.String),
            ("email_of", None, lsp.SymbolKind.Struct),
        ]
        (table, *_) = await editor.workspace_symbol_async(lsp.WorkspaceSymbolParams("use")) or ()
        assert isinstance(table, lsp.WorkspaceSymbol)
        resolved = await editor.workspace_symbol_resolve_async(table)
        assert (resolved.location.uri == "defog:/-/public/users.sql") == bool(own)
        # Some clients ask for everything and look for names themselves.
        listed = await editor.workspace_symbol_async(lsp.WorkspaceSymbolParams(" ")) or ()
        names = [it.name for it in listed]
        assert names == ["users", "Which users have an email?", "email_of"]


async def test_renaming(editor: Editor, folder: Path) -> None:
    document, position = at(folder, 5, 11)
    prepared = await editor.text_document_prepare_rename_async(
        lsp.PrepareRenameParams(document, position)
    )
    assert isinstance(prepared, lsp.PrepareRenamePlaceholder)
    assert prepared.placeholder == "u"
    edit = await editor.text_document_rename_async(lsp.RenameParams(document, position, "person"))
    assert edit
    assert edit.changes
    ((uri, edits),) = edit.changes.items()
    assert uri == document.uri
    assert [marked(SQL, it.range) for it in edits] == ["u", "u", "u"]
    with pytest.raises(JsonRpcException, match="already means something else"):
        await editor.text_document_rename_async(lsp.RenameParams(document, position, "c"))
    with pytest.raises(JsonRpcException, match="no name here"):
        await editor.text_document_prepare_rename_async(lsp.PrepareRenameParams(*at(folder, 0, 1)))


GOLDEN = [{"question": "Who?", "sql": 'select "email"\nfrom users'}]
KEPT = {
    "closed.sql": "select u.email from users u;\nselect email from (select 'x' as email) s\n",
    "other.sql": "select 1 as email",
    "golden.json": json.dumps(GOLDEN),
    "golden.csv": 'question,sql\nWho?,"select ""email"" from users"\n',
    "golden.yaml": "- question: Who?\n  sql: |\n    select email\n    from users\n",
    "glossary.md": "- An email is in `users.email`; email them.\n",
    "opened.sql": "",
}
RENAMED = {
    "closed.sql": "select u.address from users u;\nselect email from (select 'x' as email) s\n",
    "golden.json": json.dumps([{"question": "Who?", "sql": "select address\nfrom users"}]),
    "golden.csv": 'question,sql\nWho?,"select address from users"\n',
    "golden.yaml": "- question: Who?\n  sql: |\n    select address\n    from users\n",
    "glossary.md": "- An email is in `users.address`; email them.\n",
    "opened.sql": "select address from users",
}


def able_to_edit(**can: Any) -> lsp.ClientCapabilities:
    edits = lsp.WorkspaceEditClientCapabilities(**can)
    return lsp.ClientCapabilities(workspace=lsp.WorkspaceClientCapabilities(workspace_edit=edits))


@pytest.fixture
def kept(folder: Path) -> Path:
    for name, text in KEPT.items():
        (folder / name).write_text(text)
    with (folder / "defog.toml").open("a") as toml:
        toml.write('golden_queries = ["golden.*"]\nglossary = ["glossary.md"]\n')
    return folder


def made(text: str, edits: Any) -> str:
    for it in sorted(edits, key=lambda it: (it.range.start.line, it.range.start.character))[::-1]:
        lines = text.splitlines(keepends=True)
        start, end = (
            sum(map(len, lines[: at.line])) + at.character for at in (it.range.start, it.range.end)
        )
        text = text[:start] + it.new_text + text[end:]
    return text


async def test_renaming_in_all_files(tmp_path: Path, kept: Path) -> None:
    metadata = (kept / "metadata.json").read_text()
    can = able_to_edit(
        document_changes=True,
        change_annotation_support=lsp.ChangeAnnotationsSupportOptions(),
    )
    async with running(tmp_path, kept, can=can) as editor:
        editor.open((kept / "a.sql").as_uri(), SQL)
        editor.open((kept / "opened.sql").as_uri(), "select email from users")
        await editor.state("ready", tables=1)
        document, position = at(kept, 1, 14)
        prepared = await editor.text_document_prepare_rename_async(
            lsp.PrepareRenameParams(document, position)
        )
        assert isinstance(prepared, lsp.PrepareRenamePlaceholder)
        assert prepared.placeholder == "email"
        edit = await editor.text_document_rename_async(
            lsp.RenameParams(document, position, "address")
        )
        assert edit
        assert edit.document_changes
        before = {**KEPT, "a.sql": SQL, "metadata.json": metadata}
        before["opened.sql"] = "select email from users"
        found, versions, groups = {}, {}, {}
        for it in edit.document_changes:
            assert isinstance(it, lsp.TextDocumentEdit)
            name = it.text_document.uri.rpartition("/")[2]
            found[name] = made(before[name], it.edits)
            versions[name] = it.text_document.version
            groups[name] = {getattr(one, "annotation_id", None) for one in it.edits}
        expected = {
            **RENAMED,
            "a.sql": SQL.replace("email as", "address as"),
            "metadata.json": metadata.replace('"email"', '"address"'),
        }
        assert found == expected
        assert {name for name, it in versions.items() if it is not None} == {"a.sql", "opened.sql"}
        assert groups == {
            **{key: {"sql"} for key in ("a.sql", "closed.sql", "opened.sql")},
            **{key: {"golden queries"} for key in ("golden.json", "golden.csv", "golden.yaml")},
            "glossary.md": {"glossary"},
            "metadata.json": {"metadata"},
        }
        annotations = edit.change_annotations or {}
        assert [key for key, it in annotations.items() if it.needs_confirmation] == ["glossary"]
        assert not editor.messages  # there is no database that could have the old name


async def test_renaming_from_a_golden_query(tmp_path: Path, kept: Path) -> None:
    async with running(tmp_path, kept, can=able_to_edit()) as editor:
        uri = (kept / "golden.json").as_uri()
        editor.open(uri, KEPT["golden.json"], "json")
        await editor.state("ready", tables=1)
        place = lsp.Position(0, KEPT["golden.json"].index("users"))
        edit = await editor.text_document_rename_async(
            lsp.RenameParams(lsp.TextDocumentIdentifier(uri), place, "people")
        )
        assert edit
        assert edit.changes
        texts = {**KEPT, "metadata.json": (kept / "metadata.json").read_text()}
        for uri, edits in edit.changes.items():
            name = uri.rpartition("/")[2]
            assert made(texts[name], edits) == texts[name].replace("users", "people")
        assert len(edit.changes) == 6


TABLES = """\
{"public.users": {"columns": [
  {"column_name": "id", "data_type": "integer"},
  {"column_description": "📧 here", "column_name": "\\u0065mail", "data_type": "text"}
]}}
"""
FROM_ELSEWHERE = {
    "metadata.json": ("mail", "json"),
    "glossary.md": ("mail`", "markdown"),
    "golden.json": ("mail", "json"),
    "golden.yaml": ("mail", "yaml"),
    "closed.sql": ("mail", "sql"),
}
"""The text in which each file names the column, and what the file is to an editor."""


@pytest.mark.parametrize(
    "encoding", [lsp.PositionEncodingKind.Utf8, lsp.PositionEncodingKind.Utf16]
)
async def test_renaming_from_wherever_it_is_named(
    tmp_path: Path, kept: Path, encoding: lsp.PositionEncodingKind
) -> None:
    """The same edits, places and definition, and the same refusals in the same words."""
    (kept / "metadata.json").write_text(TABLES)
    (kept / "tables.sql").write_text("create table users (id int, email text);\n")
    texts = {**KEPT, "metadata.json": TABLES}
    answers: dict[str, set[str]] = {}
    can = able_to_edit()
    can.general = lsp.GeneralClientCapabilities(position_encodings=[encoding])
    async with running(tmp_path, kept, can=can) as editor:
        for name, (_, language) in FROM_ELSEWHERE.items():
            editor.open((kept / name).as_uri(), texts[name], language)
        await editor.state("ready", tables=1)
        for name, (written, _) in FROM_ELSEWHERE.items():
            document = lsp.TextDocumentIdentifier((kept / name).as_uri())
            before = texts[name][: texts[name].index(written)]
            line = before.rpartition("\n")[2]
            units = {"utf-8": len(line.encode()), "utf-16": len(line.encode("utf-16-le")) // 2}
            position = lsp.Position(before.count("\n"), units.get(encoding.value, len(line)))
            prepared = await editor.text_document_prepare_rename_async(
                lsp.PrepareRenameParams(document, position)
            )
            assert isinstance(prepared, lsp.PrepareRenamePlaceholder)
            edit = await editor.text_document_rename_async(
                lsp.RenameParams(document, position, "address")
            )
            places = await editor.text_document_references_async(
                lsp.ReferenceParams(lsp.ReferenceContext(True), document, position)
            )
            found = await editor.text_document_definition_async(
                lsp.DefinitionParams(document, position)
            )
            here = await editor.text_document_document_highlight_async(
                lsp.DocumentHighlightParams(document, position)
            )
            assert edit
            assert edit.changes
            assert isinstance(found, lsp.Location)
            assert found.uri.endswith("tables.sql")
            own = [it.range for it in places or () if it.uri == document.uri]
            assert [it.range for it in here or ()] == own
            assert prepared.range in own
            assert await editor.hover(document.uri, position.line, position.character)
            with pytest.raises(JsonRpcException, match="users already has a column id"):
                await editor.text_document_rename_async(lsp.RenameParams(document, position, "id"))
            told = (prepared.placeholder, found.range, sorted(edit.changes.items(), key=str))
            answers[name] = {repr(told), *(repr(it) for it in places or ())}
            if name == "metadata.json":
                with pytest.raises(JsonRpcException, match="There is no name here that could"):
                    await editor.text_document_prepare_rename_async(
                        lsp.PrepareRenameParams(document, lsp.Position(1, 5))
                    )
    first, *others = answers.values()
    assert all(it == first for it in others)
    (edited,) = {it for it in first if "address" in it}
    assert edited.count("address") == len(FROM_ELSEWHERE) + 2  # golden.csv and tables.sql


async def test_a_file_that_would_mean_something_else(tmp_path: Path, kept: Path) -> None:
    (kept / "joined.sql").write_text("select 1 from users natural join (select 'x' as email) s")
    async with running(tmp_path, kept, can=able_to_edit()) as editor:
        editor.open((kept / "a.sql").as_uri(), SQL)
        await editor.state("ready", tables=1)
        with pytest.raises(JsonRpcException, match=r"joined\.sql: email can be .* NATURAL JOIN"):
            await editor.text_document_rename_async(lsp.RenameParams(*at(kept, 1, 14), "address"))


async def test_outline(editor: Editor, plain: Editor, folder: Path) -> None:
    params = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier((folder / "a.sql").as_uri()))
    (statement,) = await editor.text_document_document_symbol_async(params) or ()
    assert isinstance(statement, lsp.DocumentSymbol)
    assert [(it.name, it.kind) for it in statement.children or ()] == [
        ("c", lsp.SymbolKind.Struct),
        ("mail", lsp.SymbolKind.Field),
        ("id", lsp.SymbolKind.Field),
    ]
    flat = await plain.text_document_document_symbol_async(params) or ()
    assert [it.name for it in flat][1:] == ["c", "id", "mail", "mail", "id"]
    assert all(isinstance(it, lsp.SymbolInformation) for it in flat)


async def test_folds_and_selections(editor: Editor, folder: Path) -> None:
    document, position = at(folder, 1, 14)
    folds = await editor.text_document_folding_range_async(lsp.FoldingRangeParams(document))
    assert folds
    assert (0, 2) in [(it.start_line, it.end_line) for it in folds]
    (selection,) = (
        await editor.text_document_selection_range_async(
            lsp.SelectionRangeParams(document, [position])
        )
        or ()
    )
    words = marked(SQL, selection.range)
    assert words == "email"
    assert selection.parent
    assert marked(SQL, selection.parent.range) == "email as mail"


async def test_semantic_tokens(editor: Editor, folder: Path) -> None:
    document, _ = at(folder, 0, 0)
    whole = await editor.text_document_semantic_tokens_full_async(
        lsp.SemanticTokensParams(document)
    )
    assert whole
    assert len(whole.data) % 5 == 0
    assert list(whole.data[:5]) == [0, 5, 1, 3, 1]  # c, a CTE, declared here
    editor.change(document.uri, 2, SQL.replace("c.mail", "upper(c.mail)"))
    assert whole.result_id
    delta = await editor.text_document_semantic_tokens_full_delta_async(
        lsp.SemanticTokensDeltaParams(document, whole.result_id)
    )
    assert isinstance(delta, lsp.SemanticTokensDelta)
    fresh = await editor.text_document_semantic_tokens_full_async(
        lsp.SemanticTokensParams(document)
    )
    assert fresh
    data = list(whole.data)
    for it in delta.edits:
        data[it.start : it.start + it.delete_count] = it.data or []
    assert data == list(fresh.data)
    part = await editor.text_document_semantic_tokens_range_async(
        lsp.SemanticTokensRangeParams(document, lsp.Range(lsp.Position(0, 0), lsp.Position(1, 0)))
    )
    assert part
    assert part.data


async def test_inlay_hints(editor: Editor, folder: Path) -> None:
    document, _ = at(folder, 0, 0)
    everything = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
    hints = await editor.text_document_inlay_hint_async(lsp.InlayHintParams(document, everything))
    assert [(it.label, it.kind) for it in hints or ()] == [(": text", lsp.InlayHintKind.Type)]


async def tree(editor: Editor, uri: str | None = None) -> list[dict[str, Any]]:
    found = await editor.protocol.send_request_async("defog/tree", {"uri": uri} if uri else {})
    return [it if isinstance(it, dict) else it._asdict() for it in found]


async def test_the_tree_of_the_metadata(editor: Editor, folder: Path) -> None:
    await editor.hover((folder / "a.sql").as_uri(), 0, 0)  # once this is answered, it is there
    (connection,) = await tree(editor)
    assert (connection["name"], connection["detail"]) == ("metadata files", "1 table")
    (table,) = await tree(editor, connection["uri"])
    assert [table] == await tree(editor, "defog:/-/public")
    assert (table["name"], table["kind"], table["description"]) == ("users", "table", "Who buys.")
    columns = await tree(editor, table["uri"])
    assert [(it["name"], it["detail"], it["hasChildren"]) for it in columns] == [
        ("id", "integer", False), ("email", "text", False), ("fax", "text", False),
    ]  # fmt: skip
    assert columns[1]["description"] == "Where to write."
    assert [it["written"] for it in (connection, table, *columns)] == [
        "",
        "users",
        "id",
        "email",
        "fax",
    ]
    assert await tree(editor, "defog:/elsewhere/public") == []
    with pytest.raises(JsonRpcException, match="no node"):
        await tree(editor, "defog:/-//x")


async def test_the_tree_says_what_keys_are_and_how_statements_name_things(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text(
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )
    with closing(sqlite3.connect(folder / "shop.db")) as database:
        database.executescript(
            'create table "order" (id integer primary key, "per cent" int);'
            'create table part (id integer primary key, of integer references "order");'
        )
    async with running(tmp_path, folder) as editor:
        editor.open((folder / "a.sql").as_uri(), "select 1")
        await editor.state("ready", tables=2)
        (connection,) = await tree(editor)
        order, part = await tree(editor, connection["uri"])
        assert [it["written"] for it in (order, part)] == ['"order"', "part"]
        found = [*await tree(editor, order["uri"]), *await tree(editor, part["uri"])]
    assert [(it["written"], it["key"], it["detail"]) for it in found] == [
        ("id", "primary", "INTEGER, primary key"),
        ('"per cent"', "", "INT"),
        ("id", "primary", "INTEGER, primary key"),
        ("of", "foreign", "INTEGER, → order"),
    ]


async def test_a_node_of_the_tree_can_be_what_a_command_is_about(
    editor: Editor, folder: Path
) -> None:
    await editor.hover((folder / "a.sql").as_uri(), 0, 0)
    document = "defog:/-/public/users.sql"
    about = {"uri": document, "tables": ["public.users"], "columns": ["id"], "text": "A number."}
    assert await editor.command("defog.describe", about) is True
    assert "A number." in (folder / "metadata.json").read_text()


async def test_pages_of_the_tree(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text('metadata = ["metadata.json"]\ndialect = "postgres"\n')
    columns = {"columns": [{"column_name": "a", "data_type": "int"}]}
    tables = {"sales.more": columns, **{f"public.t{it:04}": columns for it in range(1001)}}
    (folder / "metadata.json").write_text(json.dumps(tables))
    async with running(tmp_path, folder) as editor:
        editor.open((folder / "a.sql").as_uri(), "select 1")
        await editor.state("ready", tables=1002)
        schemas = await tree(editor, "defog:/-")
        assert [it["uri"] for it in schemas] == ["defog:/-/public", "defog:/-/sales"]
        first = await tree(editor, "defog:/-/public")
        assert len(first) == 1001
        assert first[-1]["kind"] == "more"
        (last,) = await tree(editor, first[-1]["uri"])
        assert last["name"] == "t1000"
