"""Glossaries in the editor: completion and hover in prose, and what SQL shows of them."""

import pytest

from defog_lsp.ide.completion import Subject, documentation
from defog_lsp.ide.glossary import complete_glossary, hover_glossary
from defog_lsp.ide.hover import hover
from defog_metadata.pruning import glossary_of
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import CATALOG


def labels(marked: str) -> list[str]:
    found = complete_glossary(marked.replace("$0", ""), marked.index("$0"), CATALOG)
    return [it.label for it in found.items]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("- Revenue is orders.$0", ["id", "customer_id", "total", "status", "placed_at"]),
        ("- Revenue is `orders.to$0`", ["total"]),
        ("- Revenue is public.orders.to$0", ["total"]),
        ("- Leads are in marketing.$0", ["leads"]),
        ("- Leads are in marketing.leads.s$0", ["source"]),
        ("- Revenue is SUM(ord$0)", ["order_lines", "orders", "order_id"]),
        ("- `$0`", ["customers", "leads", "order_lines", "orders"]),
        ("- Of orders the `$0`", ["id", "customer_id", "total", "status", "placed_at", "customers", "leads", "order_lines", "orders"]),
        ("- Of leads the so$0", ["source"]),
        ("- The prod$0", ["product_id"]),
        ("- The $0", []),
        ("- There. $0", []),
        ("- nothing.$0", []),
        ("$0", []),
    ],
)  # fmt: skip
def test_completion(marked: str, expected: list[str]) -> None:
    assert labels(marked) == expected


def test_completion_replaces_the_whole_word() -> None:
    text = "- first\n- orders.statu of it\n"
    offset = text.index("tatu")
    (item,) = complete_glossary(text, offset, CATALOG).items
    assert text[: item.span.start] + item.insert + text[item.span.end :] == (
        "- first\n- orders.status of it\n"
    )
    assert (item.detail, item.description) == ("text", "orders")


@pytest.mark.parametrize(
    ("marked", "word", "shown"),
    [
        ("- Revenue is orders.to$0tal", "total", "orders.total numeric(10,2)"),
        ("- Revenue is ord$0ers.total", "orders", "table public.orders"),
        ("- Revenue is SUM(tot$0al) of orders", "total", "orders.total numeric(10,2)"),
        ("- Buyers have a custo$0mer_id", "customer_id", "orders.customer_id integer"),
        ("- Buyers are custo$0mers", "customers", "table public.customers"),
        ("- They have a `re$0gion`", "region", '"Region" text'),
        ("- The to$0tal is large", "", ""),
        ("- The nope$0 of orders", "", ""),
        ("# The orde$0rs", "", ""),
        ("- $0", "", ""),
    ],
)
def test_hover(marked: str, word: str, shown: str) -> None:
    text = marked.replace("$0", "")
    found = hover_glossary(text, marked.index("$0"), CATALOG)
    if not word:
        assert found is None
        return
    assert found is not None
    assert text[found.span.start : found.span.end] == word
    assert shown in found.markdown


GLOSSARY = glossary_of(
    """\
# About orders
- Revenue is the sum of `orders.total`, without those that were returned and much else besides.
* A basket is worth `orders.total`.
1. `total` is with tax
- orders and customers are joined on customer_id
- The total of everything
"""
)


def sql_hover(marked: str) -> str:
    snapshot = Snapshot(marked.replace("$0", ""), CATALOG, "postgres", glossary=GLOSSARY)
    found = hover(snapshot, marked.index("$0"))
    return found.markdown if found else ""


def test_hover_in_sql_shows_what_the_glossary_says_the_most_specific_first() -> None:
    column = sql_hover("select o.tot$0al from orders o")
    assert column.endswith(
        "*In the glossary:*\n\n"
        "- A basket is worth `orders.total`.\n"
        "- Revenue is the sum of `orders.total`, without those that were returned and much else"
        " besides.\n"
        "- `total` is with tax"
    )
    table = sql_hover("select 1 from ord$0ers")
    assert "- orders and customers are joined on customer_id" in table
    assert "About orders" not in table
    assert "glossary" not in sql_hover("select l.li$0ne from order_lines l")
    assert "glossary" not in sql_hover("select x.a$0 from (select 1 as a) x")


def test_documentation_of_completions_shows_it_too() -> None:
    subject = Subject("column", "total", "orders", "public")
    assert "A basket is worth" in documentation(subject, CATALOG, "postgres", GLOSSARY)
    assert "glossary" not in documentation(subject, CATALOG, "postgres")
    table = Subject("table", table="orders", schema="public")
    assert "joined on customer_id" in documentation(table, CATALOG, "postgres", GLOSSARY)
