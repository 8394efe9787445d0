"""What tells the shapes apart: signs gathered member by member, so that no document need be whole.

The members of a document may come in any order, each once.
"""

from dataclasses import dataclass
from typing import Any, Literal

from defog_metadata.errors import MetadataError

__all__ = [
    "NOTES",
    "TABLES",
    "Shape",
    "Signs",
    "TablesSigns",
    "is_note",
    "signs_of",
    "unknown_shape",
]

Shape = Literal["seed", "columns", "tables", "published", "csv"]

TABLES = "table_metadata"
"""The one member that may hold many tables."""

# What documents carry beside their tables. Any other key of shapes A and B is a table's.
NOTES = frozenset(
    "$schema comment database date db db_type description dev dialect glossary last_updated "
    "name note notes source timestamp title version".split()
)
_ACCEPTED = (
    'expected one of: {"table_metadata": [{"table_name": ..., "column_metadata": [...]}]}; '
    '{"<table>": [{"column_name": ..., "data_type": ...}]}; '
    '{"<table>": {"table_description": ..., "columns": [...]}}; '
    '{"table_metadata": {"<table>": [...]}, "glossary": ...}; '
    "or CSV with the header table_name,column_name,data_type,column_description"
)


def unknown_shape() -> MetadataError:
    return MetadataError("", f"not metadata in a known shape: {_ACCEPTED}")


def is_note(key: str, value: object) -> bool:
    """Whether a member of shapes A and B says something about the document, and is no table."""
    return key in NOTES and not _looks_like_table(value)


@dataclass
class TablesSigns:
    """What ``table_metadata`` holds. A table may itself be called that: what is in it tells."""

    kind: Literal["list", "object"]
    count: int = 0
    _has_column: bool = False
    _has_columns: bool = False
    _columns_are_a_list: bool = False
    _is_described: bool = False
    _has_plain_description: bool = False

    def element(self, value: object) -> None:
        """Note the next element of the list."""
        self.count += 1
        self._has_column = self._has_column or (
            isinstance(value, dict) and "column_name" in value and "table_name" not in value
        )

    def member(self, key: str, value: object) -> None:
        """Note a member of the object."""
        self.count += 1
        if key == "columns":
            self._has_columns, self._columns_are_a_list = True, isinstance(value, list)
        elif key == "table_description":
            self._is_described = True
            self._has_plain_description = not isinstance(value, (list, dict))

    @property
    def is_one_table(self) -> bool:
        """Whether it is the columns of a table, or one table of shape B."""
        if self.kind == "list":
            return self._has_column
        return self._columns_are_a_list and self._has_plain_description

    @property
    def has_entry_key(self) -> bool:
        return self._has_columns or self._is_described


class Signs:
    """What the members of a document tell about it."""

    def __init__(self) -> None:
        self._tables: TablesSigns | None = None
        self._is_empty = True
        self._has_entry = self._has_list = False
        self._keyed = 0
        self._glossary: object = None

    def tables(self, found: TablesSigns) -> None:
        """Note the member ``table_metadata``, where it is a list or an object."""
        self._is_empty = False
        self._tables = found
        self._keyed += 1
        self._has_list = self._has_list or found.kind == "list"
        self._has_entry = self._has_entry or (found.kind == "object" and found.has_entry_key)

    def member(self, key: str, value: object) -> None:
        """Note any other member."""
        self._is_empty = False
        if key == "glossary":
            # Of what is no text only this is ever asked.
            self._glossary = value if value is None or isinstance(value, str) else False
        if is_note(key, value):
            return
        self._keyed += 1
        self._has_list = self._has_list or isinstance(value, list)
        self._has_entry = self._has_entry or (
            isinstance(value, dict) and ("columns" in value or "table_description" in value)
        )

    @property
    def are_in_one_member(self) -> bool:
        """Whether ``table_metadata`` holds all tables; else the members do, each of them one."""
        return self._tables is not None and not self._tables.is_one_table

    @property
    def shape(self) -> Shape:
        """Raises ``MetadataError`` where it is none of them."""
        if self._tables is not None and not self._tables.is_one_table:
            return "seed" if self._tables.kind == "list" else "published"
        if self._is_empty or self._has_entry:
            return "tables"
        if self._has_list:
            return "columns"
        raise unknown_shape()

    @property
    def count(self) -> int:
        """How many tables there are."""
        if self._tables is not None and not self._tables.is_one_table:
            return self._tables.count
        return self._keyed

    @property
    def glossary(self) -> str:
        """Raises ``MetadataError`` where it must be text, and is not."""
        if isinstance(self._glossary, str):
            return self._glossary
        # Only one shape documents it; elsewhere it may be a table, or whatever its writer liked.
        if self.shape == "published" and self._glossary is not None:
            raise MetadataError("glossary", "expected text or null")
        return ""


def signs_of(document: dict[str, Any]) -> Signs:
    """The signs of a document that is whole."""
    found = Signs()
    for key, value in document.items():
        if key == TABLES and isinstance(value, list):
            tables = TablesSigns("list")
            for it in value:
                tables.element(it)
            found.tables(tables)
        elif key == TABLES and isinstance(value, dict):
            tables = TablesSigns("object")
            for name, it in value.items():
                tables.member(name, it)
            found.tables(tables)
        else:
            found.member(key, value)
    return found


def _looks_like_table(value: object) -> bool:
    if isinstance(value, list):
        return any(isinstance(it, dict) for it in value)
    return isinstance(value, dict) and isinstance(value.get("columns"), list)
