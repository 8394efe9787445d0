"""The tables of a cache file, one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import Shape, TableReader, entries_of, table_to_json
from defog_metadata.catalog.shapes.reading import is_lossless
from defog_metadata.catalog.shapes.recognition import is_note
from defog_metadata.errors import CacheError, MetadataError
from defog_metadata.progress import Cancelled, Progress
from defog_metadata.store.cancelling import check_cancelled
from defog_metadata.store.entries import Header, decode, settled, unusable
from defog_metadata.store.entry_file import EntryFile
from defog_metadata.store.json_stream import JsonStream, NotJson, Place
from defog_metadata.store.surveys import Survey, survey

__all__ = ["Checkpoint", "EntryTables", "Outline", "check_tables"]


_BEGINNING = Place()
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the tables of a file have been read."""

    tables: int = 0
    place: Place = _BEGINNING
    search_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a walk over all of a cache file tells: enough to read its tables from anywhere."""

    header: Header
    shape: Shape
    count: int
    glossary: str
    begin: Place | None
    """Of the object or list that holds the tables. ``None``: the file must be decoded whole."""


class EntryTables:
    """What the cache file *path* holds. Raises ``CacheError`` that names the bad element.

    The one place that decides how much of a file is in memory: a window of its text and a table,
    whatever its size. (Of a file that no writer writes, such as one with two members of the same
    name, all of it.) ``EntryChanged`` is raised where it changes meanwhile.
    """

    def __init__(
        self,
        path: Path,
        *,
        outline: Outline | None = None,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> None:
        """Walk over the file once, where its *outline* is not known from before.

        *progress* is told of bytes.
        """
        self._path = path
        try:
            if outline is None:
                self._file, outline = self._surveyed(progress, cancelled)
            else:
                self._file = EntryFile(path)
        except FileNotFoundError:
            raise CacheError(f"There is no cache file {path}: refresh the metadata.") from None
        self.fingerprint = self._file.fingerprint
        self.outline = outline
        self.shape, self.glossary = outline.shape, outline.glossary
        self.db_type, self.timestamp = outline.header.db_type, outline.header.timestamp
        self._reader = TableReader(self.shape)
        self._stream: JsonStream | None = None
        self._read = 0

    @property
    def search_path(self) -> tuple[str, ...]:
        """Complete once all tables have been iterated over."""
        return tuple(self._reader.search_path)

    @property
    def checkpoint(self) -> Checkpoint:
        """Where ``records`` goes on behind the last table it has given."""
        place = _BEGINNING if self._stream is None else self._stream.place
        return Checkpoint(self._read, place, self.search_path)

    def __len__(self) -> int:
        return self.outline.count

    def __iter__(self) -> Iterator[Table]:
        for table, _ in self.records():
            yield table

    def records(self, start: Checkpoint | None = None) -> Iterator[tuple[Table, dict[str, Any]]]:
        """Each table with its JSON as ``table_from_json`` reads it, from *start*."""
        start = start or Checkpoint()
        self._reader = TableReader(self.shape, dict.fromkeys(start.search_path))
        self._read = start.tables
        try:
            for place, value in self._entries(start):
                table = self._reader.table(place, value)
                self._read += 1
                if is_lossless(place, value):
                    yield table, value
                else:
                    yield table, table_to_json(table)
        except MetadataError as error:
            raise self._unusable(error) from None

    def entries(self) -> Iterator[tuple[str | int, Any]]:
        """What the file has for each table, with its key, or index in the seed shape."""
        return self._entries(Checkpoint())

    def _entries(self, start: Checkpoint) -> Iterator[tuple[str | int, Any]]:
        if self.outline.begin is None:
            data = self._file.read(0, self._file.fingerprint.size)
            whole = entries_of(decode(data, self._path).metadata, self.shape)
            return islice(whole, start.tables, None)
        return self._streamed(start)

    def _streamed(self, start: Checkpoint) -> Iterator[tuple[str | int, Any]]:
        is_resumed = start.tables > 0
        stream = JsonStream(self._file.read, start.place if is_resumed else self.outline.begin)
        self._stream = stream
        try:
            if self.shape == "seed":
                for index, _ in enumerate(stream.elements(after=is_resumed), start.tables):
                    yield index, stream.value()
                return
            for key in stream.members(after=is_resumed):
                value = stream.value()
                if self.shape == "published" or not is_note(key, value):
                    yield key, value
        except NotJson as error:
            raise unusable(self._path, f"is not valid JSON ({error})") from None

    def _surveyed(
        self, progress: Progress | None, cancelled: Cancelled | None
    ) -> tuple[EntryFile, Outline]:
        def look() -> tuple[EntryFile, Survey]:
            file = EntryFile(self._path)
            return file, survey(file, progress=progress, cancelled=cancelled)

        file, found = settled(self._path, look)
        signs = found.signs
        try:
            begin = found.tables if signs.are_in_one_member else found.metadata
            return file, Outline(found.header, signs.shape, signs.count, signs.glossary, begin)
        except MetadataError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: MetadataError) -> CacheError:
        return CacheError(
            f"The metadata in the cache file {self._path} cannot be used: {error}."
            " It is left as it is: repair or delete it, then refresh the metadata."
        )


def check_tables(
    path: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> None:
    """Make sure that every table of the cache file *path* can be read.

    Raises ``CacheError`` as ``EntryTables`` does, and ``ExtractionCancelled``.
    """
    source = EntryTables(path, progress=progress, cancelled=cancelled)
    for number, _ in enumerate(source):
        if number % _AT_ONCE == 0:
            check_cancelled(cancelled)
            if progress is not None:
                progress(number, len(source), "Checking the cache file")
