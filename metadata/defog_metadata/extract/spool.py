"""What the queries of an extraction have said, on disk, until whole tables are made of it.

The rows of one query come ordered by the engine's own key of a table, the tables are wanted by
schema and name, and neither is to be in memory as a whole. So every row goes into a SQLite file
as it arrives, and each table is put together from there. A step is written whole or not at all:
what a run that ended early has finished is there for the next one.

Rows about a table that is not listed (it was created after the tables were, or is not of
interest) are never asked for.
"""

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from typing import Any, NamedTuple

from defog_metadata.errors import ExtractionError

__all__ = ["Facts", "Gathered", "Key", "Listed", "Part", "Spool", "joined", "parts"]

Key = int | str
"""What an engine's catalog knows a table by."""

Values = Sequence[Any]
"""Texts, numbers, booleans, ``None``, and sequences of them."""


class Listed(NamedTuple):
    """A table that there is. ``place`` is its schema's on the search path, or behind it."""

    key: Key
    place: int
    schema: str
    name: str
    values: Values


class Part(NamedTuple):
    """A row of some ``kind`` about what has the key ``key``, be it a table or not."""

    kind: str
    key: Key
    values: Values


Facts = Generator[Listed | Part, None, None]
"""What a step finds. Closing it closes what it comes from."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was said of one table."""

    key: Key
    schema: str
    name: str
    values: Values
    _rows: dict[str, list[Values]]

    def rows(self, kind: str) -> Sequence[Values]:
        """The rows of *kind*, in the order of their arrival."""
        return self._rows.get(kind, ())


def joined(schema: str, name: str) -> str:
    """The key of a table in an engine that knows it by two names, in which no NUL can be."""
    return f"{schema}\0{name}"


def parts(kind: str, rows: Iterable[Sequence[Any]]) -> Facts:
    """*rows* as parts: the first value of each is the key, the others are the part's."""
    return (Part(kind, row[0], row[1:]) for row in rows)


_TABLES = """
create table if not exists facts (name text primary key, value text);
create table if not exists steps (name text primary key);
create table if not exists tables (key primary key, place, schema, name, data);
create table if not exists parts (kind, key, data);
"""
# Made when all rows are there: until then nobody looks for one.
_INDEXES = """
create index if not exists tables_in_order on tables (place, schema, name);
create index if not exists parts_by_key on parts (key, kind);
"""

_BATCH = 200


class Spool:
    """*connection* is one to a database of our own. Raises ``ExtractionError`` for a full disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._is_indexed = False
        self.is_damaged = False
        """Whether what is in it can no longer be trusted."""
        with self._safely():
            connection.executescript(_TABLES)

    def fact(self, name: str) -> str:
        """The text remembered as *name*; empty where there is none."""
        with self._safely():
            found = self._connection.execute("select value from facts where name = ?", (name,))
            return next((it for (it,) in found), "")

    def remember(self, name: str, value: str) -> None:
        with self._changing():
            self._connection.execute("insert or replace into facts values (?, ?)", (name, value))

    def clear(self) -> None:
        """Forget all steps."""
        with self._changing():
            for table in ("steps", "tables", "parts"):
                self._connection.execute(f"delete from {table}")

    def steps(self) -> frozenset[str]:
        """The steps that are complete."""
        with self._safely():
            return frozenset(it for (it,) in self._connection.execute("select name from steps"))

    def fill(self, step: str, rows: Iterable[Listed | Part]) -> None:
        """Write what *step* has found: all of it, or nothing where *rows* raises.

        Rows of one kind about one key that follow each other are kept as one, so they should.
        """
        with self._changing():
            runs = groupby(rows, key=_run)
            while batch := [_encoded(key, list(run)) for key, run in islice(runs, _BATCH)]:
                for statement, of in ((_LIST, Listed), (_KEEP, Part)):
                    self._connection.executemany(
                        statement, (values for kind, values in batch if kind is of)
                    )
            self._connection.execute("insert into steps values (?)", (step,))

    def __len__(self) -> int:
        """How many tables are listed."""
        with self._safely():
            [(count,)] = self._connection.execute("select count(*) from tables")
            return int(count)

    def tables(self) -> Generator[Gathered, None, None]:
        """Every table: by place, then by schema and name."""
        self._index()
        # An open cursor would keep the file open, and locked.
        with self._safely(), closing(self._connection.execute(_IN_ORDER)) as cursor:
            for key, schema, name, data in cursor:
                rows: dict[str, list[Values]] = {}
                for kind, part in self._connection.execute(
                    "select kind, data from parts where key = ? order by rowid", (key,)
                ):
                    rows.setdefault(kind, []).extend(json.loads(part))
                yield Gathered(key, schema, name, json.loads(data), rows)

    def rows(self, kind: str, key: Key) -> Sequence[Values]:
        """The rows of *kind* about *key* alone."""
        self._index()
        with self._safely():
            found = self._connection.execute(
                "select data from parts where key = ? and kind = ? order by rowid", (key, kind)
            )
            return [row for (data,) in found for row in json.loads(data)]

    def _index(self) -> None:
        if not self._is_indexed:
            with self._safely():
                self._connection.executescript(_INDEXES)
            self._is_indexed = True

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._safely():
            self._connection.execute("begin")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    @contextmanager
    def _safely(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self.is_damaged = True
            raise ExtractionError(
                f"What was read cannot be kept on disk for a moment ({error}). Make room in the "
                "folder for temporary files and in the one that DEFOG_CACHE_DIR names."
            ) from error


_IN_ORDER = "select key, schema, name, data from tables order by place, schema, name"
_LIST = "insert or replace into tables values (?, ?, ?, ?, ?)"
_KEEP = "insert into parts values (?, ?, ?)"

_Run = tuple[type[Listed], Key] | tuple[type[Part], str, Key]


def _run(row: Listed | Part) -> tuple[Any, ...]:
    return (Listed, row.key) if isinstance(row, Listed) else (Part, row.kind, row.key)


def _encoded(run: tuple[Any, ...], rows: Sequence[Listed | Part]) -> tuple[type, tuple[Any, ...]]:
    if run[0] is Listed:
        return Listed, (*rows[-1][:-1], _json(rows[-1].values))
    return Part, (*run[1:], _json([it.values for it in rows]))


def _plain(value: object) -> str | int:
    if isinstance(value, bytes):  # as which some servers give longer texts
        return value.decode("utf-8", "replace")
    if isinstance(value, Decimal):
        return int(value)
    raise TypeError(f"no value of a catalog: {value!r}")


_json = json.JSONEncoder(check_circular=False, default=_plain).encode
