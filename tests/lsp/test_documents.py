"""Features through a real pipe: encodings, languages, capabilities; the rest is pure tests'."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, capabilities, running

ENCODINGS = ["utf-8", "utf-16", "utf-32"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose metadata is a file: one described table."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text('metadata = ["metadata.json"]\ndialect = "postgres"\n')
    columns = [
        {"column_name": "id", "data_type": "integer", "column_description": "The *number*."},
        {"column_name": "email", "data_type": "text", "column_description": "Where to write."},
        {"column_name": "Full Name", "data_type": "text"},
    ]
    table = {"table_description": "Who buys.", "columns": columns}
    (folder / "metadata.json").write_text(json.dumps({"users": table}))
    return folder


@pytest.fixture
async def editor(tmp_path: Path, folder: Path) -> AsyncIterator[Editor]:
    async with running(tmp_path, folder) as editor:
        await editor.settled()
        yield editor


BEFORE = [
    "select '😀😀', ",
    "select 'e\u0301é€', ",
    "select\t'tab',\t",
    "select 1,\r\n",
    "select 1,\r",
    "-- \u2028 \f \x85 \v\nselect ",
    "\ufeffselect ",
    "select '\r\n😀\r', /* 😀 */ ",
]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_positions_in_every_encoding(tmp_path: Path, folder: Path, encoding: str) -> None:
    kind = lsp.PositionEncodingKind(encoding)
    async with running(tmp_path, folder, can=capabilities(position_encodings=[kind])) as editor:
        assert editor.agreed.position_encoding == encoding
        for number, before in enumerate(BEFORE):
            uri = (folder / f"{number}.sql").as_uri()
            editor.open(uri, f"{before}u.nope, u.email from users u")
            [found] = await editor.codes(uri, ["unknown-column"])
            line, character = end_of(before, encoding)
            assert found.range == span(line, character + 2, character + 6)
            hover = await editor.hover(uri, line, character + 10)
            assert hover is not None
            assert hover.range == span(line, character + 10, character + 15)
            editor.change(uri, 2, ((line, character + 2), (line, character + 6), "id"))
            await editor.codes(uri, [])


def end_of(text: str, encoding: str) -> tuple[int, int]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    last = lines[-1]
    match encoding:
        case "utf-8":
            return len(lines) - 1, len(last.encode())
        case "utf-16":
            return len(lines) - 1, len(last.encode("utf-16-le")) // 2
        case _:
            return len(lines) - 1, len(last)


def span(line: int, start: int, end: int) -> lsp.Range:
    return lsp.Range(lsp.Position(line, start), lsp.Position(line, end))


async def test_the_client_s_order_of_encodings_counts(tmp_path: Path, folder: Path) -> None:
    order = ["utf-7", lsp.PositionEncodingKind.Utf8, lsp.PositionEncodingKind.Utf16]
    async with running(tmp_path, folder, can=capabilities(position_encodings=order)) as editor:
        assert editor.agreed.position_encoding == "utf-8"


async def test_edits_in_order(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select\f nop /*\u2028*/ from users")
    await editor.codes(uri, ["unknown-column"])
    editor.change(uri, 2, ((0, 8), (0, 11), "x"), ((0, 8), (0, 9), "nope"))
    editor.change(uri, 3, ((0, 8), (0, 12), "em"), ((0, 10), (0, 10), "ail"))
    await editor.codes(uri, [])
    assert editor.diagnostics[uri].version == 3


async def test_hover_and_its_format(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select u.email from users u")
    hover = await editor.hover(uri, 0, 11)
    assert hover is not None
    assert isinstance(hover.contents, lsp.MarkupContent)
    assert hover.contents.kind == lsp.MarkupKind.Markdown
    assert "```sql" in hover.contents.value
    assert "Where to write." in hover.contents.value


async def test_plain_text_for_clients_that_know_no_markdown(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    async with running(tmp_path, folder, can=lsp.ClientCapabilities()) as editor:
        await editor.settled()
        editor.open(uri, "select u.email from users u")
        hover = await editor.hover(uri, 0, 11)
        assert hover is not None
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert hover.contents.kind == lsp.MarkupKind.PlainText
        assert "```" not in hover.contents.value
        assert "Where to write." in hover.contents.value
        completions = await editor.complete(uri, 0, 9)
        assert completions is not None
        email = next(it for it in completions.items if it.label == "email")
        assert email.label_details is None
        assert email.detail is not None
        assert "text" in email.detail


async def test_positions_outside_the_text(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select u.email from users u where u.id")
    for place in [(0, 999), (999, 0), (2**31 - 1, 2**31 - 1), (1, 0)]:
        hover = await editor.hover(uri, *place)
        assert hover is not None, "the end of the text"
        assert hover.range == span(0, 36, 38)
        assert await editor.complete(uri, *place) is not None


async def test_completion(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select '😀', u. from users u")
    found = await editor.complete(uri, 0, 15)
    assert found is not None
    email = next(it for it in found.items if it.label == "email")
    assert email.kind == lsp.CompletionItemKind.Field
    assert email.text_edit == lsp.TextEdit(span(0, 15, 15), "email")
    assert email.label_details is not None
    assert email.label_details.detail == " text"
    assert isinstance(email.documentation, lsp.MarkupContent)
    assert "Where to write." in email.documentation.value
    order = [it.sort_text for it in found.items]
    assert order == sorted(order, key=str)
    assert len(set(order)) == len(order), "the client keeps our order"


async def test_completion_of_a_quoted_name(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, 'select u."Fu from users u')
    found = await editor.complete(uri, 0, 12)
    assert found is not None
    name = next(it for it in found.items if it.label == "Full Name")
    assert isinstance(name.text_edit, lsp.TextEdit)
    assert name.text_edit.new_text == '"Full Name"'
    assert name.filter_text is not None
    typed = 'select u."Fu'[name.text_edit.range.start.character :]
    assert name.filter_text.startswith(typed), "the client would not show it otherwise"


async def test_documents_that_are_not_open(editor: Editor, folder: Path) -> None:
    path = folder / "saved.sql"
    path.write_text("select email from users")
    assert await editor.hover(path.as_uri(), 0, 8) is None
    assert await editor.complete(path.as_uri(), 0, 8) is None


async def test_closing_takes_the_diagnostics_away(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select nope from users")
    await editor.codes(uri, ["unknown-column"])
    editor.close(uri)
    await editor.codes(uri, [])
    editor.open(uri, "select nope, nada from users", version=7)
    await editor.codes(uri, ["unknown-column", "unknown-column"])
    assert editor.diagnostics[uri].version == 7


async def test_closing_before_the_diagnostics_are_there(editor: Editor, folder: Path) -> None:
    uris = [(folder / f"{it}.sql").as_uri() for it in range(20)]
    for uri in uris:
        editor.open(uri, "select nope from users")
        editor.close(uri)
    editor.open(uris[0], "select email from users", version=2)
    await editor.codes(uris[0], [])
    await editor.command("defog.showStatus")
    assert {
        uri for uri in uris if uri in editor.diagnostics and editor.diagnostics[uri].diagnostics
    } == set()


async def test_languages_that_are_sql(editor: Editor, folder: Path) -> None:
    for language_id in ["sql", "mysql", "postgres", "plsql", "SQL", "snowflake-sql"]:
        uri = (folder / f"{language_id}.txt").as_uri()
        editor.open(uri, "select nope from users", language_id)
        await editor.codes(uri, ["unknown-column"])


async def test_languages_that_are_not(editor: Editor, folder: Path) -> None:
    for language_id in ["json", "markdown", "toml", "python"]:
        editor.open((folder / f"{language_id}.txt").as_uri(), "select nope from", language_id)
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select nope from users", "plaintext")
    await editor.codes(uri, ["unknown-column"])
    assert set(editor.diagnostics) == {uri}
    assert await editor.hover((folder / "json.txt").as_uri(), 0, 8) is None


async def test_the_language_says_the_dialect_where_nothing_else_does(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    backquoted = "select `a` from `b`"
    async with running(tmp_path, folder) as editor:
        editor.open("file:///a.sql", backquoted, "mysql")
        await editor.codes("file:///a.sql", [])
        editor.open("file:///b.sql", backquoted, "postgres")
        await editor.codes("file:///b.sql", ["syntax-error"])


async def test_untitled_documents_belong_to_the_first_folder(editor: Editor, folder: Path) -> None:
    editor.open("untitled:Untitled-1", "select nope from users")
    await editor.codes("untitled:Untitled-1", ["unknown-column"])


async def test_names_that_need_escapes(tmp_path: Path) -> None:
    folder = tmp_path / "an #odd; 100% näme?"
    folder.mkdir()
    (folder / "defog.toml").write_text('metadata = ["m.json"]\n')
    (folder / "m.json").write_text('{"users": [{"column_name": "id", "data_type": "int"}]}')
    async with running(tmp_path, folder) as editor:
        for name in ["a;b.sql", "100%.sql", "#1.sql", "ü?.sql"]:
            editor.open((folder / name).as_uri(), "select nope from users")
            await editor.codes((folder / name).as_uri(), ["unknown-column"])


async def test_versions_never_go_back(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select nope from users")
    for version in range(2, 60):
        editor.change(uri, version, f"select nope{version} from users")
    await editor.until(
        lambda: uri in editor.diagnostics and editor.diagnostics[uri].version == 59, "the last"
    )
    versions = [it.version or 0 for it in editor.publications if it.uri == uri]
    assert versions == sorted(versions)
    assert len(versions) < 20, "typing is waited for"
    assert "nope59" in editor.diagnostics[uri].diagnostics[0].message


async def test_a_huge_document_is_in_nobody_s_way(editor: Editor, folder: Path) -> None:
    huge, small = (folder / "huge.sql").as_uri(), (folder / "small.sql").as_uri()
    await editor.state("ready")
    # No two alike: what has been understood once is not understood again.
    statement = "select u.id, (select max(nope) from users) from users u where u.id = {};\n"
    editor.open(huge, "".join(map(statement.format, range(3000))))
    editor.open(small, "select 1")
    for version in range(2, 30):
        editor.change(small, version, ((0, 0), (0, 0), " "))
        assert await editor.command("defog.showStatus")
    assert huge not in editor.diagnostics, "or it is not huge any more"
    await editor.until(lambda: huge in editor.diagnostics, "the huge document's")
    assert len(editor.diagnostics[huge].diagnostics) == 3000


async def test_requests_see_the_edits_before_them(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select 1 from users u")
    for version, column in enumerate(["id", "email", "id"], start=2):
        editor.change(uri, version, f"select u.{column} from users u")
        hover = await editor.hover(uri, 0, 10)
        assert hover is not None
        assert hover.range == span(0, 9, 9 + len(column))
