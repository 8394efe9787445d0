"""Refactorings change no meaning: published queries answer the same before and after each."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice

import psycopg
import pytest

from benchmarks.corpus import DATA, Query, queries
from defog_lsp.ide.code_actions import CodeAction, Wanted, code_actions
from defog_metadata.catalog import Catalog
from defog_metadata.rules import check
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.source.statements import split
from defog_metadata.text import Span
from tests.sql.types.test_published_queries import _definitions
from tests.support.databases import Server, connected

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data sets are not beside the repository"
)
Answer = Callable[[Query, str], object]
"""What an engine answers to a text; ``None`` where it refuses it."""


def refactored(query: Query) -> Iterator[tuple[CodeAction, str]]:
    """Each refactoring that is offered somewhere in the query, and the text it makes."""
    snapshot = Snapshot(query.sql, query.catalog, query.dialect)
    seen: set[str] = set()
    for offset in _places(query):
        for it in code_actions(snapshot, {}, Wanted(Span(offset, offset), ("refactor",))):
            text = applied(query.sql, it.edits)
            if text not in seen:
                seen.add(text)
                yield it, text


def _places(query: Query) -> Iterator[int]:
    """Each star, each SELECT, and each name that a query in brackets may go by."""
    tokens = [it for it in tokenize(query.sql, query.dialect) if it.kind != "comment"]
    before = [""] * 2
    for it in tokens:
        is_alias = before[-1] in (")", "WITH") or before in ([")", "AS"], [")", ","])
        if it.word in ("SELECT", "*") or (is_alias and it.kind in ("word", "quoted")):
            yield it.start
        before = [before[-1], it.word]


def judged(asked: Iterator[Query], answer: Answer | None) -> Counter[str]:
    """How many of each kind there were; fails if one changes what the engine answers."""
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    for query in asked:
        problems = len(check(Snapshot(query.sql, query.catalog, query.dialect)))
        before = None
        for action, text in refactored(query):
            counts[re.sub(r"\W.*", "", action.title)] += 1
            found = len(check(Snapshot(text, query.catalog, query.dialect)))
            if found > problems or len(split(text, query.dialect)) != len(
                split(query.sql, query.dialect)
            ):
                wrong.append(f"{query.id}: {action.title}: {found} problems in\n{text}")
            if answer is None:
                continue
            before = before or answer(query, query.sql)
            if before is not None and (after := answer(query, text)) != before:
                wrong.append(f"{query.id}: {action.title}: {before}, now {after}\n{text}")
    assert not wrong, f"{len(wrong)} of {counts}\n" + "\n\n".join(wrong[:10])
    return counts


@pytest.mark.parametrize("dialect", ["bigquery", "snowflake", "tsql"])
def test_no_new_findings(dialect: str) -> None:
    counts = judged((it for it in queries("defog") if it.dialect == dialect), None)
    assert min(counts[it] for it in ("Qualify", "Add", "Extract")) > 5, counts


def test_on_postgres(defog_databases: Mapping[str, dict[str, object]]) -> None:
    """With the published rows: what is read must be the same, too."""
    connections = {name: connected(it) for name, it in defog_databases.items()}

    def answer(query: Query, sql: str) -> object:
        try:
            cursor = connections[query.db].execute(sql.encode())
        except psycopg.Error as error:
            return str(error) if sql != query.sql else None
        names = [it.name for it in cursor.description or ()]
        return names, sorted(map(repr, cursor.fetchall()))

    asked = (it for it in queries("defog") if it.dialect == "postgres" and it.is_valid)
    counts = judged(asked, answer)
    for it in connections.values():
        it.close()
    assert min(counts[it] for it in ("Qualify", "Add", "Extract", "Inline")) > 5, counts


@pytest.mark.parametrize("name", ["tpch", "tpcds"])
def test_tpc_on_postgres(name: str, postgres_server: Server) -> None:
    catalog = next(queries(name)).catalog
    creds = postgres_server.create_database(f"refactored_{name}", ";".join(_definitions(catalog)))
    with closing(connected(creds)) as connection:

        def answer(query: Query, sql: str) -> object:
            try:
                cursor = connection.execute(sql.encode())
            except psycopg.Error as error:
                return str(error) if sql != query.sql else None
            return [it.name for it in cursor.description or ()]

        # Some: others are DuckDB's.
        counts = judged(islice((it for it in queries(name) if it.is_valid), 0, None, 5), answer)
    assert min(counts[it] for it in ("Qualify", "Add", "Extract", "Inline")) > 0, counts


@pytest.mark.parametrize("name", ["tpch", "tpcds"])
def test_tpc_on_duckdb(name: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    asked = [
        replace(it, dialect="duckdb", catalog=replace(it.catalog, dialect="duckdb"))
        for it in queries(name)
    ]
    with closing(duckdb.connect()) as connection:
        for definition in _definitions(asked[0].catalog):
            connection.execute(definition)

        def answer(query: Query, sql: str) -> object:
            try:
                rows = connection.execute(f"describe {sql}").fetchall()
            except duckdb.Error as error:
                return str(error) if sql != query.sql else None
            return [(_heading(it[0]), it[1]) for it in rows]

        valid = (it for it in asked if it.is_valid is not False)
        counts = judged(islice(valid, 1, None, 5), answer)
    assert min(counts[it] for it in ("Qualify", "Add", "Extract", "Inline")) > 0, counts


def test_on_mariadb(mariadb_server: Server) -> None:
    pymysql = pytest.importorskip("pymysql")
    made: dict[int, str] = {}
    with closing(mariadb_server.mysql("mysql")) as connection:
        cursor = connection.cursor()

        def answer(query: Query, sql: str) -> object:
            key = id(query.catalog)
            if key not in made:
                made[key] = f"refactored_{len(made)}"
                cursor.execute(f"create database {made[key]}")
                cursor.execute(f"use {made[key]}")
                for definition in _definitions(query.catalog, mysql=True):
                    cursor.execute(definition)
            cursor.execute(f"use {made[key]}")
            try:
                cursor.execute(sql)
            except pymysql.Error as error:
                return str(error) if sql != query.sql else None
            cursor.fetchall()
            return [_heading(it[0]) for it in cursor.description or ()]

        asked = (it for it in queries("defog") if it.dialect == "mysql" and it.is_valid)
        counts = judged(asked, answer)
    assert min(counts[it] for it in ("Qualify", "Add", "Extract", "Inline")) > 5, counts


def test_on_sqlite() -> None:
    databases: dict[int, sqlite3.Connection] = {}

    def answer(query: Query, sql: str) -> object:
        key = id(query.catalog)
        if key not in databases:
            databases[key] = _sqlite(query.catalog)
        try:
            cursor = databases[key].execute(sql)
        except sqlite3.Error as error:
            return str(error) if sql != query.sql else None
        return [_heading(it[0]) for it in cursor.description or ()]

    asked = (it for it in queries("defog") if it.dialect == "sqlite" and it.is_valid)
    counts = judged(asked, answer)
    for it in databases.values():
        it.close()
    assert min(counts[it] for it in ("Qualify", "Add", "Extract", "Inline")) > 5, counts


def _heading(name: str) -> str:
    """A column without a name is called as it is written: without what was before its dots."""
    return name if name.isidentifier() else re.sub(r"[`\"]?\w+[`\"]?\.", "", name)


def _sqlite(catalog: Catalog) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for table in catalog.source.tables():
        columns: Sequence[str] = [f'"{it.name}" {it.type}' for it in table.columns]
        connection.execute(f'create table "{table.name}" ({", ".join(columns)})')
    return connection
