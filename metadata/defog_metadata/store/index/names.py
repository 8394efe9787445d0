"""The different names of tables, written so that parts and beginnings of their words find them."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import combinations

from defog_metadata.catalog.matching import name_words
from defog_metadata.store.index.grams import write_grams
from defog_metadata.store.index.packing import storable

__all__ = ["MOST_WORDS", "write_names"]

_TABLES = """
CREATE TABLE name (id INTEGER PRIMARY KEY, key TEXT NOT NULL, words TEXT NOT NULL);
CREATE TABLE beginning (words TEXT, name INTEGER, PRIMARY KEY (words, name)) WITHOUT ROWID;
CREATE TABLE initials (letters TEXT, name INTEGER, PRIMARY KEY (letters, name)) WITHOUT ROWID;
CREATE TABLE letter (letter TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE raw_beginning (words TEXT, name INTEGER);
CREATE TEMP TABLE raw_initials (letters TEXT, name INTEGER);
"""
MOST_WORDS = 5
"""Of so many words of a name any may be left out between initials; of longer ones none."""
_MOST_LETTERS = 64
_AT_ONCE = 4096


def write_names(index: sqlite3.Connection, pause: Callable[[], None]) -> None:
    """Index the names in the table ``relation``."""
    for statement in _TABLES.strip().split(";\n"):
        index.execute(statement)
    index.create_function(
        "words_of", 1, lambda name: storable(" ".join(name_words(name))), deterministic=True
    )
    index.execute(
        "INSERT INTO name (key, words) SELECT key, words FROM"
        " (SELECT DISTINCT key, words_of(name) AS words FROM relation)"
        " ORDER BY length(key), key, words"
    )
    index.execute("CREATE INDEX name_by_key ON name (key, id)")
    # What words start with, sorted by SQLite: rows that come in order are written twice as fast.
    letters: set[str] = set()
    for names in _batches(index):
        pause()
        beginnings: list[tuple[str, int]] = []
        initials: list[tuple[str, int]] = []
        for number, words in names:
            letters.update(words)
            split = words.split(" ")
            beginnings += ((" ".join(split[it:]), number) for it in range(len(split)))
            initials += ((it, number) for it in _initials(split))
        index.executemany("INSERT INTO raw_beginning VALUES (?, ?)", beginnings)
        index.executemany("INSERT INTO raw_initials VALUES (?, ?)", initials)
    letters.discard(" ")
    for table in ("beginning", "initials"):
        pause()
        index.execute(f"INSERT INTO {table} SELECT DISTINCT * FROM raw_{table} ORDER BY 1, 2")
        index.execute(f"DROP TABLE raw_{table}")
    # Where names are written in thousands of characters, nobody mistypes one for another.
    if len(letters) <= _MOST_LETTERS:
        index.executemany("INSERT INTO letter VALUES (?)", ((it,) for it in sorted(letters)))
    pause()
    write_grams(index, "name", "SELECT id, key FROM name ORDER BY id")


def _batches(index: sqlite3.Connection) -> Iterator[list[tuple[int, str]]]:
    last = 0
    while found := index.execute(
        "SELECT id, words FROM name WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_ONCE)
    ).fetchall():
        yield found
        last = found[-1][0]


def _initials(words: list[str]) -> set[str]:
    """The first letters of some words, in order; of two at the least."""
    letters = "".join(it[:1] for it in words)
    if len(letters) > MOST_WORDS:
        return {letters[start:end] for start, end in combinations(range(len(letters) + 1), 2)
                if end - start > 1}  # fmt: skip
    return {
        "".join(it) for length in range(2, len(letters) + 1) for it in combinations(letters, length)
    }
