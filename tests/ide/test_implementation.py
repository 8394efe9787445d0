"""The views that use what is under the caret."""

from dataclasses import replace

import pytest

from defog_lsp.ide.implementation import implementations, made_of, place_in_view, views_stored
from defog_metadata.catalog import Catalog
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import LEADS, TABLES, caret

VIEWS = """
create view a as select id, customer_id from orders;
create table b as select * from orders;
create view c as with orders as (select 1) select * from orders;
create view d as with x as (select total from orders) select * from x join a on true;
create view sales.e as select * from a;
select * from orders
"""


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from ord$0ers", ["a", "d"]),
        ("select o$0.id from orders o", ["a", "d"]),
        ("select o.id from orders $0o", ["a", "d"]),
        ("select to$0tal from orders", ["d"]),
        ("select cust$0omer_id from orders", ["a"]),
        ("create view $0a as select 1 as x", ["d", "e"]),
        ("with $0c as (select 1) select * from c", None),
        ("with c as (select 1) select * from $0c", None),
        ("select id as $0x from orders", None),
        ("$0select 1", None),
    ],
)
def test_views_of_a_text(sql: str, expected: list[str] | None) -> None:
    at = caret(sql)
    named = made_of(at.snapshot, at.offset)
    if named is None:
        assert expected is None
        return
    there = Snapshot(VIEWS, at.snapshot.catalog, "postgres")
    found = implementations(there, named)
    assert [called.name for called, _ in found] == expected
    assert [VIEWS[span.start : span.end] for _, span in found] == expected


def test_views_of_the_database() -> None:
    view = replace(LEADS, definition="select id, 1 as source from orders")
    catalog = Catalog.of(*TABLES[:3], view)
    named = made_of(Snapshot("select * from orders", catalog, "postgres"), 16)
    assert named is not None
    assert views_stored(named, catalog) == [view]
    text = "create view marketing.leads as select id, 1 as source from orders"
    place = place_in_view(Snapshot(text, catalog, "postgres"), named)
    assert text[place.start : place.end] == "orders"
    of_id = made_of(Snapshot("select id from orders", catalog, "postgres"), 8)
    assert of_id is not None
    assert views_stored(of_id, catalog) == [view]
    of_total = made_of(Snapshot("select total from orders", catalog, "postgres"), 8)
    assert of_total is not None
    assert views_stored(of_total, catalog) == []
