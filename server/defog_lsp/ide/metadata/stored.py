"""The tables of a database that a name in a metadata file may mean."""

from collections.abc import Sequence

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.catalog.shapes.keys import split_key

__all__ = ["columns_called", "tables_called"]


def tables_called(catalog: Catalog, key: str) -> Sequence[Table]:
    """Those of the name that *key* says, and of its schema if it says one."""
    _, schema, name = split_key(key)
    return [
        it
        for it in catalog.source.named(name.casefold())
        if not schema or not it.schema or it.schema.casefold() == schema.casefold()
    ]


def columns_called(catalog: Catalog, key: str, column: str) -> Sequence[tuple[Table, Column]]:
    return [
        (table, it) for table in tables_called(catalog, key) for it in table.columns_like(column)
    ]
