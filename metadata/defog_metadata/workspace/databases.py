"""What the database of a connection contains now, and what it did when it was last read."""

from typing import TYPE_CHECKING

from defog_metadata.catalog import Table
from defog_metadata.errors import CacheError, ConfigurationError, MetadataError
from defog_metadata.progress import Cancelled, Progress
from defog_metadata.store.cache import MetadataCache
from defog_metadata.workspace.configuration import Connection

if TYPE_CHECKING:
    from defog_metadata.extract import Extraction

__all__ = ["extracted", "extracted_before"]


def extracted(
    connection: Connection,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> "Extraction":
    """What the database of *connection* contains now; the cache is neither asked nor changed.

    Raises ``ConfigurationError`` for missing credentials, ``ExtractionError`` for a database that
    cannot be read.
    """
    from defog_metadata.extract import extract  # noqa: PLC0415 - the drivers are slow to load

    return extract(
        connection.db_type,
        connection.resolved_creds(),
        schema_whitelist=connection.schema_whitelist,
        schema_blacklist=connection.schema_blacklist,
        frequent_values=connection.frequent_values,
        progress=progress,
        cancelled=cancelled,
    )


def extracted_before(cache: MetadataCache, key: str) -> tuple[tuple[Table, ...], float]:
    """What the database of the entry *key* contained when it was last read, and when that was.

    Without what people have written into the entry since. Raises ``ConfigurationError`` where it
    never was read, ``CacheError`` for an entry that cannot be.
    """
    from defog_metadata.catalog.shapes import read_metadata  # noqa: PLC0415 - slow to load
    from defog_metadata.catalog.shapes.own_descriptions import as_extracted  # noqa: PLC0415

    entry = cache.load(key)
    if entry is None:
        raise ConfigurationError("the database was never read: run defog-lsp extract first")
    try:
        return read_metadata(as_extracted(entry.metadata)).tables, entry.timestamp
    except MetadataError as error:
        raise CacheError(f"The cache file {cache.path(key)}: {error}") from error
