"""One built mirror: the tables of one version of one cache file, in a folder that never changes.

The tables themselves are in a diskcache, each as compressed JSON under its number. Beside it, an
SQLite index finds the numbers by name. A lookup reads the few rows it answers with, whatever the
size of the catalog.
"""

import contextlib
import json
import os
import sqlite3
import weakref
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import diskcache

from defog_metadata.catalog import Table, TableSummary
from defog_metadata.catalog.index.about import about
from defog_metadata.catalog.index.mentions import mentions, words_of
from defog_metadata.catalog.shapes import table_from_json
from defog_metadata.errors import MetadataError
from defog_metadata.lazy import lazy
from defog_metadata.store.files import FileLock
from defog_metadata.store.index import StoredIndex
from defog_metadata.store.index.columns import column_names, columns_matching, similar_columns
from defog_metadata.store.index.connection import Rows
from defog_metadata.store.index.matching import having, matching, similar
from defog_metadata.store.index.mentions import having_word
from defog_metadata.store.index.packing import storable

__all__ = [
    "BROKEN",
    "FORMAT",
    "INDEX",
    "TABLES",
    "USE",
    "Facts",
    "Generation",
    "GenerationGone",
    "is_unused",
    "packed",
    "tables_cache",
]

FORMAT = 4
"""Counts up when what is written changes; a mirror of another format is built again."""

TABLES, INDEX, USE = "tables", "index.db", "in-use"
"""What a mirror's folder holds."""


class GenerationGone(Exception):
    """The folder is not, or no longer, a complete mirror."""


BROKEN = (
    GenerationGone,
    sqlite3.Error,
    diskcache.Timeout,
    zlib.error,
    MetadataError,
    OSError,
    # What diskcache and the decoder make of contents that nobody of ours has written.
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)
"""What reading a damaged or deleted mirror may raise."""


class _JsonDisk(diskcache.Disk):  # type: ignore[misc]  # untyped
    """Stores text keys and bytes values inline, and reads nothing else.

    The base class unpickles what the database says is a pickle, so that whoever can write the
    folder could run code here. This one has no way to.
    """

    def put(self, key: object) -> tuple[str, bool]:
        if not isinstance(key, str):
            raise TypeError("keys are text")
        return key, True

    def get(self, key: object, raw: object) -> str:
        if not isinstance(key, str) or not raw:
            raise GenerationGone("a key that is not text")
        return key

    def store(self, value: object, *_: object, **__: object) -> tuple[Any, ...]:
        if not isinstance(value, bytes):
            raise TypeError("values are bytes")
        return len(value), _RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: object, filename: object, value: object, *_: object) -> bytes:
        if mode != _RAW or filename is not None or not isinstance(value, bytes):
            raise GenerationGone("a value that is not inline bytes")
        return value


_RAW: int = diskcache.core.MODE_RAW
_SETTINGS: dict[str, Any] = {
    "eviction_policy": "none",
    "cull_limit": 0,
    "size_limit": 1 << 62,
    "statistics": 0,
    # Every thread has a connection: each may cache little, and map nothing into memory.
    "sqlite_cache_size": 256,
    "sqlite_mmap_size": 0,
}
# What is committed while a mirror is being built must survive whatever ends the process.
_WRITING = {"sqlite_journal_mode": "delete", "sqlite_synchronous": 1}
_READING = {"sqlite_journal_mode": "wal", "sqlite_synchronous": 0}
_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the cache file says beside its tables."""

    tables: int
    search_path: tuple[str, ...]
    glossary: str
    db_type: str
    timestamp: float


class Generation:
    """A built mirror, open for reading. A ``TableSource``; any method may raise ``BROKEN``.

    While it is open, its folder is marked as in use and other processes leave it alone.
    """

    def __init__(self, folder: Path) -> None:
        """Open the mirror in *folder*; raises ``BROKEN`` where there is none."""
        self.folder = folder
        with contextlib.ExitStack() as opened:
            opened.callback(os.close, _in_use(folder))
            rows = opened.enter_context(contextlib.closing(_Rows(folder)))
            facts = {name: json.loads(it) for name, it in rows.index.select("SELECT * FROM fact")}
            if facts.get("format") != FORMAT:
                raise GenerationGone(f"{folder} is of another format")
            self._release = weakref.finalize(self, opened.pop_all().close)
        self._rows = rows
        self.facts = Facts(
            facts["tables"],
            tuple(facts["search_path"]),
            facts["glossary"],
            facts["db_type"],
            facts["timestamp"],
        )
        self._schemas: tuple[str, ...] | None = None
        # A statement's tables are asked for again at every keystroke.
        self._named = lru_cache(maxsize=128)(self._rows.tables_named)
        # So is the question above a statement.
        self._about = lru_cache(maxsize=4)(self._rows.tables_about)

    def close(self) -> None:
        """Let go of the folder. Reading after this raises."""
        self._release()

    def __len__(self) -> int:
        return self.facts.tables

    def schemas(self) -> Sequence[str]:
        if self._schemas is None:
            rows = self._rows.index.select("SELECT name FROM schema ORDER BY name")
            self._schemas = tuple(it for (it,) in rows)
        return self._schemas

    def named(self, key: str) -> Sequence[Table]:
        return self._named(key)

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        conditions, values = ["key >= ?", "key < ?"], [prefix, prefix + _LAST_CHARACTER]
        if schema is not None:
            conditions.append("schema = ?")
            values.append(schema)
        rows = self._rows.index.select(
            "SELECT name, schema, kind, description FROM relation"
            f" WHERE {' AND '.join(conditions)} ORDER BY key, schema, id LIMIT ?",
            *map(storable, values),
            -1 if limit is None else limit,
        )
        return [TableSummary(*it) for it in rows]

    @lazy
    def index(self) -> StoredIndex:
        return self._rows.stored

    def matching(
        self, typed: str, *, schema: str | None = None, limit: int
    ) -> Sequence[TableSummary]:
        if not typed:
            return self.summaries(schema=schema, limit=limit)
        return matching(self._rows.index, typed, schema=schema, limit=limit)

    def similar(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return similar(self._rows.index, key, limit=limit)

    def referring(self, table: Table, *, limit: int | None = None) -> Sequence[Table]:
        found = self.index.referring(table.name.casefold(), table.schema)
        numbers = dict.fromkeys(number for number, _ in found)
        return [self._rows.table(it) for it in islice(numbers, limit)]

    def mentioning(self, table: Table, *, limit: int) -> Sequence[Table]:
        longest = max(words_of(table.name), key=lambda it: (len(it), it), default="")
        views = map(self._rows.table, having_word(self._rows.index, longest))
        found = (it for it in views if it != table and mentions(it, table.name))
        return list(islice(found, limit))

    def about(self, words: Sequence[str], *, limit: int) -> Sequence[Table]:
        return list(self._about(tuple(words), limit))

    def having(self, column: str, *, limit: int) -> Sequence[TableSummary]:
        return having(self._rows.index, column, limit=limit)

    def column_count(self) -> int:
        return self.index.columns

    def column_names(self, prefix: str = "", *, limit: int) -> Sequence[str]:
        return column_names(self._rows.index, prefix, limit=limit)

    def columns_matching(self, typed: str, *, limit: int) -> Sequence[str]:
        return columns_matching(self._rows.index, typed, limit=limit)

    def similar_columns(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return similar_columns(self._rows.index, key, limit=limit)

    def tables(self) -> Iterator[Table]:
        return (self._rows.table(number) for number in range(self.facts.tables))


class _Rows:
    """What a generation reads: rows of the index, and tables by their numbers."""

    def __init__(self, folder: Path) -> None:
        self.index = Rows(folder / INDEX)
        try:
            self._cache = _opened_cache(folder)
        except BROKEN:
            self.index.close()
            raise

    def close(self) -> None:
        self.index.close()
        self._cache.close()

    def tables_named(self, key: str) -> tuple[Table, ...]:
        query = "SELECT id FROM relation WHERE key = ? ORDER BY id"
        rows = self.index.select(query, storable(key))
        return tuple(self.table(number) for (number,) in rows)

    @lazy
    def stored(self) -> StoredIndex:
        return StoredIndex(self.index, self.table)

    def tables_about(self, words: tuple[str, ...], limit: int) -> tuple[Table, ...]:
        return tuple(self.table(it) for it in about(self.stored, words, limit=limit))

    def table(self, number: int) -> Table:
        packed = self._cache.get(str(number))
        if packed is None:
            raise GenerationGone(f"table {number} is lost")
        return table_from_json(json.loads(zlib.decompress(packed)))


def is_unused(folder: Path) -> bool:
    """Whether no process has the mirror in *folder* open."""
    try:
        lock = _lock_of(folder).try_acquire()
    except OSError:
        return True  # never finished
    if lock is None:
        return False
    os.close(lock)
    return True


def _lock_of(folder: Path) -> FileLock:
    return FileLock(folder / USE, create=False)


def _in_use(folder: Path) -> int:
    """Mark *folder* as in use until the returned file descriptor is closed."""
    descriptor = _lock_of(folder).try_acquire(shared=True)
    if descriptor is None:
        raise GenerationGone(f"{folder} is being deleted")
    return descriptor


def _opened_cache(folder: Path) -> diskcache.Cache:
    if not (folder / TABLES / diskcache.core.DBNAME).is_file():
        # diskcache would make an empty one.
        raise GenerationGone(f"{folder} has lost its tables")
    return tables_cache(folder)


def tables_cache(folder: Path, *, is_written: bool = False) -> diskcache.Cache:
    """The tables in *folder*, under their numbers: as ``packed`` packs them."""
    settings = {**_SETTINGS, **(_WRITING if is_written else _READING)}
    return diskcache.Cache(str(folder / TABLES), disk=_JsonDisk, **settings)


def packed(value: dict[str, Any]) -> bytes:
    """A table as ``table_to_json`` has it, for ``tables_cache``."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 1)
