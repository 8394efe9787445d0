"""What a database contains, as frozen values.

Names are stored as the database stores them (the engine's own letter case, never quoted).
Types are stored as the engine displays them: ``character varying(50)``, ``decimal(10,2)``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from defog_metadata.lazy import lazy

__all__ = [
    "Column",
    "ForeignKey",
    "Index",
    "Table",
    "TableKind",
    "TableSummary",
    "UniqueKey",
]

TableKind = Literal["table", "view", "materialized view", "foreign table"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table or view."""

    name: str
    type: str = ""
    nullable: bool = True
    default: str | None = None
    """The default as SQL text, ``None`` when there is none."""
    description: str = ""
    enum_values: tuple[str, ...] = ()
    """The labels of an enumerated type, in the engine's order."""
    common_values: tuple[str, ...] = ()
    """Of a text column that has few different values: the most frequent ones, as far as the
    engine's statistics know; of a ``SET`` its members."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """``columns`` refer, in order, to ``referred_columns`` of the referred table."""

    columns: tuple[str, ...]
    referred_table: str
    referred_columns: tuple[str, ...]
    referred_schema: str = ""
    """Empty when the metadata does not say; then the referring table's own schema."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class UniqueKey:
    columns: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """``columns`` may contain expressions, as the engine displays them."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False


@dataclass(frozen=True)
class Table:
    """A table or view. ``schema`` and ``database`` are empty when the metadata does not say."""

    name: str
    columns: tuple[Column, ...] = ()
    schema: str = ""
    database: str = ""
    kind: TableKind = "table"
    description: str = ""
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[UniqueKey, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    row_estimate: int | None = None
    """Rows as the engine's statistics estimate them; ``None`` when unknown."""
    definition: str = ""
    """Of a view: its query, as the engine shows it. Empty when the metadata does not say."""

    @property
    def qualified_name(self) -> str:
        """``database.schema.table``, with the parts that are known."""
        return ".".join(filter(None, (self.database, self.schema, self.name)))

    @lazy
    def _columns_by_key(self) -> dict[str, tuple[Column, ...]]:
        found: dict[str, tuple[Column, ...]] = {}
        for column in self.columns:
            key = column.name.casefold()
            found[key] = (*found.get(key, ()), column)
        return found

    def columns_like(self, name: str) -> tuple[Column, ...]:
        """The columns whose names equal *name* but for letter case."""
        return self._columns_by_key.get(name.casefold(), ())

    def column(self, name: str) -> Column | None:
        """The column stored as *name*, exactly."""
        return next((it for it in self.columns_like(name) if it.name == name), None)

    def foreign_keys_of(self, column: str) -> Iterator[ForeignKey]:
        return (it for it in self.foreign_keys if column in it.columns)

    @property
    def summary(self) -> "TableSummary":
        return TableSummary(self.name, self.schema, self.kind, self.description)


@dataclass(frozen=True, slots=True)
class TableSummary:
    """What a list of tables shows; cheap to keep for a hundred thousand of them."""

    name: str
    schema: str = ""
    kind: TableKind = "table"
    description: str = ""
