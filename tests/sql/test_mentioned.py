import pytest

from defog_metadata.sql.facts.mentioned import mentioned_at, tables_of
from tests.fixture import caret, snapshot_of


def check(sql: str, expected: str) -> None:
    """*expected* is a table's qualified name, with ``.column`` where it is a column; or nothing."""
    it = caret(sql)
    found = mentioned_at(it.snapshot, it.offset)
    named = found and [found.table.qualified_name, *([found.column.name] if found.column else [])]
    assert ".".join(named or ()) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1 from ord$0ers", "public.orders"),
        ("select 1 from public.ord$0ers o", "public.orders"),
        ("select $0o.total from orders o", "public.orders"),
        ("select o.$0total from orders o", "public.orders.total"),
        ("select t$0otal from orders", "public.orders.total"),
        ('select "Reg$0ion" from customers', "public.customers.Region"),
        ("with x as (select total as sum from orders) select x.s$0um from x", "public.orders.total"),
        ("select s.$0id from (select id from customers) s", "public.customers.id"),
        ("insert into orders (to$0tal) values (1)", "public.orders.total"),
        ("update orders set stat$0us = 'paid'", "public.orders.status"),
        # What is nobody's, several's or made up here.
        ("select $0id from orders, customers", ""),
        ("select $0total + 1 as t from orders order by t", "public.orders.total"),
        ("select total + 1 as t from orders order by $0t", ""),
        ("with x as (select 1 as a) select a from $0x", ""),
        ("select 1 from $0nothing", ""),
        ("sel$0ect 1 from orders", ""),
        ("create table mine (a int); select a from m$0ine", ""),
        ("create table mine (a int); select $0a from mine", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_name_means(sql: str, expected: str) -> None:
    check(sql if "$0" in sql else f"{sql}$0", expected)


def test_an_altered_table_counts_as_the_catalog_has_it() -> None:
    altered = "alter table orders add column note text; "
    check(f"{altered}select o.tot$0al from orders o", "public.orders.total")
    check(f"{altered}select o.no$0te from orders o", "")


def test_the_tables_of_a_text() -> None:
    def tables(sql: str) -> list[str]:
        return [it.qualified_name for it in tables_of(snapshot_of(sql))]

    assert tables("select 1 from orders o join customers c on true, orders") == [
        "public.orders",
        "public.customers",
    ]
    assert tables(
        "select 1 from leads;\nselect (select 1 from marketing.leads), 2 from orders"
    ) == [
        "marketing.leads",
        "public.orders",
    ]
    assert tables("with o as (select 1 from order_lines) select * from o; delete from orders") == [
        "public.order_lines",
        "public.orders",
    ]
    assert tables("create table mine (a int); select * from mine, nope") == []
    assert tables("selec from where") == []
