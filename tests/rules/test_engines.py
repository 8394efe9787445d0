"""Real engines judge queries made of many parts; what they accept, our rules find no error in."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing

import psycopg
import pymysql
import pytest

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.rules import check
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.syntax import parse
from tests.rules.meaning_grid import TABLES, counts, groupings, types
from tests.sql.types.samples import COLUMNS
from tests.support.databases import Server

Refusal = Callable[[str], str]
"""What an engine calls the mistake in a statement; empty where it accepts it."""
_CODES = ("ungrouped-column", "type-mismatch", "column-count")


def judged(dialect: str, queries: Iterable[str], refusal: Refusal, kinds: tuple[str, ...]) -> float:
    """The share of what the engine refuses for *kinds* that we find; fails if we are stricter."""
    catalog = _catalog(dialect)
    wrong: list[str] = []
    count: Counter[bool] = Counter()
    for sql in queries:
        if parse(sql, dialect).tree is None:
            continue
        theirs = refusal(sql)
        ours = [it for it in check(Snapshot(sql, catalog, dialect)) if it.code in _CODES]
        if ours and not theirs:
            wrong.append(f"{sql}: {ours[0].code}: {ours[0].message}")
        if theirs.startswith(kinds):
            count[bool(ours)] += 1
    assert not wrong, "\n".join(wrong)
    assert count.total() > 20
    return count[True] / count.total()


def _catalog(dialect: str) -> Catalog:
    made = [Table("g", tuple(Column(name, it) for name, it in COLUMNS[dialect].items()))]
    for name, definitions in TABLES.items():
        columns = [it.split(" ")[:2] for it in definitions if not it.startswith("primary")]
        keys = [it for it in definitions if "primary key" in it]
        key = tuple(it.strip(" )") for it in keys[0].partition("(")[2].split(",")) if keys else ()
        key = ("id",) if keys and key in ((), ("",)) else key
        made.append(
            Table(
                name,
                tuple(Column(it, shown, nullable=it not in key) for it, shown in columns),
                primary_key=key,
                row_estimate=1,
            )
        )
    return Catalog.of(*made, dialect=dialect, search_path=())


def _definitions(dialect: str) -> list[str]:
    listed = ", ".join(f"{name} {it}" for name, it in COLUMNS[dialect].items())
    made = [f"create table {name} ({', '.join(it)})" for name, it in TABLES.items()]
    return [f"create table g ({listed})", *made]


def test_postgres(postgres_server: Server) -> None:
    postgres_server.create_database("meaning", ";".join(_definitions("postgres")))
    with postgres_server.postgres("meaning") as connection:

        def refusal(sql: str) -> str:
            try:
                if sql.startswith("create"):
                    connection.execute(f"begin; {sql}; rollback".encode())
                else:
                    connection.execute(f"explain {sql}".encode())
            except psycopg.Error as error:
                if sql.startswith("create"):
                    connection.execute("rollback")
                return error.sqlstate or "?"
            return ""

        assert judged("postgres", groupings(), refusal, ("42803", "42P20")) > 0.97
        assert judged("postgres", counts(), refusal, ("42601", "42P10", "42P16")) > 0.97
        found = judged(
            "postgres", types("postgres"), refusal, ("42883", "42804", "22P02", "22007", "22008")
        )
        assert found > 0.7


def test_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    with closing(duckdb.connect()) as connection:
        for it in _definitions("duckdb"):
            connection.execute(it)

        def refusal(sql: str) -> str:
            try:
                if sql.startswith("create"):
                    connection.execute(f"begin; {sql}; rollback")
                else:
                    connection.execute(f"explain {sql}")
            except duckdb.Error as error:
                if sql.startswith("create"):
                    connection.execute("rollback")
                return f"{type(error).__name__}: {error}"
            return ""

        kinds = ("BinderException",)
        assert judged("duckdb", groupings(), refusal, kinds) > 0.9
        assert judged("duckdb", counts(), refusal, kinds) > 0.9
        assert judged("duckdb", types("duckdb"), refusal, kinds) > 0.4


def test_mariadb(mariadb_server: Server) -> None:
    mariadb_server.create_database("meaning", ";".join(_definitions("mysql")))
    with (
        closing(mariadb_server.mysql("meaning")) as connection,
        connection.cursor() as cursor,
    ):

        def refusal(sql: str) -> str:
            try:
                if sql.startswith("create"):
                    cursor.execute(sql)
                    cursor.execute("drop view w")
                else:
                    cursor.execute(f"explain {sql}")
            except pymysql.Error as error:
                return str(error.args[0])
            cursor.fetchall()
            return ""

        # Invalid use of group function, can't group on, wrong place of a window function.
        assert judged("mysql", groupings(), refusal, ("1111", "1056", "4015", "4016")) > 0.9
        # Column counts of rows, sides, lists of names and operands.
        assert judged("mysql", counts(), refusal, ("1136", "1222", "1353", "4002", "1241")) > 0.9


def test_sqlite() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for it in _definitions("sqlite"):
            connection.execute(it)

        def refusal(sql: str) -> str:
            try:
                connection.execute(f"explain {sql}").fetchall()
            except sqlite3.Error as error:
                return str(error)
            return ""

        assert judged("sqlite", groupings(), refusal, ("misuse of", "aggregate functions")) > 0.9
        texts = ("SELECTs", "table", "all VALUES", "sub-select", "expected", "row value")
        assert judged("sqlite", counts(), refusal, texts) > 0.8
