"""textDocument/definition: what the name under the caret stands for."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import Found, place_of
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_DEFINITION)(on_definition)


async def on_definition(server: SqlLanguageServer, params: lsp.DefinitionParams) -> Found:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    source = await in_thread(late_navigation.definition, view, offset)
    return None if source is None else await place_of(server, view, source)
