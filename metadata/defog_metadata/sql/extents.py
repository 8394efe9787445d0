"""Where the nodes of a tree stand in the text.

sqlglot notes the places of names, literals and some functions only; what a larger node takes up
follows from them and from the brackets around.
"""

from collections.abc import Sequence

from sqlglot import exp

from defog_metadata.sql.tokens import Token
from defog_metadata.text import Span

__all__ = ["behind", "enclosing", "extent"]

_OPENING = "([{"
_CLOSING = ")]}"


def extent(node: exp.Expr, tokens: Sequence[Token]) -> Span | None:
    """The text of *node*, brackets balanced; ``None`` for what has no place, such as NULL.

    *tokens* are those of the statement without its comments.
    """
    places = [it for it in (_placed(part) for part in node.walk()) if it is not None]
    if not places:
        return None
    span = _balanced(_around(places), tokens)
    for cast in node.find_all(exp.Cast):
        inside = [it for it in (_placed(part) for part in cast.walk()) if it is not None]
        if inside:
            typed = _with_type(_balanced(_around(inside), tokens), tokens)
            span = _around([span, typed])
    return span


def _placed(node: exp.Expr) -> Span | None:
    start, end = node.meta.get("start"), node.meta.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        return None
    return Span(start, end + 1)


def _around(spans: Sequence[Span]) -> Span:
    return Span(min(it.start for it in spans), max(it.end for it in spans))


def behind(offset: int, tokens: Sequence[Token]) -> int:
    """The index of the first token at or behind *offset*."""
    return next((i for i, it in enumerate(tokens) if it.start >= offset), len(tokens))


def enclosing(index: int, tokens: Sequence[Token]) -> int | None:
    """The index of the bracket that closes the one at *index*."""
    depth = 0
    for i in range(index, len(tokens)):
        if tokens[i].kind == "symbol":
            depth += (tokens[i].text in _OPENING) - (tokens[i].text in _CLOSING)
        if depth == 0:
            return i
    return None


def _balanced(span: Span, tokens: Sequence[Token]) -> Span:
    inside = [it for it in tokens if span.start <= it.start < span.end and it.kind == "symbol"]
    opened = closed = 0
    for it in inside:
        if it.text in _OPENING:
            opened += 1
        elif it.text in _CLOSING:
            if opened:
                opened -= 1
            else:
                closed += 1
    start, end = span.start, span.end
    after = behind(end, tokens)
    while opened and after < len(tokens):
        if tokens[after].text in _OPENING and tokens[after].kind == "symbol":
            opened += 1
        elif tokens[after].text in _CLOSING and tokens[after].kind == "symbol":
            opened -= 1
        end = tokens[after].end
        after += 1
    before = behind(start, tokens) - 1
    while closed and before >= 0:
        if tokens[before].text in _CLOSING and tokens[before].kind == "symbol":
            closed += 1
        elif tokens[before].text in _OPENING and tokens[before].kind == "symbol":
            closed -= 1
        start = tokens[before].start
        before -= 1
        if not closed and before >= 0 and tokens[before].word in _CALLED:
            start = tokens[before].start
    return Span(start, end)


def _with_type(span: Span, tokens: Sequence[Token]) -> Span:
    """*span* with the type behind ``::``, or with the ``CAST(`` that is around it."""
    after = behind(span.end, tokens)
    while after + 1 < len(tokens) and tokens[after].text == "::":
        after += 2
        if after < len(tokens) and tokens[after].text in _OPENING:
            after = (enclosing(after, tokens) or after) + 1
        span = Span(span.start, tokens[after - 1].end)
    first = behind(span.start, tokens)
    if first > 1 and tokens[first - 1].text == "(" and tokens[first - 2].word in _CALLED:
        closing = enclosing(first - 1, tokens)
        if closing is not None:
            return Span(tokens[first - 2].start, tokens[closing].end)
    return span


_CALLED = frozenset(("CAST", "TRY_CAST", "SAFE_CAST", "EXTRACT", "COALESCE", "CASE"))
