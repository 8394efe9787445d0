"""Real engines say what type each of many expressions has; ours is the same, or none."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pymysql
import pytest
from pymysql.constants import FIELD_TYPE
from sqlglot import exp

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.sql.functions import functions_of
from defog_metadata.sql.syntax import parse
from defog_metadata.sql.types.sqlite import affinity
from tests.sql.types.outputs import base, outputs
from tests.sql.types.samples import COLUMNS, expressions
from tests.support.databases import Server

Describe = Callable[[str], str]
"""The engine's type of an expression over table ``g``; empty where it refuses."""


def judged(dialect: str, describe: Describe, agrees: Callable[[str, str], bool]) -> float:
    """The share of accepted expressions whose type we know; fails if one of them is wrong."""
    columns = tuple(Column(name, it) for name, it in COLUMNS[dialect].items())
    catalog = Catalog.of(Table("g", columns), dialect=dialect, search_path=())
    wrong: list[str] = []
    count: Counter[str] = Counter()
    for expression in expressions(dialect):
        sql = f"select {expression} as x from g"
        theirs = describe(expression)
        if not theirs or parse(sql, dialect).tree is None:
            continue
        ours = outputs(sql, catalog)[0].type
        count["known" if ours else "unknown"] += 1
        if ours and not agrees(ours, theirs):
            wrong.append(f"{expression}: {theirs}, not {ours}")
    assert not wrong, "\n".join(wrong)
    assert count.total() > 1000
    return count["known"] / count.total()


def test_postgres(postgres_server: Server) -> None:
    postgres_server.create_database("expressions")
    names: dict[int, str] = {}
    with postgres_server.postgres("expressions") as connection:
        listed = ", ".join(f"{name} {it}" for name, it in COLUMNS["postgres"].items())
        connection.execute(f"create table g ({listed})".encode())

        def describe(expression: str) -> str:
            sql = f"select * from (select {expression} as x from g) q limit 0"
            try:
                description = connection.execute(sql.encode()).description
            except psycopg.Error:
                return ""
            assert description is not None
            code = description[0].type_code
            if code not in names:
                row = connection.execute("select format_type(%s, null)", [code]).fetchone()
                assert row is not None
                names[code] = row[0]
            return names[code]

        def agrees(ours: str, theirs: str) -> bool:
            return base(ours, "postgres") == theirs

        assert judged("postgres", describe, agrees) > 0.94


def test_the_named_functions_of_postgres(postgres_server: Server) -> None:
    """What the function library says is a type is what ``pg_proc`` says, for every overload."""
    creds = postgres_server.create_database("functions")
    with psycopg.connect(
        host=str(creds["host"]),
        port=int(str(creds["port"])),
        dbname=str(creds["database"]),
        user=str(creds["user"]),
        password=str(creds["password"]),
    ) as connection:
        rows = connection.execute(
            "select proname, array_agg(distinct format_type(prorettype, null)) from pg_proc"
            " where pronamespace = 'pg_catalog'::regnamespace group by 1"
        ).fetchall()
    theirs = {name: set(types) for name, types in rows}
    catalog = Catalog(dialect="postgres")
    known = 0
    for name in functions_of("postgres").keys() & theirs.keys():
        sql = f"select {name}(g.x) as x from g"
        tree = parse(sql, "postgres").tree
        if tree is not None and isinstance(tree.expressions[0].this, exp.Anonymous):
            shown = outputs(sql, catalog)[0].type
            known += bool(shown)
            assert theirs[name] == {shown} or not shown, name
    assert known > 200


def test_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    with closing(duckdb.connect()) as connection:
        listed = ", ".join(f"{name} {it}" for name, it in COLUMNS["duckdb"].items())
        connection.execute(f"create table g ({listed})")

        def describe(expression: str) -> str:
            try:
                rows = connection.execute(f"describe select {expression} as x from g").fetchall()
            except duckdb.Error:
                return ""
            return str(rows[0][1])

        def agrees(ours: str, theirs: str) -> bool:
            return base(ours, "duckdb") == base(theirs, "duckdb")

        assert judged("duckdb", describe, agrees) > 0.85


_FAMILIES = {
    **dict.fromkeys(
        (FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.LONG, FIELD_TYPE.LONGLONG, FIELD_TYPE.INT24,
         FIELD_TYPE.YEAR),
        "integer",
    ),
    FIELD_TYPE.NEWDECIMAL: "decimal",
    FIELD_TYPE.FLOAT: "double",
    FIELD_TYPE.DOUBLE: "double",
    FIELD_TYPE.DATE: "date",
    FIELD_TYPE.TIME: "time",
    FIELD_TYPE.DATETIME: "datetime",
    FIELD_TYPE.TIMESTAMP: "datetime",
    **dict.fromkeys(
        (FIELD_TYPE.VAR_STRING, FIELD_TYPE.STRING, FIELD_TYPE.BLOB, FIELD_TYPE.MEDIUM_BLOB,
         FIELD_TYPE.LONG_BLOB, FIELD_TYPE.TINY_BLOB, FIELD_TYPE.VARCHAR),
        "string",
    ),
}  # fmt: skip


def mysql_family(shown: str) -> str:
    """What a type of MySQL's is in the protocol, widths aside."""
    name = base(shown, "mysql").removesuffix(" unsigned")
    if name in {"tinyint", "smallint", "mediumint", "int", "bigint", "year"}:
        return "integer"
    return {"float": "double", "timestamp": "datetime"}.get(
        name, name if name in {"decimal", "double", "date", "datetime", "time"} else "string"
    )


def described_by_mariadb(cursor: "pymysql.cursors.Cursor", sql: str) -> list[str]:
    """The family of each output; nothing where MariaDB refuses the query."""
    try:
        cursor.execute(sql)
    except pymysql.Error:
        return []
    cursor.fetchall()
    return [_FAMILIES.get(it[1], "other") for it in cursor.description or ()]


def test_mariadb(mariadb_server: Server) -> None:
    listed = ", ".join(f"{name} {it}" for name, it in COLUMNS["mysql"].items())
    mariadb_server.create_database("expressions", f"create table g ({listed})")
    with (
        closing(mariadb_server.mysql("expressions")) as connection,
        connection.cursor() as cursor,
    ):

        def describe(expression: str) -> str:
            # MariaDB has made JSON a text, and takes some NULLs for a type of their own.
            if "json" in expression or "null" in expression.replace("nullif", ""):
                return ""
            sql = f"select {expression} as x from g limit 0"
            return next(iter(described_by_mariadb(cursor, sql)), "")

        assert judged("mysql", describe, lambda ours, theirs: mysql_family(ours) == theirs) > 0.6


_VALUES = {
    "i": (3, -4), "b": (5, 6), "r": (1.5, 2.0), "f": (2.5, 3.0), "n": (1.25, 3), "nu": (7, 2.5),
    "s": ("abc", "2020-01-01"), "v": ("12", "1.5"), "d": ("2020-01-01", "2021-05-06"),
    "ts": ("2020-01-01 10:00:00", "2020-01-02"), "bo": (0, 1),
}  # fmt: skip


def test_sqlite() -> None:
    """SQLite has types of values alone: those of all rows must fit the type that we show."""
    with closing(sqlite3.connect(":memory:")) as connection:
        listed = ", ".join(f"{name} {it}" for name, it in COLUMNS["sqlite"].items())
        connection.execute(f"create table g ({listed})")
        marks = ", ".join("?" * len(_VALUES))
        for row in zip(*(_VALUES[it] for it in COLUMNS["sqlite"]), strict=True):
            connection.execute(f"insert into g values ({marks})", row)

        def describe(expression: str) -> str:
            sql = f"select distinct typeof(x) from (select {expression} as x from g)"
            try:
                return " ".join(it for (it,) in connection.execute(sql) if it != "null")
            except sqlite3.Error:
                return ""

        assert judged("sqlite", describe, fits_sqlite) > 0.85


def fits_sqlite(ours: str, theirs: str) -> bool:
    return {*theirs.split()} <= {*_storage_classes(ours)}


def _storage_classes(shown: str) -> Iterator[str]:
    found = affinity(shown)
    yield from ("integer", "real") if found == "numeric" else (found,)
    if any(it in shown.lower() for it in ("date", "time")):  # kept as texts, by custom
        yield "text"
