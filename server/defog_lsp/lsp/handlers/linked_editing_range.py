"""textDocument/linkedEditingRange: an alias is typed at all of its places at once."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_LINKED_EDITING_RANGE)(on_linked_editing_range)


async def on_linked_editing_range(
    server: SqlLanguageServer, params: lsp.LinkedEditingRangeParams
) -> lsp.LinkedEditingRanges | None:
    view = await server.view(params.text_document.uri, params.position)
    # Where a text stands in another with escapes, what is typed may be longer than what is meant.
    if view is None or view.is_embedded:
        return None
    offset = view.positions.offset(params.position)
    found = await in_thread(late_navigation.linked, view, offset)
    return lsp.LinkedEditingRanges([view.positions.range_(it) for it in found]) if found else None
