"""textDocument/typeDefinition: the relation behind the name under the caret."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import Found, found_at


def register(server: SqlLanguageServer) -> None:
    options = lsp.TypeDefinitionOptions(work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_TYPE_DEFINITION, options)(on_type_definition)


async def on_type_definition(server: SqlLanguageServer, params: lsp.TypeDefinitionParams) -> Found:
    return await found_at(server, params, late_navigation.type_definition)
