"""textDocument/semanticTokens, whole, in part, or what has changed: what names are."""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread

if TYPE_CHECKING:
    from defog_lsp.ide.semantic_tokens import Modifier, SemanticToken, TokenType
    from defog_lsp.lsp.session import View
    from defog_metadata.text import Span

_TYPES: "dict[TokenType, str]" = {
    "schema": lsp.SemanticTokenTypes.Namespace,
    "table": lsp.SemanticTokenTypes.Class,
    "view": lsp.SemanticTokenTypes.Interface,
    "cte": lsp.SemanticTokenTypes.Struct,
    "alias": lsp.SemanticTokenTypes.Variable,
    "column": lsp.SemanticTokenTypes.Property,
    "function": lsp.SemanticTokenTypes.Function,
    "parameter": lsp.SemanticTokenTypes.Parameter,
}
_MODIFIERS: "dict[Modifier, str]" = {
    "declaration": lsp.SemanticTokenModifiers.Declaration,
    "deprecated": lsp.SemanticTokenModifiers.Deprecated,
    "defaultLibrary": lsp.SemanticTokenModifiers.DefaultLibrary,
}
_LEGEND = lsp.SemanticTokensLegend([*_TYPES.values()], [*_MODIFIERS.values()])
_NUMBERS = {it: number for number, it in enumerate(_TYPES)}
_BITS = {it: 1 << bit for bit, it in enumerate(_MODIFIERS)}
_INTEGERS = 5
"""For each token: lines down, characters on, its length, its type, its modifiers."""


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND)(on_full)
    server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, _LEGEND)(on_delta)
    server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, _LEGEND)(on_range)


async def on_full(
    server: SqlLanguageServer, params: lsp.SemanticTokensParams
) -> lsp.SemanticTokens | None:
    data = await _data(server, params.text_document.uri)
    if data is None:
        return None
    return lsp.SemanticTokens(data, _remembered(server, params.text_document.uri, data))


async def on_delta(
    server: SqlLanguageServer, params: lsp.SemanticTokensDeltaParams
) -> lsp.SemanticTokens | lsp.SemanticTokensDelta | None:
    uri = params.text_document.uri
    data = await _data(server, uri)
    if data is None:
        return None
    document = server.session.document(uri)
    known = document.tokens if document is not None else None
    result_id = _remembered(server, uri, data)
    if known is None or known[0] != params.previous_result_id:
        return lsp.SemanticTokens(data, result_id)
    return lsp.SemanticTokensDelta(_edits(known[1], data), result_id)


async def on_range(
    server: SqlLanguageServer, params: lsp.SemanticTokensRangeParams
) -> lsp.SemanticTokens | None:
    data = await _data(server, params.text_document.uri, params.range)
    return None if data is None else lsp.SemanticTokens(data)


async def _data(
    server: SqlLanguageServer, uri: str, range_: lsp.Range | None = None
) -> Sequence[int] | None:
    view = await server.session.view(server.opened(uri))
    if view is None or view.kind != "sql":
        return None
    within = None if range_ is None else view.positions.span(range_)
    return await in_thread(_encoded, view, within)


def _encoded(view: "View", within: "Span | None") -> Sequence[int]:
    found: list[int] = []
    line = character = 0
    for it in late_navigation.semantic_tokens(view, within):
        range_ = view.positions.range_(it.span)
        start, length = range_.start, range_.end.character - range_.start.character
        on_same_line = start.line == line
        down = start.line - line
        on = start.character - character if on_same_line else start.character
        found += (down, on, length, _NUMBERS[it.type], _bits(it))
        line, character = start.line, start.character
    return found


def _bits(token: "SemanticToken") -> int:
    return sum(_BITS[it] for it in token.modifiers)


_ids = count(1)


def _remembered(server: SqlLanguageServer, uri: str, data: Sequence[int]) -> str | None:
    """The id by which the client may ask what has changed since *data*."""
    document = server.session.document(uri)
    if document is None:
        return None
    result_id = str(next(_ids))
    document.tokens = result_id, data
    return result_id


def _edits(before: Sequence[int], after: Sequence[int]) -> list[lsp.SemanticTokensEdit]:
    """What makes *before* into *after*: one edit, of whole tokens."""
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    start -= start % _INTEGERS
    rest = shorter - start
    same = next((i for i in range(rest) if before[-1 - i] != after[-1 - i]), rest)
    same -= same % _INTEGERS
    removed, added = len(before) - start - same, after[start : len(after) - same]
    if not removed and not added:
        return []
    return [lsp.SemanticTokensEdit(start, removed, data=list(added) or None)]
