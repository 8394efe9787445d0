"""Lenses of golden queries: what they say, and where nothing is said yet."""

from dataclasses import replace

from defog_lsp.ide.code_lens import golden_lenses, uncovered
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.documents.golden import read_golden_file
from defog_metadata.rules.findings import DEFAULT_SEVERITIES
from defog_metadata.sql.snapshot import Snapshot

CATALOG = Catalog.of(
    Table("orders", (Column("id", "integer"), Column("total", "numeric")), "public"),
    Table("customers", (Column("id", "integer"), Column("name", "text")), "public"),
)
TEXT = """- question: How much?
  sql: SELECT sum(total) FROM orders
- question: Who?
  sql: SELECT nmae FROM customers
- question: Why?
  sql: SELECT 1
"""


def lenses(text: str, catalog: Catalog = CATALOG) -> list[tuple[str, str]]:
    """The first words under each lens, and what it says."""
    file = read_golden_file(text, "yaml")
    found = golden_lenses(file, Snapshot(text, catalog, "postgres"), DEFAULT_SEVERITIES)
    return [(text[it.span.start :].partition("\n")[0], it.title) for it in found]


def test_each_entry_and_the_file() -> None:
    assert lenses(TEXT) == [
        ("- question: How much?", "covers 2/2 tables, 25 % of columns"),
        ("question: How much?", "valid · table orders"),
        ("question: Who?", "1 problem"),
        ("question: Why?", "valid"),
    ]


def test_nothing_is_said_of_a_database_that_is_not_known_yet() -> None:
    assert lenses(TEXT, Catalog()) == []
    assert lenses(TEXT, replace(CATALOG, is_partial=True)) == []
    assert lenses("") == []


def test_what_is_not_covered() -> None:
    text = TEXT[: TEXT.index("- question: Who?")]
    shown = uncovered(read_golden_file(text, "yaml"), Snapshot(text, CATALOG, "postgres"))
    assert shown.splitlines() == [
        "-- The golden queries of this file cover 1/2 tables, 25 % of columns.",
        "--",
        "-- Tables that none of them reads (1):",
        "--   customers",
        "--",
        "-- Columns that none of them reads, of tables that some do:",
        "--   orders: id",
    ]
