"""Formatting as a client asks for it, by what the workspace says."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import running

SQL = "select  id,\n total from orders where id=1;\nselect  2;\n"
OPTIONS = lsp.FormattingOptions(4, insert_spaces=True)


def applied(text: str, edits: list[lsp.TextEdit] | None) -> str:
    lines = text.splitlines(keepends=True)

    def offset(position: lsp.Position) -> int:
        return sum(map(len, lines[: position.line])) + position.character

    for it in sorted(edits or [], key=lambda it: offset(it.range.start), reverse=True):
        text = text[: offset(it.range.start)] + it.new_text + text[offset(it.range.end) :]
    return text


async def test_document_range_and_typing(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text(
        'dialect = "postgres"\n[formatting]\nline_length = 20\nkeyword_case = "upper"\n'
    )
    uri = (folder / "a.sql").as_uri()
    document = lsp.TextDocumentIdentifier(uri)
    async with running(tmp_path, folder) as editor:
        editor.open(uri, SQL)
        whole = await editor.text_document_formatting_async(
            lsp.DocumentFormattingParams(document, OPTIONS)
        )
        assert applied(SQL, list(whole or [])) == (
            "SELECT id, total\nFROM orders\nWHERE id = 1;\nSELECT 2;\n"
        )
        second = lsp.Range(lsp.Position(2, 0), lsp.Position(2, 3))
        part = await editor.text_document_range_formatting_async(
            lsp.DocumentRangeFormattingParams(document, second, OPTIONS)
        )
        expected = SQL.replace("select  2", "SELECT 2")
        assert applied(SQL, list(part or [])) == expected
        typed = await editor.text_document_on_type_formatting_async(
            lsp.DocumentOnTypeFormattingParams(document, lsp.Position(2, 10), ";", OPTIONS)
        )
        assert applied(SQL, list(typed or [])) == expected


@pytest.mark.parametrize(
    ("file", "contents", "settings", "is_ours"),
    [
        (".sqlfluff", "[sqlfluff]\n", "", False),
        (".sqruff", "", "", False),
        ("pyproject.toml", "[tool.sqlfluff.core]\n", "", False),
        ("pyproject.toml", "[tool.other]\n", "", True),
        (".sqlfluff", "[sqlfluff]\n", '[formatting]\nformatter = "defog"\n', True),
        ("README", "", '[formatting]\nformatter = "none"\n', False),
    ],
)
async def test_other_formatters_come_first(
    tmp_path: Path, file: str, contents: str, settings: str, is_ours: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / file).write_text(contents)
    (folder / "defog.toml").write_text(f'dialect = "postgres"\n{settings}')
    uri = (folder / "a.sql").as_uri()
    async with running(tmp_path, folder) as editor:
        editor.open(uri, SQL)
        found = await editor.text_document_formatting_async(
            lsp.DocumentFormattingParams(lsp.TextDocumentIdentifier(uri), OPTIONS)
        )
        assert bool(found) == is_ours
