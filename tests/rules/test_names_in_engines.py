"""Rules about names, held against the engines: what one accepts, and what it refuses.

``accepted/`` has for each dialect what its engine takes, one document a line; ``refused.tsv`` says
which engines refuse a name in a statement and which take it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg
import pymysql
import pytest

from defog_metadata.catalog import Catalog, Table
from defog_metadata.rules import check
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import TABLES, catalog_for
from tests.support.databases import Server

_HERE = Path(__file__).parent
_SCHEMAS = {"mysql": "nm", "sqlite": "main"}
Ask = Callable[[str], str]
"""What an engine says of a statement: nothing, or why it refuses it."""


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [it for it in lines if it and not it.startswith("#")]


ACCEPTED = [
    (path.stem, line)
    for path in sorted((_HERE / "accepted").glob("*.sql"))
    for line in _lines(path)
]
REFUSED = [line.split("\t") for line in _lines(_HERE / "refused.tsv")]


def _tables(dialect: str) -> Iterator[Table]:
    for it in TABLES:
        if dialect not in _SCHEMAS or it.schema == "public":
            yield it


def _definitions(dialect: str) -> Iterator[str]:
    quote = "`" if dialect == "mysql" else '"'
    for table in _tables(dialect):
        name = table.name
        if table.schema != "public":
            name = f"{table.schema}.{name}"
            yield f"create schema {table.schema}"
        columns = [f"{quote}{it.name}{quote} {_type(it.type, dialect)}" for it in table.columns]
        if table.primary_key:
            columns.append(f"primary key ({', '.join(table.primary_key)})")
        yield f"create table {name} ({', '.join(columns)})"


def _type(shown: str, dialect: str) -> str:
    return "varchar(100)" if (shown, dialect) == ("text", "mysql") else shown


def _catalog(dialect: str) -> Catalog:
    if dialect == "mysql":  # which calls a schema a database
        tables = [Table(it.name, it.columns, "nm") for it in _tables(dialect)]
        return Catalog.of(*tables, dialect=dialect, search_path=("nm",))
    if dialect == "sqlite":
        tables = [Table(it.name, it.columns, "main") for it in _tables(dialect)]
        return Catalog.of(*tables, dialect=dialect, search_path=("main",))
    if dialect == "duckdb":
        tables = [
            Table(it.name, it.columns, "main" if it.schema == "public" else it.schema)
            for it in TABLES
        ]
        return Catalog.of(*tables, dialect=dialect, search_path=("main",))
    return catalog_for(dialect)


def _errors(sql: str, dialect: str) -> list[str]:
    found = check(Snapshot(sql, _catalog(dialect), dialect))
    return [f"{it.code}: {it.message}" for it in found if it.severity == "error"]


@pytest.fixture(scope="module")
def ask_postgres(postgres_server: Server) -> Iterator[Ask]:
    creds = postgres_server.create_database("rules_of_names")
    connection = psycopg.connect(
        host=str(creds["host"]),
        port=postgres_server.port,
        dbname=str(creds["database"]),
        user=postgres_server.user,
        password=postgres_server.password,
    )
    with closing(connection):
        for it in _definitions("postgres"):
            connection.execute(it.encode())
        connection.commit()

        def ask(sql: str) -> str:
            try:
                connection.execute(sql.encode())
            except psycopg.Error as error:
                return str(error)
            finally:
                connection.rollback()
            return ""

        yield ask


@pytest.fixture(scope="module")
def ask_mysql(mariadb_server: Server) -> Iterator[Ask]:
    mariadb_server.create_database("nm")
    connection = pymysql.connect(
        host="127.0.0.1",
        port=mariadb_server.port,
        database="nm",
        user=mariadb_server.user,
        password=mariadb_server.password.encode(),
        charset="utf8mb4",
    )
    with closing(connection), connection.cursor() as cursor:
        for it in _definitions("mysql"):
            cursor.execute(it)

        def ask(sql: str) -> str:
            try:
                cursor.execute(sql)
                cursor.fetchall()
            except pymysql.Error as error:
                return str(error)
            finally:
                connection.rollback()
            return ""

        yield ask


@pytest.fixture(scope="module")
def ask_sqlite() -> Iterator[Ask]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for it in _definitions("sqlite"):
            connection.execute(it)

        def ask(sql: str) -> str:
            try:
                connection.execute(f"explain {sql}")
            except sqlite3.Error as error:
                return str(error)
            return ""

        yield ask


@pytest.fixture(scope="module")
def ask_duckdb() -> Iterator[Ask]:
    with closing(duckdb.connect()) as connection:
        for it in _definitions("duckdb"):
            connection.execute(it)

        def ask(sql: str) -> str:
            try:
                connection.execute(f"explain {sql}")
            except duckdb.Error as error:
                return str(error)
            return ""

        yield ask


@pytest.mark.parametrize(("dialect", "sql"), ACCEPTED)
def test_no_error_on_what_an_engine_accepts(dialect: str, sql: str) -> None:
    if dialect in {"postgres", "mysql", "sqlite", "duckdb"}:
        assert not _errors(sql, dialect)
    else:
        # No engine has been asked, so nobody says more of them than that the names are right.
        found = check(Snapshot(sql, catalog_for(dialect), dialect), {"ungrouped-column": "off"})
        assert not [it.message for it in found if it.severity == "error"]


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "duckdb"])
def test_engines_accept_what_is_said_to_be_accepted(
    dialect: str, request: pytest.FixtureRequest
) -> None:
    ask: Ask = request.getfixturevalue(f"ask_{dialect}")
    said = {it: ask(it.removesuffix(";")) for own, it in ACCEPTED if own == dialect}
    said |= {sql: ask(sql) for _, accepted, sql in REFUSED if dialect in accepted.split()}
    assert {sql: why for sql, why in said.items() if why} == {}


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "duckdb"])
def test_engines_refuse_what_is_said_to_be_refused(
    dialect: str, request: pytest.FixtureRequest
) -> None:
    ask: Ask = request.getfixturevalue(f"ask_{dialect}")
    refused = [sql for by, _, sql in REFUSED if dialect in by.split()]
    assert refused
    assert [it for it in refused if not ask(it)] == []


@pytest.mark.parametrize(("refused", "accepted", "sql"), REFUSED)
def test_errors_where_an_engine_refuses_a_name_and_nowhere_else(
    refused: str, accepted: str, sql: str
) -> None:
    found = {it for it in (refused + " " + accepted).split() if it != "-" and _errors(sql, it)}
    assert found == set(refused.split())
