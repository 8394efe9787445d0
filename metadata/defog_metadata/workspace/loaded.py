"""The metadata of one connection, as far as they are at hand."""

from dataclasses import dataclass

from defog_metadata.catalog import Catalog
from defog_metadata.store.mirror import MirroredMetadata
from defog_metadata.text import TextFile
from defog_metadata.workspace.configuration import Connection
from defog_metadata.workspace.golden import GoldenQuery
from defog_metadata.workspace.metadata_files import FileProblem

__all__ = ["LoadedMetadata", "read_database"]


@dataclass(frozen=True)
class LoadedMetadata:
    """A catalog and where it comes from."""

    catalog: Catalog
    origin: str
    """For people: which connection, file or cache entry."""
    database: Catalog | None = None
    """What the database itself has, as it was last read; ``None`` where it never was. Partial where
    only some of its schemas are read."""
    timestamp: float | None = None
    """When the database was read (``time.time()``); ``None`` when it never was."""
    is_stale: bool = False
    """Whether a refresh is due: past the time to live, or never read. False without a database."""
    problems: tuple[FileProblem, ...] = ()
    glossaries: tuple[TextFile, ...] = ()
    """What the metadata say themselves, with an empty path, and the glossary files."""
    golden_queries: tuple[GoldenQuery, ...] = ()

    @property
    def glossary(self) -> str:
        """All glossaries together: one statement a line."""
        return "\n".join(it.text for it in self.glossaries if it.text)


def read_database(
    found: MirroredMetadata | None, connection: Connection | None, dialect: str
) -> Catalog | None:
    """The database of *connection* without what lies over it: *found* in the cache, if anything."""
    if found is None or connection is None:
        return None
    is_partial = bool(connection.schema_whitelist or connection.schema_blacklist)
    return Catalog(found.source, dialect, found.search_path, is_partial=is_partial)
