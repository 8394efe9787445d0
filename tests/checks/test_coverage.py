"""Which tables and columns queries cover. A case names the columns, or the table for all of it."""

import pytest

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.checks.coverage import Coverage, Covered, UncoveredColumn, coverage, covered
from tests.fixture import CATALOG, CUSTOMERS, LEADS, ORDER_LINES, ORDERS, catalog_for

ALL = {
    f"{table.name}.{column.name}"
    for table in (CUSTOMERS, ORDERS, ORDER_LINES, LEADS)
    for column in table.columns
}


def coverage_of(*queries: str, dialect: str = "postgres") -> Coverage:
    catalog = catalog_for(dialect)
    found = coverage(queries, catalog, dialect)
    counts = Covered(
        found.tables_covered, found.total_tables, found.columns_covered, found.total_columns
    )
    assert covered(queries, catalog, dialect) == counts, "without reading the tables"
    return found


def check(sql: str, *expected: str, tables: str = "", dialect: str = "postgres") -> None:
    """*expected* are the columns that *sql* covers; *tables* its tables, where those have more."""
    found = coverage_of(sql, dialect=dialect)
    missing = {
        f"{it.table.removeprefix('marketing.')}.{it.column}" for it in found.uncovered_columns
    }
    columns = {
        it
        for name in expected
        for it in ([name] if "." in name else [x for x in ALL if x.startswith(f"{name}.")])
    }
    assert ALL - missing == columns
    of_columns = {it.partition(".")[0] for it in columns}
    names = {it.name for it in (CUSTOMERS, ORDERS, ORDER_LINES, LEADS)}
    not_covered = {it.removeprefix("marketing.") for it in found.uncovered_tables}
    assert names - not_covered == of_columns | set(tables.split())


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select name from customers", ["customers.name"]),
        ('select "Region" from customers', ["customers.Region"]),
        (
            "select c.name from customers c join orders o on o.customer_id = c.id",
            ["customers.name", "customers.id", "orders.customer_id"],
        ),
        (
            "select 1 from orders where total > 1 group by status having max(placed_at) > now() order by min(id)",
            ["orders.total", "orders.status", "orders.placed_at", "orders.id"],
        ),
        ("select total + 1 as t from orders order by t", ["orders.total"]),
        ("select count(distinct o.status) from orders o", ["orders.status"]),
        (
            "select sum(total) over (partition by status order by placed_at) from orders",
            ["orders.total", "orders.status", "orders.placed_at"],
        ),
        (
            "select sum(total) over w from orders window w as (partition by customer_id)",
            ["orders.total", "orders.customer_id"],
        ),
        ("select case when status = 'open' then total end from orders", ["orders.status", "orders.total"]),
        ("select total from orders union select quantity from order_lines", ["orders.total", "order_lines.quantity"]),
        ("select source from marketing.leads", ["leads.source"]),
        # through subqueries and CTEs, at the table
        ("with x as (select id as i, total from orders) select i from x", ["orders.id", "orders.total"]),
        ("select t.n from (select c.name as n from customers c) t", ["customers.name"]),
        (
            "select name from customers c where exists (select 1 from orders o where o.customer_id = c.id)",
            ["customers.name", "customers.id", "orders.customer_id"],
        ),
        (
            "select (select max(total) from orders where customer_id = id_) from (select id as id_ from customers) x",
            ["orders.total", "orders.customer_id", "customers.id"],
        ),
        (
            "select x.name, y.total from customers x, lateral (select total from orders where customer_id = x.id) y",
            ["customers.name", "customers.id", "orders.total", "orders.customer_id"],
        ),
        (
            "with recursive t as (select order_id, line from order_lines union all select order_id, line + 1 from t) select * from t",
            ["order_lines.order_id", "order_lines.line"],
        ),
        ("select x from customers as c(x, y)", ["customers.id"]),
        # stars
        ("select * from orders", ["orders"]),
        ("select o.* from orders o, customers c", ["orders"]),
        ("with x as (select * from orders) select id from x", ["orders"]),
        ("with x as (select id from orders) select * from x", ["orders.id"]),
        ("select * from orders join customers using (id)", ["orders", "customers"]),
        ("select 1 where exists (select * from orders)", ["orders"]),
        ("select row_to_json(o.*) from orders o", ["orders"]),
        ("select json_agg(o) from orders o", ["orders"]),
        ("select (o).* from orders o", ["orders"]),
        ("select max((o).total) from orders o", ["orders.total"]),
        ("table orders", ["orders"]),
        # joins without names
        ("select 1 from orders natural join customers", ["orders.id", "customers.id"]),
        ("select 1 from customers natural join (select id, total from orders) x", ["customers.id", "orders.id", "orders.total"]),
        ("select 1 from orders o join customers c using (id)", ["orders.id", "customers.id"]),
        # other commands
        ("delete from orders where total < 0", ["orders.total"]),
        ("update orders set status = 'paid' where id = 1 returning total", ["orders.status", "orders.id", "orders.total"]),
        ("delete from orders where id = 1 returning *", ["orders"]),
        (
            "update orders o set total = c.id from customers c where c.name = o.status",
            ["orders.total", "customers.id", "customers.name", "orders.status"],
        ),
        ("insert into orders (id, total) select id, 1 from customers", ["orders.id", "orders.total", "customers.id"]),
        ("insert into order_lines values (1, 2, 3)", ["order_lines.order_id", "order_lines.line", "order_lines.product_id"]),
        ("insert into leads_ select * from orders", ["orders"]),
        ("insert into order_lines select * from order_lines", ["order_lines"]),
        (
            "insert into orders (id) values (1) on conflict (id) do update set total = excluded.total",
            ["orders.id", "orders.total"],
        ),
        (
            "merge into orders o using customers c on o.customer_id = c.id when matched then update set status = c.name when not matched then insert (id) values (c.id)",
            ["orders.customer_id", "customers.id", "orders.status", "customers.name", "orders.id"],
        ),
        ("create table new as select total from orders", ["orders.total"]),
        ("explain select total from orders", ["orders.total"]),
        # what cannot be read or means nothing
        ("select nope from orders where total > 1", ["orders.total"]),
        ("select total from nothing", []),
        ("select total from (orders", []),
        ("select id from orders, customers where name = 'x'", ["customers.name"]),
        ("select total from orders where status = '{{ status }}'", ["orders.total", "orders.status"]),
    ],
)  # fmt: skip
def test_columns(sql: str, expected: list[str]) -> None:
    tables = "orders" if sql.startswith("select id from orders, customers") else ""
    check(sql, *expected, tables=tables or ("customers" if "o.* from" in sql else ""))


def test_counting_rows_covers_the_table_alone() -> None:
    check("select count(*) from orders", tables="orders")
    check("select count(o.*) from orders o", tables="orders")
    check("select count_big(*) from orders", tables="orders", dialect="tsql")
    check("select count(*) filter (where total > 1) from orders", "orders.total")


@pytest.mark.parametrize(
    ("sql", "dialect", "expected"),
    [
        ("select * except (order_id, line) from order_lines", "bigquery", ["product_id", "quantity"]),
        ("select * exclude (line, order_id) from order_lines", "duckdb", ["product_id", "quantity"]),
        ("select * replace (line + 1 as order_id) from order_lines", "duckdb", ["line", "product_id", "quantity"]),
        ("select columns(*) from order_lines", "duckdb", ["order_id", "line", "product_id", "quantity"]),
        ("select max(columns(*)) from order_lines", "duckdb", ["order_id", "line", "product_id", "quantity"]),
        ("select `line` from order_lines", "mysql", ["line"]),
        ("select LINE from ORDER_LINES", "sqlite", ["line"]),
        ("select top 1 [line] from order_lines order by quantity", "tsql", ["line", "quantity"]),
        ("replace into order_lines (line) values (1)", "sqlite", ["line"]),
    ],
)  # fmt: skip
def test_dialects(sql: str, dialect: str, expected: list[str]) -> None:
    check(sql, *(f"order_lines.{it}" for it in expected), dialect=dialect)


def test_the_result_has_the_documented_keys() -> None:
    found = coverage_of(
        "select * from orders", "select name from customers", "select 1 from order_lines"
    )
    assert found.as_dict() == {
        "tables_covered": 3,
        "total_tables": 4,
        "columns_covered": 6,
        "total_columns": 15,
        "coverage_percentage": 40.0,
        "uncovered_tables": ["marketing.leads"],
        "uncovered_columns": [
            {"table": "customers", "column": "id"},
            {"table": "customers", "column": "email"},
            {"table": "customers", "column": "Region"},
            {"table": "order_lines", "column": "order_id"},
            {"table": "order_lines", "column": "line"},
            {"table": "order_lines", "column": "product_id"},
            {"table": "order_lines", "column": "quantity"},
            {"table": "marketing.leads", "column": "id"},
            {"table": "marketing.leads", "column": "source"},
        ],
    }
    assert coverage_of().coverage_percentage == 0
    assert coverage(["select 1"], Catalog(), "postgres").coverage_percentage == 0


def test_tables_are_qualified_only_where_the_bare_name_means_another() -> None:
    here, there = (Table("t", (Column("a"),), schema=it) for it in ("public", "other"))
    both = coverage([], Catalog.of(here, there), "postgres")
    assert both.uncovered_tables == ("t", "other.t")
    assert both.uncovered_columns == (UncoveredColumn("t", "a"), UncoveredColumn("other.t", "a"))
    path = Catalog.of(there, here, search_path=("nowhere", "public", "other"))
    assert coverage([], path, "postgres").uncovered_tables == ("other.t", "t")
    anywhere = Catalog.of(there, here, search_path=("nowhere",))
    assert coverage([], anywhere, "postgres").uncovered_tables == ("t", "public.t")
    alone = Catalog.of(there, search_path=("other",))
    assert coverage([], alone, "postgres").uncovered_tables == ("t",)
    nowhere = Table("t", (Column("a"),))
    assert coverage([], Catalog.of(nowhere), "postgres").uncovered_tables == ("t",)
    one = coverage(["select a from other.t"], Catalog.of(here, there), "postgres")
    assert (one.uncovered_tables, one.columns_covered) == (("t",), 1)


def test_the_same_column_counts_once() -> None:
    assert coverage_of("select total from orders", "select total from orders").columns_covered == 1


def test_the_catalog_of_the_fixture_is_what_the_cases_are_about() -> None:
    assert len(ALL) == sum(len(it.columns) for it in CATALOG.source.tables())
