"""What queries cover, held against the columns that SQLite asks leave to read."""

import sqlite3
from collections import defaultdict
from contextlib import closing

import pytest

from benchmarks.corpus import DATA, queries
from defog_metadata.catalog import Catalog, MemoryTables
from defog_metadata.sql.facts.touched import touched
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import CUSTOMERS, ORDER_LINES, ORDERS

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data sets are not beside the repository"
)

QUERIES = 314

Columns = set[tuple[str, str]]


_ACTIONS = (
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_UPDATE,
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_DELETE,
)


def database_of(catalog: Catalog) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for table in catalog.source.tables():
        columns = ", ".join(f'"{it.name}" {it.type}' for it in table.columns)
        connection.execute(f'create table "{table.name}" ({columns})')
    return connection


def asked_of(sql: str, connection: sqlite3.Connection) -> tuple[set[str], Columns]:
    """The tables and columns that SQLite reads or writes for *sql*, in lower case."""
    names = {it for (it,) in connection.execute("select lower(name) from sqlite_schema")}
    tables: set[str] = set()
    columns: Columns = set()

    def authorize(action: int, table: str | None, column: str | None, *_: object) -> int:
        # It asks for CTEs too, where only their rows count.
        if action in _ACTIONS and table and table.lower() in names:
            tables.add(table.lower())
            if column:
                columns.add((table.lower(), column.lower()))
        return sqlite3.SQLITE_OK

    connection.set_authorizer(authorize)
    try:
        connection.execute(f"explain {sql}").fetchall()
    finally:
        connection.set_authorizer(None)
    return tables, columns


def covered_by(sql: str, catalog: Catalog) -> tuple[set[str], Columns]:
    found = [touched(it, catalog.naming) for it in Snapshot(sql, catalog, "sqlite").analyses]
    return (
        {table.name.lower() for it in found for table in it.tables.values()},
        {(t.rpartition(".")[2].lower(), c.lower()) for it in found for t, c in it.columns},
    )


def test_published() -> None:
    grouped = defaultdict(list)
    for query in queries("defog"):
        if query.dialect == "sqlite" and query.is_valid:
            grouped[query.catalog].append(query.sql)
    assert sum(map(len, grouped.values())) == QUERIES
    for catalog, found in grouped.items():
        with closing(database_of(catalog)) as connection:
            for sql in found:
                assert covered_by(sql, catalog) == asked_of(sql, connection), sql


# Nobody is asked about the columns that USING and NATURAL compare, or that INSERT fills.
@pytest.mark.parametrize(
    "sql",
    [
        "select 1 from orders natural left join order_lines",
        "select * from orders",
        "select count(*) from orders",
        "select c.* from customers c, orders",
        "select total from orders where customer_id in (select id from customers)",
        "with x as (select id, total from orders) select id from x",
        "select rank() over (partition by status order by placed_at) from orders",
        "select x.a from (select total a, status b from orders) x order by b",
        "select total as t from orders group by t having max(id) > 1",
        "update orders set total = total + 1 where status = 'open' returning placed_at",
        "delete from orders where id in (select order_id from order_lines)",
    ],
)
def test_constructs(sql: str) -> None:
    catalog = Catalog(MemoryTables((CUSTOMERS, ORDERS, ORDER_LINES)), "sqlite", ("main",))
    with closing(database_of(catalog)) as connection:
        assert covered_by(sql, catalog) == asked_of(sql, connection)
