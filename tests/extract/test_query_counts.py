"""A catalog of 300 tables costs as many statements as one of 3."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from defog_metadata.extract import extract
from tests.support.databases import Server

MakeDatabase = Callable[[str, str], Mapping[str, object]]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that SQLAlchemy sends, whichever engine sends it."""
    statements: list[str] = []

    def remember(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


def schema(db_type: str, tables: int) -> str:
    """*tables* tables with keys and an index, as many views, and labels where there are any."""
    labels = {
        "postgres": "label{0}",
        "mysql": "enum('a', 'b')",
        "sqlite": "text check (kind in ('a', 'b'))",
    }
    enumeration = "create type label{0} as enum ('a', 'b');" if db_type == "postgres" else ""
    script = (
        f"{enumeration}"
        f"create table t{{0}} (id int primary key, code int not null unique, kind {labels[db_type]},"
        " other int, foreign key (other) references t{1} (id));"
        "create index i{0} on t{0} (kind, other);"
        "create view v{0} as select id, kind from t{0};"
    )
    return "".join(script.format(it, max(it - 1, 0)) for it in range(tables))


@pytest.fixture(params=["sqlite", "postgres", "mysql"])
def db_type(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make_database(db_type: str, request: pytest.FixtureRequest, tmp_path: Path) -> MakeDatabase:
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


def test_the_number_of_statements_does_not_depend_on_the_number_of_tables(
    db_type: str, make_database: MakeDatabase
) -> None:
    sent = {}
    for tables in (3, 300):
        creds = make_database(f"counted_{tables}", schema(db_type, tables))
        with counted() as statements:
            found = extract(db_type, creds)
        assert len(found.tables) == 2 * tables
        assert sum(len(it.foreign_keys) for it in found.tables) == tables
        assert sum(len(it.unique_keys) for it in found.tables) == tables
        assert {it.columns[1].enum_values for it in found.tables if it.kind == "view"} <= {
            (),
            ("a", "b"),
        }
        assert (
            sum(
                it.kind == "table" and it.columns[2].enum_values == ("a", "b")
                for it in found.tables
            )
            == tables
        )
        sent[tables] = statements
    assert sent[3] == sent[300]
    assert len(sent[3]) <= 8, sent[3]
