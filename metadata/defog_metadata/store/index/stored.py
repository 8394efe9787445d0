"""A mirror's ``TableIndex``: reads the words of the tables that a question is about."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from defog_metadata.catalog import ForeignKey, Table
from defog_metadata.catalog.index import Postings
from defog_metadata.lazy import lazy
from defog_metadata.store.index.connection import Rows
from defog_metadata.store.index.grams import containing
from defog_metadata.store.index.packing import storable, unpacked_numbers, unpacked_weights

__all__ = ["StoredIndex"]

_LAST = "\U0010ffff"


class StoredLexicon:
    """The words of a mirror."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.has_form = lru_cache(maxsize=4096)(self._has_form)

    def has(self, term: str) -> bool:
        return bool(self._rows.select("SELECT 1 FROM word WHERE term = ?", storable(term)))

    def _has_form(self, form: str) -> bool:
        query = "SELECT 1 FROM word WHERE form = ? UNION ALL SELECT 1 FROM word WHERE term = ?"
        return bool(self._rows.select(f"{query} LIMIT 1", form, form))

    def of_root(self, root: str) -> Sequence[str]:
        return self._texts("SELECT term FROM word WHERE root = ?", root)

    def with_part(self, part: str) -> Sequence[str]:
        return self._texts("SELECT term FROM part WHERE part = ?", part)

    def shorts(self, letter: str) -> Sequence[str]:
        query = "SELECT text FROM short WHERE text >= ? AND text < ?"
        return self._texts(query, letter, letter + _LAST)

    def forms(self, letter: str, shortest: int, longest: int) -> Sequence[str]:
        query = (
            "SELECT form FROM word WHERE form >= ? AND form < ? AND length(form) BETWEEN ? AND ?"
        )
        return self._texts(query, letter, letter + _LAST, shortest, longest)

    def containing(self, text: str) -> Iterable[str]:
        numbers = containing(self._rows, "word", text)
        query = "SELECT form FROM word WHERE id IN (SELECT value FROM json_each(?))"
        return (it for it in self._texts(query, json.dumps(numbers)) if text in it)

    def _texts(self, query: str, *values: object) -> list[str]:
        return [it for (it,) in self._rows.select(query, *values)]


class StoredIndex:
    """The index that ``IndexWriter`` has written. Any method may raise what SQLite raises."""

    def __init__(self, rows: Rows, table: Callable[[int], Table]) -> None:
        """*table* reads a table by its number."""
        self._rows = rows
        self.lexicon = StoredLexicon(rows)
        # One question looks at some tables again and again.
        self.table = lru_cache(maxsize=128)(table)
        self.schema = lru_cache(maxsize=4096)(self._schema)

    @lazy
    def lengths(self) -> Sequence[float]:
        """Four bytes a table: the one thing that is kept in memory of all of them."""
        rows = self._rows.select("SELECT lengths FROM length ORDER BY first")
        return unpacked_weights(it for (it,) in rows)

    @lazy
    def mean_length(self) -> float:
        return sum(self.lengths) / max(len(self.lengths), 1)

    @lazy
    def columns(self) -> int:
        """How many columns all tables have together."""
        ((found,),) = self._rows.select("SELECT coalesce(sum(columns), 0) FROM length")
        return int(found)

    def postings(self, term: str) -> Postings:
        rows = self._rows.select(
            "SELECT numbers, weights FROM posting WHERE term = ? ORDER BY first", storable(term)
        )
        return (
            unpacked_numbers(numbers for numbers, _ in rows),
            unpacked_weights(weights for _, weights in rows),
        )

    def _schema(self, number: int) -> str:
        ((found,),) = self._rows.select("SELECT schema FROM relation WHERE id = ?", number)
        return str(found)

    def named(self, key: str) -> Sequence[int]:
        rows = self._rows.select("SELECT id FROM relation WHERE key = ? ORDER BY id", storable(key))
        return [it for (it,) in rows]

    def numbered(self, qualified: str) -> Sequence[int]:
        key = qualified.rpartition(".")[2].casefold()
        return [it for it in self.named(key) if self.table(it).qualified_name == qualified]

    def keyed(self, key: str, schema: str) -> Sequence[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for numbers, names in self._rows.select(
            "SELECT numbers, names FROM keyed WHERE key = ? AND schema = ? ORDER BY first",
            *map(storable, (key, schema)),
        ):
            here = unpacked_numbers([numbers])
            called = json.loads(names) if names else [key] * len(here)
            found += zip(here, called, strict=True)
        return found

    def referring(self, key: str, schema: str) -> Sequence[tuple[int, ForeignKey]]:
        rows = self._rows.select(
            "SELECT number, said FROM reference WHERE key = ?"
            f"{' AND schema = ?' if schema else ''} ORDER BY number, rowid",
            *map(storable, (key, schema) if schema else (key,)),
        )
        return [(number, _foreign_key(*json.loads(said))) for number, said in rows]


def _foreign_key(
    columns: list[str], table: str, others: list[str], schema: str, name: str
) -> ForeignKey:
    return ForeignKey(tuple(columns), table, tuple(others), schema, name)
