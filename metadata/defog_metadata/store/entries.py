"""The cache's file format, shared with the ``defog`` library.

``{"metadata": ..., "timestamp": ..., "db_type": ..., "dev": ...}`` in this order, indented by
two spaces, ASCII only: the library reads and writes in the locale's encoding.
"""

import io
import json
import math
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from defog_metadata.errors import CacheError

__all__ = ["Header", "StoredMetadata", "decode", "read_entry", "read_header", "write_entry"]


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
    return _settled(path, lambda file: decode(file.read(), path))


def read_header(path: Path) -> Header:
    """As ``read_entry``, without the metadata: in constant time where the file is large."""

    def read(file: BinaryIO) -> Header:
        size = file.seek(0, io.SEEK_END)
        if size > _LARGE_BYTES:
            # Both writers put the header behind the metadata, so the end of a file that was
            # written whole is enough. What is in between shows when it is read.
            file.seek(-_TAIL_BYTES, io.SEEK_END)
            if match := _TAIL.search(file.read()):
                return Header(float(match[1]), match[2].decode("ascii"), match[3] == b"true")
        file.seek(0)
        entry = decode(file.read(), path)
        return Header(entry.timestamp, entry.db_type, entry.dev)

    return _settled(path, read)


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
        raise _unusable(path, f"is {what}") from None
    if not isinstance(document, Mapping):
        raise _unusable(path, "is no cache entry: it is not a JSON object")
    metadata, timestamp = document.get("metadata"), document.get("timestamp")
    if not isinstance(metadata, dict):
        raise _unusable(path, 'is no cache entry: it has no object "metadata"')
    if (
        isinstance(timestamp, bool)
        or not isinstance(timestamp, (int, float))
        or not math.isfinite(timestamp)
    ):
        raise _unusable(path, 'is no cache entry: it has no number "timestamp"')
    db_type = document.get("db_type")
    return StoredMetadata(
        metadata,
        float(timestamp),
        db_type if isinstance(db_type, str) else "",
        document.get("dev") is True,
    )


_LARGE_BYTES = 1 << 20
_TAIL_BYTES = 4096
_TAIL = re.compile(
    rb'\},\s*"timestamp":\s*(\d+(?:\.\d+)?(?:[eE]\+?\d+)?),'
    rb'\s*"db_type":\s*"([\x20\x21\x23-\x5b\x5d-\x7e]*)",\s*"dev":\s*(true|false)\s*\}\s*\Z'
)
# The library writes in place. A broken file that nobody has touched for a moment stays broken.
_QUIET_SECONDS = 0.3
_PATIENCE_SECONDS = 10.0
_WAIT_SECONDS = 0.02


def _unusable(path: Path, problem: str) -> CacheError:
    return CacheError(
        f"The cache file {path} {problem}. It is left as it is:"
        " repair or delete it, then refresh the metadata."
    )


def _settled(path: Path, read: Callable[[BinaryIO], T]) -> T:
    """What *read* makes of the file; again, as long as someone is still writing it in place."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with path.open("rb") as file:
                seen = os.fstat(file.fileno())
                try:
                    return read(file)
                except CacheError:
                    if time.time() - seen.st_mtime > _QUIET_SECONDS or time.monotonic() > give_up:
                        raise
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _unusable(path, f"cannot be read ({error.strerror})") from error
        time.sleep(_WAIT_SECONDS)
