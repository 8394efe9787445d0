"""What reads what."""

from dataclasses import replace

import pytest

from defog_metadata.catalog import Catalog, Table
from defog_metadata.sql.facts.flows import Called, readers, views_using
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import CATALOG, LEADS, ORDERS, TABLES


def flows(sql: str) -> list[str]:
    """A line for each reader: ``name < what it reads > what it writes``."""
    found = []
    for analysis in Snapshot(sql, CATALOG, "postgres").analyses:
        for it in readers(analysis, CATALOG.naming):
            assert it.extent.start <= it.place.start < it.place.end <= it.extent.end
            said = [it.kind if not it.name else f"{it.kind} {it.name}"]
            for sign, sources in (("<", it.reads), (">", it.writes)):
                names = [sql[source.span.start : source.span.end] for source in sources]
                said += [sign, *names] if names else []
                for source in sources:
                    if source.cte is not None:
                        name = sql[source.span.start : source.span.end]
                        assert sql[source.cte.start : source.cte.end].lower() == name.lower()
            found.append(" ".join(said))
    return found


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1", ["statement"]),
        ("select * from orders o cross join customers", ["statement < orders customers"]),
        (
            "create view v as with c as (select * from orders), d as (select * from C)"
            " select * from d join customers on true",
            ["view v < d customers", "cte c < orders", "cte d < C"],
        ),
        ("create table t as select * from orders", ["table t < orders"]),
        (
            "with recursive r as (select 1 as n union all select n + 1 from r) select * from r",
            ["statement < r", "cte r"],
        ),
        (
            "select * from (with c as (select 1) select * from c) x, orders",
            ["statement < c orders", "cte c"],
        ),
        ("insert into orders select * from customers", ["statement < customers > orders"]),
        ("insert into orders (id) select id from orders", ["statement < orders > orders"]),
        ("update orders set id = 1 from customers c", ["statement < customers > orders"]),
        ("delete from orders using customers", ["statement < customers > orders"]),
        ("drop table orders, customers", ["statement > orders customers"]),
        ("alter table orders add column x int", ["statement > orders"]),
        (
            "merge into orders using customers on true when matched then delete",
            ["statement < customers > orders"],
        ),
        (
            "with z as (insert into orders select * from customers returning id) select * from z",
            ["statement < z", "cte z < customers > orders"],
        ),
        ("select * from nowhere", ["statement"]),
        ("select * from", ["statement"]),
        (
            "create view v as select * from orders; select * from v",
            ["view v < orders", "statement < v"],
        ),
    ],
)
def test_readers(sql: str, expected: list[str]) -> None:
    assert flows(sql) == expected


def test_a_name_means_what_agrees_in_all_that_is_known() -> None:
    sql = "create table sales.orders (id int); select * from sales.orders"
    _, select = Snapshot(sql, CATALOG, "postgres").analyses
    (source,) = readers(select, CATALOG.naming)[0].reads

    def means(*parts: str) -> bool:
        return Called(*parts).means(source.relation, CATALOG.naming)

    assert means("orders")
    assert means("orders", "sales")
    assert means("orders", "sales", "shop")
    assert not means("orders", "public")
    assert not means("lines", "sales")


def names(table: Table, *views: Table, column: str = "") -> list[str]:
    catalog = Catalog.of(*TABLES, *views)
    return [it.name for it in views_using(table, catalog, column)]


def test_views_that_use_a_table() -> None:
    view = replace(LEADS, name="v", definition="select customer_id as orders from orders")
    alias = replace(LEADS, name="alias", definition="select id as orders from customers")
    other = replace(LEADS, name="other", definition="select * from elsewhere.orders")
    broken = replace(LEADS, name="broken", definition="select from orders (")
    found = names(ORDERS, view, alias, other, broken)
    assert "v" in found
    assert not {"alias", "other"} & {*found}
    assert names(ORDERS, view, alias, column="customer_id") == ["v"]
    assert names(ORDERS, view, alias, column="total") == []
