"""The words of the tables: written a batch at a time, so that memory stays the same."""

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator

from defog_metadata.catalog import Table
from defog_metadata.catalog.index import LONGEST_SHORT
from defog_metadata.catalog.index.compounds import parts_of, root_of
from defog_metadata.catalog.index.mentions import words_of
from defog_metadata.catalog.index.weighing import forms_of, keys_of, weighed
from defog_metadata.store.index.columns import add_columns, write_columns
from defog_metadata.store.index.grams import write_grams
from defog_metadata.store.index.packing import packed_numbers, packed_weights, storable
from defog_metadata.terms import stem

__all__ = ["WORDS", "WordWriter"]

WORDS = """
CREATE TABLE posting (term TEXT NOT NULL, first INTEGER NOT NULL, numbers BLOB, weights BLOB);
CREATE TABLE length (
    first INTEGER PRIMARY KEY, lengths BLOB NOT NULL, total REAL NOT NULL, columns INTEGER NOT NULL
);
CREATE TABLE holding (key TEXT NOT NULL, first INTEGER NOT NULL, numbers BLOB NOT NULL);
CREATE TABLE mentioned (word TEXT NOT NULL, first INTEGER NOT NULL, numbers BLOB NOT NULL);
CREATE TABLE keyed (
    key TEXT NOT NULL, schema TEXT NOT NULL, first INTEGER NOT NULL, numbers BLOB NOT NULL,
    names TEXT
);
CREATE TABLE reference (
    key TEXT NOT NULL, schema TEXT NOT NULL, number INTEGER NOT NULL, said TEXT NOT NULL
);
CREATE TABLE word (
    id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE, form TEXT NOT NULL, root TEXT NOT NULL
);
"""
_INDEXES = """
CREATE INDEX posting_by_term ON posting (term, first);
CREATE INDEX holding_by_key ON holding (key, first);
CREATE INDEX mentioned_by_word ON mentioned (word, first);
CREATE INDEX keyed_by_key ON keyed (key, schema, first);
CREATE INDEX reference_by_key ON reference (key, schema, number);
CREATE INDEX word_by_form ON word (form, term);
CREATE INDEX word_by_root ON word (root, term);
CREATE TABLE part (part TEXT, term TEXT, PRIMARY KEY (part, term)) WITHOUT ROWID;
CREATE TABLE short (text TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_AT_MOST = 300_000
"""So many places in which words occur are held in memory."""
_SHORTEST_INSIDE = 4  # as ``Lexicon.containing`` has it
_AT_ONCE = 4096


class WordWriter:
    """Writes what ``StoredIndex`` reads. Every table belongs to one batch, in ascending order."""

    def __init__(self, index: sqlite3.Connection) -> None:
        self._index = index
        self._begin()

    def _begin(self) -> None:
        self._first: int | None = None
        self._places = 0
        self._forms: dict[str, str] = {}
        self._postings: defaultdict[str, tuple[array[int], array[float]]] = defaultdict(
            lambda: (array("I"), array("f"))
        )
        self._lengths = array("f")
        self._columns = 0
        self._names: dict[str, str] = {}
        self._holding: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._mentioned: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._keyed: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        self._references: list[tuple[str, str, int, str]] = []

    def add(self, number: int, table: Table) -> None:
        if self._first is None:
            self._first = number
        found = weighed(table)
        if fresh := found.keys() - self._forms.keys():
            self._forms |= forms_of(table, fresh)
        held = self._postings
        for term, weight in found.items():
            numbers, weights = held[term]
            numbers.append(number)
            weights.append(weight)
        self._lengths.append(sum(found.values()))
        self._columns += len(table.columns)
        for key, name in {it.name.casefold(): it.name for it in reversed(table.columns)}.items():
            self._holding[key].append(number)
            self._names.setdefault(key, name)
        mentioned = words_of(table.definition)
        for word in mentioned:
            self._mentioned[word].append(number)
        schema = storable(table.schema)
        for key, name in keys_of(table):
            self._keyed[key, schema].append((number, name))
        for it in table.foreign_keys:
            said = [it.columns, it.referred_table, it.referred_columns, it.referred_schema, it.name]
            self._references.append(
                (
                    storable(it.referred_table.casefold()),
                    storable(it.referred_schema or table.schema),
                    number,
                    json.dumps(said),
                )
            )
        self._places += len(found) + len(table.columns) + len(mentioned)
        if self._places > _AT_MOST:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        if self._first is None:
            return
        first, index = self._first, self._index
        index.executemany(
            "INSERT INTO posting VALUES (?, ?, ?, ?)",
            (
                (term, first, packed_numbers(numbers), packed_weights(weights))
                for term, (numbers, weights) in self._postings.items()
            ),
        )
        index.execute(
            "INSERT INTO length VALUES (?, ?, ?, ?)",
            (first, packed_weights(self._lengths), sum(self._lengths), self._columns),
        )
        add_columns(index, self._names.items())
        index.executemany(
            "INSERT INTO holding VALUES (?, ?, ?)",
            ((storable(key), first, packed_numbers(it)) for key, it in self._holding.items()),
        )
        index.executemany(
            "INSERT INTO mentioned VALUES (?, ?, ?)",
            ((storable(word), first, packed_numbers(it)) for word, it in self._mentioned.items()),
        )
        index.executemany(
            "INSERT INTO keyed VALUES (?, ?, ?, ?, ?)",
            (_keyed_row(*it, first, found) for it, found in self._keyed.items()),
        )
        index.executemany("INSERT INTO reference VALUES (?, ?, ?, ?)", self._references)
        index.executemany(
            "INSERT OR IGNORE INTO word (term, form, root) VALUES (?, ?, ?)",
            ((term, form, root_of(form)) for term, form in self._forms.items()),
        )
        self._begin()

    def finish(self, pause: Callable[[], None]) -> None:
        """Write what can only be said when all tables are known."""
        self.flush()
        for statement in _INDEXES.strip().split(";\n"):
            self._index.execute(statement)
        pause()
        # The one thing that memory has of all tables at once: the different words in them.
        known: set[str] = set()
        for _, term, form in self._words():
            known.update((term, form))
        for _, term, form in self._words():
            parts = {stem(it) for it in parts_of(form, known.__contains__)}
            self._index.executemany("INSERT INTO part VALUES (?, ?)", ((it, term) for it in parts))
        pause()
        self._index.execute(
            f"INSERT INTO short SELECT term FROM word WHERE length(term) <= {LONGEST_SHORT}"
            " UNION SELECT part FROM part WHERE part NOT IN (SELECT term FROM word)"
        )
        write_grams(
            self._index, "word",
            f"SELECT id, form FROM word WHERE length(form) > {_SHORTEST_INSIDE} ORDER BY id",
        )  # fmt: skip
        write_columns(self._index)

    def _words(self) -> Iterator[tuple[int, str, str]]:
        """The words that are no numbers."""
        last = 0
        while found := self._index.execute(
            "SELECT id, term, form FROM word WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_ONCE)
        ).fetchall():
            yield from (it for it in found if not it[1].isdecimal())
            last = found[-1][0]


def _keyed_row(
    key: str, schema: str, first: int, found: list[tuple[int, str]]
) -> tuple[str, str, int, bytes, str | None]:
    """The names are only kept where they differ from the key."""
    numbers = array("I", (number for number, _ in found))
    names = [name for _, name in found]
    is_plain = all(it == key for it in names)
    return (
        storable(key),
        schema,
        first,
        packed_numbers(numbers),
        None if is_plain else json.dumps(names),
    )
