"""Where the nodes of a tree stand in the text.

sqlglot notes the places of names, literals and some functions only; what a larger node takes up
follows from them and from the brackets around.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = [
    "CteText",
    "behind",
    "cte_text",
    "enclosing",
    "end_of_clause",
    "end_of_source",
    "extent",
    "opening",
    "past_blank",
]

_OPENING = "([{"
_CLOSING = ")]}"


def extent(node: exp.Expr, tokens: Sequence[Token]) -> Span | None:
    """The text of *node*, brackets balanced; ``None`` for what has no place, such as NULL.

    *tokens* are those of the statement without its comments.
    """
    places = [it for it in (_placed(part) for part in node.walk()) if it is not None]
    if not places:
        return None
    span = _called(node, _balanced(_around(places), tokens), tokens)
    for part in node.find_all(exp.Cast, exp.Case):
        inside = [it for it in map(_placed, part.walk()) if it is not None]
        if inside:
            within = _balanced(_around(inside), tokens)
            complete = _with_type if isinstance(part, exp.Cast) else _with_end
            span = _around([span, complete(within, tokens)])
    return span


def end_of_source(select: exp.Select, tokens: Sequence[Token]) -> int | None:
    """Where FROM and WHERE end: what a SELECT can be given more conditions or groups behind."""
    places = (select.args.get("where"), *reversed(select.args.get("joins") or ()))
    last = next((it for it in places if it), select.args.get("from_"))
    place = extent(last, tokens) if isinstance(last, exp.Expr) else None
    return end_of_clause(place.end, tokens) if place is not None else None


def end_of_clause(offset: int, tokens: Sequence[Token]) -> int:
    """Where the clause of a SELECT ends that *offset* is in."""
    after, depth = behind(offset, tokens), 0
    while after < len(tokens):
        token = tokens[after]
        if depth == 0 and (token.text == ")" or token.word in _AFTER_WHERE):
            break
        depth += (token.text == "(") - (token.text == ")")
        after += 1
    return tokens[after - 1].end


@dataclass(frozen=True, slots=True)
class CteText:
    """Where the parts of a CTE behind its name stand, both with their brackets."""

    columns: Span | None
    body: Span


def cte_text(name: Span, tokens: Sequence[Token]) -> CteText | None:
    """The CTE whose name is at *name*; ``None`` where it has an unusual form."""
    index = behind(name.end, tokens)
    columns = _bracketed(index, tokens)
    if columns is not None:
        index = behind(columns.end, tokens)
    while index < len(tokens) and tokens[index].word in ("AS", "NOT", "MATERIALIZED"):
        index += 1
    body = _bracketed(index, tokens)
    return CteText(columns, body) if body is not None else None


def _bracketed(index: int, tokens: Sequence[Token]) -> Span | None:
    """From the bracket at *index* to the one that closes it."""
    if index >= len(tokens) or tokens[index].text != "(":
        return None
    closing = enclosing(index, tokens)
    return Span(tokens[index].start, tokens[closing].end) if closing is not None else None


def past_blank(offset: int, text: str) -> int:
    """*offset*, or the end of the white space that begins there."""
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset


def _called(node: exp.Expr, span: Span, tokens: Sequence[Token]) -> Span:
    """*span* with the brackets of a call that has nothing with a place in them."""
    after = behind(span.end, tokens)
    is_call = any(it.meta.get("end") == span.end - 1 for it in node.find_all(exp.Func))
    if not is_call or after >= len(tokens) or tokens[after].text != "(":
        return span
    closing = enclosing(after, tokens)
    return Span(span.start, tokens[closing].end) if closing is not None else span


def _placed(node: exp.Expr) -> Span | None:
    start, end = node.meta.get("start"), node.meta.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        return None
    return Span(start, end + 1)


def _around(spans: Sequence[Span]) -> Span:
    return Span(min(it.start for it in spans), max(it.end for it in spans))


def behind(offset: int, tokens: Sequence[Token]) -> int:
    """The index of the first token at or behind *offset*."""
    return bisect_left(tokens, offset, key=lambda it: it.start)


def enclosing(index: int, tokens: Sequence[Token]) -> int | None:
    """The index of the bracket that closes the one at *index*."""
    depth = 0
    for i in range(index, len(tokens)):
        if tokens[i].kind == "symbol":
            depth += (tokens[i].text in _OPENING) - (tokens[i].text in _CLOSING)
        if depth == 0:
            return i
    return None


def opening(index: int, tokens: Sequence[Token]) -> int | None:
    """The index of the bracket that the one at *index* closes; ``None`` where it closes none."""
    depth = 0
    for i in range(index, -1, -1):
        if tokens[i].kind == "symbol":
            depth += (tokens[i].text in _CLOSING) - (tokens[i].text in _OPENING)
        if depth == 0:
            return i if i < index else None
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


def _with_end(span: Span, tokens: Sequence[Token]) -> Span:
    """*span* from the CASE before it to its END."""
    first = behind(span.start, tokens)
    start = next(
        (i for i in range(first - 1, max(first - 4, -1), -1) if tokens[i].word == "CASE"), None
    )
    if start is None:
        return span
    depth = 0
    for token in tokens[start:]:
        depth += (token.word == "CASE") - (token.word == "END")
        if depth == 0:
            return Span(tokens[start].start, max(span.end, token.end))
    return span


_AFTER_WHERE = frozenset(
    """EXCEPT FETCH FOR GROUP HAVING INTERSECT LIMIT MINUS OFFSET ON OPTION ORDER QUALIFY RETURNING
    UNION WINDOW WITH""".split()
)
_CALLED = frozenset(("CAST", "TRY_CAST", "SAFE_CAST", "EXTRACT", "COALESCE", "CASE"))
