"""Where the name under the caret comes from.

*Declaration*: where the text gives it its name. *Definition*: the same for most; for an alias at
its own place, what it stands for. *Type definition*: the table that an alias stands for, or that a
column comes from. What the text does not define is in the database, as a table or column of it.
"""

from dataclasses import dataclass

from defog_metadata.catalog import Table
from defog_metadata.sql.facts.definitions import name_at
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Occurrence, Symbol, Symbols, symbols_of, table_of
from defog_metadata.text import Span

__all__ = ["Source", "created", "declaration", "definition", "type_definition"]


@dataclass(frozen=True, slots=True)
class Source:
    """What the name at ``origin`` comes from: a place in the same text, or a stored table."""

    origin: Span
    place: Span | None = None
    table: Table | None = None
    column: str = ""
    """The column of ``table`` that is meant, if it is one."""


def declaration(snapshot: Snapshot, offset: int) -> Source | None:
    """Where the name at *offset* is given to what it means."""
    found = name_at(snapshot, offset)
    return None if found is None else _source(found, found.symbol, snapshot)


def definition(snapshot: Snapshot, offset: int) -> Source | None:
    """As ``declaration``; of an alias where it is declared, what it stands for."""
    symbols = symbols_of(snapshot)
    found = name_at(snapshot, offset)
    if found is None:
        return None
    symbol = found.symbol
    if found.is_definition and symbol.kind == "alias":
        symbol = _stands_for(found, symbols, snapshot) or symbol
    return _source(found, symbol, snapshot)


def type_definition(snapshot: Snapshot, offset: int) -> Source | None:
    """The relation that an alias or qualifier at *offset* stands for, or a column is one of."""
    symbols = symbols_of(snapshot)
    found = name_at(snapshot, offset)
    if found is None:
        return None
    if found.symbol.kind == "stored":
        source = _source(found, found.symbol, snapshot)
        return source and Source(source.origin, table=source.table)
    if found.symbol.kind == "alias":
        symbol = _stands_for(found, symbols, snapshot)
        return None if symbol is None else _source(found, symbol, snapshot)
    reference = snapshot.reference_at(offset)
    for it in reference.targets if reference else ():
        if isinstance(it, Field) and it.table is not None:
            return Source(found.span, table=it.table)
    return None


def created(snapshot: Snapshot, table: Table, column: str = "") -> Span | None:
    """Where a statement of the text creates *table*: its name there, or that of *column*."""
    naming = snapshot.catalog.naming
    for analysis in snapshot.analyses:
        for relation in analysis.made:
            name, span = relation.name, relation.span
            if name is None or span is None or not naming.same(name, table.name):
                continue
            schema = relation.path[-2] if len(relation.path) > 1 else None
            if schema is not None and table.schema and not naming.same(schema, table.schema):
                continue
            shift = analysis.statement.start
            found = (it.span for it in relation.fields if column and naming.same(it.name, column))
            return (next(found, None) or span).shifted(shift)
    return None


def _stands_for(alias: Occurrence, symbols: Symbols, snapshot: Snapshot) -> Symbol | None:
    """The relation whose name stands before the alias, where one does."""
    analysis = snapshot.analysis_at(alias.span.start)
    for reference in analysis.absolute() if analysis else ():
        relation = _target(reference)
        if relation is None or relation.span is None or analysis is None:
            continue
        if relation.span.shifted(analysis.statement.start) == alias.symbol.definition:
            found = symbols.at(reference.span.start)
            return found.symbol if found and found.span == reference.span else None
    return None


def _target(reference: Reference) -> Relation | None:
    target = reference.targets[0] if reference.targets else None
    return target if reference.kind == "table" and isinstance(target, Relation) else None


def _source(found: Occurrence, symbol: Symbol, snapshot: Snapshot) -> Source | None:
    if symbol.definition is not None:
        return Source(found.span, symbol.definition)
    table = table_of(symbol, snapshot.catalog)
    return None if table is None else Source(found.span, table=table, column=symbol.column)
