"""textDocument/didChange: pygls has edited the text, by our document class."""

import asyncio

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)(on_did_change)


def on_did_change(server: SqlLanguageServer, params: lsp.DidChangeTextDocumentParams) -> None:
    document = server.session.document(params.text_document.uri)
    if document is None:
        return
    document.edited(asyncio.get_running_loop().time())
    if document.runs_on_type:
        server.publisher.soon(document, document.debounce_seconds)
