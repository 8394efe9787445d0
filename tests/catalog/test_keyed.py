import pytest

from defog_metadata.catalog import Catalog, Table
from defog_metadata.catalog.keyed import table_of_key

CATALOG = Catalog.of(
    Table("orders", schema="public"),
    Table("orders", schema="old"),
    Table("Orders", schema="public"),
    Table("a.b", schema="public"),
    Table("events", schema="public", database="lake"),
    Table("leads", schema="marketing"),
)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("public.orders", "public.orders"),
        ("orders", "public.orders"),
        ("old.orders", "old.orders"),
        ("public.Orders", "public.Orders"),
        ("Orders", "public.Orders"),
        ("ORDERS", "public.orders"),
        ("lake.public.events", "lake.public.events"),
        ("events", "lake.public.events"),
        ("sea.public.events", ""),
        ('public."a.b"', "public.a.b"),
        ("leads", ""),  # not on the search path
        ("marketing.LEADS", "marketing.leads"),
        ("nope", ""),
        ("", ""),
    ],
)
def test_a_table_by_its_key(key: str, expected: str) -> None:
    found = table_of_key(CATALOG, key)
    assert (found.qualified_name if found else "") == expected
