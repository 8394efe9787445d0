import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.pruning import Glossary, glossary_of


@pytest.mark.parametrize(
    ("line", "column", "is_named"),
    [
        # qualified, in prose and in code
        ("- Revenue means the sum of orders.total.", "orders.total", True),
        ("Revenue is the sum of `orders.total * orders.rate`.", "orders.rate", True),
        ("Revenue is the sum of public.orders.total", "orders.total", True),
        ('Revenue is the sum of "orders"."total"', "orders.total", True),
        ("Revenue is the sum of [orders].[total]", "orders.total", True),
        ("REVENUE IS THE SUM OF ORDERS.TOTAL", "orders.total", True),
        ("Revenue is the sum of orders.total.", "Orders.Total", True),
        ("Revenue is the sum of orders.total.", "invoices.total", False),
        ("Invoices are about orders.total.", "invoices.total", False),
        ("Revenue is the sum of orders.total.", "orders.total_tax", False),
        ("Die Größe steht in artikel.größe", "artikel.größe", True),
        # alone, but nothing but a name
        ("A buyer is someone with a customer_id", "orders.customer_id", True),
        ("A buyer is someone with a customerId", "orders.customerid", True),
        ("Revenue is in `total`", "orders.total", True),
        ("Revenue is `sum(total)`", "orders.total", True),
        ("Open means `status = 'new'`", "orders.status", True),
        ("Open means `status = 'new'`", "orders.new", False),
        ("Dates are in `Order Date`", "orders.order date", True),
        # a plain word: only beside its table
        ("The total of orders is with tax", "orders.total", True),
        ("The total of orders is with tax", "invoices.total", False),
        ("The total is with tax", "orders.total", False),
        ("The orders.id counts; a total does not", "orders.total", True),
        ("The supplier's name of suppliers is legal", "suppliers.name", True),
        ("", "orders.total", False),
    ],
)
def test_which_columns_a_statement_names(line: str, column: str, is_named: bool) -> None:
    table, _, name = column.partition(".")
    assert bool(glossary_of(line).of_column(table, name)) == is_named


@pytest.mark.parametrize(
    ("line", "table", "is_named"),
    [
        ("Trade customers pay later", "customers", True),
        ("Trade Customers pay later", "CUSTOMERS", True),
        ("See `order_totals`.", "order_totals", True),
        ("See sales.orders.", "orders", True),
        ("See orders.total.", "orders", True),
        ("An order is a purchase", "orders", False),
    ],
)
def test_which_tables_a_statement_names(line: str, table: str, is_named: bool) -> None:
    assert bool(glossary_of(line).of_table(table)) == is_named


def test_the_words_are_those_of_all_the_statements_each_once() -> None:
    glossary = glossary_of(
        "# What we mean\n\n"
        "- Revenue is the sum of `orders.total`.\r\n"
        "- Churned: a customer without orders.\n"
        "- A basket is worth `orders.total`.\n"
    )
    assert glossary.of_column("orders", "total") == (
        "revenue", "sum", "order", "total", "basket", "worth",
    )  # fmt: skip
    assert "churn" in glossary.of_table("orders")
    assert glossary.of_table("customers") == ()


def test_an_empty_glossary_knows_nothing() -> None:
    assert Glossary().of_table("orders") == Glossary().of_column("orders", "total") == ()


@given(st.lists(st.text("ab._`'\"[] \n", max_size=20), max_size=5))
def test_any_text_can_be_read(lines: list[str]) -> None:
    glossary = glossary_of("\n".join(lines))
    known = {word for it in glossary.words for word in it}
    for name in ("a", "b", "ab"):
        assert known.issuperset(glossary.of_table(name))
        assert known.issuperset(glossary.of_column(name, "a"))
