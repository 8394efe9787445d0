"""Trying out metadata and queries; what was made is gone afterwards."""

import pytest

from defog_metadata import Column, ConfigurationError, ForeignKey, Table
from defog_metadata.catalog.shapes import read_metadata
from defog_metadata.execution import scratch_database
from defog_metadata.extract import extract
from tests.ddl.schemas import SCHEMAS, document
from tests.support.databases import Server

GOOD = Table("orders", (Column("id", "integer"), Column("total", "numeric(10,2)")), schema="public")
SEEN = Table("seen", (Column("id", "integer"),), schema="public", kind="view")
TWICE = Table("twice", (Column("a", "text"), Column("A", "text")), schema="public")
ASTRAY = Table(
    "astray",
    (Column("x", "integer"),),
    schema="public",
    foreign_keys=(ForeignKey(("x",), "nowhere", ("id",), "public"),),
)
TABLES = [GOOD, SEEN, TWICE, ASTRAY]
ENGINES = ["sqlite", "postgres", "mysql"]


def creds_of(db_type: str, request: pytest.FixtureRequest) -> dict[str, object] | None:
    if db_type == "sqlite":
        return None
    server: Server = request.getfixturevalue(
        "postgres_server" if db_type == "postgres" else "mariadb_server"
    )
    # The same for all: that nothing of a test is left for the next is what is tested.
    if server.port not in _MADE:
        _MADE.add(server.port)
        server.create_database("scratch")
    return server.credentials("scratch")


_MADE: set[int] = set()


@pytest.mark.parametrize("db_type", ENGINES)
def test_refused_statements_and_queries(db_type: str, request: pytest.FixtureRequest) -> None:
    creds = creds_of(db_type, request)
    refused = {
        "sqlite": ["twice"],  # it looks for the other table when a row comes
        "postgres": ["astray"],  # where "A" is not a
        "mysql": ["twice", "astray"],
    }[db_type]
    with scratch_database(TABLES, db_type, creds, source_dialect="postgres") as scratch:
        assert [it.table.name if it.table else "" for it in scratch.refused] == refused
        assert all(it.reason and it.statement.startswith("CREATE TABLE") for it in scratch.refused)
        assert (
            scratch.explain("select sum(total) from orders join seen on seen.id = orders.id")
            is None
        )
        assert "nope" in (scratch.explain("select nope from orders") or "")
        assert "nowhere" in (scratch.explain("select 1 from nowhere") or "")
        assert "scratch_" not in (scratch.explain("select 1 from nowhere") or "")
    if creds is not None:
        assert extract(db_type, creds).tables == ()


@pytest.mark.parametrize("db_type", ENGINES)
@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_is_refused_of_the_public_schemas(
    name: str, db_type: str, request: pytest.FixtureRequest
) -> None:
    creds = creds_of(db_type, request)
    with scratch_database(document(name), db_type, creds) as scratch:
        assert scratch.refused == ()
        first = read_metadata(document(name)).tables[0]
        if db_type != "mysql" and first.schema == "public":
            assert scratch.explain(f"select * from {first.name}") is None


def test_mysql_leaves_no_database_behind(mariadb_server: Server) -> None:
    with scratch_database(
        document("adventureworks"), "mysql", mariadb_server.credentials("mysql")
    ) as scratch:
        # The database is not called as the real one: it can say nothing.
        assert scratch.explain("select * from production.product") is None
    with mariadb_server.mysql(None) as connection, connection.cursor() as cursor:
        cursor.execute("show databases like 'defog%'")
        assert cursor.fetchall() == ()


def test_other_engines_cannot_be_tried_out() -> None:
    with (
        pytest.raises(ConfigurationError, match="use sqlite, postgres or mysql"),
        scratch_database(TABLES, "duckdb", {"database": "x.db"}),
    ):
        pass
