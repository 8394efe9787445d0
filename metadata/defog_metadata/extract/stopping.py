"""A query that runs for long is ended when it is no longer wanted, where a driver has a way."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from defog_metadata.errors import ExtractionCancelled
from defog_metadata.extract.steps import CANCELLED
from defog_metadata.progress import Cancelled

__all__ = ["stoppable"]

_EVERY_SECONDS = 0.25
_EVERY_INSTRUCTIONS = 1_000_000
"""Of SQLite's machine: some hundredths of a second."""
_PATIENCE_SECONDS = 5.0


@contextmanager
def stoppable(connection: Connection, cancelled: Cancelled | None) -> Iterator[None]:
    """Queries of the block end soon after *cancelled* answers yes: in PostgreSQL and SQLite.

    Elsewhere it is only asked between queries and batches of rows. Raises ``ExtractionCancelled``.
    """
    driver = connection.connection.driver_connection
    if cancelled is None:
        yield
    elif isinstance(driver, psycopg.Connection):
        with _watched(driver, cancelled):
            yield
    elif isinstance(driver, sqlite3.Connection):
        driver.set_progress_handler(cancelled, _EVERY_INSTRUCTIONS)
        with _translated(cancelled):
            yield
    else:
        yield


@contextmanager
def _watched(
    driver: "psycopg.Connection[tuple[object, ...]]", cancelled: Cancelled
) -> Iterator[None]:
    ended, stopped = threading.Event(), threading.Event()

    def watch() -> None:
        while not ended.wait(_EVERY_SECONDS):
            if cancelled():
                stopped.set()
                driver.cancel_safe(timeout=_PATIENCE_SECONDS)
                return

    watcher = threading.Thread(target=watch, name="stops a query", daemon=True)
    watcher.start()
    try:
        with _translated(stopped.is_set):
            yield
    finally:
        ended.set()
        watcher.join()


@contextmanager
def _translated(cancelled: Cancelled) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        if cancelled():
            raise ExtractionCancelled(CANCELLED) from error
        raise
