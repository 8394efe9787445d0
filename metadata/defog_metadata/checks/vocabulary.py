"""The names of a catalog, for texts that name tables and columns without any scope."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from defog_metadata.catalog import Catalog, Table, TableSource
from defog_metadata.lazy import lazy
from defog_metadata.terms import stem, terms
from defog_metadata.text import Span

__all__ = ["StoredName", "Vocabulary", "parts_of", "tables_called", "vocabulary_of"]

_MOST_OWNERS = 8
_MOST_STARTING = 200
_MOST_ABOUT = 40
_MOST_REMEMBERED = 4096
_HUMP = re.compile(r"[a-z][A-Z]")
_HUMPS = re.compile(r"[^\W\d_]+|\d+")
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def parts_of(name: str) -> tuple[str, ...]:
    """The words and numbers that *name* is made of, in lower case.

    >>> parts_of("day30_pasi"), parts_of("sbTickerId")
    (('day', '30', 'pasi'), ('sb', 'ticker', 'id'))
    """
    pieces = (it for word in _HUMPS.findall(name) for it in _CAPITALS.split(word))
    return tuple(it.lower() for it in pieces)


class Vocabulary:
    """The names of a catalog, for texts that name tables and columns without any scope.

    Asked by casefolded forms, since in prose letter case says nothing; answers are as the names
    are stored. Each is looked up when it is first asked for and then remembered: a text names the
    same few again and again.
    """

    def __init__(self, source: TableSource) -> None:
        self._source = source
        # Methods of their own would be kept, and the vocabulary with them, by a cache of the class.
        self.table = lru_cache(_MOST_REMEMBERED)(self._table)
        """The name of a table that is called so, or ``None``."""
        self.column = lru_cache(_MOST_REMEMBERED)(self._column)
        """The name of a column that is called so, or ``None``."""
        self.near_tables = lru_cache(_MOST_REMEMBERED)(self._near_tables)
        """The names of tables that a word may be a slip of; the caller says how well."""
        self.near_columns = lru_cache(_MOST_REMEMBERED)(self._near_columns)
        """The names of columns that a word may be a slip of."""
        self.is_value = lru_cache(_MOST_REMEMBERED)(self._is_value)
        """Whether a column may have such a value: if that cannot be told, it may."""
        self._databases = lru_cache(maxsize=1)(self._read_databases)

    def __bool__(self) -> bool:
        """Whether there is any name."""
        return len(self._source) > 0

    def has(self, key: str) -> bool:
        """Whether *key* is the name of anything."""
        return self.column(key) is not None or self.table(key) is not None or self.is_schema(key)

    def is_schema(self, key: str) -> bool:
        """Whether *key* is the name of a schema or a database."""
        return bool(key) and key in self._databases()

    def owners(self, key: str) -> tuple[str, ...]:
        """The names of some tables with a column that is called *key*."""
        return tuple(it.name for it in self._source.having(key, limit=_MOST_OWNERS))

    def columns_starting(self, prefix: str) -> Sequence[str]:
        """The names of columns that start with *prefix*, some where there are very many."""
        return self._source.column_names(prefix, limit=_MOST_STARTING)

    def is_word(self, word: str) -> bool:
        """Whether names, or what is said of them, have *word* as a part."""
        return self._source.index.lexicon.has(stem(word))

    @lazy
    def has_humps(self) -> bool:
        """Whether names are written as ``orderId`` here, going by some of them."""
        tables = self._source.summaries(limit=_MOST_STARTING)
        columns = self._source.column_names(limit=_MOST_STARTING)
        return any(_HUMP.search(it) for it in (*(it.name for it in tables), *columns))

    def _table(self, key: str) -> str | None:
        # In the order of names the shortest of those that start alike is the first.
        first = next(iter(self._source.summaries(prefix=key, limit=1)), None)
        return first.name if first is not None and first.name.casefold() == key else None

    def _column(self, key: str) -> str | None:
        first = next(iter(self._source.column_names(key, limit=1)), None)
        return first if first is not None and first.casefold() == key else None

    def _near_tables(self, key: str) -> tuple[str, ...]:
        return tuple(self.table(it) or it for it in self._source.similar(key))

    def _near_columns(self, key: str) -> tuple[str, ...]:
        return tuple(self._source.similar_columns(key))

    def _is_value(self, key: str) -> bool:
        words = terms(key)
        found = self._source.about(words, limit=_MOST_ABOUT) if words else ()
        return len(found) == _MOST_ABOUT or any(
            it.casefold() == key
            for table in found
            for column in table.columns
            for it in (*column.enum_values, *column.common_values)
        )

    def _read_databases(self) -> frozenset[str]:
        """The schemas, and the databases that some of their tables are said to be in."""
        found = {it.casefold() for it in self._source.schemas() if it}
        for summary in self._source.summaries(limit=_MOST_OWNERS):
            for table in self._source.named(summary.name.casefold()):
                found.update(filter(None, (table.database.casefold(),)))
        return frozenset(found)


_known: WeakKeyDictionary[Catalog, Vocabulary] = WeakKeyDictionary()


def vocabulary_of(catalog: Catalog) -> Vocabulary:
    """The names in *catalog*, with what has been asked for of them."""
    found = _known.get(catalog)
    if found is None:
        found = _known[catalog] = Vocabulary(catalog.source)
    return found


@dataclass(frozen=True, slots=True)
class StoredName:
    """The name at ``span`` of a text is ``table``'s, or that of its ``column``."""

    span: Span
    table: Table
    column: str = ""


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
