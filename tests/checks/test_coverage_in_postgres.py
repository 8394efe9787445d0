"""What queries cover, held against what PostgreSQL notes that each depends on as a view."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from defog_metadata.catalog import Catalog, MemoryTables
from defog_metadata.checks.coverage import coverage
from defog_metadata.extract import extract
from defog_metadata.sql.facts.touched import touched
from defog_metadata.sql.snapshot import Snapshot
from tests.support.databases import PUBLISHED, Server, connected
from tests.support.tools import REPOSITORY

Connection = psycopg.Connection[tuple[Any, ...]]

# Every published query that PostgreSQL takes can be a view.
QUERIES = {"defog": 419, "tpch": 64, "tpcds": 285}

SHOP = """
create table customers (id int primary key, name text, region text);
create table orders (id int, customer_id int, total numeric, status text, placed timestamp);
create view big as select id, total from orders where total > 100;
create schema other;
create table other.customers (id int, note text);
"""
# Ours and PostgreSQL's are the same.
SAME = """
select * from customers
select c.* from customers c, orders o
select count(*) from orders
select count(o.*) from orders o
select 1 from orders
select * from big
select big.total from big where id > 1
select * from orders join customers using (id)
select id, name from orders right join customers using (id)
select id from orders full join customers using (id)
select 1 from orders natural join customers
select id from orders natural join (select id, name from customers) x
select * from customers natural join orders
select total from (orders natural join customers) where name > ''
select x.a from (orders o join customers c on c.id = o.customer_id) as x(a, b)
select x.n from (select name as n, region from customers) x
with x as (select * from orders) select id from x
with x as (select id, total from orders), y as (select id from x) select 1 from y
with unused as (select name from customers) select 1
with recursive t(a) as (select id from orders union all select a + 1 from t) select a from t
select name from customers c where exists (select from orders o where o.customer_id = c.id)
select name from customers where id in (select customer_id from orders)
select (select max(total) from orders where customer_id = c.id) from customers c
select name, o.total from customers c, lateral (select total from orders where customer_id = c.id) o
select total as t from orders order by t, placed
select status, sum(total) from orders group by 1 having min(placed) > now()
select distinct on (status) id from orders order by status, placed
select sum(total) over (partition by status order by placed) from orders
select sum(total) over w from orders window w as (partition by customer_id)
select count(*) filter (where total > 1) from orders
select percentile_cont(0.5) within group (order by total) from orders
select status from orders group by grouping sets ((status), (status, placed))
select extract(year from placed) from orders
select substring(name from 2 for 3), position('a' in region) from customers
select overlay(name placing 'x' from id) from customers
select (name, region) = ('a', 'b') from customers
select array(select name from customers)
select array_agg(name order by region) from customers
select id from orders union select id from customers order by id
select * from customers except select * from customers where id = 1
select x.id from customers x, other.customers y where y.note = 'a'
select other.customers.id from other.customers
select id::text || name from customers
select case status when 'a' then total else id end from orders
select total between id and customer_id from orders
select placed at time zone region from orders, customers
select interval '1 day' * total from orders
select coalesce(name, region), nullif(id, 1), greatest(id, 2) from customers
select g from customers, generate_series(1, id) g
select u from customers, unnest(array[name, region]) u
select total from orders tablesample system (50)
select (o).total from orders o
select (o).* from orders o
select id from only orders
select id from orders limit (select max(id) from customers) offset 1
select id from orders order by total nulls last, status collate "C"
select v.a from (values (1), (2)) v(a) join orders on orders.id = v.a
table customers
""".strip().splitlines()  # fmt: skip
# A whole row is no column for PostgreSQL. Who reads it reads its columns.
ROWS = {
    "select c from customers c": "customers",
    "select row_to_json(c) from customers c": "customers",
    "select json_agg(o) from orders o where total > 1": "orders",
    "select count(o) from orders o, customers": "orders",
}


@dataclass(frozen=True, slots=True)
class Uses:
    tables: frozenset[str]
    columns: frozenset[tuple[str, str]]


def of_view(sql: str, connection: Connection) -> Uses:
    """What PostgreSQL has noted of the view that *sql* defines."""
    with connection.transaction(force_rollback=True):
        connection.pgconn.prepare(b"", sql.encode())
        width = connection.pgconn.describe_prepared(b"").nfields
        # A view's columns have names of their own, a query's may share one.
        names = ", ".join(f"c{index}" for index in range(width))
        connection.execute(f"create temporary view v ({names}) as {sql}".encode())
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.view_table_usage"
            " where view_name = 'v'"
        ).fetchall()
        columns = connection.execute(
            "select table_schema || '.' || table_name, column_name"
            " from information_schema.view_column_usage where view_name = 'v'"
        ).fetchall()
    return Uses(frozenset(it for (it,) in tables), frozenset((a, b) for a, b in columns))


def of_analysis(sql: str, catalog: Catalog) -> Uses:
    found = [touched(it, catalog.naming) for it in Snapshot(sql, catalog, "postgres").analyses]
    return Uses(
        frozenset(name for it in found for name in it.tables),
        frozenset(column for it in found for column in it.columns),
    )


def catalog_of(creds: Mapping[str, object]) -> Catalog:
    extraction = extract("postgres", creds)
    return Catalog(MemoryTables(extraction.tables), "postgres", extraction.search_path)


def queries_of(path: Path) -> Iterator[tuple[str, str]]:
    """Database and SQL of every query that PostgreSQL has found valid."""
    if not path.exists():
        pytest.skip("the public data sets are not beside the repository")
    for line in path.read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        if query["dialect"] == "postgres" and query.get("engine", {}).get("valid"):
            yield query["db"], query["sql"].strip().removesuffix(";")


def test_the_golden_queries_of_the_published_databases(
    defog_databases: Mapping[str, dict[str, object]],
) -> None:
    checked: Counter[str] = Counter()
    catalogs = {database: catalog_of(creds) for database, creds in defog_databases.items()}
    for database, sql in queries_of(PUBLISHED / "queries.jsonl"):
        with closing(connected(defog_databases[database])) as connection:
            assert of_analysis(sql, catalogs[database]) == of_view(sql, connection), sql
        checked[database] += 1
    assert checked.total() == QUERIES["defog"]
    assert documented_coverage() == {
        database: coverage_of(database, catalog) for database, catalog in catalogs.items()
    }


def coverage_of(database: str, catalog: Catalog) -> tuple[str, ...]:
    """A line of the table in the documentation."""
    queries = [sql for db, sql in queries_of(PUBLISHED / "queries.jsonl") if db == database]
    found = coverage(queries, catalog, "postgres")
    return (
        str(len(queries)),
        f"{found.tables_covered} of {found.total_tables}",
        f"{found.columns_covered} of {found.total_columns}",
        f"{found.coverage_percentage:.2f} %",
    )


def documented_coverage() -> dict[str, tuple[str, ...]]:
    text = (REPOSITORY / "docs" / "golden_queries.md").read_text(encoding="utf-8")
    _, _, table = text.partition("| database | queries |")
    found = {}
    for line in table.splitlines()[2:]:
        if not line.startswith("|"):
            break
        database, *cells = (it.strip() for it in line.strip("|").split("|"))
        found[database] = tuple(cells)
    return found


@pytest.mark.parametrize("name", ["tpch", "tpcds"])
def test_the_queries_of_benchmarks(name: str, postgres_server: Server) -> None:
    folder = PUBLISHED.parent / name
    queries = [sql for _, sql in queries_of(folder / "queries.jsonl")]
    assert len(queries) == QUERIES[name]
    schema = json.loads((folder / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    creds = postgres_server.create_database(f"covered_{name}", tables_of(schema))
    catalog = catalog_of(creds)
    with closing(connected(creds)) as connection:
        for sql in queries:
            assert of_analysis(sql, catalog) == of_view(sql, connection), sql


def tables_of(schema: Mapping[str, Any]) -> str:
    return ";".join(
        f"create table {table['table_name']} ("
        + ", ".join(f"{it['column_name']} {it['data_type']}" for it in table["column_metadata"])
        + ")"
        for table in schema["table_metadata"]
    )


def test_every_construct_that_names_columns(postgres_server: Server) -> None:
    creds = postgres_server.create_database("covered_shop", SHOP)
    catalog = catalog_of(creds)
    columns = [(it.qualified_name, x.name) for it in catalog.source.tables() for x in it.columns]
    with closing(connected(creds)) as connection:
        for sql in SAME:
            assert of_analysis(sql, catalog) == of_view(sql, connection), sql
        for sql, table in ROWS.items():
            ours, theirs = of_analysis(sql, catalog), of_view(sql, connection)
            assert ours.tables == theirs.tables, sql
            every = frozenset(it for it in columns if it[0] == f"public.{table}")
            assert ours.columns == theirs.columns | every, sql
