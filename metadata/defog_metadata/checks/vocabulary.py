"""All names of a catalog at once, for texts that name tables and columns without any scope."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from weakref import WeakKeyDictionary

from defog_metadata.catalog import Catalog, Table

__all__ = ["Vocabulary", "parts_of", "tables_called", "vocabulary_of"]

_MOST_OWNERS = 8
_HUMPS = re.compile(r"[^\W\d_]+|\d+")
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def parts_of(name: str) -> tuple[str, ...]:
    """The words and numbers that *name* is made of, in lower case.

    >>> parts_of("day30_pasi"), parts_of("sbTickerId")
    (('day', '30', 'pasi'), ('sb', 'ticker', 'id'))
    """
    pieces = (it for word in _HUMPS.findall(name) for it in _CAPITALS.split(word))
    return tuple(it.lower() for it in pieces)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Names by their casefolded forms: in prose letter case says nothing."""

    tables: Mapping[str, str]
    """As they are stored."""
    columns: Mapping[str, str]
    owners: Mapping[str, tuple[str, ...]]
    """By column: the names of some tables that have it."""
    schemas: frozenset[str]
    """And databases."""
    values: frozenset[str]
    """Those that columns are known to have."""
    words: frozenset[str]
    """What the names are made of."""

    def has(self, key: str) -> bool:
        """Whether *key* is the casefolded name of anything."""
        return key in self.columns or key in self.tables or key in self.schemas

    def stored(self, key: str) -> str:
        return self.columns.get(key) or self.tables.get(key, key)


_known: WeakKeyDictionary[Catalog, Vocabulary] = WeakKeyDictionary()


def vocabulary_of(catalog: Catalog) -> Vocabulary:
    """The names in *catalog*; read once, since that may take long where there are very many."""
    found = _known.get(catalog)
    if found is None:
        found = _known[catalog] = _read(catalog)
    return found


def _read(catalog: Catalog) -> Vocabulary:
    tables: dict[str, str] = {}
    columns: dict[str, str] = {}
    owners: dict[str, list[str]] = {}
    schemas: set[str] = set()
    values: set[str] = set()
    for table in catalog.source.tables():
        tables.setdefault(table.name.casefold(), table.name)
        schemas.update((table.schema.casefold(), table.database.casefold()))
        for column in table.columns:
            key = column.name.casefold()
            columns.setdefault(key, column.name)
            having = owners.setdefault(key, [])
            if len(having) < _MOST_OWNERS:
                having.append(table.name)
            values.update(it.casefold() for it in (*column.enum_values, *column.common_values))
    words = {part for name in (*tables.values(), *columns.values()) for part in parts_of(name)}
    return Vocabulary(
        MappingProxyType(tables),
        MappingProxyType(columns),
        MappingProxyType({key: tuple(it) for key, it in owners.items()}),
        frozenset(filter(None, schemas)),
        frozenset(values),
        frozenset(words),
    )


def tables_called(catalog: Catalog, path: Sequence[str]) -> list[Table]:
    """The tables that *path* (``table``, ``schema.table`` …, casefolded) may mean."""
    *qualifiers, name = path
    return [
        it
        for it in catalog.source.named(name)
        if all(
            not stored or stored.casefold() == written
            for written, stored in zip(reversed(qualifiers), (it.schema, it.database), strict=False)
        )
    ]
