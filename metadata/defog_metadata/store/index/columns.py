"""The different names of columns: of millions of columns there are some thousands."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from defog_metadata.catalog.matching import SHORTEST_INSIDE, Typed, best_columns
from defog_metadata.spelling import nearest
from defog_metadata.store.index.connection import Rows
from defog_metadata.store.index.grams import containing, sharing, write_grams
from defog_metadata.store.index.packing import storable

__all__ = [
    "COLUMNS",
    "add_columns",
    "column_names",
    "columns_matching",
    "similar_columns",
    "write_columns",
]

COLUMNS = """
CREATE TABLE column_name (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
"""
_LAST = "\U0010ffff"
_MOST_RATED = 200
_MOST_SCANNED = 50_000
"""Of more names, those are not found that what is typed only abbreviates."""
_MOST_MATCHED = 2_000


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


def columns_matching(rows: Rows, typed: str, *, limit: int) -> Sequence[str]:
    """What ``TableSource.columns_matching`` gives."""
    wanted = Typed(storable(typed))
    shortest = "ORDER BY length(key), key LIMIT ?"
    starting = (*_range(wanted.key), _MOST_MATCHED)
    known = dict.fromkeys(_names(rows, f"key >= ? AND key < ? {shortest}", *starting))
    ((last,),) = rows.select("SELECT max(id) FROM column_name")
    if (last or 0) <= _MOST_SCANNED:
        pattern = "%".join(["", *map(_literal, wanted.letters), ""])
        found = _names(rows, f"key LIKE ? ESCAPE '!' {shortest}", pattern, _MOST_MATCHED)
    elif len(wanted.key) >= SHORTEST_INSIDE:
        inside = json.dumps(containing(rows, "column_name", wanted.key))
        found = _names(rows, f"id IN (SELECT value FROM json_each(?)) {shortest}", inside, limit)
    else:
        found = []
    return best_columns(wanted, {**known, **dict.fromkeys(found)}, limit=limit)


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


def _literal(letter: str) -> str:
    return f"!{letter}" if letter in "%_!" else letter


def _range(prefix: str) -> tuple[str, str]:
    return prefix, prefix + _LAST


def _names(rows: Rows, condition: str, *values: object) -> list[str]:
    found = rows.select(f"SELECT name FROM column_name WHERE {condition}", *values)
    return [it for (it,) in found]
