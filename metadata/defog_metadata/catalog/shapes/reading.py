"""Decoded JSON in any of the shapes, as tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from defog_metadata.catalog.shapes.converter import member, structured
from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.catalog.shapes.records import ColumnRecord, SeedRecord, TableRecord
from defog_metadata.catalog.shapes.tables import table_of_columns, table_of_entry, table_of_seed
from defog_metadata.catalog.values import Table
from defog_metadata.errors import MetadataError

__all__ = [
    "NOTES",
    "Metadata",
    "Shape",
    "TableStream",
    "is_note",
    "read_entry",
    "read_metadata",
    "read_seed_entry",
]

Shape = Literal["seed", "columns", "tables", "published", "csv"]

_ACCEPTED = (
    'expected one of: {"table_metadata": [{"table_name": ..., "column_metadata": [...]}]}; '
    '{"<table>": [{"column_name": ..., "data_type": ...}]}; '
    '{"<table>": {"table_description": ..., "columns": [...]}}; '
    '{"table_metadata": {"<table>": [...]}, "glossary": ...}; '
    "or CSV with the header table_name,column_name,data_type,column_description"
)
_TABLES = "table_metadata"
# What documents carry beside their tables. Any other key of shapes A and B is a table's.
NOTES = frozenset(
    "$schema comment database date db db_type description dev dialect glossary last_updated "
    "name note notes source timestamp title version".split()
)


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


def is_note(key: str, value: object) -> bool:
    """Whether a member of shapes A and B says something about the document, and is no table."""
    return key in NOTES and not _looks_like_table(value)


class TableStream:
    """The tables of a document, made one at a time.

    For documents too large to have all their tables in memory at once. ``search_path`` is
    complete when the iteration is.
    """

    def __init__(self, data: object) -> None:
        if not isinstance(data, dict):
            raise MetadataError("", f"not metadata in a known shape: {_ACCEPTED}")
        self._data: Mapping[str, Any] = data
        self._search_path: dict[str, None] = {}
        self.shape: Shape = _shape_of(data)
        self.glossary = self._read_glossary()

    @property
    def search_path(self) -> tuple[str, ...]:
        return tuple(self._search_path)

    def __len__(self) -> int:
        """How many tables there are."""
        if self.shape in ("seed", "published"):
            return len(self._data[_TABLES])
        return sum(1 for _ in self._keyed())

    def __iter__(self) -> Iterator[Table]:
        if self.shape == "seed":
            for index, value in enumerate(self._data[_TABLES]):
                yield read_seed_entry(value, f"{_TABLES}[{index}]")
            return
        for key, path, value in self._keyed():
            table = read_entry(key, value, path)
            if table.schema and split_key(key)[:2] == ("", ""):
                self._search_path[table.schema] = None
            yield table

    def _keyed(self) -> Iterator[tuple[str, str, object]]:
        """Key, path and value of each table of a shape that has keys."""
        if self.shape == "published":
            for key, value in self._data[_TABLES].items():
                yield key, member(_TABLES, key), value
            return
        for key, value in self._data.items():
            if not is_note(key, value):
                yield key, member("", key), value

    def _read_glossary(self) -> str:
        value = self._data.get("glossary")
        if isinstance(value, str):
            return value
        # Only one shape documents it; elsewhere it may be a table, or whatever its writer liked.
        if self.shape == "published" and value is not None:
            raise MetadataError("glossary", "expected text or null")
        return ""


def _shape_of(data: Mapping[str, Any]) -> Shape:
    match data.get(_TABLES):
        # A table may itself be called "table_metadata": what is in it tells.
        case list() as rows if not any(map(_is_column, rows)):
            return "seed"
        case dict() as tables if not _is_described_entry(tables):
            return "published"
    found = [it for key, it in data.items() if not is_note(key, it)]
    if not data or any(map(_has_entry_key, found)):
        return "tables"
    if any(isinstance(it, list) for it in found):
        return "columns"
    raise MetadataError("", f"not metadata in a known shape: {_ACCEPTED}")


def _is_column(value: object) -> bool:
    return isinstance(value, dict) and "column_name" in value and "table_name" not in value


def _is_described_entry(value: Mapping[str, Any]) -> bool:
    """Whether *value* is one table of shape B, not a mapping that has a table "columns"."""
    description = value.get("table_description", [])
    return isinstance(value.get("columns"), list) and not isinstance(description, (list, dict))


def _has_entry_key(value: object) -> bool:
    return isinstance(value, dict) and ("columns" in value or "table_description" in value)


def _looks_like_table(value: object) -> bool:
    if isinstance(value, list):
        return any(isinstance(it, dict) for it in value)
    return isinstance(value, dict) and isinstance(value.get("columns"), list)
