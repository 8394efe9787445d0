"""textDocument/definition: what the name under the caret stands for."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import Found, found_at


def register(server: SqlLanguageServer) -> None:
    options = lsp.DefinitionOptions(work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_DEFINITION, options)(on_definition)


async def on_definition(server: SqlLanguageServer, params: lsp.DefinitionParams) -> Found:
    return await found_at(server, params, late_navigation.definition)
