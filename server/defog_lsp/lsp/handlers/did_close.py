"""textDocument/didClose: its diagnostics go, and its project if nothing else needs it."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)(on_did_close)


def on_did_close(server: SqlLanguageServer, params: lsp.DidCloseTextDocumentParams) -> None:
    document = server.session.close(params.text_document.uri)
    if document is not None:
        server.publisher.forget(document)
        server.projects.arrange()
