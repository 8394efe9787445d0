"""textDocument/hover: what the name under the caret stands for."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.markup import markup
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_HOVER)(on_hover)


async def on_hover(server: SqlLanguageServer, params: lsp.HoverParams) -> lsp.Hover | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    found = await in_thread(late.hover, view, offset)
    if found is None:
        return None
    contents = markup(found.markdown, markdown=server.client.capabilities.hover_markdown)
    return lsp.Hover(contents, view.positions.range_(found.span))
