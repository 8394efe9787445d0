"""textDocument/references: every place where what is under the caret is named."""

import asyncio

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_REFERENCES)(on_references)


async def on_references(
    server: SqlLanguageServer, params: lsp.ReferenceParams
) -> list[lsp.Location] | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    found = await asyncio.to_thread(late_navigation.references, view, offset)
    wanted = (it for it in found if params.context.include_declaration or it.use == "read")
    return [lsp.Location(view.uri, view.positions.range_(it.span)) for it in wanted]
