"""Statements of a glossary that contradict or repeat one another, or a golden query."""

from pathlib import Path

import pytest

from defog_metadata.catalog import Catalog, Column, ForeignKey, Table
from defog_metadata.checks.glossary import (
    Beside,
    GoldenAnswer,
    OtherGlossary,
    check_glossary,
    check_glossary_consistency,
)
from defog_metadata.documents.glossary import read_glossary_file
from defog_metadata.rules.fixes import applied
from defog_metadata.text import Span, TextFile

CARS = Table("cars", (Column("id"), Column("make"), Column("vin")))
USERS = Table("users", (Column("uid"), Column("name"), Column("mid")))
SALES = Table(
    "sales",
    (
        *(Column(it) for it in ("id", "car_id", "price", "sold_at", "entered_at", "notes")),
        *(Column(it) for it in ("sender_id", "receiver_id", "seller_id", "buyer_id")),
    ),
    foreign_keys=(
        ForeignKey(("seller_id",), "users", ("uid",)),
        ForeignKey(("buyer_id",), "users", ("uid",)),
    ),
)
CATALOG = Catalog.of(CARS, USERS, SALES)


def check(text: str, *golden: str, catalog: Catalog = CATALOG) -> list[str]:
    answers = tuple(GoldenAnswer(it, Span(0, len(it))) for it in golden)
    found = check_glossary(text, catalog, "postgres", beside=Beside(golden=answers))
    assert {it.code for it in found} <= {"glossary-contradiction"}, found
    return [f"{it.severity}: {it.message}" for it in found]


@pytest.mark.parametrize(
    ("one", "two", "message"),
    [
        # terms
        (
            "Revenue = SUM(sales.price)",
            "Revenue = SUM(sales.seller_id)",
            "Revenue is defined in another way before",
        ),
        (
            "Revenue = SUM(price) - SUM(seller_id)",
            "**Revenue** = SUM(price) + SUM(seller_id)",
            "Revenue is defined in another way before",
        ),
        (
            "NCT (Net Commission Total) = SUM(price)",
            "Net Commission Total = SUM(seller_id)",
            "Net Commission Total is defined in another way before",
        ),
        (
            "Churned means a user who has left",
            "Churned means a user without sales for a year",
            "Churned is defined in another way before",
        ),
        (
            "An active user is the one who bought in the last 30 days",
            "Active user means one who bought in the last 90 days",
            "Active user is defined in another way before",
        ),
        # joins
        (
            "sales can be joined to cars on car_id",
            "sales can be joined to cars on sales.buyer_id = cars.id",
            "sales and cars are joined on other columns before",
        ),
        (
            "`cars.id` can be joined with `car_id` from `sales` table",
            "`cars.id` can be joined with `buyer_id` from `sales` table",
            "cars and sales are joined on other columns before",
        ),
        (
            "Join sales and cars on sales.car_id = cars.id",
            "Join cars to sales on cars.vin = sales.notes",
            "cars and sales are joined on other columns before",
        ),
        # preferences
        (
            "Always use sales.sold_at instead of sales.entered_at",
            "Use sales.entered_at instead of sales.sold_at.",
            "sold_at is preferred to entered_at before",
        ),
        # conventions
        ("All amounts are in USD.", "Amounts are stored in euros", "another currency is given before: USD"),
        ("Prices are in €", "All prices are given in US dollars", "another currency is given before: €"),
        (
            "All timestamps are in UTC",
            "Timestamps are stored in Europe/Berlin",
            "another time zone is given before: UTC",
        ),
        (
            "Dates are formatted as YYYY-MM-DD",
            "All dates are written in DD/MM/YYYY",
            "another date format is given before: YYYY-MM-DD",
        ),
        (
            "The fiscal year starts in April",
            "Our fiscal year begins on 1 July",
            "another fiscal year is given before: April",
        ),
        ("Weeks start on Monday", "A week starts on Sunday", "another week is given before: Monday"),
    ],
)  # fmt: skip
def test_two_statements_that_cannot_both_hold(one: str, two: str, message: str) -> None:
    assert check(f"- {one}\n- {two}\n") == [f"error: {message} (line 1)"]
    assert not check(f"- {one}\n")
    assert not check(f"- {two}\n")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        # the same in other words, or more of it
        ("Revenue = SUM(price)", "Revenue = SUM(sales.price) from the sales table"),
        ("Revenue = SUM(price)", "Revenue means what was earned"),
        ("Revenue = SUM(price)", "Revenue = SUM(price) WHERE sold_at IS NOT NULL"),
        ("Churned means a user who has left", "Churned means a user who has left for good"),
        ("Revenue is the most important number", "Revenue means money from sales"),
        # other terms
        ("Revenue (net) = SUM(price)", "Revenue (gross) = SUM(seller_id)"),
        ("ATH for a car = MAX(price)", "ATH for a user = MAX(seller_id)"),
        ("Revenue in Q1 = SUM(price)", "Revenue in Q2 = SUM(seller_id)"),
        ("Note: filter by car", "Note: never filter by user"),
        # joins that may both be right
        ("sales.sender_id can be joined with users.uid", "sales.receiver_id can be joined with users.uid"),
        ("Join sales to users on sales.seller_id = users.uid", "Join sales to users on sales.buyer_id = users.uid"),
        ("sales can be joined to cars on car_id", "cars can be joined to sales on cars.id = sales.car_id"),
        ("sender_id can be joined with users.uid or users.mid", "sales can be joined to users on seller_id"),
        # preferences on conditions
        ("Use sales.sold_at instead of sales.entered_at for reports", "Use sales.entered_at instead of sales.sold_at for audits"),
        # conventions about other things
        ("sales.price is in USD", "Salaries are in EUR"),
        ("All amounts are in USD", "Amounts for Europe are in EUR"),
        ("Amounts are in USD", "Convert amounts that are in EUR to what is in USD"),
        ("The fiscal year starts in April", "The calendar year starts in January"),
        ("Match names case insensitively", "Match codes exactly"),
    ],
)  # fmt: skip
def test_statements_that_may_both_hold(one: str, two: str) -> None:
    assert not check(f"- {one}\n- {two}\n")
    assert not check(f"- {two}\n- {one}\n")


def test_a_repetition_can_be_removed() -> None:
    text = "- Use `sales` with cars.\n- Other\n* **use** sales with cars\n"
    assert check(text) == ["information: this says the same as line 1"]
    (finding,) = check_glossary(text, CATALOG, "postgres")
    assert finding.is_unneeded
    assert "with cars\n" not in applied(text, finding.fixes[0].edits)
    (related,) = finding.related
    assert text[related.span.start : related.span.end] == "Use `sales` with cars."


RULE = "Always use sales.sold_at instead of sales.entered_at"
JOIN = "`cars.id` can be joined with `car_id` from `sales`"


@pytest.mark.parametrize(
    ("text", "sql", "message"),
    [
        (RULE, "SELECT entered_at FROM sales", "a golden query uses sales.entered_at nevertheless"),
        (f"{RULE} for the date", "SELECT s.entered_at FROM sales s", "a golden query uses sales.entered_at nevertheless"),
        ("Never use sales.notes", "SELECT notes FROM sales", "a golden query uses sales.notes nevertheless"),
        (JOIN, "SELECT 1 FROM sales s JOIN cars c ON s.id = c.id", "a golden query joins cars and sales on other columns: id"),
        # kept, not concerned, or both
        (RULE, "SELECT sold_at FROM sales", ""),
        (RULE, "SELECT sold_at, entered_at FROM sales", ""),
        (f"{RULE} for cars", "SELECT entered_at FROM sales", ""),
        (RULE, "SELECT make FROM cars", ""),
        (JOIN, "SELECT 1 FROM sales s JOIN cars c ON s.car_id = c.id", ""),
        (JOIN, "SELECT 1 FROM sales s JOIN cars c ON s.car_id = c.id JOIN cars d ON d.vin = s.notes", ""),
        (JOIN, "SELECT 1 FROM sales s JOIN users u ON s.id = u.uid", ""),
        (JOIN, "SELECT broken FROM (", ""),
    ],
)  # fmt: skip
def test_golden_queries_that_do_otherwise(text: str, sql: str, message: str) -> None:
    assert check(f"- {text}\n", sql) == ([f"error: {message}"] if message else [])


def test_another_file_is_named() -> None:
    file = TextFile(Path("words/metrics.md"), "# Metrics\n- Revenue = SUM(price)\n")
    before = (OtherGlossary(file, read_glossary_file(file.text)),)
    (finding,) = check_glossary(
        "Revenue = SUM(seller_id)", CATALOG, "postgres", beside=Beside(before)
    )
    assert finding.message == "Revenue is defined in another way before (line 2 of metrics.md)"
    assert finding.related[0].file is file
    assert file.text[finding.related[0].span.start :] == "Revenue = SUM(price)\n"


def test_the_documented_result_has_lines() -> None:
    one = TextFile(Path("a.md"), "- Revenue = SUM(price)\n")
    two = TextFile(Path("b.md"), "\n- Revenue = SUM(seller_id)\n")
    found = check_glossary_consistency([one, two], CATALOG, "postgres")
    assert found.as_dict() == {
        "is_consistent": False,
        "issues": ["b.md, line 2: Revenue is defined in another way before (line 1 of a.md)"],
    }
    fine = check_glossary_consistency([one], CATALOG, "postgres")
    assert fine.as_dict() == {"is_consistent": True, "issues": []}
