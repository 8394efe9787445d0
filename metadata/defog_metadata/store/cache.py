"""The metadata cache in ``~/.defog/cache``, shared with the ``defog`` library."""

import contextlib
import hashlib
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from defog_metadata.catalog import Table
from defog_metadata.errors import CacheError, ConfigurationError, MetadataError
from defog_metadata.store.entries import (
    Header,
    StoredMetadata,
    read_entry,
    settled,
    write_entry,
)
from defog_metadata.store.entry_file import EntryFile
from defog_metadata.store.files import FileLock, LockTimeout, prepared, replacing
from defog_metadata.store.headers import read_header
from defog_metadata.store.home import defog_home

__all__ = ["CacheEntry", "CacheStatistics", "MetadataCache"]

logger = logging.getLogger(__name__)

_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """One file of the cache folder, usable or not."""

    key: str
    path: Path
    db_type: str
    dev: bool
    timestamp: float
    """When the database was read; for a file that cannot be read, when it was last changed."""
    size_bytes: int
    problem: str = ""
    """Why the entry cannot be used; empty when it can."""


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    entries: int
    valid: int
    expired: int
    corrupt: int
    """Files that cannot be used, whatever the reason."""
    total_bytes: int
    hits: int
    """Calls of ``get`` on this object that found a valid entry."""
    misses: int


class MetadataCache:
    """Metadata by connection, in files that the ``defog`` library reads and writes too.

    Safe to share between threads, and with other processes. Entries past their time to live stay
    on disk: ``get`` does not answer with them, ``load`` does.
    """

    def __init__(self, ttl_seconds: float = 3600, cache_dir: Path | str | None = None) -> None:
        self.ttl_seconds = ttl_seconds
        self.cache_dir = defog_home() / "cache" if cache_dir is None else Path(cache_dir)
        # Beside the folder: whatever is in it is for the library to list and to clear.
        self._lock = FileLock(self.cache_dir.with_name(f".{self.cache_dir.name}.lock"))
        self._counts_lock = threading.Lock()
        self._hits = self._misses = 0

    def generate_cache_key(
        self,
        *,
        db_type: str,
        db_creds: Mapping[str, object] | None = None,
        api_key: str | None = None,
        dev: bool = False,
    ) -> str:
        """The key of a connection: equal to the library's for equal arguments.

        All fields of *db_creds* count. Raises ``ConfigurationError`` for credentials that JSON
        cannot say, and for a *db_type* that cannot be part of a file's name.
        """
        if not _DB_TYPE.fullmatch(db_type):
            raise ConfigurationError(f'"{db_type}" is not the name of a kind of database.')
        if api_key is not None:
            hashed = _hash(api_key)
        elif db_creds:
            try:
                hashed = _hash(json.dumps(dict(db_creds), sort_keys=True))
            except (TypeError, ValueError) as error:
                raise ConfigurationError(
                    f"The credentials may only contain text, numbers and booleans: {error}"
                ) from None
        else:
            hashed = _NOBODY
        return f"{hashed}_{db_type}_{'dev' if dev else 'prod'}"

    def path(self, key: str) -> Path:
        """Where the entry of *key* is, or would be; raises ``CacheError`` for no possible key."""
        if not _FILE_NAME.fullmatch(key):
            raise CacheError(f'"{key}" is not a cache key: use one of generate_cache_key().')
        return self.cache_dir / f"{key}{_SUFFIX}"

    def set(self, key: str, metadata: Mapping[str, Any], *, timestamp: float | None = None) -> None:
        """Store *metadata* (JSON in any shape) for *key*, read from the database at *timestamp*.

        *timestamp* is now unless given. Descriptions that somebody has written into the entry (see
        ``catalog.shapes.own_descriptions``) are kept where *metadata* has their tables. Raises
        ``CacheError`` when it cannot be stored; what was there before is still there then.
        """
        header = self._new_header(key, timestamp)
        if not isinstance(metadata, Mapping):
            raise CacheError("The metadata to store must be a JSON object.")
        entry = StoredMetadata(dict(metadata), header.timestamp, header.db_type, header.dev)
        with self._changing():
            entry = _with_own_descriptions(entry, self.path(key))
            with replacing(self.path(key)) as file:
                write_entry(file, entry)

    def set_tables(
        self,
        key: str,
        tables: Iterable[Table],
        search_path: Sequence[str] = (),
        *,
        timestamp: float | None = None,
    ) -> None:
        """As ``set``, of *tables* in shape B, one at a time: any number of them in equal memory.

        Those on the *search_path* must come first. Where *tables* raises, and where ``set`` does,
        what was there before is still there. Nobody waits for *tables* but the caller.
        """
        from defog_metadata.store import entry_writing  # noqa: PLC0415 - cattrs
        from defog_metadata.store.entry_tables import EntryTables  # noqa: PLC0415

        header = self._new_header(key, timestamp)
        path = self.path(key)
        with contextlib.ExitStack() as opened:
            with self._explained():
                replacement = opened.enter_context(prepared(path))
            for piece in entry_writing.pieces(tables, search_path, header):
                with self._explained():
                    replacement.file.write(piece)
            with self._changing():
                written = replacement.complete()
                own = entry_writing.kept_descriptions(path)
                if not own:
                    replacement.take_place()
                    return
                with replacing(path) as file:
                    file.writelines(
                        entry_writing.described_pieces(EntryTables(written), own, header)
                    )

    def change(self, key: str, changed: Callable[[dict[str, Any]], object]) -> None:
        """Have *changed* change the metadata of *key* in place; when it was read stays as it is.

        Nobody else writes the entry meanwhile, and where *changed* raises it stays as it was.
        Raises ``CacheError`` where there is no entry, or it cannot be read or written.
        """
        with self._changing():
            entry = self.load(key)
            if entry is None:
                raise CacheError(f"There is no cache file {self.path(key)}: refresh the metadata.")
            changed(entry.metadata)
            with replacing(self.path(key)) as file:
                write_entry(file, entry)

    def get(self, key: str) -> dict[str, Any] | None:
        """The metadata of *key*; ``None`` when there is none, or it is past its time to live.

        Raises ``CacheError`` for a file that cannot be read. It is left as it is.
        """
        entry = self.load(key)
        found = entry is not None and self._is_fresh(entry.timestamp)
        with self._counts_lock:
            self._hits += found
            self._misses += not found
        return entry.metadata if entry is not None and found else None

    def load(self, key: str) -> StoredMetadata | None:
        """The entry of *key* however old it is, ``None`` when there is none.

        Raises ``CacheError`` as ``get`` does.
        """
        path = self.path(key)
        if _belongs_to_nobody(key):
            return None
        try:
            return read_entry(path)
        except FileNotFoundError:
            return None

    def is_valid(self, key: str) -> bool:
        """Whether ``get`` would answer with metadata. It is read, but not held."""
        from defog_metadata.store.surveys import survey  # noqa: PLC0415 - cattrs

        path = self.path(key)
        if _belongs_to_nobody(key):
            return False
        try:
            header = settled(path, lambda: survey(EntryFile(path)).header)
        except (CacheError, FileNotFoundError):
            return False
        return self._is_fresh(header.timestamp)

    def invalidate(self, key: str) -> bool:
        """Delete the entry of *key*, usable or not; whether there was one."""
        path = self.path(key)
        with self._changing():
            return _deleted(path)

    def clear_all(self) -> int:
        """Delete every ``*.json`` directly in the folder; how many there were."""
        with self._changing():
            return sum(map(_deleted, self._files()))

    def entries(self) -> tuple[CacheEntry, ...]:
        """Every ``*.json`` of the folder, newest first, with what is wrong with it if anything."""
        found = [it for it in map(self._entry, self._files()) if it is not None]
        return tuple(sorted(found, key=lambda it: (-it.timestamp, it.key)))

    def statistics(self) -> CacheStatistics:
        entries = self.entries()
        usable = [it for it in entries if not it.problem]
        valid = sum(self._is_fresh(it.timestamp) for it in usable)
        with self._counts_lock:
            hits, misses = self._hits, self._misses
        return CacheStatistics(
            entries=len(entries),
            valid=valid,
            expired=len(usable) - valid,
            corrupt=len(entries) - len(usable),
            total_bytes=sum(it.size_bytes for it in entries),
            hits=hits,
            misses=misses,
        )

    def _is_fresh(self, timestamp: float) -> bool:
        return time.time() - timestamp < self.ttl_seconds

    def _files(self) -> list[Path]:
        return [it for it in self.cache_dir.glob(f"*{_SUFFIX}") if it.is_file()]

    def _entry(self, path: Path) -> CacheEntry | None:
        key = path.name.removesuffix(_SUFFIX)
        parts = _KEY.fullmatch(key)
        db_type = parts["db_type"] if parts else ""
        dev = parts is not None and parts["environment"] == "dev"
        try:
            stat = path.stat()
            header = read_header(path)
        except FileNotFoundError:
            return None  # deleted by another process
        except CacheError as error:
            return CacheEntry(key, path, db_type, dev, stat.st_mtime, stat.st_size, str(error))
        problem = ""
        if parts is None:
            problem = f"The cache file {path} is not named after a connection: nothing asks for it."
        elif _belongs_to_nobody(key):
            problem = (
                f"The cache file {path} was written without credentials: it is not used, since"
                " nothing says which database it describes."
            )
        return CacheEntry(
            key,
            path,
            header.db_type or db_type,
            header.dev,
            header.timestamp,
            stat.st_size,
            problem,
        )

    def _new_header(self, key: str, timestamp: float | None) -> Header:
        parts = _KEY.fullmatch(key)
        if parts is None:
            raise CacheError(f'"{key}" is not a cache key: use one of generate_cache_key().')
        if parts["hash"] == _NOBODY:
            raise CacheError(
                "Metadata without db_creds or an api_key belongs to no database: it could be"
                " served for another one. Give generate_cache_key() the credentials."
            )
        return Header(
            time.time() if timestamp is None else timestamp,
            parts["db_type"],
            parts["environment"] == "dev",
        )

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """One writer at a time; says what to do where the folder cannot be written."""
        try:
            with self._explained(), self._lock.held():
                yield
        except LockTimeout:
            raise CacheError(
                f"Another program has kept the cache {self.cache_dir} locked for a minute."
                " Try again, or end that program."
            ) from None

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Say what to do where the folder cannot be written."""
        try:
            yield
        except OSError as error:
            raise CacheError(
                f"The cache {self.cache_dir} cannot be written ({error.strerror or error})."
                " Make room or allow it, or choose another folder with DEFOG_HOME."
            ) from error


_NOBODY = "no_api_key"
_DB_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]*", re.ASCII)
_FILE_NAME = re.compile(r"\w[\w.+-]*", re.ASCII)
_KEY = re.compile(
    rf"(?P<hash>[0-9a-f]{{16}}|{_NOBODY})_(?P<db_type>{_DB_TYPE.pattern})_(?P<environment>dev|prod)",
    re.ASCII,
)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _belongs_to_nobody(key: str) -> bool:
    return key.startswith(f"{_NOBODY}_")


def _with_own_descriptions(entry: StoredMetadata, path: Path) -> StoredMetadata:
    """*entry*, about to take the place of *path*, with what somebody wrote into that."""
    from defog_metadata.catalog.shapes.own_descriptions import describe  # noqa: PLC0415 - cattrs
    from defog_metadata.store.entry_writing import (  # noqa: PLC0415 - cattrs
        kept_descriptions,
        warn_of_gone,
    )

    kept = kept_descriptions(path)
    if not kept:
        return entry
    try:
        # A copy in which no two places are one object, as in the file.
        metadata = json.loads(json.dumps(entry.metadata))
        gone = describe(metadata, kept)
    except (TypeError, ValueError, RecursionError):
        return entry  # it cannot be written, which is said when it is tried
    except MetadataError as error:
        logger.warning("Descriptions that somebody wrote into it may be lost: %s", error)
        return entry
    warn_of_gone(gone)
    return replace(entry, metadata=metadata)


def _deleted(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
