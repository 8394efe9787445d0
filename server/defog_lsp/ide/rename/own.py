"""Giving what a text itself names another name, everywhere, without changing any meaning.

The renamed text is understood anew: where a name in it means something else than before (the new
name was taken, hides another one, or is hidden itself), nothing is renamed, and it is said why.
"""

from dataclasses import dataclass

from defog_lsp.ide.rename.meaning import NO_NAME, CannotRename, means_the_same, written
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Occurrence, Symbols, symbols_of
from defog_metadata.text import Edit, Span

__all__ = ["Renamed", "linked", "renamable", "rename"]


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
    text = written(name, snapshot.catalog.naming, snapshot.dialect)
    edits = [Edit(it.span, text) for it in symbols.of(found.symbol)]
    renamed = Snapshot(applied(snapshot.text, edits), snapshot.catalog, snapshot.dialect)
    if not means_the_same(snapshot, renamed, edits):
        raise CannotRename(f"{name} already means something else here.")
    return edits


def linked(snapshot: Snapshot, offset: int) -> list[Span]:
    """The places of the alias, CTE or window at *offset*, if all of them spell it alike.

    Whoever types into one of them types into all.
    """
    symbols = symbols_of(snapshot)
    found = symbols.at(offset)
    if found is None or found.symbol.kind not in ("alias", "cte", "window"):
        return []
    spans = [it.span for it in symbols.of(found.symbol)]
    spellings = {snapshot.text[it.start : it.end] for it in spans}
    return spans if len(spellings) == 1 and len(spans) > 1 else []


def _named_here(symbols: Symbols, offset: int) -> Occurrence:
    found = symbols.at(offset)
    if found is None:
        raise CannotRename(NO_NAME)
    if found.symbol.definition is None:
        what = "column" if found.symbol.column else "table"
        raise CannotRename(f"{found.name.text} is a {what} of the database.")
    if not any(it.is_definition for it in symbols.of(found.symbol)):
        raise CannotRename(f"{found.name.text} has its name from somewhere else.")
    return found
