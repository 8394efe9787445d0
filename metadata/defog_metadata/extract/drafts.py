"""Tables under construction: what the rows of several queries say, joined by table."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from defog_metadata.catalog import Column, ForeignKey, Index, Table, TableKind, UniqueKey

__all__ = ["Draft", "place_of", "shared"]


@dataclass(slots=True)
class Draft:
    """A table whose parts arrive one by one. Every list keeps the order of arrival."""

    schema: str
    name: str
    kind: TableKind = "table"
    description: str = ""
    row_estimate: int | None = None
    definition: str = ""
    columns: list[Column] = field(default_factory=list)
    primary_key: tuple[str, ...] = ()
    unique_keys: list[UniqueKey] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)

    def allow(self, name: str, values: tuple[str, ...]) -> None:
        """A check lets the column *name* have *values* only; what its type says goes first."""
        for place, column in enumerate(self.columns):
            if column.name == name and not column.enum_values:
                self.columns[place] = replace(column, enum_values=values)

    def observe(self, name: str, values: tuple[str, ...]) -> None:
        """The column *name* has *values* often."""
        for place, column in enumerate(self.columns):
            if column.name == name:
                self.columns[place] = replace(column, common_values=values)

    def finished(self) -> Table:
        return Table(
            name=self.name,
            columns=tuple(self.columns),
            schema=self.schema,
            kind=self.kind,
            description=self.description,
            primary_key=self.primary_key,
            unique_keys=tuple(self.unique_keys),
            foreign_keys=tuple(self.foreign_keys),
            indexes=tuple(self.indexes),
            row_estimate=self.row_estimate,
            definition=self.definition,
        )


def place_of(schema: str, search_path: Sequence[str]) -> int:
    """Where the tables of *schema* stand: in the order of *search_path*, then all others."""
    return search_path.index(schema) if schema in search_path else len(search_path)


def shared(text: str) -> str:
    """The one copy of a text that thousands of columns repeat, such as a type."""
    return sys.intern(text)
