"""textDocument/selectionRange: what a selection grows to, step by step."""

from collections.abc import Sequence

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread
from defog_metadata.text import Span


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_SELECTION_RANGE)(on_selection_range)


async def on_selection_range(
    server: SqlLanguageServer, params: lsp.SelectionRangeParams
) -> list[lsp.SelectionRange] | None:
    view = await server.session.view(server.opened(params.text_document.uri))
    if view is None or view.kind != "sql":
        return None
    offsets = [view.positions.offset(it) for it in params.positions]
    found = await in_thread(late_navigation.selection_ranges, view, offsets)
    return [_nested(it, offset, view.positions) for it, offset in zip(found, offsets, strict=True)]


def _nested(spans: Sequence[Span], offset: int, positions: Positions) -> lsp.SelectionRange:
    # Where nothing is around a place, the place itself is the answer.
    outer: lsp.SelectionRange | None = None
    for it in reversed([*spans] or [Span(offset, offset)]):
        outer = lsp.SelectionRange(positions.range_(it), outer)
    assert outer is not None  # noqa: S101 - there is one span at least
    return outer
