"""The front door: from credentials to tables, for every engine alike."""

import asyncio
import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import write_seed
from defog_metadata.errors import ExtractionCancelled, ExtractionError
from defog_metadata.extract.credentials import Credentials, read_credentials
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.steps import Steps
from defog_metadata.progress import Cancelled, Progress

__all__ = [
    "ExtractedTables",
    "Extraction",
    "extract",
    "extract_metadata_from_db",
    "extract_metadata_from_db_async",
    "extracting",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a database contains. Tables on ``search_path`` come first, then by schema and name."""

    tables: tuple[Table, ...]
    search_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtractedTables:
    """As ``Extraction``, one table at a time: iterate within the block, and once."""

    tables: Iterator[Table]
    search_path: tuple[str, ...]
    started: float
    """When the first of it was read, as ``time.time()``."""


@contextlib.contextmanager
def extracting(  # noqa: PLR0913 - as extract
    db_type: str,
    db_creds: Mapping[str, object],
    *,
    schema_whitelist: Sequence[str] = (),
    schema_blacklist: Sequence[str] = (),
    frequent_values: bool = True,
    keep_in: Path | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Iterator[ExtractedTables]:
    """``extract`` in constant memory, however many tables there are.

    The connection is closed when the block begins. With the folder *keep_in* (private, for what
    can be made again), an extraction that ends early keeps there what whole queries have found,
    and the next one of the same goes on with those that are missing, if it comes within minutes.

    Raises as ``extract`` does, and from the iterator where it is cancelled.
    """
    credentials = read_credentials(db_type, db_creds)
    schemas = SchemaChoice(tuple(schema_whitelist), tuple(schema_blacklist), frequent_values)
    # SQLAlchemy takes long to import, and whoever has a fresh cache does not need it.
    from defog_metadata.extract.connect import connected  # noqa: PLC0415
    from defog_metadata.extract.kept import kept_spool, temporary_spool  # noqa: PLC0415
    from defog_metadata.extract.readers import reader_of  # noqa: PLC0415
    from defog_metadata.extract.stopping import stoppable  # noqa: PLC0415

    reader = reader_of(credentials.engine)
    asked = _asked(credentials, schemas)
    begun = time.monotonic()
    try:
        with kept_spool(keep_in, asked) if keep_in else temporary_spool() as spool:
            steps = Steps(reader.steps + 1, spool, progress, cancelled)
            steps.begin("connecting")
            with connected(credentials) as connection, stoppable(connection, cancelled):
                found = reader.read(connection, schemas, steps)
            with contextlib.closing(steps.tables()) as gathered:
                tables = map(found.table, gathered)
                yield ExtractedTables(tables, tuple(found.search_path), steps.started)
            steps.finish()
            count = len(spool)
    except ExtractionCancelled:
        logger.info("reading a %s database was cancelled", credentials.engine)
        raise
    except ExtractionError as error:
        logger.warning("a %s database cannot be read: %s", credentials.engine, error)
        raise
    seconds = time.monotonic() - begun
    logger.info("read %d tables of a %s database in %.1f s", count, credentials.engine, seconds)


def _asked(credentials: Credentials, schemas: SchemaChoice) -> str:
    """All that decides what an extraction finds, without secrets."""
    choice = (schemas.whitelist, schemas.blacklist, schemas.frequent_values)
    file: tuple[int, ...] = ()
    with contextlib.suppress(OSError, ValueError):
        # A database in a file may be another one than a minute ago.
        found = Path(os.path.expanduser(credentials.text("database"))).stat()  # noqa: PTH111 - never raises
        file = (found.st_dev, found.st_ino, found.st_mtime_ns)
    return json.dumps([credentials.engine, credentials.public, *choice, file], sort_keys=True)


def extract(  # noqa: PLR0913 - what to read, and how to follow it
    db_type: str,
    db_creds: Mapping[str, object],
    *,
    schema_whitelist: Sequence[str] = (),
    schema_blacklist: Sequence[str] = (),
    frequent_values: bool = True,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Extraction:
    """Read the schema of a database; its rows are never read, and nothing is written.

    Without *schema_whitelist*: PostgreSQL: every schema but the system's; MySQL and MariaDB:
    the database connected to; SQLite: the file. With *frequent_values* the few values that many
    rows share, as PostgreSQL's statistics have them. *cancelled* is asked between queries, between
    batches of their rows, and, in another thread, while a PostgreSQL server works on one.

    Raises ``ConfigurationError`` for credentials or schemas that cannot be, and the subclass of
    ``ExtractionError`` that says why the database cannot be read.
    """
    with extracting(
        db_type,
        db_creds,
        schema_whitelist=schema_whitelist,
        schema_blacklist=schema_blacklist,
        frequent_values=frequent_values,
        progress=progress,
        cancelled=cancelled,
    ) as found:
        return Extraction(tuple(found.tables), found.search_path)


def extract_metadata_from_db(  # noqa: PLR0913 - as extract
    db_type: str,
    db_creds: Mapping[str, object],
    *,
    schema_whitelist: Sequence[str] = (),
    schema_blacklist: Sequence[str] = (),
    frequent_values: bool = True,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> dict[str, Any]:
    """``extract`` in the documented shape: ``{"table_metadata": [{"table_name": …}, …]}``."""
    with extracting(
        db_type,
        db_creds,
        schema_whitelist=schema_whitelist,
        schema_blacklist=schema_blacklist,
        frequent_values=frequent_values,
        progress=progress,
        cancelled=cancelled,
    ) as found:
        return write_seed(found.tables)


async def extract_metadata_from_db_async(  # noqa: PLR0913 - as extract
    db_type: str,
    db_creds: Mapping[str, object],
    *,
    schema_whitelist: Sequence[str] = (),
    schema_blacklist: Sequence[str] = (),
    frequent_values: bool = True,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> dict[str, Any]:
    """``extract_metadata_from_db`` without blocking the event loop.

    *progress* is called on the event loop, *cancelled* in a worker thread. Cancelling the task
    ends it at once; the worker closes its connection before its next query.
    """
    loop = asyncio.get_running_loop()
    stop = threading.Event()

    def tell(done: int, total: int | None, what: str) -> None:
        if progress is not None and not stop.is_set():
            loop.call_soon_threadsafe(progress, done, total, what)

    def is_cancelled() -> bool:
        return stop.is_set() or (cancelled is not None and cancelled())

    try:
        return await asyncio.to_thread(
            partial(
                extract_metadata_from_db,
                db_type,
                db_creds,
                schema_whitelist=schema_whitelist,
                schema_blacklist=schema_blacklist,
                frequent_values=frequent_values,
                progress=tell,
                cancelled=is_cancelled,
            )
        )
    finally:
        # Reached early only when the task is cancelled: the thread cannot be, but it asks.
        stop.set()
