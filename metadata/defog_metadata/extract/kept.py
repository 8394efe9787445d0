"""Where the spool of an extraction is, and for how long one that ended early is gone on with."""

import hashlib
import logging
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from defog_metadata.errors import ExtractionError
from defog_metadata.extract.spool import Spool

__all__ = ["kept_spool", "temporary_spool"]

logger = logging.getLogger(__name__)

_SUFFIX = ".spool"
_FORMAT = 2
"""Another number, whenever what the readers keep is another."""

# Long enough for who cancelled by mistake, whose network came back, or whose editor was started
# again (the server itself tries again after five minutes); short enough that who has changed a
# table meanwhile has not forgotten it, and that the parts are hardly less of one moment than those
# of an engine whose catalog has no snapshots.
_GO_ON_SECONDS = 600.0


@contextmanager
def temporary_spool() -> Iterator[Spool]:
    """A spool that is gone afterwards, however this process ends."""
    # SQLite's own temporary file, which has no name.
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as connection:
        yield Spool(connection)


@contextmanager
def kept_spool(folder: Path, asked: str) -> Iterator[Spool]:
    """The spool in *folder* of what was *asked*; deleted, unless the block raises.

    *asked* names the server, the user and all that is to be read. Where the folder cannot be
    used, or another process is asking the same, it is a temporary one. Old ones are deleted.
    """
    _sweep(folder)
    digest = hashlib.sha256(f"{_FORMAT} {asked}".encode()).hexdigest()[:32]
    path = folder / f"{digest}{_SUFFIX}"
    connection = _claimed(path)
    spool = None if connection is None else _opened(path, connection)
    if connection is None or spool is None:
        with temporary_spool() as spool:
            yield spool
        return
    with closing(connection):
        try:
            yield spool
        except BaseException:
            if spool.is_damaged:
                _delete(path, connection)
            raise
        _delete(path, connection)


def _opened(path: Path, connection: sqlite3.Connection) -> Spool | None:
    try:
        return Spool(connection)
    except ExtractionError:  # what a crash of the machine has left
        _delete(path, connection)
        return None


def _claimed(path: Path) -> sqlite3.Connection | None:
    """The database *path*, which is ours alone from now on; ``None`` where it cannot be."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        seen = path.stat()
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        logger.warning("an extraction that ends early will start anew (%s: %s)", path, error)
        return None
    try:
        connection.executescript("pragma locking_mode = exclusive; begin exclusive; commit")
        # Whoever had it before may have deleted it after we had opened it.
        if path.stat().st_ino == seen.st_ino:
            return connection
    except sqlite3.OperationalError:
        pass  # locked
    except sqlite3.DatabaseError:
        _delete(path, connection)  # likewise
    except OSError:
        pass  # deleted
    connection.close()
    return None


def _delete(path: Path, connection: sqlite3.Connection) -> None:
    """Delete *path*, which *connection* has claimed."""
    with suppress(OSError):
        if sys.platform == "win32":  # refuses while it is open
            connection.close()
        path.unlink()
    connection.close()
    with suppress(OSError):
        path.with_name(f"{path.name}-journal").unlink()


def _sweep(folder: Path) -> None:
    """Delete the spools that nobody is to go on with."""
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _GO_ON_SECONDS:
                connection = _claimed(path)
                if connection is not None:
                    _delete(path, connection)
