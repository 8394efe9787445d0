"""Which relation the name at a caret stands for, whoever has made it."""

from dataclasses import dataclass

from defog_metadata.sql.facts.flows import Called
from defog_metadata.sql.facts.origins import cte_of
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Symbol, symbols_of
from defog_metadata.text import Span

__all__ = ["Named", "relation_named"]


@dataclass(frozen=True, slots=True)
class Named:
    """A CTE (``cte`` is where it gets its name), or a table or view that is ``called`` so."""

    origin: Span
    """The name at the caret."""
    called: Called | None = None
    cte: Span | None = None
    column: str = ""
    """Of a stored table, where the name is one of it."""


def relation_named(snapshot: Snapshot, offset: int) -> Named | None:
    """What the name at *offset* stands for; an alias for what it is an alias of."""
    found = symbols_of(snapshot).at(offset)
    if found is None:
        return None
    symbol, origin = found.symbol, found.span
    match symbol:
        case Symbol(kind="cte"):
            return Named(origin, cte=symbol.definition)
        case Symbol(table=(database, schema, name)):
            return Named(origin, Called(name, schema, database), column=symbol.column)
        case Symbol(kind="relation"):
            made = _made_at(snapshot, symbol.definition)
            return Named(origin, Called.of(made)) if made is not None else None
        case Symbol(kind="alias"):
            return _aliased(snapshot, origin, symbol.definition)
    return None


def _made_at(snapshot: Snapshot, place: Span | None) -> Relation | None:
    analysis = snapshot.analysis_at(place.start) if place is not None else None
    if analysis is None or place is None:
        return None
    span = place.shifted(-analysis.statement.start)
    return next((it for it in analysis.made if it.span == span), None)


def _aliased(snapshot: Snapshot, origin: Span, place: Span | None) -> Named | None:
    analysis = snapshot.analysis_at(place.start) if place is not None else None
    if analysis is None or place is None:
        return None
    start = analysis.statement.start
    alias = place.shifted(-start)
    for reference in analysis.references:
        target = reference.targets[0] if reference.kind == "table" and reference.targets else None
        if isinstance(target, Relation) and target.span == alias:
            if target.kind in ("table", "view"):
                return Named(origin, Called.of(target))
            cte = cte_of(reference, snapshot.catalog.naming)
            return Named(origin, cte=cte.span.shifted(start)) if cte and cte.span else None
    return None
