"""Data flow as a hierarchy of calls."""

from dataclasses import replace

import pytest

from defog_lsp.ide.call_hierarchy import Flow, callees, callers, made, nodes, prepared
from defog_metadata.catalog import Catalog
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import LEADS, TABLES, caret


def said(flows: list[Flow], text: str) -> list[str]:
    return [
        f"{it.node.kind} {it.node.name}: {', '.join(text[x.start : x.end] for x in it.places)}"
        for it in flows
    ]


SQL = """\
create view paid as select * from orders where total > 0;
with recent as (select * from Orders o), named as (
  select * from recent join customers on true join recent again on true
)
select * from named join paid on true;
insert into orders select * from paid;
"""


@pytest.mark.parametrize(
    ("at", "who", "reads", "is_read_by"),
    [
        ("paid as", "view paid", ["table orders: orders"],
         ["statement with recent as (select * from Orders o), named as ( select *…: paid",
          "statement insert into orders select * from paid: paid"]),
        ("paid on", "view paid", ["table orders: orders"], None),
        ("orders where", "table orders", [], ["view paid: orders", "cte recent: Orders"]),
        ("o), named", "table orders", [], None),
        ("recent as", "cte recent", ["table orders: Orders"], ["cte named: recent, recent"]),
        ("named join", "cte named", ["cte recent: recent, recent", "table customers: customers"],
         ["statement with recent as (select * from Orders o), named as ( select *…: named"]),
    ],
)  # fmt: skip
def test_hierarchy(at: str, who: str, reads: list[str], is_read_by: list[str] | None) -> None:
    place = caret(SQL.replace(at, f"$0{at}", 1))
    node = prepared(place.snapshot, place.offset)
    assert node is not None
    assert f"{node.kind} {node.name}" == who
    assert said(callees(place.snapshot, node), SQL) == reads
    if is_read_by is not None:
        assert said(callers(place.snapshot, node), SQL) == is_read_by


@pytest.mark.parametrize("sql", ["$0select 1", "select id as $0x from orders"])
def test_what_is_no_relation(sql: str) -> None:
    at = caret(sql)
    assert prepared(at.snapshot, at.offset) is None


def test_a_column_says_which_table_is_asked_about() -> None:
    at = caret("select $0total from orders")
    node = prepared(at.snapshot, at.offset)
    assert node is not None
    assert (node.kind, node.name) == ("table", "orders")


def test_what_another_text_makes() -> None:
    view = replace(LEADS, definition="select 1")
    catalog = Catalog.of(*TABLES[:3], view)
    here = Snapshot("select * from marketing.leads", catalog, "postgres")
    node = prepared(here, 26)
    assert node is not None
    assert (node.kind, node.place) == ("view", None)
    there = Snapshot("create view marketing.leads as select * from orders", catalog, "postgres")
    ((wanted, found),) = made(there, [node])
    assert wanted == node
    assert said(callees(there, found), there.text) == ["table orders: orders"]
    other = Snapshot("create view sales.leads as select 1", catalog, "postgres")
    assert made(other, [node]) == []
    assert [it.kind for it in nodes(there)] == ["view"]
