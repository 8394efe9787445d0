"""Tables as JSON objects of each shape; ``read_metadata`` reads all of them back."""

from collections.abc import Iterable, Sequence
from typing import Any

from defog_metadata.catalog.shapes.converter import structured, unstructured
from defog_metadata.catalog.shapes.keys import join_key
from defog_metadata.catalog.shapes.records import TableRecord
from defog_metadata.catalog.shapes.tables import entry_of_table, seed_of_table, table_of_entry
from defog_metadata.catalog.values import Table

__all__ = [
    "table_from_json",
    "table_to_json",
    "write_columns",
    "write_published",
    "write_seed",
    "write_tables",
]


def write_seed(tables: Iterable[Table]) -> dict[str, Any]:
    """The seed shape, lossless: what extraction returns and documents.

    The keys of the documentation come first; ``primary_key``, ``foreign_keys`` and so on follow.
    """
    return {"table_metadata": [unstructured(seed_of_table(it)) for it in tables]}


def write_tables(tables: Iterable[Table], search_path: Sequence[str] = ()) -> dict[str, Any]:
    """Shape B with extra keys, lossless: what the cache holds.

    Tables that their bare name is enough to mean, because their schema is on *search_path*,
    have it as key and come first; all others are keyed ``schema.table``.
    """
    return {key: table_to_json(it) for key, it in keyed(tables, search_path)}


def write_columns(tables: Iterable[Table], search_path: Sequence[str] = ()) -> dict[str, Any]:
    """Shape A: names, types and descriptions of columns, and nothing else."""
    return {
        key: [
            {
                "column_name": column.name,
                "data_type": column.type,
                "column_description": column.description,
            }
            for column in table.columns
        ]
        for key, table in keyed(tables, search_path)
    }


def write_published(
    tables: Iterable[Table], glossary: str, search_path: Sequence[str] = ()
) -> dict[str, Any]:
    """The published shape: shape A and a glossary."""
    return {"table_metadata": write_columns(tables, search_path), "glossary": glossary}


def table_to_json(table: Table) -> dict[str, Any]:
    """One table, lossless, as shape B has it."""
    return unstructured(entry_of_table(table))


def table_from_json(data: object) -> Table:
    """The inverse of ``table_to_json``; raises ``MetadataError``."""
    return table_of_entry("", structured(data, TableRecord, ""))


def keyed(tables: Iterable[Table], search_path: Sequence[str] = ()) -> list[tuple[str, Table]]:
    """Each table with the key that shapes A and B and CSV have it under; keys are unique."""
    rank = {schema: index for index, schema in reversed(list(enumerate(search_path)))}
    # Readers take the search path from the order in which bare names appear.
    ordered = sorted(tables, key=lambda it: rank.get(it.schema, len(rank)))
    found: dict[str, Table] = {}
    for table in ordered:
        full = join_key(table.database, table.schema, table.name)
        key = join_key("", "", table.name) if table.schema in rank else full
        # A name may be visible in one schema only; a table written twice is kept twice.
        if key in found:
            key = full
        copy = 2
        while key in found:
            key = f"{full}#{copy}"
            copy += 1
        found[key] = table
    return list(found.items())
