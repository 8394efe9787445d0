"""What a database says to queries, without running them."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from defog_metadata.execution.running import execute
from defog_metadata.extract.connect import connected
from defog_metadata.extract.credentials import Credentials, read_credentials
from defog_metadata.extract.failures import is_lost, said

__all__ = ["explain_one", "explained"]

# Each with something that only EXPLAIN itself takes, so that a query that begins with ANALYZE is
# not run but refused.
_EXPLAIN = {"postgres": "EXPLAIN (COSTS OFF) ", "mysql": "EXPLAIN FORMAT=JSON "}


def explained(
    db_type: str, db_creds: Mapping[str, object], queries: Sequence[str]
) -> list[str | None]:
    """For each of *queries*, what the database has against it; ``None`` where nothing.

    The database plans each query, in a transaction that can only read, and runs none. Raises
    ``ConfigurationError`` and ``ExtractionError`` as extraction does.
    """
    credentials = read_credentials(db_type, db_creds)
    with connected(credentials) as connection:
        return [explain_one(connection, credentials, it) for it in queries]


def explain_one(connection: Connection, credentials: Credentials, query: str) -> str | None:
    """What the database has against *query*; the connection's transaction goes on."""
    statement = _EXPLAIN.get(credentials.engine, "EXPLAIN ") + query.strip()
    try:
        if credentials.engine == "postgres":
            with connection.begin_nested():  # an error ends what it is in
                _execute_alone(connection, statement)
        else:
            execute(connection, statement)
    except (SQLAlchemyError, sqlite3.Warning) as error:
        # SQLite warns of a text of several statements, and runs none.
        if isinstance(error, SQLAlchemyError) and is_lost(error):
            raise
        return said(error, credentials) or "the database refuses it"
    return None


def _execute_alone(connection: Connection, statement: str) -> None:
    """Have PostgreSQL run *statement*, if it is only one.

    The server takes a text of several, and runs them one after the other: behind the EXPLAIN, and
    out of the transaction. A cursor that wants binary answers uses the other protocol, in which
    a second statement is an error.
    """
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor(binary=True) as cursor:
            cursor.execute(statement)
    except connection.dialect.loaded_dbapi.Error as error:
        raise OperationalError(
            None, None, error, connection_invalidated=bool(driver.closed)
        ) from error
