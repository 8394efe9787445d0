"""What the name under the caret leads to: a place in the text, or ``schema.table.column``."""

from collections.abc import Callable

import pytest

from defog_lsp.ide.definition import Source, created, declaration, definition, type_definition
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import ORDERS, caret, shown, snapshot_of

Feature = Callable[[Snapshot, int], Source | None]


def check(feature: Feature, sql: str, expected: str | None) -> None:
    """The single place that calls the features: the text with the answer marked, or a name."""
    at = caret(sql)
    found = feature(at.snapshot, at.offset)
    if found is None:
        answer = None
    elif found.place is not None:
        answer = shown(at.snapshot, found.place)
    else:
        assert found.table is not None
        answer = ".".join(filter(None, (found.table.qualified_name, found.column)))
    assert answer == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select $0o.id from orders o", "select o.id from orders «o»"),
        ("select o.id from orders $0o", "public.orders"),
        ("select o.i$0d from orders o", "public.orders.id"),
        ("select 1 from ord$0ers", "public.orders"),
        ("with c as (select 1 a) select a from c$0", "with «c» as (select 1 a) select a from c"),
        (
            "with c as (select 1 a) select $0a from c",
            "with c as (select 1 «a») select a from c",
        ),
        (
            "with c as (select 1 a) select x.a from c $0x",
            "with «c» as (select 1 a) select x.a from c x",
        ),
        (
            "create table t (a int); select $0a from t",
            "create table t («a» int); select a from t",
        ),
        (
            "create table t (a int); select a from $0t",
            "create table «t» (a int); select a from t",
        ),
        (
            "select sum(id) over $0w from orders window w as (order by id)",
            "select sum(id) over w from orders window «w» as (order by id)",
        ),
        (
            "select 1 from orders window w as (order by id), v as ($0w), w as ()",
            "select 1 from orders window «w» as (order by id), v as (w), w as ()",
        ),
        # A window is of its own query alone.
        (
            "select (select sum(id) over $0w from orders) from orders window w as (order by id)",
            None,
        ),
        (
            "select 1 from orders union select 1 from orders window w as () order by rank() over $0w",
            None,
        ),
        ("select no$0pe from orders", None),
        ("sel$0ect 1", None),
    ],
)
def test_definition(sql: str, expected: str | None) -> None:
    check(definition, sql, expected)


def test_declaration_of_an_alias_is_itself() -> None:
    check(declaration, "select o.id from orders $0o", "select o.id from orders «o»")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select $0o.id from orders o", "public.orders"),
        ("select o.$0id from orders o", "public.orders"),
        ("select t.$0x from (select id as x from orders) t", "public.orders"),
        (
            "with c as (select 1 a) select $0x.a from c x",
            "with «c» as (select 1 a) select x.a from c x",
        ),
        ("select $0t.x from (select id as x from orders) t", None),
        ("select $0 1", None),
    ],
)
def test_type_definition(sql: str, expected: str | None) -> None:
    check(type_definition, sql, expected)


@pytest.mark.parametrize(
    ("sql", "column", "expected"),
    [
        ("create table orders (id int)", "", "create table «orders» (id int)"),
        ("create table public.orders (id int)", "id", "create table public.orders («id» int)"),
        (
            "select 1; create view orders as select 1 id",
            "",
            "select 1; create view «orders» as select 1 id",
        ),
        ("create table other.orders (id int)", "", None),
        ("select * from orders", "", None),
    ],
)
def test_where_a_table_is_created(sql: str, column: str, expected: str | None) -> None:
    snapshot = snapshot_of(sql)
    found = created(snapshot, ORDERS, column)
    assert (found and shown(snapshot, found)) == expected
