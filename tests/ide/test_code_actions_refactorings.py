"""The refactorings: where each is offered, and the text that it makes."""

import pytest

from tests.ide.actions import offered, result

QUALIFY = "Qualify all names in this statement"
ALIASES = "Add aliases to the tables of this FROM"
Case = tuple[str, str] | tuple[str, str, str]


def check(title: str, sql: str, expected: str, dialect: str = "postgres") -> None:
    assert result(sql, title, dialect) == expected


@pytest.mark.parametrize(
    "case",
    [
        (
            "select $0name, total from customers c join orders on customer_id = c.id",
            "select c.name, orders.total from customers c join orders on orders.customer_id = c.id",
        ),
        # Comments and everything else stay.
        ("select $0name -- who\n,1 from customers", "select customers.name -- who\n,1 from customers"),
        # Each name goes to its own query's relation, or to an outer one's.
        (
            "select name$0 from customers where exists (select 1 from order_lines where line = id)",
            "select customers.name from customers where exists (select 1 from order_lines where order_lines.line = customers.id)",
        ),
        # Names that the select list gives stay as they are, and so do joined columns.
        (
            "select total as sum$0, status from orders group by sum, status order by sum",
            "select orders.total as sum, orders.status from orders group by sum, orders.status order by sum",
        ),
        (
            "select id$0, total from orders join customers using (id)",
            "select id, orders.total from orders join customers using (id)",
        ),
        # What a command writes to is never qualified.
        (
            "update orders set total = total + 1 where id = 1$0",
            "update orders set total = orders.total + 1 where orders.id = 1",
        ),
        (
            "insert into orders (id) select id from $0customers",
            "insert into orders (id) select customers.id from customers",
        ),
        ("delete from orders where $0id = 1", "delete from orders where orders.id = 1"),
        # Quoted where the alias is.
        ('select $0name from customers "C"', 'select "C".name from customers "C"'),
        # Nothing to do, or nothing that is certain.
        ("select $0c.name from customers c", ""),
        ("select $0id from orders, customers", ""),
        ("select $0id from nowhere", ""),
        ("select name$0 from customers c, lateral (select 1 as c) d", "select c.name from customers c, lateral (select 1 as c) d"),
        ("select a$0 from generate_series(1, 2) as a", ""),
        ("insert into orders (id) values (1) on conflict (id$0) do update set total = 1", ""),
        ("create index i on orders (total) where id > 1$0", ""),
    ],
)  # fmt: skip
def test_qualifying_names(case: Case) -> None:
    check(QUALIFY, *case)


@pytest.mark.parametrize(
    "case",
    [
        ("select $0* from orders", "select id, customer_id, total, status, placed_at from orders"),
        (
            "select 1, o.*$0 from nowhere, orders o",
            "select 1, o.id, o.customer_id, o.total, o.status, o.placed_at from nowhere, orders o",
        ),
        (
            "select $0o.*, name from orders o, customers",
            "select o.id, o.customer_id, o.total, o.status, o.placed_at, name from orders o, customers",
        ),
        ("select count(*$0) from orders", ""),
        ("select $0* from nowhere", ""),
        ("select $0* from orders, nowhere", ""),
        # Two columns of one name cannot be told apart.
        ("select $0* from (select 1 as a, 2 as a) x", ""),
        ("select $0* from (select count(*) + 1 from orders) x", "", "sqlite"),
        ("select $0* except (id) from orders", "", "bigquery"),
        ("select $0* from customers", "select id, name, email, Region from customers", "sqlite"),
        # A column that USING has made one stands once, in the place each engine gives it.
        (
            "select $0* from (select 1 as a, 2 as b) x join (select 2 as b, 3 as c) y using (b)",
            "select b, x.a, y.c from (select 1 as a, 2 as b) x join (select 2 as b, 3 as c) y using (b)",
        ),
        (
            "select $0* from (select 1 as a, 2 as b) x join (select 2 as b, 3 as c) y using (b)",
            "select x.a, b, y.c from (select 1 as a, 2 as b) x join (select 2 as b, 3 as c) y using (b)",
            "sqlite",
        ),
        (
            "select $0* from (select 1 as a, 2 as b) x join (select 2 as b, 3 as c) y using (b)",
            "",
            "bigquery",
        ),
    ],
)  # fmt: skip
def test_expanding_stars(case: Case) -> None:
    star = "o.*" if "o.*" in case[0].replace("$0", "") else "*"
    check(f"Expand {star}", *case)


def test_a_long_list_has_a_line_for_each_column() -> None:
    found = result("\tselect $0* from orders o, customers c where true", "Expand *")
    assert found.startswith("\tselect o.id,\n\t       o.customer_id,\n\t       o.total,")


@pytest.mark.parametrize(
    "case",
    [
        (
            "select orders.id, $0orders.* from orders where total > 1",
            "select o.id, o.* from orders o where total > 1",
        ),
        # Also in queries inside, with the schema that an alias does not have, and as a row.
        (
            "select count($0orders) from public.orders where public.orders.id in (select order_id from order_lines where line = orders.id)",
            "select count(o) from public.orders o where o.id in (select order_id from order_lines where line = o.id)",
        ),
        # A row is called as its table is, if nobody gives it another name.
        ("select $0orders from orders", ""),
        # Only the FROM at the caret, and only tables that have none.
        (
            "select 1 from orders x, customers where x.id in (select $0order_lines.line from order_lines)",
            "select 1 from orders x, customers where x.id in (select ol.line from order_lines ol)",
        ),
        ("select $0 1 from orders x join customers on customers.id = x.id", "select  1 from orders x join customers c on c.id = x.id"),
        # Initials that are taken, by whatever name.
        (
            "select $0customers.id from customers, orders c, orders o where c.id = o.id",
            "select c2.id from customers c2, orders c, orders o where c.id = o.id",
        ),
        ("with recent_orders as (select 1 as ro) select $0ro from recent_orders", "with recent_orders as (select 1 as ro) select ro from recent_orders ro2"),
        # Where an alias would stand in the wrong place, or a lock or hint names the table.
        ("select $0orders.id from orders for update of orders", ""),
        ("select $0orders.id from orders tablesample system (1)", ""),
        ("select $0orders.id from orders with (nolock)", "", "tsql"),
        ("update $0orders set total = 1", ""),
    ],
)  # fmt: skip
def test_adding_aliases(case: Case) -> None:
    check(ALIASES, *case)


@pytest.mark.parametrize(
    "case",
    [
        (
            "select x.id from (select $0id from orders) as x where x.id > 1",
            "with x as (select id from orders)\nselect x.id from x where x.id > 1",
        ),
        (
            "SELECT n FROM (SELECT id FROM orders -- all\n) x$0(n)",
            "WITH x(n) AS (SELECT id FROM orders -- all\n)\nSELECT n FROM x",
        ),
        # Behind the CTEs that it may need, before the one that it is in.
        (
            "with a as (select 1 as q) select q from (select $0q from a) x",
            "with a as (select 1 as q), x as (select q from a) select q from x",
        ),
        (
            "with a as (select 1 as q), b as (select q from (select $0q from a) x) select q from b",
            "with a as (select 1 as q), x as (select q from a), b as (select q from x) select q from b",
        ),
        (
            "with a as (select 1 as q)\nselect q from (select $0q from a) x",
            "with a as (select 1 as q),\nx as (select q from a)\nselect q from x",
        ),
        # A name that something else has.
        (
            "select orders.id from (select $0id from orders) orders",
            "with orders_2 as (select id from orders)\nselect orders.id from orders_2 orders",
        ),
        # From a query inside, if it is about nothing around it.
        (
            "select 1 from orders o where exists (select 1 from (select $0id from customers) c where c.id = o.id)",
            "with c as (select id from customers)\nselect 1 from orders o where exists (select 1 from c where c.id = o.id)",
        ),
        ("select 1 from orders o where exists (select 1 from (select $0o.id from customers) c)", ""),
        ("select 1 from orders o where exists (select 1 from (select $0total from customers) c)", ""),
        ("select 1 from orders o, lateral (select $0o.id) x", ""),
        ("select 1 from orders where id in (select $0id from customers)", ""),
        ("select 1 from (values $0(1)) x(a)", ""),
        ("select 1 from (select 1 from (with c as (select 1 as a) select a from (select $0a from c) d) e) f", ""),
        ("with recursive r as (select 1 as n union all select n + 1 from (select $0n from r) q) select n from r", ""),
        ("select id from (select $0id from orders where id = ?) x where id = ?", "", "mysql"),
        ("select id from (select $0id from orders) x for update", ""),
        # Where the query is part of a command.
        (
            "insert into orders (id) select id from (select $0id from customers) x",
            "insert into orders (id) with x as (select id from customers)\nselect id from x",
        ),
        ("insert into orders (id) select id from (select $0id from customers) x", "", "tsql"),
        ("update orders set total = 1 where id in (select id from (select $0id from customers) x)", ""),
        (
            "create table t as\n  select id from (select $0id from orders) x",
            "create table t as\n  with x as (select id from orders)\n  select id from x",
        ),
    ],
)  # fmt: skip
def test_extracting_subqueries(case: Case) -> None:
    sql, expected, *dialect = case
    found = [it.title for it in offered(sql, *dialect) if it.kind == "refactor.extract"]
    assert bool(found) == bool(expected)
    assert len(found) <= 1
    for title in found:
        check(title, sql, expected, *dialect)


@pytest.mark.parametrize(
    "case",
    [
        (
            "with x$0 as (select id from orders) select x.id from x",
            "select x.id from (select id from orders) as x",
        ),
        (
            "WITH a AS (select 1 as q), x AS NOT MATERIALIZED (select id from orders) SELECT id FROM a, $0x b",
            "WITH a AS (select 1 as q) SELECT id FROM a, (select id from orders) b",
        ),
        (
            "with\n-- what counts\nx$0 as (select id from orders),\ny as (select id from x)\nselect id from y",
            "with\ny as (select id from (\n-- what counts\nselect id from orders) as x)\nselect id from y",
        ),
        # In each place that selects from it.
        (
            "with x$0 as (select id from orders) select id from x where id in (select id from x z)",
            "select id from (select id from orders) as x where id in (select id from (select id from orders) z)",
        ),
        ("with x$0(a) as (select id from orders) select a from x", "select a from (select id from orders) as x(a)"),
        ("with x$0(a) as (select id from orders) select a from x z", "select a from (select id from orders) z(a)"),
        ("with x$0(a) as (select id from orders) select a from x z(b)", ""),
        ("with x$0(a) as (select id from orders) select a from x", "", "sqlite"),
        ("with x$0 as (select id from orders) select id from x", "select id from (select id from orders) x", "oracle"),
        # What is not the same twice, or not the same there.
        ("with x$0 as (select id from orders limit 1) select id from x", "select id from (select id from orders limit 1) as x"),
        ("with x$0 as (select id from orders limit 1) select x.id from x, x y", ""),
        ("with x$0 as (select random() as r) select r from x", ""),
        ("with x$0 as (select my_function(1) as r) select r from x", ""),
        ("with x$0 as materialized (select id from orders) select id from x", ""),
        ("with x$0 as (delete from orders returning id) select id from x", ""),
        ("with recursive x$0 as (select 1 as n union all select n + 1 from x) select n from x", ""),
        ("with x$0 as (select id from orders), orders as (select 2 as id) select x.id from x, orders", ""),
        ("with x$0 as (select id from orders) select 1", ""),
        ("with x$0 as (select id from orders) select id from x for update", ""),
        ("with x$0 as (select id from orders where id = ?) select id from x where id = ?", "", "mysql"),
        ("with x$0 as (select id from orders) delete from x", "", "tsql"),
        # The rest of WITH stays, and so does its RECURSIVE.
        (
            "with recursive r as (select 1 as n union all select n + 1 from r), x$0 as (select n from r) select n from x",
            "with recursive r as (select 1 as n union all select n + 1 from r) select n from (select n from r) as x",
        ),
    ],
)  # fmt: skip
def test_inlining_ctes(case: Case) -> None:
    check("Inline the CTE x", *case)


def test_a_statement_s_neighbours_stay() -> None:
    sql = "select 1;\nselect $0* from leads;\nselect * from orders"
    assert result(sql.replace("leads", "marketing.leads"), "Expand *") == (
        "select 1;\nselect id, source from marketing.leads;\nselect * from orders"
    )
