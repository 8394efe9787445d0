"""Building a mirror, from the beginning or from where an earlier process left it.

At commit points everything so far is on disk, together with the place in the cache file where to go
on. The tables are committed before the index, so that the index never knows of more than there is:
what it says is done counts, and tables beyond are written again as they were.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import diskcache

from defog_metadata.progress import Cancelled, Progress
from defog_metadata.store.cancelling import check_cancelled
from defog_metadata.store.entries import Header
from defog_metadata.store.entry_tables import Checkpoint, EntryTables, Outline
from defog_metadata.store.generation import (
    BROKEN,
    FORMAT,
    INDEX,
    TABLES,
    USE,
    GenerationGone,
    packed,
    tables_cache,
)
from defog_metadata.store.home import private_folder
from defog_metadata.store.index import IndexWriter
from defog_metadata.store.json_stream import Place

__all__ = ["outline_of", "tables_done", "write_generation"]

T = TypeVar("T")

COMMITTED_TABLES = 5_000
"""So many tables, at most, are read again after the process was killed."""
_AT_ONCE = 256
_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE checkpoint (format INTEGER NOT NULL, reached TEXT NOT NULL, outline TEXT NOT NULL);
"""


def write_generation(
    folder: Path,
    source: EntryTables,
    *,
    is_sure: Callable[[], bool],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> None:
    """Build the mirror of *source* in *folder*, which is empty or has a part of just that mirror.

    *is_sure* answers whether *source* is known to be what *folder* is meant to mirror: nothing is
    committed before. Raises ``ExtractionCancelled``, and ``BROKEN`` where *folder* is damaged.
    """
    private_folder(folder / TABLES)  # diskcache would let others in
    with (
        contextlib.closing(tables_cache(folder, is_written=True)) as cache,
        contextlib.closing(_index(folder)) as index,
    ):
        # A process may have been stopped after its last word, before the folder got its name.
        number = _finished(index)
        if number is None:
            number = _filled(cache, index, source, is_sure, progress, cancelled)
        if not len(cache) == _rows(index) == number:
            raise GenerationGone(f"{folder} has not what was written into it")
    (folder / USE).touch(mode=0o600)
    for path in (folder / INDEX, folder / TABLES / diskcache.core.DBNAME):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    if progress is not None:
        progress(number, len(source), "Indexing tables")


def _filled(  # noqa: PLR0913, PLR0917 - as ``write_generation``
    cache: diskcache.Cache,
    index: sqlite3.Connection,
    source: EntryTables,
    is_sure: Callable[[], bool],
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> int:
    """Write what is not there yet; how many tables there are then."""
    start = _reached(index) or Checkpoint()
    index.execute("BEGIN")
    if not start.tables:
        for statement in _SCHEMA.strip().split(";\n"):
            index.execute(statement)
    writer = IndexWriter(index, is_new=not start.tables)
    number, total = start.tables, len(source)
    records, before = source.records(start), -1
    while number > before:
        before = number
        with cache.transact():
            for table, value in islice(records, COMMITTED_TABLES):
                if (number - start.tables) % _AT_ONCE == 0:
                    _report(number, total, progress, cancelled)
                cache.set(str(number), packed(value))
                writer.add(number, table)
                number += 1
        if number < total and is_sure():
            writer.flush()
            _commit(index, source)
    writer.finish(lambda: _report(number, total, progress, cancelled))
    _finish(index, number, source)
    return number


def tables_done(folder: Path) -> int:
    """How many tables of a mirror are in *folder*, where building it has not been finished."""
    found = _begun(folder, lambda it: _finished(it) or (_reached(it) or Checkpoint()).tables)
    return found or 0


def outline_of(folder: Path) -> Outline | None:
    """The outline of the cache file whose mirror was begun in *folder*."""
    return _begun(folder, _outline)


def _begun(folder: Path, read: Callable[[sqlite3.Connection], T]) -> T | None:
    if not (folder / INDEX).is_file():
        return None
    try:
        with contextlib.closing(_index(folder)) as index:
            return read(index)
    except BROKEN:
        return None


def _index(folder: Path) -> sqlite3.Connection:
    index = sqlite3.connect(folder / INDEX, isolation_level=None)
    # In this mode a process that is killed, or a machine, leaves what was committed last.
    index.executescript("PRAGMA journal_mode = delete; PRAGMA synchronous = normal")
    return index


def _committed(index: sqlite3.Connection, column: str) -> Any:
    """What an earlier process has committed, if one has."""
    if not index.execute("SELECT 1 FROM sqlite_master WHERE name = 'checkpoint'").fetchone():
        return None
    written, found = index.execute(f"SELECT format, {column} FROM checkpoint").fetchone()
    if written != FORMAT:
        raise GenerationGone("what has been built is of another format")
    return json.loads(found)


def _finished(index: sqlite3.Connection) -> int | None:
    """The number of tables of a mirror to which nothing is to be added; else ``None``."""
    if not index.execute("SELECT 1 FROM sqlite_master WHERE name = 'fact'").fetchone():
        return None
    facts = {name: json.loads(it) for name, it in index.execute("SELECT * FROM fact")}
    if not facts:
        return None
    if facts["format"] != FORMAT:
        raise GenerationGone("what has been built is of another format")
    return int(facts["tables"])


def _reached(index: sqlite3.Connection) -> Checkpoint | None:
    found = _committed(index, "reached")
    if found is None:
        return None
    return Checkpoint(found["tables"], Place(**found["place"]), tuple(found["search_path"]))


def _outline(index: sqlite3.Connection) -> Outline | None:
    found = _committed(index, "outline")
    if found is None:
        return None
    begin = None if found["begin"] is None else Place(**found["begin"])
    return Outline(**(found | {"header": Header(**found["header"]), "begin": begin}))


def _commit(index: sqlite3.Connection, source: EntryTables) -> None:
    reached, outline = json.dumps(asdict(source.checkpoint)), json.dumps(asdict(source.outline))
    index.execute("DELETE FROM checkpoint")
    index.execute("INSERT INTO checkpoint VALUES (?, ?, ?)", (FORMAT, reached, outline))
    index.execute("COMMIT")
    index.execute("BEGIN")


def _finish(index: sqlite3.Connection, count: int, source: EntryTables) -> None:
    facts = {
        "format": FORMAT,
        "tables": count,
        "search_path": source.search_path,
        "glossary": source.glossary,
        "db_type": source.db_type,
        "timestamp": source.timestamp,
    }
    index.executemany(
        "INSERT INTO fact VALUES (?, ?)", [(it, json.dumps(facts[it])) for it in facts]
    )
    index.execute("DROP TABLE checkpoint")
    index.execute("COMMIT")


def _rows(index: sqlite3.Connection) -> int:
    (found,) = index.execute("SELECT COUNT(*) FROM relation").fetchone()
    return int(found)


def _report(done: int, total: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
    check_cancelled(cancelled)
    if progress is not None:
        progress(done, total, "Indexing tables")
