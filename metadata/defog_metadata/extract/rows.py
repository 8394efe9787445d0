"""The rows of a query, fetched as they are needed."""

from collections.abc import Generator, Mapping
from contextlib import closing
from typing import Any

import pymysql
from sqlalchemy import Connection, Row, TextClause, text

from defog_metadata.extract.steps import ROWS_AT_ONCE

__all__ = ["Rows", "streamed"]

Rows = Generator[Row[Any], None, None]


def streamed(
    connection: Connection, query: str | TextClause, given: Mapping[str, Any] | None = None
) -> Rows:
    """What *query* answers; it is sent when the first row is asked for.

    Through a cursor of the server's, where its driver has such. Who closes it before its end
    must not use *connection* again.
    """
    statement = text(query) if isinstance(query, str) else query
    result = connection.execute(
        statement, given or {}, execution_options={"yield_per": ROWS_AT_ONCE}
    )
    with closing(result):
        try:
            yield from result
        except GeneratorExit:
            _leave_the_rest(connection)
            raise


def _leave_the_rest(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, pymysql.Connection) and driver._result is not None:  # noqa: SLF001
        # There is no public way to keep it from fetching what nobody wants any more.
        driver._result.unbuffered_active = False  # noqa: SLF001
