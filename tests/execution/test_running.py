"""Statements that are stopped between two of them: what stays is said."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect

from defog_metadata.errors import ExecutionError
from defog_metadata.execution.running import run_all
from defog_metadata.extract.credentials import Credentials, read_credentials
from defog_metadata.progress import Stop, Stopped, stopping, telling

STATEMENTS = [f"CREATE TABLE t{it} (id integer)" for it in range(3)]
MYSQL = read_credentials(
    "mysql", {"host": "h", "port": 1, "user": "u", "password": "p", "database": "d"}
)
SQLITE = read_credentials("sqlite", {"database": "d"})


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as made:
        yield made
    engine.dispose()


@pytest.mark.parametrize("credentials", [SQLITE, MYSQL], ids=["taken back", "committed"])
def test_stopped_between_two(connection: Connection, credentials: Credentials) -> None:
    stop = Stop()
    heard: list[Any] = []

    def tell(*said: Any) -> None:
        heard.append(said)
        if len(heard) == 2:
            stop.set()

    expected = Stopped if credentials is SQLITE else ExecutionError
    with stopping(stop), telling(tell), pytest.raises(expected) as raised:
        run_all(connection, credentials, STATEMENTS)
    assert heard == [(0, 3, "CREATE TABLE t0 (id integer)"), (1, 3, "CREATE TABLE t1 (id integer)")]
    assert inspect(connection).get_table_names() == ["t0"], "until it is rolled back"
    if isinstance(raised.value, ExecutionError):
        assert raised.value.done == (STATEMENTS[0],)
        assert "Stopped before CREATE TABLE t1" in str(raised.value)
        assert str(raised.value).endswith(f"What was run before it stays: {STATEMENTS[0]}.")
