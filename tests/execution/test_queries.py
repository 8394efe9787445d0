"""What real databases say to queries that are never run."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from defog_metadata.execution import explained
from tests.support.databases import Server

QUERIES = [
    "select a from t where b like '50%s' ;",
    "select nope from t",
    "selec a from t",
    "select 1; drop table t",
    "analyze select 1",
    "with x as (select a from t) select count(*) from x",
    "insert into t (a) values (1)",
]
CREATE = "create table t (a integer, b varchar(9))"


@pytest.mark.parametrize("db_type", ["sqlite", "postgres", "mysql"])
def test_each_query_gets_its_answer(
    db_type: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if db_type == "sqlite":
        creds: dict[str, object] = {"database": str(tmp_path / "t.db")}
        with closing(sqlite3.connect(tmp_path / "t.db")) as connection:
            connection.execute(CREATE)
    else:
        server: Server = request.getfixturevalue(
            "postgres_server" if db_type == "postgres" else "mariadb_server"
        )
        creds = server.create_database("explained", CREATE)
    found = explained(db_type, creds, QUERIES)
    assert [it is None for it in found[:6]] == [True, False, False, False, False, True]
    assert "nope" in (found[1] or "")
    # Nothing was run, whatever the engine says to writing.
    assert explained(db_type, creds, QUERIES[:1]) == [None]
    select = explained(db_type, creds, ["select count(*) from t"])
    assert select == [None]


def test_nothing_gets_out_of_the_transaction(postgres_server: Server) -> None:
    creds = postgres_server.create_database("explained_safely", CREATE)
    escapes = [
        "select 1; commit; drop table t",
        "select 1); drop table t; --",
        "/* */ select 1; rollback; begin; drop table t; commit",
        "(costs off) create table u as select 1",
    ]
    assert None not in explained("postgres", creds, escapes)
    assert explained("postgres", creds, ["select a from t"]) == [None]
    # A plan of CREATE TABLE AS is only a plan.
    explained("postgres", creds, ["create table v as select 1"])
    assert explained("postgres", creds, ["select * from v"]) != [None]
