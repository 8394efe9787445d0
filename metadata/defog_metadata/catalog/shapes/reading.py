"""Decoded JSON in any of the shapes, as tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from defog_metadata.catalog.shapes.converter import member, structured
from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.catalog.shapes.recognition import (
    NOTES,
    TABLES,
    Shape,
    is_note,
    signs_of,
    unknown_shape,
)
from defog_metadata.catalog.shapes.records import ColumnRecord, SeedRecord, TableRecord
from defog_metadata.catalog.shapes.tables import table_of_columns, table_of_entry, table_of_seed
from defog_metadata.catalog.values import Table
from defog_metadata.errors import MetadataError

__all__ = [
    "NOTES",
    "Metadata",
    "Shape",
    "TableReader",
    "TableStream",
    "entries_of",
    "is_lossless",
    "is_note",
    "read_entry",
    "read_metadata",
    "read_seed_entry",
]


@dataclass(frozen=True)
class Metadata:
    """What a metadata document says, and in which shape it said it."""

    tables: tuple[Table, ...]
    glossary: str = ""
    shape: Shape = "tables"
    search_path: tuple[str, ...] = ()
    """The schemas whose tables the document names without a schema, in order of appearance."""


def read_metadata(data: object) -> Metadata:
    """The tables in *data*, decoded JSON in any shape.

    Raises ``MetadataError`` that names the element that fits no shape. Duplicate tables and
    columns are kept: they are for a check to report, not for a reader to hide.
    """
    stream = TableStream(data)
    tables = tuple(stream)
    return Metadata(tables, stream.glossary, stream.shape, stream.search_path)


def read_entry(key: str, value: object, path: str) -> Table:
    """The table that shapes A, B and the published one have at *key*.

    *path* is where *value* stands in its document. Raises ``MetadataError``, as does the next one.
    """
    match value:
        case list():
            return table_of_columns(key, structured(value, tuple[ColumnRecord, ...], path))
        case dict():
            return table_of_entry(key, structured(value, TableRecord, path))
    raise MetadataError(path, "expected a list of columns, or an object that has one as columns")


def read_seed_entry(value: object, path: str) -> Table:
    """The table that one element of the seed shape describes."""
    return table_of_seed(structured(value, SeedRecord, path))


@dataclass
class TableReader:
    """Makes tables of the parts of a document of *shape*, one after the other."""

    shape: Shape
    search_path: dict[str, None] = field(default_factory=dict)
    """Grows with the tables: where those live that the document names without a schema."""

    def table(self, place: str | int, value: object) -> Table:
        """The table at *place* (a key, or an index in the seed shape's list).

        Raises ``MetadataError``.
        """
        if isinstance(place, int):
            return read_seed_entry(value, f"{TABLES}[{place}]")
        table = read_entry(place, value, member(TABLES if self.shape == "published" else "", place))
        if table.schema and split_key(place)[:2] == ("", ""):
            self.search_path[table.schema] = None
        return table


class TableStream:
    """The tables of a decoded document, made one at a time.

    ``search_path`` is complete when the iteration is.
    """

    def __init__(self, data: object) -> None:
        if not isinstance(data, dict):
            raise unknown_shape()
        self._data: dict[str, Any] = data
        signs = signs_of(data)
        self._count = signs.count
        self._reader = TableReader(signs.shape)
        self.shape = signs.shape
        self.glossary = signs.glossary

    @property
    def search_path(self) -> tuple[str, ...]:
        return tuple(self._reader.search_path)

    def __len__(self) -> int:
        """How many tables there are."""
        return self._count

    def __iter__(self) -> Iterator[Table]:
        for place, value in entries_of(self._data, self.shape):
            yield self._reader.table(place, value)


def is_lossless(place: str | int, value: object) -> bool:
    """Whether ``table_from_json(value)`` is the table that a document has *value* for at *place*.

    So it is where shape B gives the table all its names: then the key adds nothing.
    """
    return (
        isinstance(place, str)
        and isinstance(value, dict)
        and isinstance(value.get("table_schema"), str)
        and isinstance(value.get("table_name"), str)
        and (isinstance(value.get("table_database"), str) or not split_key(place)[0])
    )


def entries_of(data: dict[str, Any], shape: Shape) -> Iterator[tuple[str | int, object]]:
    """What a decoded document of *shape* has for each table, with its key or index."""
    match shape:
        case "seed":
            yield from enumerate(data[TABLES])
        case "published":
            yield from data[TABLES].items()
        case _:
            yield from (it for it in data.items() if not is_note(*it))
