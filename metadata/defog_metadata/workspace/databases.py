"""What the database of a connection contains now, and what it did when it was last read."""

import contextlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from defog_metadata.catalog import Table
from defog_metadata.errors import CacheError, ConfigurationError, MetadataError
from defog_metadata.progress import Cancelled, Progress
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.home import cache_home, private_folder
from defog_metadata.workspace.configuration import Connection

if TYPE_CHECKING:
    from defog_metadata.extract import ExtractedTables

__all__ = ["extracted_before", "extracting", "try_out", "unfinished"]


def extracting(
    connection: Connection,
    *,
    keep_in: Path | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> "AbstractContextManager[ExtractedTables]":
    """What the database of *connection* contains now; the cache is neither asked nor changed.

    With *keep_in* (see ``unfinished``) it goes on with what an extraction that ended early has
    found some minutes ago. Raises ``ConfigurationError`` for missing credentials,
    ``ExtractionError`` for a database that cannot be read.
    """
    from defog_metadata.extract import extracting as from_database  # noqa: PLC0415 - slow to load

    return from_database(
        connection.db_type,
        connection.resolved_creds(),
        schema_whitelist=connection.schema_whitelist,
        schema_blacklist=connection.schema_blacklist,
        frequent_values=connection.frequent_values,
        keep_in=keep_in,
        progress=progress,
        cancelled=cancelled,
    )


def try_out(connection: Connection) -> None:
    """Connect to the database of *connection*, and leave it.

    Raises ``ConfigurationError`` for missing credentials, and the subclass of ``ExtractionError``
    that fits what goes wrong.
    """
    from defog_metadata.extract.connect import connected  # noqa: PLC0415 - slow to load
    from defog_metadata.extract.credentials import read_credentials  # noqa: PLC0415

    with connected(read_credentials(connection.db_type, connection.resolved_creds())):
        pass


def unfinished() -> Path:
    """The folder of what extractions that ended early have found."""
    folder = cache_home() / "extraction"
    with contextlib.suppress(OSError):  # then nothing is kept
        private_folder(folder)
    return folder


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
