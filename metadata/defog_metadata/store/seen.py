"""Which texts have been seen, of any number of them."""

import hashlib
import sqlite3
import weakref

__all__ = ["SeenTexts"]


class SeenTexts:
    """A set that only grows, in constant memory.

    SQLite keeps what is much in a file that nobody else sees, and that is gone with this object.
    """

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._release = weakref.finalize(self, self._rows.close)
        self._rows.executescript(
            "PRAGMA journal_mode = off; PRAGMA synchronous = off;"
            "CREATE TABLE seen (digest BLOB PRIMARY KEY) WITHOUT ROWID; BEGIN"
        )

    def add(self, text: str) -> bool:
        """Whether *text* is new; it is not from now on."""
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        return self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?)", (digest,)).rowcount > 0

    def close(self) -> None:
        self._release()
