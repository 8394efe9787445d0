"""Giving something another name, everywhere that it is named, without changing any meaning.

The renamed text is understood anew: where a name in it means something else than before (the new
name was taken, hides another one, or is hidden itself), nothing is renamed, and it is said why.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

from defog_metadata.catalog import Naming
from defog_metadata.rules import check
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.symbols import Occurrence, Symbols, symbols_of
from defog_metadata.text import Edit, Span

__all__ = ["CannotRename", "Renamed", "linked", "renamable", "rename"]


class CannotRename(Exception):
    """The message says why, to the user."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """The name at ``span``, as it is called now."""

    span: Span
    name: str


def renamable(snapshot: Snapshot, offset: int) -> Renamed:
    """The name at *offset* if it can be renamed; raises ``CannotRename`` if not."""
    found = _named_here(symbols_of(snapshot), offset)
    return Renamed(found.span, found.name.text)


def rename(snapshot: Snapshot, offset: int, name: str) -> list[Edit]:
    """What calls everything that is called by the name at *offset* by *name* instead.

    *name* may be quoted as the dialect does; where it has to be quoted, it is. Raises
    ``CannotRename`` where a name would then mean something else.
    """
    symbols = symbols_of(snapshot)
    found = _named_here(symbols, offset)
    written = _written(name, snapshot.catalog.naming, snapshot.dialect)
    edits = [Edit(it.span, written) for it in symbols.of(found.symbol)]
    _check(snapshot, symbols, edits, name)
    return edits


def linked(snapshot: Snapshot, offset: int) -> list[Span]:
    """The places of the alias or CTE at *offset*, if all of them spell it alike.

    Whoever types into one of them types into all.
    """
    symbols = symbols_of(snapshot)
    found = symbols.at(offset)
    if found is None or found.symbol.kind not in ("alias", "cte"):
        return []
    spans = [it.span for it in symbols.of(found.symbol)]
    spellings = {snapshot.text[it.start : it.end] for it in spans}
    return spans if len(spellings) == 1 and len(spans) > 1 else []


def _named_here(symbols: Symbols, offset: int) -> Occurrence:
    found = symbols.at(offset)
    if found is None:
        raise CannotRename("There is no name here that could be changed.")
    if found.symbol.definition is None:
        what = "column" if found.symbol.column else "table"
        raise CannotRename(f"{found.name.text} is a {what} of the database.")
    if not any(it.is_definition for it in symbols.of(found.symbol)):
        raise CannotRename(f"{found.name.text} has its name from somewhere else.")
    return found


def _written(name: str, naming: Naming, dialect: str) -> str:
    name = name.strip()
    tokens = tokenize(name, dialect)
    if len(tokens) == 1 and tokens[0].kind == "quoted" and len(name) > len('""'):
        return name
    if not name:
        raise CannotRename("The new name is empty.")
    if len(tokens) == 1 and tokens[0].kind == "word" and not naming.is_reserved(name):
        return name
    return naming.quoted(name)


def _check(snapshot: Snapshot, before: Symbols, edits: list[Edit], name: str) -> None:
    """Whether every name still means the same once *edits* are made."""
    renamed = Snapshot(applied(snapshot.text, edits), snapshot.catalog, snapshot.dialect)
    after = symbols_of(renamed)
    moved, unmoved = _Moved(edits), _Moved([])
    expected = {(moved(it.span), _key(it, moved)) for it in before.occurrences}
    found = {(it.span, _key(it, unmoved)) for it in after.occurrences}
    if expected != found or len(check(renamed)) > len(check(snapshot)):
        raise CannotRename(f"{name} already means something else here.")


def _key(occurrence: Occurrence, moved: "_Moved") -> object:
    symbol = occurrence.symbol
    if symbol.definition is None:
        return symbol.table, symbol.column
    return moved(symbol.definition)


class _Moved:
    """Where a span is once *edits* are made."""

    def __init__(self, edits: list[Edit]) -> None:
        edits = sorted(edits, key=lambda it: it.span)
        self._starts = [it.span.start for it in edits]
        growths = (len(it.text) - (it.span.end - it.span.start) for it in edits)
        self._moves = [0, *accumulate(growths)]

    def __call__(self, span: Span) -> Span:
        # An edit changes the place of what starts behind it, and the end of what it is in.
        start = self._moves[bisect_left(self._starts, span.start)]
        end = self._moves[bisect_left(self._starts, span.end)]
        return Span(span.start + start, span.end + end)
