"""Tables under construction: what the rows of several queries say, joined by table."""

import sys
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from defog_metadata.catalog import Column, ForeignKey, Index, Table, TableKind, UniqueKey

__all__ = ["Draft", "Drafts"]

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Draft:
    """A table whose parts arrive one by one. Every list keeps the order of arrival."""

    schema: str
    name: str
    kind: TableKind = "table"
    description: str = ""
    row_estimate: int | None = None
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
        )


class Drafts(Generic[Key]):
    """Drafts by the key that the engine's catalog knows a table by.

    Rows about a table that is not among them (it was created after the tables were listed,
    or is not of interest) find no draft, and are to be passed over.
    """

    def __init__(self) -> None:
        self._by_key: dict[Key, Draft] = {}

    def add(self, key: Key, draft: Draft) -> None:
        self._by_key[key] = draft

    def get(self, key: Key) -> Draft | None:
        return self._by_key.get(key)

    def __iter__(self) -> Iterator[Draft]:
        return iter(self._by_key.values())

    def finished(self, search_path: Sequence[str]) -> tuple[Table, ...]:
        """All tables: those on *search_path* first, then by schema and name."""
        places = {it: place for place, it in enumerate(search_path)}
        ordered = sorted(
            self._by_key.values(),
            key=lambda it: (places.get(it.schema, len(places)), it.schema, it.name),
        )
        return tuple(it.finished() for it in ordered)


def shared(text: str) -> str:
    """The one copy of a text that thousands of columns repeat, such as a type."""
    return sys.intern(text)
