"""textDocument/declaration: where the name under the caret is given."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import Found, found_at


def register(server: SqlLanguageServer) -> None:
    options = lsp.DeclarationOptions(work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_DECLARATION, options)(on_declaration)


async def on_declaration(server: SqlLanguageServer, params: lsp.DeclarationParams) -> Found:
    return await found_at(server, params, late_navigation.declaration)
