"""The mirror: cache files as databases that answer at once, however large they are.

Reading the JSON of a hundred thousand tables takes many seconds; opening their mirror takes
milliseconds. It is in the platform's cache folder, one folder for each cache file, and may be
deleted at any time, also while it is being read: then it is built again.
"""

import hashlib
import logging
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import diskcache

from defog_metadata.catalog import MemoryTables, TableSource
from defog_metadata.errors import CacheError
from defog_metadata.progress import Cancelled, Progress
from defog_metadata.store.entry_tables import EntryTables
from defog_metadata.store.generation import Generation, GenerationGone
from defog_metadata.store.home import cache_home
from defog_metadata.store.mirrored_tables import MirroredTables
from defog_metadata.store.shelf import Shelf

__all__ = ["Mirror", "MirroredMetadata"]

logger = logging.getLogger(__name__)

_UNWRITABLE = (OSError, sqlite3.Error, diskcache.Timeout, GenerationGone)
_FORGOTTEN_SECONDS = 30 * 24 * 3600.0


@dataclass(frozen=True)
class MirroredMetadata:
    """The contents of a cache file; ``source`` reads the tables that it is asked for."""

    source: TableSource
    search_path: tuple[str, ...]
    glossary: str
    db_type: str
    timestamp: float
    """When the database was read, as ``time.time()``."""


class Mirror:
    """The mirrors of cache files. Threads may share it, and processes its folder."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep them in *folder*; by default ``mirror`` in the platform's cache folder."""
        self.folder = cache_home() / "mirror" if folder is None else folder

    def open(self, cache_file: Path) -> MirroredMetadata | None:
        """The mirror of *cache_file*, in constant time.

        ``None`` when there is none of the file's present contents: then ``build`` it.
        """
        shelf = self._shelf(cache_file)
        generation = shelf.opened()
        return None if generation is None else self._metadata(shelf, cache_file, generation)

    def latest(self, cache_file: Path) -> MirroredMetadata | None:
        """What *cache_file* held when its mirror was last built; ``None`` when it never was.

        What there is to serve while ``build`` makes one of the present contents.
        """
        shelf = self._shelf(cache_file)
        generation = shelf.latest()
        return None if generation is None else self._metadata(shelf, cache_file, generation)

    def build(
        self,
        cache_file: Path,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> MirroredMetadata:
        """The mirror of *cache_file*, built where it is missing or out of date.

        Raises ``CacheError`` for a file that cannot be used and ``ExtractionCancelled``. A mirror
        that cannot be written is no error: the tables are then held in memory.
        """
        shelf = self._shelf(cache_file)
        try:
            generation = shelf.built(progress, cancelled)
        except _UNWRITABLE as error:
            return self._in_memory(cache_file, error)
        self._sweep(keep=shelf)
        return self._metadata(shelf, cache_file, generation)

    def _metadata(self, shelf: Shelf, cache_file: Path, generation: Generation) -> MirroredMetadata:
        facts = generation.facts
        source = MirroredTables(
            generation, lambda broken: self._instead_of(broken, shelf, cache_file)
        )
        return MirroredMetadata(
            source, facts.search_path, facts.glossary, facts.db_type, facts.timestamp
        )

    def _instead_of(self, broken: Generation, shelf: Shelf, cache_file: Path) -> TableSource:
        """Another mirror of the same file. Never raises: an editor goes on with what there is."""
        broken.close()
        try:
            return shelf.built(distrusted=broken.folder.name)
        except CacheError as error:
            # Nothing known is better than half: checks are silent where nothing is known.
            logger.warning("The metadata is gone until it is refreshed: %s", error)
            return MemoryTables()
        except _UNWRITABLE as error:
            try:
                return self._in_memory(cache_file, error).source
            except CacheError:
                return MemoryTables()

    def _in_memory(self, cache_file: Path, error: Exception) -> MirroredMetadata:
        logger.warning("No mirror in %s (%s): using memory", self.folder, error)
        entry = EntryTables(cache_file)
        source = MemoryTables(entry)
        return MirroredMetadata(
            source, entry.search_path, entry.glossary, entry.db_type, entry.timestamp
        )

    def _shelf(self, cache_file: Path) -> Shelf:
        real = os.path.realpath(cache_file)
        return Shelf(Path(real), self.folder / hashlib.sha256(os.fsencode(real)).hexdigest()[:16])

    def _sweep(self, *, keep: Shelf) -> None:
        """Delete the mirrors of files that have been gone for long."""
        for folder in self.folder.iterdir():
            shelf = Shelf(Path(), folder)
            if folder != keep.folder and shelf.is_abandoned(_FORGOTTEN_SECONDS):
                shelf.delete()
