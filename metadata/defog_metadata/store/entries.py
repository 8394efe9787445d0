"""The cache's file format, shared with the ``defog`` library.

``{"metadata": ..., "timestamp": ..., "db_type": ..., "dev": ...}`` in this order, indented by
two spaces, ASCII only: the library reads and writes in the locale's encoding.
"""

import io
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from defog_metadata.errors import CacheError
from defog_metadata.store.fingerprint import fingerprint

__all__ = [
    "Header",
    "StoredMetadata",
    "decode",
    "header_of",
    "read_entry",
    "settled",
    "unusable",
    "write_entry",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredMetadata:
    """The contents of a cache file."""

    metadata: dict[str, Any]
    timestamp: float
    """When the database was read, as ``time.time()``."""
    db_type: str
    dev: bool


@dataclass(frozen=True, slots=True)
class Header:
    """What a cache file says beside the metadata."""

    timestamp: float
    db_type: str
    dev: bool


def read_entry(path: Path) -> StoredMetadata:
    """The contents of the cache file *path*.

    Raises ``CacheError`` for a file that is no cache file, ``FileNotFoundError`` for none at all.
    """
    return settled(path, lambda: decode(path.read_bytes(), path))


def write_entry(file: BinaryIO, entry: StoredMetadata) -> None:
    """Write *entry* to *file*; raises ``CacheError`` for metadata that JSON cannot say."""
    document = {
        "metadata": entry.metadata,
        "timestamp": entry.timestamp,
        "db_type": entry.db_type,
        "dev": entry.dev,
    }
    text = io.TextIOWrapper(file, "ascii", newline="\n")
    try:
        json.dump(document, text, indent=2)
    except (TypeError, ValueError, RecursionError) as error:
        raise CacheError(f"The metadata cannot be written as JSON: {error}") from error
    finally:
        text.flush()
        text.detach()


def decode(data: bytes, path: Path) -> StoredMetadata:
    """The cache entry in *data*; *path* is for the message of the ``CacheError``."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        what = "empty" if not data.strip(b"\0 \t\r\n") else f"not valid JSON ({error})"
        raise unusable(path, f"is {what}") from None
    if not isinstance(document, Mapping):
        raise unusable(path, "is no cache entry: it is not a JSON object")
    header = header_of(document, path)
    metadata: dict[str, Any] = document["metadata"]
    return StoredMetadata(metadata, header.timestamp, header.db_type, header.dev)


def header_of(document: Mapping[str, Any], path: Path) -> Header:
    """What *document* says beside its ``metadata``, of which only the type is looked at."""
    timestamp, db_type = document.get("timestamp"), document.get("db_type")
    if not isinstance(document.get("metadata"), dict):
        raise unusable(path, 'is no cache entry: it has no object "metadata"')
    if (
        isinstance(timestamp, bool)
        or not isinstance(timestamp, (int, float))
        or not math.isfinite(timestamp)
    ):
        raise unusable(path, 'is no cache entry: it has no number "timestamp"')
    return Header(
        float(timestamp),
        db_type if isinstance(db_type, str) else "",
        document.get("dev") is True,
    )


# The library writes in place. A broken file that nobody has touched for a moment stays broken.
_QUIET_SECONDS = 0.3
_PATIENCE_SECONDS = 10.0
_WAIT_SECONDS = 0.02


def unusable(path: Path, problem: str) -> CacheError:
    return CacheError(
        f"The cache file {path} {problem}. It is left as it is:"
        " repair or delete it, then refresh the metadata."
    )


def settled(path: Path, read: Callable[[], T]) -> T:
    """What *read* makes of the file *path*; again, as long as someone still writes it in place."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            seen = fingerprint(path)
            try:
                return read()
            except CacheError:
                now = fingerprint(path)
                is_quiet = now == seen and time.time_ns() - seen.mtime_ns > _QUIET_SECONDS * 1e9
                if is_quiet or time.monotonic() > give_up:
                    raise
        except FileNotFoundError:
            raise
        except OSError as error:
            raise unusable(path, f"cannot be read ({error.strerror})") from error
        time.sleep(_WAIT_SECONDS)
