"""The same database in every engine that has a real one here."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.support.databases import Server

__all__ = ["ENGINES", "MakeDatabase", "maker", "sent"]

ENGINES = ("sqlite", "postgres", "mysql")

MakeDatabase = Callable[[str, str], Mapping[str, object]]
"""Makes a database of a name and a script, and tells its credentials."""


def maker(db_type: str, request: pytest.FixtureRequest, tmp_path: Path) -> MakeDatabase:
    if db_type == "sqlite":

        def make(name: str, script: str) -> Mapping[str, object]:
            path = tmp_path / f"{name}.db"
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(script)
            return {"database": str(path)}

        return make
    fixture = {"postgres": "postgres_server", "mysql": "mariadb_server"}[db_type]
    server: Server = request.getfixturevalue(fixture)
    return server.create_database


@contextmanager
def sent() -> Iterator[list[str]]:
    """Every statement that SQLAlchemy sends, whichever engine sends it."""
    statements: list[str] = []

    def remember(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", remember)
