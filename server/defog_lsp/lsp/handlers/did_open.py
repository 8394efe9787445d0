"""textDocument/didOpen: its project is found, and opened if it is the first of it."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)(on_did_open)


def on_did_open(server: SqlLanguageServer, params: lsp.DidOpenTextDocumentParams) -> None:
    text = server.opened(params.text_document.uri)
    if text is not None:
        document = server.session.open(text)
        server.publisher.soon(document)
        server.projects.arrange()
