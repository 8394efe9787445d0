"""Keys and indexes whose tables or columns are not there."""

import re
from collections.abc import Iterable, Iterator, Sequence

from defog_metadata.catalog import Catalog, ForeignKey, Table
from defog_metadata.checks.metadata.problems import MetadataProblem, Part, Place
from defog_metadata.rules.mends import did_you_mean
from defog_metadata.spelling import nearest

__all__ = ["dangling_keys"]

# Of what an index may consist of, the only part that can be told to be a column.
_COLUMN = re.compile(r'"(?P<quoted>[^"]+)"|`(?P<ticked>[^`]+)`|(?P<plain>[^\W\d]\w*)')


def dangling_keys(tables: Sequence[Table], catalog: Catalog) -> Iterator[MetadataProblem]:
    """Keys and indexes of *tables* that point nowhere.

    *catalog* has the tables that foreign keys may refer to, *tables* themselves included; where
    it is partial, a table that it lacks may be there all the same.
    """
    for index, table in enumerate(tables):
        found = catalog.source.named(table.name.casefold())
        whole = [it for it in found if _is_in(it, table.schema)] or [table]
        if table.columns or any(it.columns for it in whole):
            yield from _own(index, table, [table, *whole])
        for key in table.foreign_keys:
            yield from _foreign(index, table, key, catalog)


def _own(index: int, table: Table, whole: Sequence[Table]) -> Iterator[MetadataProblem]:
    """What the table's keys say of its own columns; *whole* has all that are known."""
    for part, what, names in _named(table):
        for name in dict.fromkeys(names):
            if not _has(whole, name):
                close = nearest(name, _columns(whole))
                start = f"{what} of {table.qualified_name} names the column {name}"
                message = did_you_mean(f"{start}, which is not there", close)
                place = Place(index, _column_called(table, name), part, name)
                yield MetadataProblem("metadata-drift", place, message, close)


def _named(table: Table) -> Iterator[tuple[Part, str, Iterable[str]]]:
    yield "primary key", "the primary key", table.primary_key
    for unique in table.unique_keys:
        yield "unique key", "a unique key", unique.columns
    for key in table.foreign_keys:
        yield "foreign key", "a foreign key", key.columns
    for it in table.indexes:
        columns = (_COLUMN.fullmatch(column) for column in it.columns)
        yield (
            "index",
            f"the index {it.name}",
            [match[match.lastgroup or 0] for match in columns if match],
        )


def _foreign(
    index: int, table: Table, key: ForeignKey, catalog: Catalog
) -> Iterator[MetadataProblem]:
    column = _column_called(table, key.columns[0]) if key.columns else None
    schema = key.referred_schema or table.schema
    shown = f"{key.referred_schema}.{key.referred_table}".lstrip(".")
    referring = f"the foreign key {table.qualified_name}({', '.join(key.columns)}) refers to"
    called = catalog.source.named(key.referred_table.casefold())
    # A schema that nobody has said may be any on the way to the table.
    referred = [it for it in called if not key.referred_schema or _is_in(it, schema)]
    if not referred:
        if not catalog.is_partial and (not key.referred_schema or _knows(catalog, schema)):
            similar = catalog.similar(key.referred_table, schema=key.referred_schema or None)
            close = nearest(key.referred_table, similar)
            message = did_you_mean(f"{referring} {shown}, which is not there", close)
            place = Place(index, column, "foreign key", key.referred_table)
            yield MetadataProblem("metadata-drift", place, message, close)
        return
    known = [it for it in referred if it.columns]
    for name in key.referred_columns if len(known) == len(referred) else ():
        if not _has(known, name):
            close = nearest(name, _columns(known))
            message = did_you_mean(f"{referring} {shown}.{name}, which is not there", close)
            place = Place(index, column, "foreign key", name)
            yield MetadataProblem("metadata-drift", place, message, close)
    if key.referred_columns and len(key.referred_columns) != len(key.columns):
        message = f"{referring} {len(key.referred_columns)} columns of {shown}, not as many"
        yield MetadataProblem("metadata-drift", Place(index, column, "foreign key"), message)


def _is_in(table: Table, schema: str) -> bool:
    return not schema or not table.schema or table.schema.casefold() == schema.casefold()


def _knows(catalog: Catalog, schema: str) -> bool:
    """Whether the catalog covers *schema*: a table of one that it does not may be there."""
    return any(not it or it.casefold() == schema.casefold() for it in catalog.source.schemas())


def _has(tables: Iterable[Table], column: str) -> bool:
    return any(it.columns_like(column) for it in tables)


def _columns(tables: Iterable[Table]) -> list[str]:
    return [column.name for table in tables for column in table.columns]


def _column_called(table: Table, name: str) -> int | None:
    return next((i for i, it in enumerate(table.columns) if it.name == name), None)
