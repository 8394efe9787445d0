"""What became of tables between two readings of them: added, removed, changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from defog_metadata.catalog.values import Column, ForeignKey, Table

__all__ = ["Aspect", "Change", "ColumnDifference", "Difference", "TableDifference", "difference"]

Aspect = Literal[
    "kind",
    "description",
    "primary key",
    "unique keys",
    "foreign keys",
    "indexes",
    "definition",
    "type",
    "nullable",
    "default",
    "values",
]
"""What can change of a table (the first seven) or of a column."""

Item = TypeVar("Item", Table, Column)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing said differently; both texts are for people, empty for nothing."""

    aspect: Aspect
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """A column that is there before and after, and differs."""

    before: Column
    after: Column
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """A table that is there before and after, and differs."""

    before: Table
    after: Table
    added: tuple[Column, ...] = ()
    removed: tuple[Column, ...] = ()
    changed: tuple[ColumnDifference, ...] = ()
    changes: tuple[Change, ...] = ()
    """Of the table itself."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.changes)


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two sets of tables; false where nothing does."""

    added: tuple[Table, ...] = ()
    removed: tuple[Table, ...] = ()
    changed: tuple[TableDifference, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference(before: Iterable[Table], after: Iterable[Table]) -> Difference:
    """What changed from *before* to *after*.

    Tables and columns are paired by name, letter case aside where that leaves no doubt; a table
    whose schema is not said is paired with the only one of its name. Statistics (row estimates,
    frequent values) and the order of columns do not count, nor do the names of keys.
    """
    pairs, removed, added = _paired(tuple(before), tuple(after), _agree)
    found = (_of_tables(old, new) for old, new in pairs)
    return Difference(added, removed, tuple(it for it in found if it))


def _of_tables(old: Table, new: Table) -> TableDifference:
    pairs, removed, added = _paired(old.columns, new.columns, lambda _old, _new: True)
    changed = (ColumnDifference(it, to, tuple(_column_changes(it, to))) for it, to in pairs)
    return TableDifference(
        old,
        new,
        added,
        removed,
        tuple(it for it in changed if it.changes),
        tuple(_table_changes(old, new)),
    )


def _column_changes(old: Column, new: Column) -> Iterator[Change]:
    # Not every shape of metadata has types: one that nobody has said differs from none.
    if old.type and new.type and _plain(old.type) != _plain(new.type):
        yield Change("type", old.type, new.type)
    if old.nullable != new.nullable:
        yield Change("nullable", _null(old), _null(new))
    yield from _changed("default", old.default or "", new.default or "")
    yield from _changed("values", ", ".join(old.enum_values), ", ".join(new.enum_values))
    yield from _changed("description", old.description, new.description)


def _table_changes(old: Table, new: Table) -> Iterator[Change]:
    yield from _changed("kind", old.kind, new.kind)
    yield from _changed("primary key", _names(old.primary_key), _names(new.primary_key))
    for aspect, of in _KEYS:
        yield from _changed(aspect, "; ".join(sorted(of(old))), "; ".join(sorted(of(new))))
    # As with types: that nobody has said what a view's query is, is no other query.
    if old.definition and new.definition and _flat(old.definition) != _flat(new.definition):
        yield Change("definition", _flat(old.definition), _flat(new.definition))
    yield from _changed("description", old.description, new.description)


def _changed(aspect: Aspect, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(aspect, before, after)


def _unique_keys(table: Table) -> Iterator[str]:
    return (_names(it.columns) for it in table.unique_keys)


def _foreign_keys(table: Table) -> Iterator[str]:
    return (f"{_names(it.columns)} → {_referred(it, table)}" for it in table.foreign_keys)


def _indexes(table: Table) -> Iterator[str]:
    return (
        f"{'unique ' if it.unique else ''}{it.name}({_names(it.columns)})" for it in table.indexes
    )


_KEYS: tuple[tuple[Aspect, Callable[[Table], Iterator[str]]], ...] = (
    ("unique keys", _unique_keys),
    ("foreign keys", _foreign_keys),
    ("indexes", _indexes),
)


def _referred(key: ForeignKey, table: Table) -> str:
    schema = key.referred_schema or table.schema
    name = f"{schema}.{key.referred_table}" if schema else key.referred_table
    return f"{name}({_names(key.referred_columns)})"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(columns)


def _null(column: Column) -> str:
    return "NULL" if column.nullable else "NOT NULL"


def _plain(written: str) -> str:
    """A type without what its writer was free to choose."""
    return "".join(written.casefold().split())


def _flat(query: str) -> str:
    """*query* in one line, however it was laid out."""
    return " ".join(query.split())


def _paired(
    before: Sequence[Item], after: Sequence[Item], agree: Callable[[Item, Item], bool]
) -> tuple[list[tuple[Item, Item]], tuple[Item, ...], tuple[Item, ...]]:
    """Pairs in the order of *before*; what is left of *before*, and of *after*."""
    # Indexed by key: catalogs are large.
    exact: dict[object, list[int]] = {}
    alike: dict[str, list[int]] = {}
    for index, it in enumerate(after):
        exact.setdefault(_path(it), []).append(index)
        alike.setdefault(it.name.casefold(), []).append(index)
    partners: dict[int, int] = {}
    for index, it in enumerate(before):
        if there := exact.get(_path(it)):
            partners[index] = there.pop(0)
    taken = set(partners.values())
    for index, it in enumerate(before):
        if index not in partners:
            found = [
                place
                for place in alike.get(it.name.casefold(), ())
                if place not in taken and agree(it, after[place])
            ]
            if len(found) == 1:
                partners[index] = found[0]
                taken.add(found[0])
    return (
        [(before[index], after[partners[index]]) for index in sorted(partners)],
        tuple(it for index, it in enumerate(before) if index not in partners),
        tuple(it for index, it in enumerate(after) if index not in taken),
    )


def _path(item: Table | Column) -> object:
    if isinstance(item, Table):
        return item.database, item.schema, item.name
    return item.name


def _agree(old: Table, new: Table) -> bool:
    return all(
        not one or not other or one.casefold() == other.casefold()
        for one, other in ((old.schema, new.schema), (old.database, new.database))
    )
