"""The same database in every engine that has a real one here."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from defog_metadata.errors import ExtractionCancelled
from defog_metadata.extract import Extraction, extracting
from tests.support.databases import Server

__all__ = ["ENGINES", "Database", "MakeDatabase", "interrupted", "maker", "read", "sent"]

ENGINES = ("sqlite", "postgres", "mysql")

Database = tuple[str, Mapping[str, object]]
"""The kind of a database, and its credentials."""

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


def read(database: Database, folder: Path, **options: Any) -> Extraction:
    """What is in *database*, read so that what is found is kept in *folder*."""
    with extracting(*database, keep_in=folder, **options) as found:
        return Extraction(tuple(found.tables), found.search_path)


def interrupted(database: Database, folder: Path, step: str, **options: Any) -> None:
    """An extraction that is cancelled when *step* begins."""
    told: list[str] = []
    with pytest.raises(ExtractionCancelled):
        read(
            database,
            folder,
            progress=lambda _done, _total, what: told.append(what),
            cancelled=lambda: told[-1:] == [step],
            **options,
        )
    assert told[-1] == step
