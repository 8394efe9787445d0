"""textDocument/inlayHint: what is not written and follows from what is."""

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread

if TYPE_CHECKING:
    from defog_lsp.ide.inlay_hints import InlayHint

_KINDS = {"type": lsp.InlayHintKind.Type, "parameter": lsp.InlayHintKind.Parameter}


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)(on_inlay_hint)


async def on_inlay_hint(
    server: SqlLanguageServer, params: lsp.InlayHintParams
) -> list[lsp.InlayHint] | None:
    view = await server.session.view(server.opened(params.text_document.uri))
    if view is None or view.kind != "sql":
        return None
    within = view.positions.span(params.range)
    found = await in_thread(late_navigation.inlay_hints, view, within)
    return [_hint(it, view.positions) for it in found]


def _hint(hint: "InlayHint", positions: Positions) -> lsp.InlayHint:
    text = hint.text.strip()
    return lsp.InlayHint(
        positions.position(hint.offset),
        text,
        kind=_KINDS.get(hint.kind),
        tooltip=hint.more or None,
        padding_left=hint.text.startswith(" ") or None,
        padding_right=hint.text.endswith(" ") or None,
    )
