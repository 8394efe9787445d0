"""The tables of a cache file, one at a time."""

from collections.abc import Iterator
from pathlib import Path

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import TableStream
from defog_metadata.errors import CacheError, MetadataError
from defog_metadata.store.entries import read_entry

__all__ = ["EntryTables"]


class EntryTables:
    """What the cache file *path* holds. Raises ``CacheError`` that names the bad element.

    The one place that decides how much of a file is in memory: its JSON is, its tables are not.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            entry = read_entry(path)
        except FileNotFoundError:
            raise CacheError(f"There is no cache file {path}: refresh the metadata.") from None
        self.db_type = entry.db_type
        self.timestamp = entry.timestamp
        try:
            self._stream = TableStream(entry.metadata)
        except MetadataError as error:
            raise self._unusable(error) from None
        self.glossary = self._stream.glossary

    @property
    def search_path(self) -> tuple[str, ...]:
        """Complete once all tables have been iterated over."""
        return self._stream.search_path

    def __len__(self) -> int:
        return len(self._stream)

    def __iter__(self) -> Iterator[Table]:
        try:
            yield from self._stream
        except MetadataError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: MetadataError) -> CacheError:
        return CacheError(
            f"The metadata in the cache file {self._path} cannot be used: {error}."
            " It is left as it is: repair or delete it, then refresh the metadata."
        )
