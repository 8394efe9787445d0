"""The mends that rules about names offer: their titles, and the SQL that they make."""

import pytest

from defog_metadata.rules import Finding, check
from defog_metadata.rules.findings import Fix
from tests.fixture import snapshot_of


def mended(sql: str, fix: Fix) -> str:
    for edit in sorted(fix.edits, key=lambda it: it.span, reverse=True):
        sql = sql[: edit.span.start] + edit.text + sql[edit.span.end :]
    return sql


def first(sql: str, dialect: str) -> Finding:
    return check(snapshot_of(sql, dialect))[0]


@pytest.mark.parametrize(
    ("sql", "title", "expected"),
    [
        (
            "select id from custmers",
            "Change to customers",
            "select id from customers",
        ),
        (
            'select id from "custmers"',
            'Change to "customers"',
            'select id from "customers"',
        ),
        ("select ID from CUSTMERS", "Change to CUSTOMERS", "select ID from CUSTOMERS"),
        (
            "select source from leads",
            "Change to marketing.leads",
            "select source from marketing.leads",
        ),
        (
            "select source from public.leads",
            "Change to marketing.leads",
            "select source from marketing.leads",
        ),
        (
            "select source from markting.leads",
            "Change to marketing",
            "select source from marketing.leads",
        ),
        (
            "select c.emial from customers c",
            "Change to email",
            "select c.email from customers c",
        ),
        (
            "select c.regoin from customers c",
            'Change to "Region"',
            'select c."Region" from customers c',
        ),
        (
            "select o.name from orders o, customers c",
            "Change to c.name",
            "select c.name from orders o, customers c",
        ),
        (
            "select customers.id from customers c",
            "Change to c",
            "select c.id from customers c",
        ),
        (
            "select custs.id from orders o, customers cust",
            "Change to cust",
            "select cust.id from orders o, customers cust",
        ),
        ("select coutn(id) from orders", "Change to count", "select count(id) from orders"),
        ("select COUNTT(id) from orders", "Change to COUNT", "select COUNT(id) from orders"),
        (
            "select id from orders o join customers c on true",
            "Qualify with o",
            "select o.id from orders o join customers c on true",
        ),
        (
            "select id from orders o join customers c on true",
            "Qualify with c",
            "select c.id from orders o join customers c on true",
        ),
        (
            "select o.id, c.name from orders o join customers o on c.id = o.customer_id",
            "Call it c",
            "select o.id, c.name from orders o join customers c on c.id = o.customer_id",
        ),
        (
            "select o.id, c.name from orders o where o.id = 1",
            "Add JOIN customers c ON c.id = o.customer_id",
            "select o.id, c.name from orders o JOIN customers c ON c.id = o.customer_id where o.id = 1",
        ),
        (
            "select orders.id, customers.name from orders",
            "Add JOIN customers ON customers.id = orders.customer_id",
            "select orders.id, customers.name from orders"
            " JOIN customers ON customers.id = orders.customer_id",
        ),
        (
            "select (select quantity from orders o) from customers",
            "Add JOIN order_lines ol ON ol.order_id = o.id",
            "select (select quantity from orders o JOIN order_lines ol ON ol.order_id = o.id)"
            " from customers",
        ),
        (
            "select name from orders o join order_lines l on (l.order_id = o.id) order by 1",
            "Add JOIN customers c ON c.id = o.customer_id",
            "select name from orders o join order_lines l on (l.order_id = o.id)"
            " JOIN customers c ON c.id = o.customer_id order by 1",
        ),
    ],
)
def test_what_a_mend_makes(sql: str, title: str, expected: str) -> None:
    fixes = {it.title: it for it in first(sql, "postgres").fixes}
    assert mended(sql, fixes[title]) == expected


@pytest.mark.parametrize(
    ("sql", "is_certain"),
    [
        ("select id from custmers", True),
        ("select source from leads", True),
        ("select c.emial from customers c", True),
        ("select customers.id from customers c", True),
        ("select o.x, c.name from orders o join customers o on true", True),
        # two that are as near, a word too short to be sure of, and mends that change the meaning
        ("select o1.id from orders o2, customers o3", False),
        ("select c.ix from customers c", False),
        ("select id from orders o join customers c on true", False),
        ("select c.name from orders o", False),
    ],
)
def test_only_what_nobody_would_want_otherwise_is_certain(sql: str, is_certain: bool) -> None:
    fixes = check(snapshot_of(sql))[-1].fixes
    assert fixes
    assert [it.is_certain for it in fixes][:1] == [is_certain]
    assert not any(it.is_certain for it in fixes[1:])


@pytest.mark.parametrize(
    "sql",
    [
        "select zz.id from orders o",  # no table that a key ties is called so
        "select c.nope from orders o",  # none has the column
        "select c.name from orders o, order_lines l",  # a JOIN would not see what a comma has
        "update orders set total = c.id",  # not a query
    ],
)
def test_no_join_is_made_up(sql: str) -> None:
    found = check(snapshot_of(sql), {"cartesian-join": "off"})
    assert not any("JOIN" in fix.title for it in found for fix in it.fixes)


def test_related_places_are_where_the_candidates_are() -> None:
    sql = "select id from orders o cross join customers"
    (ambiguous,) = check(snapshot_of(sql))
    assert [sql[it.span.start : it.span.end] for it in ambiguous.related] == ["o", "customers"]
    sql = "with a as (select 1), a as (select 2) select * from a"
    (duplicate,) = check(snapshot_of(sql))
    assert [it.span.start for it in duplicate.related] == [5]
