"""textDocument/documentHighlight: where else in the document the same thing is named."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread

_KINDS = {"read": lsp.DocumentHighlightKind.Read, "write": lsp.DocumentHighlightKind.Write}


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)(on_document_highlight)


async def on_document_highlight(
    server: SqlLanguageServer, params: lsp.DocumentHighlightParams
) -> list[lsp.DocumentHighlight] | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    found = await in_thread(late_navigation.references, view, offset)
    range_ = view.positions.range_
    return [lsp.DocumentHighlight(range_(it.span), _KINDS[it.use]) for it in found]
