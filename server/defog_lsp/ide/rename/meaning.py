"""Whether names still mean the same once a text has been edited, and how names are written."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate

from defog_metadata.catalog import Naming
from defog_metadata.rules import check
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.symbols import Symbol, symbols_of
from defog_metadata.text import Edit, Span

__all__ = ["NO_NAME", "CannotRename", "means_the_same", "means_the_same_around", "written"]

NO_NAME = "There is no name here that could be changed."


class CannotRename(Exception):
    """The message says why, to the user."""


def written(name: str, naming: Naming, dialect: str) -> str:
    """*name* as the user gave it, in quotes where it needs them. Raises ``CannotRename``."""
    name = name.strip()
    tokens = tokenize(name, dialect)
    if len(tokens) == 1 and tokens[0].kind == "quoted" and len(name) > len('""'):
        return name
    if not name:
        raise CannotRename("The new name is empty.")
    if len(tokens) == 1 and tokens[0].kind == "word" and not naming.is_reserved(name):
        return name
    return naming.quoted(name)


def means_the_same(
    before: Snapshot,
    after: Snapshot,
    edits: Sequence[Edit],
    stored: Callable[[Symbol], Symbol] = lambda it: it,
) -> bool:
    """Whether every name of *before* means in *after*, made by *edits*, what it meant.

    *stored* tells what a table or column of the one catalog is in the other. Nor may there be
    more to find fault with.
    """
    moved, unmoved = _Moved(edits), _Moved([])
    expected = {
        (moved(it.span), _key(stored(it.symbol), moved)) for it in symbols_of(before).occurrences
    }
    found = {(it.span, _key(it.symbol, unmoved)) for it in symbols_of(after).occurrences}
    return expected == found and len(check(after)) <= len(check(before))


def means_the_same_around(before: Snapshot, after: Snapshot, edits: Sequence[Edit]) -> bool:
    """As ``means_the_same``, whatever names *edits* put in.

    A name that is replaced by itself with something before it still counts.
    """
    moved, unmoved = _Moved(edits), _Moved([])
    names = symbols_of(before).occurrences
    places = {it.span for it in names}
    gone = [it.span for it in edits if it.span not in places]
    new = [moved(it) for it in gone]
    expected = {
        (moved(it.span).end, _key(it.symbol, moved)) for it in names if not _is_in(it.span, gone)
    }
    found = {
        (it.span.end, _key(it.symbol, unmoved))
        for it in symbols_of(after).occurrences
        if not _is_in(it.span, new)
    }
    return expected <= found and len(check(after)) <= len(check(before))


def _is_in(span: Span, places: Sequence[Span]) -> bool:
    return any(it.start <= span.start and span.end <= it.end for it in places)


def _key(symbol: Symbol, moved: "_Moved") -> object:
    if symbol.definition is None:
        return symbol.table, symbol.column
    return moved(symbol.definition)


class _Moved:
    """Where a span is once *edits* are made."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        edits = sorted(edits, key=lambda it: it.span)
        self._starts = [it.span.start for it in edits]
        growths = (len(it.text) - (it.span.end - it.span.start) for it in edits)
        self._moves = [0, *accumulate(growths)]

    def __call__(self, span: Span) -> Span:
        # An edit changes the place of what starts behind it, and the end of what it is in.
        start = self._moves[bisect_left(self._starts, span.start)]
        end = self._moves[bisect_left(self._starts, span.end)]
        return Span(span.start + start, span.end + end)
