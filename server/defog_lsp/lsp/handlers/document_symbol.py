"""textDocument/documentSymbol: the outline of a document."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread

if TYPE_CHECKING:
    from defog_lsp.ide.document_symbols import DocumentSymbol, DocumentSymbolKind

_KINDS: "dict[DocumentSymbolKind, lsp.SymbolKind]" = {
    "statement": lsp.SymbolKind.Event,
    "cte": lsp.SymbolKind.Struct,
    "column": lsp.SymbolKind.Field,
    "table": lsp.SymbolKind.Class,
    "view": lsp.SymbolKind.Interface,
    "routine": lsp.SymbolKind.Function,
}


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(on_document_symbol)


async def on_document_symbol(
    server: SqlLanguageServer, params: lsp.DocumentSymbolParams
) -> Sequence[lsp.DocumentSymbol] | Sequence[lsp.SymbolInformation] | None:
    view = await server.session.view(server.opened(params.text_document.uri))
    if view is None or view.kind != "sql":
        return None
    found = await in_thread(late_navigation.document_symbols, view)
    if server.client.capabilities.nested_symbols:
        return [_nested(it, view.positions) for it in found]
    return [it for symbol in found for it in _flat(symbol, "", view.uri, view.positions)]


def _nested(symbol: "DocumentSymbol", positions: Positions) -> lsp.DocumentSymbol:
    return lsp.DocumentSymbol(
        symbol.name,
        _KINDS[symbol.kind],
        positions.range_(symbol.span),
        positions.range_(symbol.name_span),
        detail=symbol.detail or None,
        children=[_nested(it, positions) for it in symbol.children],
    )


def _flat(
    symbol: "DocumentSymbol", container: str, uri: str, positions: Positions
) -> Iterator[lsp.SymbolInformation]:
    location = lsp.Location(uri, positions.range_(symbol.span))
    yield lsp.SymbolInformation(
        location, symbol.name, _KINDS[symbol.kind], container_name=container or None
    )
    for it in symbol.children:
        yield from _flat(it, symbol.name, uri, positions)
