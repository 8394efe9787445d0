"""Which tables of the catalog a text is about: at a place, in a statement, in all of it.

Tables that the text itself makes are none of them. What an earlier statement has altered counts
as the catalog has it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.scopes import Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

__all__ = ["Mentioned", "mentioned_at", "tables_in", "tables_of"]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A table that the name at ``span`` means, or a ``column`` of it."""

    table: Table
    column: Column | None
    span: Span


def mentioned_at(snapshot: Snapshot, offset: int) -> Mentioned | None:
    """What the name at *offset* means, if it is one table or column of the catalog.

    A column may come through aliases, CTEs and subqueries; a qualifier means its table.
    """
    reference = snapshot.reference_at(offset)
    if reference is None:
        return None
    found = dict.fromkeys(_meant(reference, snapshot.catalog))
    if len(found) != 1:
        return None
    (table, column), *_ = found
    return Mentioned(table, column, reference.span)


def tables_in(analysis: Analysis, catalog: Catalog) -> tuple[Table, ...]:
    """The tables that a statement names, in the order in which it names them first."""
    return _all_stored(_named(analysis), catalog)


def tables_of(snapshot: Snapshot) -> tuple[Table, ...]:
    """The tables that any statement of the text names, in the order of the text."""
    named = (table for it in snapshot.analyses for table in _named(it))
    return _all_stored(named, snapshot.catalog)


def _named(analysis: Analysis) -> Iterator[Table]:
    references = (it for it in analysis.references if it.kind == "table")
    for reference in sorted(references, key=lambda it: it.span):
        for it in reference.targets:
            if isinstance(it, Relation) and it.table is not None:
                yield it.table


def _all_stored(tables: Iterable[Table], catalog: Catalog) -> tuple[Table, ...]:
    # Each is looked up once: a long file names the same few again and again.
    once = {it.qualified_name: it for it in tables}
    return tuple(found for it in once.values() if (found := _stored(it, catalog)) is not None)


def _meant(reference: Reference, catalog: Catalog) -> Iterator[tuple[Table, Column | None]]:
    for it in reference.targets:
        if it.table is None or (table := _stored(it.table, catalog)) is None:
            continue
        if isinstance(it, Relation):
            yield table, None
        elif it.column and (column := table.column(it.column.name)):
            yield table, column


def _stored(table: Table, catalog: Catalog) -> Table | None:
    called = catalog.source.named(table.name.casefold())
    return next((it for it in called if it.qualified_name == table.qualified_name), None)
