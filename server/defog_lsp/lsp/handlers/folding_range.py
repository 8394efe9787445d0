"""textDocument/foldingRange: what can be folded, by whole lines."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread

_KINDS = {"comment": lsp.FoldingRangeKind.Comment, "region": lsp.FoldingRangeKind.Region}


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)(on_folding_range)


async def on_folding_range(
    server: SqlLanguageServer, params: lsp.FoldingRangeParams
) -> list[lsp.FoldingRange] | None:
    view = await server.session.view(server.opened(params.text_document.uri))
    if view is None or view.kind != "sql":
        return None
    found = await in_thread(late_navigation.folds, view)
    ranges = ((view.positions.range_(it.span), _KINDS.get(it.kind)) for it in found)
    return [lsp.FoldingRange(it.start.line, it.end.line, kind=kind) for it, kind in ranges]
