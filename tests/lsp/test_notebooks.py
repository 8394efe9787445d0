"""The SQL cells of notebooks: documents with the metadata of the folder that the notebook is in."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, running

COLUMNS = [{"column_name": "id", "data_type": "int", "column_description": "A number."}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text('metadata = ["m.json"]\ndialect = "postgres"\n')
    (folder / "m.json").write_text(json.dumps({"public.users": {"columns": COLUMNS}}))
    return folder


@pytest.fixture
async def editor(tmp_path: Path, folder: Path) -> AsyncIterator[Editor]:
    async with running(tmp_path, folder) as editor:
        yield editor


def cell(number: int, text: str) -> lsp.TextDocumentItem:
    return lsp.TextDocumentItem(f"vscode-notebook-cell:/n.ipynb#{number}", "sql", 1, text)


def listed(*cells: lsp.TextDocumentItem) -> list[lsp.NotebookCell]:
    return [lsp.NotebookCell(lsp.NotebookCellKind.Code, it.uri) for it in cells]


async def test_cells_from_opening_to_closing(editor: Editor, folder: Path) -> None:
    notebook = (folder / "n.ipynb").as_uri()
    first, second = cell(1, "select nope from users"), cell(2, "select id from userz")
    document = lsp.NotebookDocument(notebook, "jupyter-notebook", 1, listed(first))
    editor.notebook_document_did_open(lsp.DidOpenNotebookDocumentParams(document, [first]))
    await editor.codes(first.uri, ["unknown-column"])
    hover = await editor.hover(first.uri, 0, 19)
    assert hover is not None
    assert "public.users" in json.dumps(hover.contents.value)  # type: ignore[union-attr]

    # A cell is added, and the first one mended.
    array = lsp.NotebookCellArrayChange(1, 0, listed(second))
    structure = lsp.NotebookDocumentCellChangeStructure(array, [second])
    mended = lsp.NotebookDocumentCellContentChanges(
        lsp.VersionedTextDocumentIdentifier(2, first.uri),
        [lsp.TextDocumentContentChangePartial(
            lsp.Range(lsp.Position(0, 7), lsp.Position(0, 11)), "id"
        )],
    )  # fmt: skip
    changes = lsp.NotebookDocumentCellChanges(structure, text_content=[mended])
    editor.notebook_document_did_change(
        lsp.DidChangeNotebookDocumentParams(
            lsp.VersionedNotebookDocumentIdentifier(2, notebook),
            lsp.NotebookDocumentChangeEvent(cells=changes),
        )
    )
    await editor.codes(second.uri, ["unknown-table"])
    await editor.codes(first.uri, [])

    editor.notebook_document_did_save(
        lsp.DidSaveNotebookDocumentParams(lsp.NotebookDocumentIdentifier(notebook))
    )
    editor.notebook_document_did_close(
        lsp.DidCloseNotebookDocumentParams(
            lsp.NotebookDocumentIdentifier(notebook),
            [lsp.TextDocumentIdentifier(it.uri) for it in (first, second)],
        )
    )
    await editor.codes(second.uri, [])
    assert await editor.hover(first.uri, 0, 19) is None
