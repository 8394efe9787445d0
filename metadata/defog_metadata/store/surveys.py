"""A first walk over a cache file: what it is, and where its tables begin."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defog_metadata.catalog.shapes.recognition import TABLES, Signs, TablesSigns, signs_of
from defog_metadata.progress import Cancelled, Progress
from defog_metadata.store.cancelling import check_cancelled
from defog_metadata.store.entries import Header, decode, header_of, unusable
from defog_metadata.store.entry_file import EntryFile
from defog_metadata.store.json_stream import WINDOW_BYTES, JsonStream, NotJson, Place
from defog_metadata.store.seen import SeenTexts

__all__ = ["Survey", "survey"]

_REPORTED_BYTES = 1 << 24


@dataclass(frozen=True)
class Survey:
    header: Header
    signs: Signs
    metadata: Place | None
    """Where the object ``metadata`` begins. ``None``: the file must be decoded whole."""
    tables: Place | None = None
    """Where the list or object ``table_metadata`` begins, if there is one."""


def survey(
    file: EntryFile, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Survey:
    """Walk over all of *file*, in memory that does not depend on the number of its tables.

    Raises ``CacheError`` for a file that is no cache file, as ``read_entry`` does,
    ``ExtractionCancelled``, and ``OSError``.
    """
    if json.detect_encoding(file.read(0, WINDOW_BYTES)[:4]) != "utf-8":
        return _of_whole(file)
    try:
        return _Walk(file, _reporting(file, progress, cancelled)).survey()
    except _Unusual:
        return _of_whole(file)
    except NotJson as error:
        raise unusable(file.path, f"is not valid JSON ({error})") from None


class _Unusual(Exception):
    """Nothing that either writer would write, and that only makes sense as a whole."""


class _Walk:
    def __init__(self, file: EntryFile, read: Callable[[int, int], bytes]) -> None:
        self._path: Path = file.path
        self._stream = JsonStream(read)
        self._metadata: Place | None = None
        self._tables: Place | None = None
        self._signs = Signs()
        self._names = SeenTexts()

    def survey(self) -> Survey:
        stream = self._stream
        if stream.peek() != "{":
            raise _Unusual
        document: dict[str, Any] = {}
        for name in stream.members():
            if name in document:
                raise _Unusual
            document[name] = None
            if name == "metadata" and stream.peek() == "{":
                self._metadata = stream.place
                self._walk_metadata()
                document[name] = {}
            elif name in _HEADER:
                document[name] = stream.value()
            else:
                stream.value()
        stream.end()
        self._names.close()
        return Survey(header_of(document, self._path), self._signs, self._metadata, self._tables)

    def _walk_metadata(self) -> None:
        stream = self._stream
        for key in stream.members():
            self._note(f".{key}")
            if key != TABLES or stream.peek() not in ("[", "{"):
                self._signs.member(key, stream.value())
                continue
            self._tables = stream.place
            if stream.peek() == "[":
                signs = TablesSigns("list")
                for _ in stream.elements():
                    signs.element(stream.value())
            else:
                signs = TablesSigns("object")
                for name in stream.members():
                    self._note(f"{TABLES}.{name}")
                    signs.member(name, stream.value())
            self._signs.tables(signs)

    def _note(self, path: str) -> None:
        # Of members of one name the last counts, at the place of the first.
        if not self._names.add(path):
            raise _Unusual


_HEADER = ("metadata", "timestamp", "db_type", "dev")


def _of_whole(file: EntryFile) -> Survey:
    entry = decode(file.read(0, file.fingerprint.size), file.path)
    header = Header(entry.timestamp, entry.db_type, entry.dev)
    return Survey(header, signs_of(entry.metadata), None)


def _reporting(
    file: EntryFile, progress: Progress | None, cancelled: Cancelled | None
) -> Callable[[int, int], bytes]:
    reported = 0

    def read(offset: int, count: int) -> bytes:
        nonlocal reported
        if offset - reported >= _REPORTED_BYTES:
            reported = offset
            check_cancelled(cancelled)
            if progress is not None:
                progress(offset, file.fingerprint.size, "Reading the cache file")
        return file.read(offset, count)

    return read
