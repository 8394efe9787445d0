"""notebookDocument/*: the SQL cells of notebooks are documents, where the notebook is."""

import asyncio
from collections.abc import Iterable

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.uris import path_of


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.NOTEBOOK_DOCUMENT_DID_OPEN)(on_did_open)
    server.feature(lsp.NOTEBOOK_DOCUMENT_DID_CHANGE)(on_did_change)
    server.feature(lsp.NOTEBOOK_DOCUMENT_DID_SAVE)(on_did_save)
    server.feature(lsp.NOTEBOOK_DOCUMENT_DID_CLOSE)(on_did_close)


def on_did_open(server: SqlLanguageServer, params: lsp.DidOpenNotebookDocumentParams) -> None:
    _open(server, params.notebook_document.uri, params.cell_text_documents)


def on_did_change(server: SqlLanguageServer, params: lsp.DidChangeNotebookDocumentParams) -> None:
    cells = params.change.cells
    if cells is None:
        return
    if cells.structure is not None:
        _close(server, [it.uri for it in cells.structure.did_close or ()])
        _open(server, params.notebook_document.uri, cells.structure.did_open or ())
    for it in cells.text_content or ():
        document = server.session.document(it.document.uri)
        if document is not None:
            document.edited(asyncio.get_running_loop().time())
            if document.runs_on_type:
                server.publisher.soon(document, document.debounce_seconds)


def on_did_save(server: SqlLanguageServer, params: lsp.DidSaveNotebookDocumentParams) -> None:
    notebook = server.documents.get_notebook_document(notebook_uri=params.notebook_document.uri)
    for cell in notebook.cells if notebook is not None else ():
        document, text = server.session.document(cell.document), server.opened(cell.document)
        if document is not None and text is not None:
            document.saved = text.positions, text.version
            if not document.runs_on_type:
                server.publisher.outdated(document)


def on_did_close(server: SqlLanguageServer, params: lsp.DidCloseNotebookDocumentParams) -> None:
    _close(server, [it.uri for it in params.cell_text_documents])


def _open(server: SqlLanguageServer, notebook: str, cells: Iterable[lsp.TextDocumentItem]) -> None:
    for cell in cells:
        text = server.opened(cell.uri)
        if text is not None:
            server.publisher.soon(server.session.open(text, path_of(notebook)))
    server.projects.arrange()


def _close(server: SqlLanguageServer, uris: Iterable[str]) -> None:
    for uri in uris:
        document = server.session.close(uri)
        if document is not None:
            server.publisher.forget(document)
    server.projects.arrange()
