"""What a selection grows to: the name, the list or brackets around it, the statement, the text."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.text import Span

__all__ = ["selection_ranges"]


def selection_ranges(snapshot: Snapshot, offset: int) -> list[Span]:
    """The spans around *offset*, each inside the one after it."""
    whole = Span(0, len(snapshot.text))
    statement = next((it for it in snapshot.statements if it.span.touches(offset)), None)
    found = {whole}
    if statement is not None:
        tokens = tokenize(statement.text, snapshot.dialect)
        around = set(_around(tokens, offset - statement.start))
        found |= {it.shifted(statement.start) for it in around}
        found |= {statement.span, Span(statement.start, statement.reach)}
    nested = [Span(offset, offset)]
    for it in sorted(found, key=lambda it: it.end - it.start):
        last = nested[-1]
        if it.start <= last.start and last.end <= it.end and it != last:
            nested.append(it)
    return nested[1:]


def _around(tokens: list[Token], offset: int) -> Iterator[Span]:
    touching = [it for it in tokens if it.start <= offset <= it.end]
    for it in touching:
        yield Span(it.start, it.end)
    code = [it for it in tokens if it.kind != "comment"]
    yield from _dotted(code, offset)
    # From the caret outward, a level of brackets at a time.
    first = next((i for i, it in enumerate(code) if it.end >= offset), len(code))
    before = first - 1 if first == len(code) or code[first].start >= offset else first
    start = before + 1 if before < first else first
    while True:
        left, right = _level(code, start)
        yield from _element(code, left, right, offset)
        yield from _clause(code, left, right, offset)
        if left < 0 or right >= len(code):
            return
        if left + 1 < right:
            yield Span(code[left].end, code[right].start)
        yield Span(code[left].start, code[right].end)
        start = left
        if left > 0 and code[left - 1].kind in ("word", "quoted"):
            yield Span(code[left - 1].start, code[right].end)


def _level(code: list[Token], start: int) -> tuple[int, int]:
    """The brackets around the token at *start*: their places, or those beyond the ends."""
    depth, left = 0, start - 1
    while left >= 0:
        depth += (code[left].text in _CLOSING) - (code[left].text in _OPENING)
        if depth < 0:
            break
        left -= 1
    depth, right = 0, left + 1
    while right < len(code):
        depth += (code[right].text in _OPENING) - (code[right].text in _CLOSING)
        if depth < 0:
            break
        right += 1
    return left, right


_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")


def _dotted(code: list[Token], offset: int) -> Iterator[Span]:
    """``schema.table.column``, by one more part at a time from the right."""
    at = next((i for i, it in enumerate(code) if it.start <= offset <= it.end), None)
    if at is None:
        return
    left = right = at
    while left >= _STEP and code[left - 1].text == "." and code[left].start == code[left - 1].end:
        left -= _STEP
    while right + _STEP < len(code) and code[right + 1].text == ".":
        right += _STEP
    yield Span(code[left].start, code[right].end)


_STEP = 2


def _element(code: list[Token], left: int, right: int, offset: int) -> Iterator[Span]:
    """The element of a list, and the list, within a level."""
    yield from _between(code, left, right, offset, lambda it: it.text == "," or it.word in _CLAUSES)
    yield from _between(code, left, right, offset, lambda it: it.word in _CLAUSES)


def _clause(code: list[Token], left: int, right: int, offset: int) -> Iterator[Span]:
    """The clause with the word that it begins with, and the whole SELECT."""
    yield from _between(code, left, right, offset, lambda it: it.word in _SETS)
    starts = [i for i in _flat(code, left, right) if code[i].word in _CLAUSES]
    for i, following in pairwise([*starts, right]):
        span = Span(code[i].start, code[following - 1].end)
        if span.touches(offset):
            yield span


def _between(
    code: list[Token], left: int, right: int, offset: int, ends: Callable[[Token], bool]
) -> Iterator[Span]:
    """What stands around *offset* between two tokens that *ends* is true of."""
    marks = [left, *(i for i in _flat(code, left, right) if ends(code[i])), right]
    for one, other in pairwise(marks):
        if one + 1 < other:
            span = Span(code[one + 1].start, code[other - 1].end)
            if span.touches(offset):
                yield span


def _flat(code: list[Token], left: int, right: int) -> Iterator[int]:
    """The places of the tokens between, without those in brackets."""
    depth = 0
    for index in range(left + 1, min(right, len(code))):
        depth += (code[index].text in _OPENING) - (code[index].text in _CLOSING)
        if depth == 0:
            yield index


_SETS = frozenset(("UNION", "INTERSECT", "EXCEPT", "MINUS", "ALL", "DISTINCT"))
_CLAUSES = frozenset(
    """SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET FETCH WINDOW QUALIFY UNION INTERSECT EXCEPT
    MINUS ON USING JOIN LEFT RIGHT INNER FULL CROSS SET VALUES RETURNING WITH INSERT UPDATE DELETE
    MERGE WHEN THEN ELSE BY PARTITION""".split()
)
