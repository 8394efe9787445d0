"""Tables made in real databases: all or none where the engine can, and what is said otherwise."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from defog_metadata import Column, ConfigurationError, ExecutionError, ForeignKey, Table
from defog_metadata.errors import ConnectionFailed, ExtractionError
from defog_metadata.execution import create_tables, run_statements
from defog_metadata.extract import extract
from tests.support.databases import Server

ORDERS = Table(
    "orders",
    (Column("id", "integer"), Column("customer", "integer", description="100 % 'who'")),
    primary_key=("id",),
    foreign_keys=(ForeignKey(("customer",), "customers", ("id",)),),
)
CUSTOMERS = Table(
    "customers", (Column("id", "integer"), Column("name", "text")), primary_key=("id",)
)
BROKEN = Table("zbroken", (Column("a", "text"), Column("a", "text")))


def names(db_type: str, creds: Mapping[str, object]) -> set[str]:
    return {it.name for it in extract(db_type, creds).tables}


@pytest.fixture(params=["sqlite", "postgres", "mysql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, dict[str, object]]:
    """An empty database of each engine."""
    db_type: str = request.param
    if db_type == "sqlite":
        return db_type, {"database": str(tmp_path / "new.db")}
    server: Server = request.getfixturevalue(
        "postgres_server" if db_type == "postgres" else "mariadb_server"
    )
    name = f"made_by_{request.node.originalname}"
    return db_type, server.create_database(name)


def test_tables_come_after_those_they_refer_to(database: tuple[str, dict[str, object]]) -> None:
    db_type, creds = database
    made = create_tables(db_type, creds, [ORDERS, CUSTOMERS])
    assert made.tables == ("customers", "orders")
    assert made.existing == ()
    assert names(db_type, creds) == {"customers", "orders"}
    (orders,) = [it for it in extract(db_type, creds).tables if it.name == "orders"]
    assert orders.columns[1].description == "100 % 'who'"
    assert [it.referred_table for it in orders.foreign_keys] == ["customers"]


def test_what_is_there_stays_as_it_is(database: tuple[str, dict[str, object]]) -> None:
    db_type, creds = database
    run_statements(db_type, creds, ["create table customers (id integer primary key, own integer)"])
    with pytest.raises(
        ExecutionError, match=r"refuses CREATE TABLE customers: .* exists"
    ) as caught:
        create_tables(db_type, creds, [ORDERS, CUSTOMERS])
    assert caught.value.statement.startswith("CREATE TABLE customers")
    assert names(db_type, creds) == {"customers"}
    made = create_tables(db_type, creds, [ORDERS, CUSTOMERS], if_not_exists=True)
    assert (made.tables, made.existing) == (("orders",), ("customers",))
    tables = {it.name: it for it in extract(db_type, creds).tables}
    assert [it.name for it in tables["customers"].columns] == ["id", "own"]
    again = create_tables(db_type, creds, [ORDERS, CUSTOMERS], if_not_exists=True)
    assert (again.tables, again.statements) == ((), ())
    assert set(again.existing) == {"customers", "orders"}


def test_one_that_is_refused(database: tuple[str, dict[str, object]]) -> None:
    db_type, creds = database
    with pytest.raises(ExecutionError) as caught:
        create_tables(db_type, creds, [CUSTOMERS, BROKEN])
    message = str(caught.value)
    assert message.startswith("The database refuses CREATE TABLE zbroken: ")
    assert "duplicate column" in message.lower() or "more than once" in message
    if db_type == "mysql":
        assert names(db_type, creds) == {"customers"}
        assert message.endswith("What was run before it stays: CREATE TABLE customers.")
        assert len(caught.value.done) == 1
    else:
        assert names(db_type, creds) == set()
        assert message.endswith("Nothing was changed.")
        assert caught.value.done == ()


def test_a_choice(database: tuple[str, dict[str, object]]) -> None:
    db_type, creds = database
    assert create_tables(db_type, creds, [ORDERS, CUSTOMERS], table_names=["customers"]).tables == (
        "customers",
    )
    with pytest.raises(ConfigurationError, match="no table 'nope'"):
        create_tables(db_type, creds, [ORDERS, CUSTOMERS], table_names=["nope"])
    with pytest.raises(ConfigurationError, match="no schema 'nope'"):
        create_tables(db_type, creds, [ORDERS, CUSTOMERS], schemas=["nope"])


def test_a_database_that_cannot_be_reached(tmp_path: Path, postgres_server: Server) -> None:
    creds = postgres_server.credentials("not_there")
    with pytest.raises(ConnectionFailed, match='There is no database "not_there"'):
        create_tables("postgres", creds, [CUSTOMERS])
    text = tmp_path / "text.db"
    text.write_text("This is not a database, it is a text of some length.")
    with pytest.raises(ExtractionError, match="is not a SQLite database"):
        create_tables("sqlite", {"database": str(text)}, [CUSTOMERS])
    with pytest.raises(ExtractionError, match="is a folder"):
        create_tables("sqlite", {"database": str(tmp_path)}, [CUSTOMERS])


def test_a_database_that_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("defog_metadata.extract.connect.CONNECT_SECONDS", 0.1)
    path = tmp_path / "locked.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("begin exclusive")
        with pytest.raises(ConnectionFailed, match="is locked by another program"):
            create_tables("sqlite", {"database": str(path)}, [CUSTOMERS])


def test_a_view_is_in_the_way_too(postgres_server: Server) -> None:
    script = (
        "create materialized view orders as select 1 as id; create view customers as select 2 as id"
    )
    creds = postgres_server.create_database("in_the_way", script)
    made = create_tables("postgres", creds, [ORDERS, CUSTOMERS], if_not_exists=True)
    assert (made.tables, set(made.existing)) == ((), {"customers", "orders"})


def test_a_user_who_may_not(postgres_server: Server) -> None:
    creds = postgres_server.create_database("not_mine")
    postgres_server.execute("create role guest login password 'secret'")
    with pytest.raises(ExecutionError, match="permission denied for schema public"):
        create_tables("postgres", {**creds, "user": "guest", "password": "secret"}, [CUSTOMERS])
