"""Writes the index of a mirror, table by table."""

import sqlite3
from collections.abc import Callable

from defog_metadata.catalog import Table
from defog_metadata.store.index.columns import COLUMNS
from defog_metadata.store.index.names import write_names
from defog_metadata.store.index.packing import storable
from defog_metadata.store.index.words import WORDS, WordWriter

__all__ = ["IndexWriter"]

_RELATIONS = """
CREATE TABLE relation (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, schema TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, description TEXT NOT NULL
);
CREATE TABLE schema (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
# After the rows: building an index at once is faster than keeping it while they come.
_INDEXES = (
    "CREATE INDEX relation_by_key ON relation (key, schema)",
    "CREATE INDEX relation_by_schema ON relation (schema, key)",
)


class IndexWriter:
    """Fills an empty database, or goes on with one.

    What must hold: every table is added once, in ascending order of its number; what ``add`` has
    taken is on its way to the database with ``flush`` at the latest; all is written in the
    caller's transactions. So who commits after ``flush`` and remembers the number may go on from
    there in another process, with ``IndexWriter(index, is_new=False)``. ``finish`` is the end: it
    belongs into one transaction, which is to be rolled back and done again if it is interrupted.
    """

    def __init__(self, index: sqlite3.Connection, *, is_new: bool = True) -> None:
        self._index = index
        self._words = WordWriter(index)
        self._schemas: set[str] = set()
        if is_new:
            for statement in f"{_RELATIONS}{COLUMNS}{WORDS}".strip().split(";\n"):
                index.execute(statement)

    def add(self, number: int, table: Table) -> None:
        values = (table.name.casefold(), table.schema, table.name, table.kind, table.description)
        key, schema, name, kind, description = map(storable, values)
        self._index.execute(
            "INSERT INTO relation VALUES (?, ?, ?, ?, ?, ?)",
            (number, key, schema, name, kind, description),
        )
        if schema not in self._schemas:
            self._schemas.add(schema)
            # An earlier process may have had it.
            self._index.execute("INSERT OR IGNORE INTO schema VALUES (?)", (schema,))
        self._words.add(number, table)

    def flush(self) -> None:
        """Write all that was added."""
        self._words.flush()

    def finish(self, pause: Callable[[], None] = lambda: None) -> None:
        """Write what can only be said when all tables are known.

        *pause* is called every second or so, and may raise.
        """
        for statement in _INDEXES:
            self._index.execute(statement)
        pause()
        self._words.finish(pause)
        write_names(self._index, pause)
