"""Foreign keys in a form that engines take.

Metadata that tell of keys column by column cannot say that several columns refer together, and
those of other writers leave unique keys out. An engine takes a foreign key only to columns that
are a key there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from defog_metadata.catalog import ForeignKey, Table, UniqueKey
from defog_metadata.ddl.types import base_name

__all__ = ["Tables", "settled", "with_types_of_referred"]


class Tables:
    """Tables by name, as foreign keys refer to them."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._places: dict[tuple[str, str], int] = {}
        for place, table in enumerate(tables):
            self._places.setdefault((table.schema, table.name), place)

    def place(self, table: Table, key: ForeignKey) -> int | None:
        """Where the table is that *key* of *table* refers to."""
        return self._places.get((key.referred_schema or table.schema, key.referred_table))


def settled(tables: Sequence[Table], *, indexes_suffice: bool = False) -> list[Table]:
    """*tables* whose foreign keys refer to keys.

    - Columns that each refer to a part of one key refer together.
    - Columns that are referred to are unique, whether the metadata say so or not: the database
      that the metadata come from would not have taken the reference otherwise.
    - What refers to a mere part of a key is left out.

    A key to a table that is not among *tables* stays as it is; with *indexes_suffice* (InnoDB), so
    does one to the first columns of an index.
    """
    known = Tables(tables)
    implied: dict[int, dict[tuple[str, ...], None]] = {}
    found = []
    for table in tables:
        kept: list[ForeignKey] = []
        partial: dict[int, list[ForeignKey]] = {}
        for key in table.foreign_keys:
            place = known.place(table, key)
            if (
                place is None
                or _is_key(tables[place], key.referred_columns)
                or (indexes_suffice and _is_indexed(tables[place], key.referred_columns))
            ):
                kept.append(key)
            elif len(key.columns) == 1:
                partial.setdefault(place, []).append(key)
            else:
                implied.setdefault(place, {})[key.referred_columns] = None
                kept.append(key)
        for place, singles in partial.items():
            together, alone = _combined(tables[place], singles)
            kept += together
            for key in alone:
                if not any(key.referred_columns[0] in it for it in _keys(tables[place])):
                    implied.setdefault(place, {})[key.referred_columns] = None
                    kept.append(key)
        found.append(replace(table, foreign_keys=tuple(kept)))
    for place, keys in implied.items():
        unique = tuple(map(UniqueKey, keys))
        found[place] = replace(found[place], unique_keys=(*found[place].unique_keys, *unique))
    return found


def with_types_of_referred(tables: Sequence[Table]) -> list[Table]:
    """*tables*, each after those that it refers to, whose references have the other column's type.

    Some engines refuse an ``int`` that refers to a ``bigint``.
    """
    known = Tables(tables)
    found = list(tables)
    for place, table in enumerate(tables):
        types = {}
        for key in table.foreign_keys:
            other = known.place(table, key)
            if other is None or other == place:
                continue
            for name, referred in zip(key.columns, key.referred_columns, strict=False):
                column, target = table.column(name), found[other].column(referred)
                if column and target and base_name(column.type) != base_name(target.type):
                    types[name] = target.type
        if types:
            columns = (replace(it, type=types.get(it.name, it.type)) for it in table.columns)
            found[place] = replace(table, columns=tuple(columns))
    return found


def _keys(table: Table) -> Iterator[tuple[str, ...]]:
    if table.primary_key:
        yield table.primary_key
    yield from (it.columns for it in table.unique_keys)
    yield from (it.columns for it in table.indexes if it.unique)


def _is_key(table: Table, columns: tuple[str, ...]) -> bool:
    return any(sorted(it) == sorted(columns) for it in _keys(table))


def _is_indexed(table: Table, columns: tuple[str, ...]) -> bool:
    indexes = (*_keys(table), *(it.columns for it in table.indexes))
    return any(it[: len(columns)] == columns for it in indexes)


def _combined(
    table: Table, singles: Sequence[ForeignKey]
) -> tuple[list[ForeignKey], list[ForeignKey]]:
    """*singles*, keys of one column each to *table*: those that are one together, and the rest."""
    for key in _keys(table):
        # A second reference to the same column begins a second key.
        groups: list[dict[str, ForeignKey]] = []
        rest = []
        for it in singles:
            referred = it.referred_columns[0]
            if referred not in key:
                rest.append(it)
                continue
            group = next((one for one in groups if referred not in one), None)
            if group is None:
                group = {}
                groups.append(group)
            group[referred] = it
        if groups and all(len(it) == len(key) for it in groups):
            return [_joined(table, key, it) for it in groups], rest
    return [], list(singles)


def _joined(table: Table, key: tuple[str, ...], parts: dict[str, ForeignKey]) -> ForeignKey:
    return ForeignKey(
        columns=tuple(parts[it].columns[0] for it in key),
        referred_table=table.name,
        referred_columns=key,
        referred_schema=table.schema,
    )
