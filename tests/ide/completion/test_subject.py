"""What the user is about, where the statement does not show it: comments, glossary, file names."""

from dataclasses import replace

import pytest

from defog_lsp.ide.completion import complete
from defog_metadata.pruning import glossary_of
from tests.fixture import caret


def labels_of(sql: str, *, glossary: str = "", name: str = "") -> list[str]:
    at = caret(sql)
    snapshot = replace(at.snapshot, glossary=glossary_of(glossary), name=name)
    return [it.label for it in complete(snapshot, at.offset).items]


@pytest.mark.parametrize(
    ("glossary", "sql", "first"),
    [
        ("revenue means the sum of orders.total", "-- revenue by region\nselect $0 from orders", "total"),
        ("- Turnover: `quantity`, times a price", "-- turnover\nselect $0 from order_lines", "quantity"),
        ("A basket is what order_lines add up to", "-- baskets\nselect * from $0", "order_lines"),
        ("A prospect is in marketing.leads", "-- prospects\nselect * from $0", "leads"),
        ("An address is the email of customers", "-- address\nselect $0 from customers", "email"),
    ],
)  # fmt: skip
def test_the_glossary_says_what_words_mean(glossary: str, sql: str, first: str) -> None:
    assert labels_of(sql)[0] != first, "nothing else says so"
    assert labels_of(sql, glossary=glossary)[0] == first


@pytest.mark.parametrize(
    ("name", "sql", "first"),
    [
        ("emails", "select $0 from customers", "email"),
        ("order_lines_of_today", "select * from $0", "order_lines"),
        ("2024-05 placed", "select $0 from orders", "placed_at"),
        ("leadSources", "select * from $0", "leads"),
    ],
)
def test_a_file_is_about_what_it_is_called(name: str, sql: str, first: str) -> None:
    assert labels_of(sql)[0] != first, "nothing else says so"
    assert labels_of(sql, name=name)[0] == first


def test_the_glossary_explains_a_file_name_too() -> None:
    sql, glossary = "select $0 from orders", "Fulfilment shows in orders.status"
    known = labels_of(sql, glossary=glossary, name="fulfilment").index("status")
    assert known < labels_of(sql, name="fulfilment").index("status")


def test_a_comment_says_more_than_the_file_name() -> None:
    sql = "-- Where should the receipts go?\nselect $0 from customers"
    assert labels_of(sql, name="names_by_region") == labels_of(sql)


@pytest.mark.parametrize(
    "name",
    ["", "query1", "SQLQuery2", "untitled-3", "Untitled-1", "scratch", "test", "17", "new 2"],
)
def test_names_that_say_nothing_change_nothing(name: str) -> None:
    sql = "select $0 from customers"
    assert labels_of(sql, name=name) == labels_of(sql)
