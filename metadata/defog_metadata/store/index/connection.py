"""Connections to the index of a mirror, which never changes: a few for all threads."""

import sqlite3
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

__all__ = ["Rows"]

_MOST = 4
"""So many questions are answered at once; a long one does not make a short one wait."""
_SETTINGS = "PRAGMA cache_size = -512; PRAGMA mmap_size = 0; PRAGMA query_only = on"
"""A connection keeps half a megabyte in memory: the system caches what is read often."""


class Rows:
    """Rows of the index *file*. Thread-safe; raises what SQLite raises."""

    def __init__(self, file: Path) -> None:
        # Nothing changes the file any more, so that SQLite need neither lock nor look again.
        self._location = f"file:{quote(file.absolute().as_posix())}?mode=ro&immutable=1"
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._is_free = threading.Semaphore(_MOST)
        self._is_closed = False
        self._free.append(self._opened())

    def close(self) -> None:
        """Let go of the file; questions that are being answered end first."""
        with self._lock:
            self._is_closed = True
            while self._free:
                self._free.pop().close()

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._is_free:
            connection = self._taken()
            try:
                return connection.execute(query, values).fetchall()
            finally:
                self._put_back(connection)

    def _taken(self) -> sqlite3.Connection:
        with self._lock:
            if self._is_closed:
                raise sqlite3.ProgrammingError("the mirror is closed")
            if self._free:
                return self._free.pop()
        return self._opened()

    def _put_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._is_closed:
                self._free.append(connection)
                return
        connection.close()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._location, uri=True, check_same_thread=False)
        try:
            connection.executescript(_SETTINGS)
        except sqlite3.Error:
            connection.close()
            raise
        return connection
