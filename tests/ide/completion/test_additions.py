"""Columns of tables that the query does not read yet: taking one makes the query read its table."""

from itertools import pairwise

import pytest

from defog_lsp.ide.completion import Item
from defog_metadata.catalog import Catalog, Column, ForeignKey, Table
from tests.fixture import CATALOG
from tests.ide.completion.offers import items_at


def taken(sql: str, item: Item) -> str:
    """The text once *item* is taken, with ``$0`` where a client that knows snippets is then."""
    text = sql.replace("$0", "")
    written = item.snippet or f"{item.insert}$0"
    edits = [(item.span, written), *((it.span, it.text) for it in item.extra_edits)]
    spans = sorted(span for span, _ in edits)
    for one, other in pairwise(spans):
        assert one.end < other.start, "not even the same place, says the protocol"
    for span, new in sorted(edits, reverse=True, key=lambda it: it[0]):
        text = text[: span.start] + new + text[span.end :]
    return text


def results(sql: str, label: str, dialect: str, catalog: Catalog = CATALOG) -> list[str]:
    return [taken(sql, it) for it in items_at(sql, dialect, catalog) if it.label == label]


_OTHERS = ("mysql", "sqlite", "snowflake", "tsql")
CASES = [
    # there is no FROM
    ("select o.$0", "total", "select o.total$0 from orders o"),
    ("SELECT o.to$0", "total", "SELECT o.total$0 FROM orders o"),
    ("select orders.$0", "total", "select orders.total$0 from orders"),
    ("select ol.$0", "quantity", "select ol.quantity$0 from order_lines ol"),
    ("select public.orders.$0", "total", "select public.orders.total$0 from public.orders"),
    ("select le.$0", "source", "select le.source$0 from marketing.leads le"),
    ('select "o".$0', "total", 'select "o".total$0 from orders o'),
    ("select c.$0", "Region", 'select c."Region"$0 from customers c'),
    ('select c."$0', "Region", 'select c."Region"$0 from customers c'),
    ("select o.$0, 1", "total", "select o.total$0, 1 from orders o"),
    ("select 1, o.$0", "total", "select 1, o.total$0 from orders o"),
    ("select sum(o.$0)", "total", "select sum(o.total$0) from orders o"),
    ("select sum(o.$0) as x", "total", "select sum(o.total$0) as x from orders o"),
    ("select o.$0;", "total", "select o.total$0 from orders o;"),
    ("select o.$0 where 1 = 1", "total", "select o.total$0 from orders o where 1 = 1"),
    ("select o.$0\nwhere 1 = 1", "total", "select o.total$0\nfrom orders o\nwhere 1 = 1"),
    ("select o.$0, 1 order by 1", "total", "select o.total$0, 1 from orders o order by 1"),
    ("select 1 where o.$0", "total", "select 1 from orders o where o.total$0"),
    ("select (select o.$0)", "total", "select (select o.total$0 from orders o)"),
    ("select o.$0 union select 1", "total", "select o.total$0 from orders o union select 1"),
    ("select o.$0\n\nselect 1", "total", "select o.total$0 from orders o\n\nselect 1"),
    ("select 2;\nselect o.$0 -- why", "total", "select 2;\nselect o.total$0 from orders o -- why"),
    # a word goes on behind the caret, or begins there
    ("select o.to$0tal", "total", "select o.total$0tal from orders o"),
    ("select o.to$0tal, 1", "total", "select o.total$0tal, 1 from orders o"),
    ("select o.$0where 1 = 1", "total", "select o.total$0 from orders o where 1 = 1"),
    ("select ol.or$0der by 1", "order_id", "select ol.order_id$0der by 1"),
    ("with x as (select o.$0)", "total", "with x as (select o.total$0 from orders o)"),
    ("with x as (select id as n from orders) select x.$0", "n",
     "with x as (select id as n from orders) select x.n$0 from x"),
    ("with xyz as (select id as n from orders) select x.$0", "n",
     "with xyz as (select id as n from orders) select x.n$0 from xyz x"),
    ("create temp table mine as select 1 as a; select mine.$0", "a",
     "create temp table mine as select 1 as a; select mine.a$0 from mine"),
    # there is one, and a key
    ("select c.$0 from orders o", "name",
     "select c.name$0 from orders o join customers c on c.id = o.customer_id"),
    ("SELECT c.$0 FROM orders", "name",
     "SELECT c.name$0 FROM orders JOIN customers c ON c.id = orders.customer_id"),
    ("select customers.$0 from orders o", "name",
     "select customers.name$0 from orders o join customers on customers.id = o.customer_id"),
    ("select c.$0\nfrom orders o\nwhere o.id = 1", "name",
     "select c.name$0\nfrom orders o join customers c on c.id = o.customer_id\nwhere o.id = 1"),
    ("select c.$0 from orders o\n  left join order_lines l on l.order_id = o.id\ngroup by 1", "name",
     "select c.name$0 from orders o\n  left join order_lines l on l.order_id = o.id"
     "\n  join customers c on c.id = o.customer_id\ngroup by 1"),
    ("select * from orders o where c.$0", "name",
     "select * from orders o join customers c on c.id = o.customer_id where c.name$0"),
    ("select 1 from orders o group by c.$0", "name",
     "select 1 from orders o join customers c on c.id = o.customer_id group by c.name$0"),
    ("select * from orders o where o.id = 1 and c.$0 = 'x' order by 1", "name",
     "select * from orders o join customers c on c.id = o.customer_id"
     " where o.id = 1 and c.name$0 = 'x' order by 1"),
    ("select (select c.$0 from orders o limit 1)", "name",
     "select (select c.name$0 from orders o join customers c on c.id = o.customer_id limit 1)"),
    ("select o.id, c.$0 from orders o where o.id is distinct from 3", "name",
     "select o.id, c.name$0 from orders o join customers c on c.id = o.customer_id"
     " where o.id is distinct from 3"),
    # nothing plainly to add: the column alone
    ("select l.$0 from orders o", "source", "select l.source$0 from orders o"),
    ("select c.$0 from order_lines", "name", "select c.name$0 from order_lines"),
    ("select c.$0 from orders o, order_lines l", "name",
     "select c.name$0 from orders o, order_lines l"),
    ("select c.$0 from orders o join", "name", "select c.name$0 from orders o join"),
    ("select c.$0 from", "name", "select c.name$0 from"),
    ("select sum(o.$0", "total", "select sum(o.total$0"),
    ("select o.$0, ", "total", "select o.total$0, "),
    ("select $0", "total", "select total$0"),
    # it is there already
    ("select o.$0 from orders o", "total", "select o.total$0 from orders o"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("dialect", "sql", "label", "expected"),
    [
        (dialect, *case)
        for case in CASES
        # Names that need quotes are written in PostgreSQL's.
        for dialect in ("postgres", *(() if '"' in case[2] else _OTHERS))
    ],
)
def test_the_table_is_added(dialect: str, sql: str, label: str, expected: str) -> None:
    assert expected in results(sql, label, dialect)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from orders o where x.$0",
        "select * from orders o where le.$0",
        "select * from customers c where customers.$0",
        "update orders set total = c.$0",
    ],
)
def test_what_cannot_be_added_is_not_offered_behind_from(sql: str) -> None:
    assert not [it for it in items_at(sql, "postgres") if it.kind == "column"]


def test_each_table_that_may_be_meant_is_offered() -> None:
    assert results("select o.$0", "id", "postgres") == ["select o.id$0 from orders o"]
    # A word of the language is no alias.
    assert results("select order.$0", "order_id", "postgres") == ["select order.order_id$0"]
    both = {it.description for it in items_at("select o.$0", "postgres") if it.kind == "column"}
    assert both == {"adds orders", "adds order_lines"}


def test_a_composite_key_is_joined_whole() -> None:
    parts = Table(
        "parts",
        (Column("line"), Column("order_id"), Column("part")),
        "public",
        foreign_keys=(ForeignKey(("order_id", "line"), "order_lines", ("order_id", "line")),),
    )
    catalog = Catalog.of(parts, *CATALOG.source.tables())
    assert results("select p.$0 from order_lines l", "part", "postgres", catalog) == [
        "select p.part$0 from order_lines l"
        " join parts p on p.order_id = l.order_id AND p.line = l.line"
    ]
