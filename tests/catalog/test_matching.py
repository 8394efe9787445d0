"""Which tables somebody may mean, what tables are about, and what refers to them."""

import pytest

from defog_metadata.catalog import Column, ForeignKey, MemoryTables, Table
from defog_metadata.catalog.matching import Typed, closeness, name_words
from defog_metadata.terms import terms

NAMES = (
    "order_line_items", "orders", "OrderHistory", "stg_orders", "reorder", "customers",
    "customer_orders", "oil_wells", "日本_orders",
)  # fmt: skip
TABLES = tuple(Table(it, schema="shop") for it in NAMES)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ord", ["orders", "orderhistory", "order_line_items", "日本_orders", "stg_orders", "customer_orders", "reorder"]),
        ("ORDERS", ["orders", "日本_orders", "stg_orders", "customer_orders"]),
        ("line", ["order_line_items"]),
        ("line_it", ["order_line_items"]),
        ("history", ["orderhistory"]),
        ("oli", ["order_line_items"]),
        ("ordli", ["order_line_items"]),
        ("oit", ["order_line_items"]),
        ("oil", ["oil_wells"]),
        ("tomer_o", ["customer_orders"]),
        ("custmer", ["customers", "customer_orders"]),
        ("custoemr", ["customers", "customer_orders"]),
        ("日本", ["日本_orders"]),
        ("nothing", []),
        ("%", []),
        ("_", []),
    ],
)  # fmt: skip
def test_what_may_be_meant(typed: str, expected: list[str]) -> None:
    found = MemoryTables(TABLES).matching(typed, limit=50)
    assert [it.name.casefold() for it in found][: len(expected)] == expected
    assert bool(found) == bool(expected)


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("", "orders", 0),
        ("o", "orders", 0),
        ("rder", "order", 2),
        ("rd", "order", None),
        ("odrer", "order", None),
        ("odr", "order", None),
        ("orderlines", "OrderLines", 0),
        ("orderlines", "order_lines", 3),
        ("order lines", "order_lines", 1),
        ("_lines", "order_lines", 1),
    ],
)
def test_closeness(typed: str, name: str, expected: int | None) -> None:
    assert closeness(Typed(typed), name.casefold(), name_words(name)) == expected


def test_only_of_a_schema_and_no_more_than_asked_for() -> None:
    source = MemoryTables([*TABLES, Table("orders", schema="old")])
    assert [it.schema for it in source.matching("orders", limit=2)] == ["old", "shop"]
    assert [it.name for it in source.matching("orders", schema="old", limit=9)] == ["orders"]
    assert [it.name for it in source.matching("", schema="old", limit=9)] == ["orders"]
    assert source.matching("orders", schema="new", limit=9) == []
    assert source.matching("orders", limit=0) == []


def test_what_refers_to_a_table() -> None:
    shop, old = Table("Orders", schema="shop"), Table("orders", schema="old")
    lines = Table(
        "lines", schema="shop",
        foreign_keys=(ForeignKey(("a",), "orders", ("id",)), ForeignKey(("b",), "orders", ("id",))),
    )  # fmt: skip
    moved = Table(
        "moved", schema="shop", foreign_keys=(ForeignKey(("a",), "orders", ("id",), "old"),)
    )
    source = MemoryTables([shop, old, lines, moved])
    assert source.referring(shop) == [lines]
    assert source.referring(old) == [moved]
    assert source.referring(lines) == []
    assert source.referring(shop, limit=0) == []


def test_what_has_a_column() -> None:
    tables = [Table("a", (Column("Id"), Column("id"))), Table("b", (Column("id"),)), Table("c")]
    source = MemoryTables(tables)
    assert source.having("id", limit=9) == [tables[0].summary, tables[1].summary]
    assert source.having("id", limit=1) == [tables[0].summary]
    assert source.having("Id", limit=9) == []


def test_what_tables_are_about() -> None:
    orders = Table("orders", (Column("id"), Column("shipped_at", description="When it left")))
    parcels = Table("parcels", (Column("id"),), description="Shipped orders")
    notes = Table("notes", (Column("text", common_values=("urgent",)),))
    others = [Table(f"t{it}", (Column("id"),)) for it in range(20)]
    source = MemoryTables([*others, orders, parcels, notes])
    for question, expected in (
        ("orders", [orders, parcels]),
        ("which were shipped?", [parcels, orders]),
        ("urgent", [notes]),
        ("unheard of", []),
        ("", []),
    ):
        assert source.about(terms(question), limit=9) == expected, question
    assert source.about(["order"], limit=1) == [orders]
    # A word that is everywhere finds something too, and orders what rarer words find.
    assert len(source.about(["id"], limit=5)) == 5
    assert source.about(["id", "ship"], limit=2) == [parcels, orders]


def test_names_of_columns() -> None:
    tables = [
        Table("orders", (Column("id"), Column("Customer_Id"), Column("total"))),
        Table("customers", (Column("ID"), Column("customer_id"), Column("customer_name"))),
    ]
    source = MemoryTables(tables)
    assert source.column_count() == 6
    assert source.column_names(limit=9) == ["Customer_Id", "customer_name", "id", "total"]
    assert source.column_names("customer", limit=1) == ["Customer_Id"]
    assert source.column_names("Customer", limit=9) == [], "prefixes are casefolded"
    assert source.columns_matching("ID", limit=9) == ["id", "Customer_Id"]
    assert source.columns_matching("ome", limit=9) == ["Customer_Id", "customer_name"]
    assert source.columns_matching("cuna", limit=9) == ["customer_name"]
    assert source.columns_matching("", limit=1) == ["id"]
    assert source.columns_matching("x", limit=9) == []
    assert source.similar_columns("custmer_id") == ["Customer_Id"]
    assert source.similar_columns("zzz") == []
