"""The outputs of published queries have the types that real engines give them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest

from benchmarks.corpus import DATA, Query, queries
from defog_metadata.catalog import Catalog
from tests.sql.types.outputs import base, outputs
from tests.sql.types.test_engines import described_by_mariadb, mysql_family
from tests.support.databases import Server, connected

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data sets are not beside the repository"
)
Describe = Callable[[Query], Sequence[str]]
"""The engine's types of the outputs of a query; none where it refuses the query."""


def judged(asked: Iterator[Query], describe: Describe, like: Callable[[str], str]) -> float:
    """The share of outputs whose type we know; fails if one of them is wrong."""
    wrong: list[str] = []
    known = total = 0
    for query in asked:
        theirs = describe(query)
        if not theirs:
            continue
        ours = outputs(query.sql, query.catalog)
        assert len(ours) == len(theirs), query.id
        total += len(theirs)
        for field, shown in zip(ours, theirs, strict=True):
            known += bool(field.type)
            if field.type and like(field.type) != shown:
                wrong.append(f"{query.id}: {field.name.text} is {shown}, not {field.type}")
    assert not wrong, "\n".join(wrong)
    assert total > 200
    return known / total


def test_defog_on_postgres(defog_databases: Mapping[str, dict[str, object]]) -> None:
    described = _Postgres(defog_databases)
    with closing(described):
        asked = (it for it in queries("defog") if it.dialect == "postgres" and it.is_valid)
        assert judged(asked, described, lambda it: base(it, "postgres")) > 0.99


@pytest.mark.parametrize("name", ["tpch", "tpcds"])
def test_tpc_on_postgres(name: str, postgres_server: Server) -> None:
    catalog = next(queries(name)).catalog
    creds = postgres_server.create_database(f"types_{name}", ";".join(_definitions(catalog)))
    described = _Postgres({name: creds})
    with closing(described):
        asked = (it for it in queries(name) if it.is_valid)
        assert judged(asked, described, lambda it: base(it, "postgres")) > 0.99


@pytest.mark.parametrize("name", ["tpch", "tpcds"])
def test_tpc_on_duckdb(name: str) -> None:
    """The same queries as DuckDB understands them: it calculates otherwise."""
    duckdb = pytest.importorskip("duckdb")
    asked = [replace(it, catalog=replace(it.catalog, dialect="duckdb")) for it in queries(name)]
    with closing(duckdb.connect()) as connection:
        for definition in _definitions(asked[0].catalog):
            connection.execute(definition)

        def describe(query: Query) -> Sequence[str]:
            try:
                rows = connection.execute(f"describe {query.sql}").fetchall()
            except duckdb.Error:
                return ()
            return [base(str(it[1]), "duckdb") for it in rows]

        valid = (it for it in asked if it.is_valid is not False)
        assert judged(valid, describe, lambda it: base(it, "duckdb")) > 0.99


def test_defog_on_mariadb(mariadb_server: Server) -> None:
    asked = [it for it in queries("defog") if it.dialect == "mysql" and it.is_valid]
    made: dict[int, str] = {}
    with closing(mariadb_server.mysql("mysql")) as connection, connection.cursor() as cursor:

        def describe(query: Query) -> Sequence[str]:
            key = id(query.catalog)
            if key not in made:
                made[key] = f"types_{len(made)}"
                cursor.execute(f"create database {made[key]}")
                cursor.execute(f"use {made[key]}")
                for definition in _definitions(query.catalog, mysql=True):
                    cursor.execute(definition)
            cursor.execute(f"use {made[key]}")
            return described_by_mariadb(cursor, query.sql)

        assert judged(iter(asked), describe, mysql_family) > 0.98


class _Postgres:
    """Describes queries without running them, each in the database that has its tables."""

    def __init__(self, databases: Mapping[str, dict[str, object]]) -> None:
        self._connections = {name: connected(it) for name, it in databases.items()}
        self._names: dict[int, str] = {}

    def __call__(self, query: Query) -> Sequence[str]:
        connection = self._connections.get(query.db) or self._connections[query.set]
        sql = query.sql.strip().rstrip(";")
        try:
            description = connection.execute(f"select * from ({sql}) q limit 0".encode())
        except psycopg.Error:  # two outputs of one name, which only a subquery minds
            description = connection.execute(f"{sql}".encode())
        columns = description.description or []
        return [self._name(connection, it.type_code) for it in columns]

    def _name(self, connection: "psycopg.Connection[tuple[str]]", code: int) -> str:
        if code not in self._names:
            row = connection.execute("select format_type(%s, null)", [code]).fetchone()
            assert row is not None
            self._names[code] = row[0]
        return self._names[code]

    def close(self) -> None:
        for it in self._connections.values():
            it.close()


def _definitions(catalog: Catalog, *, mysql: bool = False) -> Iterator[str]:
    for summary in catalog.source.tables():
        table = catalog.source.named(summary.name.casefold())[0]
        quote = "`" if mysql else '"'
        columns = ", ".join(
            f"{quote}{it.name}{quote} {_in_mysql(it.type) if mysql else it.type}"
            for it in table.columns
        )
        yield f"create table {quote}{table.name}{quote} ({columns})"


def _in_mysql(shown: str) -> str:
    """The published schemas have PostgreSQL's types for every engine."""
    shown = re.sub(r"^timestamp.*", "datetime", shown.replace("character varying", "varchar"))
    shown = shown.replace(" without time zone", "").replace("boolean", "tinyint(1)")
    return "varchar(200)" if shown == "varchar" else shown.replace("jsonb", "json")
