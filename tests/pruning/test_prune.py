"""Pruning as a whole: what is kept of a catalog for a question."""

import pytest

from defog_metadata.catalog import Catalog, Column, ForeignKey, Table
from defog_metadata.pruning.prune import prune
from defog_metadata.pruning.pruned import Pruned


def table(name: str, *columns: str, schema: str = "public", **more: object) -> Table:
    """Columns as ``name: description``; ``customer_id -> customers.id`` is a foreign key."""
    made, keys = [], []
    for it in columns:
        declared, _, referred = it.partition(" -> ")
        column, _, description = declared.partition(": ")
        made.append(Column(column, "text", description=description))
        if referred:
            owner, _, key = referred.rpartition(".")
            keys.append(ForeignKey((column,), owner, (key,)))
    return Table(name, tuple(made), schema, foreign_keys=tuple(keys), **more)  # type: ignore[arg-type]


SHOP = Catalog.of(
    table("customers", "id", "name", "city", primary_key=("id",)),
    table("orders", "id", "customer_id -> customers.id", "placed_on", "status", "total"),
    table("order_lines", "order_id -> orders.id", "product_id -> products.id", "qty", "unit_price"),
    table("products", "id", "title", "weight: in grams", "supplier_id -> suppliers.id"),
    table("suppliers", "id", "company", "country"),
    table("audit_log", "id", "entry", "written_at", schema="admin"),
    table("sessions", "id", "token", "started_at", schema="admin"),
)


def kept(pruned: Pruned) -> dict[str, set[str]]:
    return {it.table.name: {column.name for column in it.table.columns} for it in pruned.tables}


def conditions(pruned: Pruned) -> set[str]:
    return {it.condition for it in pruned.joins}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Where do our customers live: which city?", "customers.city"),
        ("total of the orders placed last week", "orders.total"),
        # abbreviated, misspelled, of the same root, described
        ("What quantity was sold?", "order_lines.qty"),
        ("Which supliers are from abroad?", "suppliers.company"),
        ("Which country supplies us?", "suppliers.country"),
        ("How many grams is it?", "products.weight"),
        ("the unit price", "order_lines.unit_price"),
    ],
)
def test_what_a_question_is_about_comes_first(question: str, expected: str) -> None:
    owner, _, column = expected.partition(".")
    found = kept(prune(question, SHOP, prune_bm25_num_columns=3))
    assert column in found.get(owner, ())


def test_tables_between_are_kept_with_their_keys() -> None:
    pruned = prune("customers by title of products", SHOP, prune_bm25_num_columns=4)
    assert {"customers", "orders", "order_lines", "products"} <= set(kept(pruned))
    assert conditions(pruned) >= {
        "orders.customer_id = customers.id",
        "order_lines.order_id = orders.id",
        "order_lines.product_id = products.id",
    }
    assert kept(pruned)["order_lines"] >= {"order_id", "product_id"}
