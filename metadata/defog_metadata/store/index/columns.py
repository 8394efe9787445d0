"""The different names of columns: of millions of columns there are some thousands."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from defog_metadata.spelling import nearest
from defog_metadata.store.index.connection import Rows
from defog_metadata.store.index.grams import sharing, write_grams
from defog_metadata.store.index.packing import storable

__all__ = ["COLUMNS", "add_columns", "column_names", "similar_columns", "write_columns"]

COLUMNS = """
CREATE TABLE column_name (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
"""
_LAST = "\U0010ffff"
_MOST_RATED = 200


def add_columns(index: sqlite3.Connection, names: Iterable[tuple[str, str]]) -> None:
    """Add casefolded forms with the *names* that have them; of each form the first one stays."""
    index.executemany(
        "INSERT OR IGNORE INTO column_name (key, name) VALUES (?, ?)",
        ((storable(key), storable(name)) for key, name in names),
    )


def write_columns(index: sqlite3.Connection) -> None:
    """Write what finds them by their parts, when all are known."""
    write_grams(index, "column_name", "SELECT id, key FROM column_name ORDER BY id")


def column_names(rows: Rows, prefix: str, *, limit: int) -> Sequence[str]:
    """What ``TableSource.column_names`` gives."""
    return _names(
        rows, "key >= ? AND key < ? ORDER BY key LIMIT ?", *_range(storable(prefix)), limit
    )


def similar_columns(rows: Rows, key: str, *, limit: int) -> Sequence[str]:
    """What ``TableSource.similar_columns`` gives."""
    key = storable(key)
    near = sharing(rows, "column_name", key, _MOST_RATED)
    known = {
        *_names(rows, "id IN (SELECT value FROM json_each(?))", json.dumps(near)),
        *_names(rows, "key >= ? AND key < ? LIMIT ?", *_range(f"{key}_"), _MOST_RATED),
        *_names(rows, "key IN (SELECT value FROM json_each(?))", json.dumps(_parts(key))),
    }
    return nearest(key, sorted(known), limit=limit)


def _parts(key: str) -> list[str]:
    """What *key* may be a longer form of: ``id`` of ``customer_id``."""
    words = key.split("_")
    return [
        *("_".join(words[it:]) for it in range(len(words))),
        *("_".join(words[:it]) for it in range(1, len(words))),
    ]


def _range(prefix: str) -> tuple[str, str]:
    return prefix, prefix + _LAST


def _names(rows: Rows, condition: str, *values: object) -> list[str]:
    found = rows.select(f"SELECT name FROM column_name WHERE {condition}", *values)
    return [it for (it,) in found]
