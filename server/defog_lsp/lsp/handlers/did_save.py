"""textDocument/didSave: the moment for diagnostics if they run on save."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)(on_did_save)


def on_did_save(server: SqlLanguageServer, params: lsp.DidSaveTextDocumentParams) -> None:
    document = server.session.document(params.text_document.uri)
    if document is None:
        return
    if (text := server.opened(params.text_document.uri)) is not None:
        document.saved = text.positions, text.version
    if not document.runs_on_type:
        server.publisher.outdated(document)
    if document.kind != "sql":
        server.watcher.look()  # a defog.toml, or a metadata file that the client does not watch
