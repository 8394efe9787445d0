"""Tables as JSON objects of each shape; ``read_metadata`` reads all of them back."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any

from defog_metadata.catalog.shapes.converter import structured, unstructured
from defog_metadata.catalog.shapes.keys import join_key
from defog_metadata.catalog.shapes.records import TableRecord
from defog_metadata.catalog.shapes.tables import entry_of_table, seed_of_table, table_of_entry
from defog_metadata.catalog.values import Table

__all__ = [
    "keyed_entries",
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
    found: set[str] = set()

    def is_new(key: str) -> bool:
        known = len(found)
        found.add(key)
        return len(found) > known

    return [(_unique_key(it, rank, is_new), it) for it in ordered]


def keyed_entries(
    tables: Iterable[Table], search_path: Sequence[str], is_new: Callable[[str], bool]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The members of ``write_tables``, for tables that come with those on *search_path* first.

    *is_new* tells whether a key is, and remembers it.
    """
    for table in tables:
        yield _unique_key(table, search_path, is_new), table_to_json(table)


def _unique_key(table: Table, search_path: Container[str], is_new: Callable[[str], bool]) -> str:
    full = join_key(table.database, table.schema, table.name)
    key = join_key("", "", table.name) if table.schema in search_path else full
    # A name may be visible in one schema only; a table written twice is kept twice.
    if is_new(key):
        return key
    key, copy = full, 2
    while not is_new(key):
        key = f"{full}#{copy}"
        copy += 1
    return key
