"""Names in a glossary that the metadata do not have.

``^^^^`` under a line marks a finding, with the message behind it; lines without one have none.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.checks.glossary import check_glossary, check_glossary_valid
from defog_metadata.documents.glossary import read_glossary_file
from defog_metadata.rules.fixes import applied
from defog_metadata.text import TextFile
from tests.fixture import CATALOG


def check(fixture: str, catalog: Catalog = CATALOG, dialect: str = "postgres") -> None:
    lines: list[str] = []
    expected: list[tuple[int, int, int, str]] = []
    for line in fixture.splitlines():
        marked = re.fullmatch(r"(?P<before> *)(?P<marks>\^+) (?P<message>.+)", line)
        if marked:
            start = len(marked["before"])
            message = marked["message"]
            expected.append((len(lines) - 1, start, start + len(marked["marks"]), message))
        else:
            lines.append(line)
    text = "\n".join(lines)
    starts = [sum(len(it) + 1 for it in lines[:index]) for index in range(len(lines))]
    found = []
    for it in check_glossary(text, catalog, dialect, {"glossary-contradiction": "off"}):
        number = max(n for n, start in enumerate(starts) if start <= it.span.start)
        start = starts[number]
        found.append((number, it.span.start - start, it.span.end - start, it.message))
    assert found == sorted(expected), text


@pytest.mark.parametrize(
    "line",
    [
        "Revenue is the sum of orders.total",
        "Revenue is the sum of `orders.total` and ORDERS.STATUS.",
        "Revenue = SUM(orders.total) / COUNT(DISTINCT customer_id)",
        "Open: `status = 'open'`, see public.orders.status",
        "See marketing.leads, marketing.leads.source, `leads.source`.",
        # words, values, abbreviations, functions
        "An order is `new` or `paid` while it is open, ADV and AOV are defined in Q3",
        "The `status` is `opne` or `delivered`",
        "Use DATE_TRUNC and date_part, CURRENT_DATE; `COUNT()`, `NULL`, `ILIKE`.",
        "Filter with ILIKE '%<text>%' or status = 'in_progress', never \"on_hold\"",
        "We call our_own_function(total) for it",
        # plurals, possessives, affixes, patterns
        "Both have different customer_ids; an order_line's quantity",
        "Columns that end in _at or _id; total_* and order_% are fine",
        "placedN_at, `<name>_id`, {name}_id, day30_",
        # other systems
        "From https://example.com/raw_events/order_totl?customer_idd=1 and data/raw_events/x.csv",
        "See orders.csv, orders.sql, report_totals.xlsx, ~/some/placed_att and /var/raw_events/",
        "Write to order_desk@example.com about [the page](docs/customer_idd.md)",
        "JavaScript, iPhone, PostgreSQL, MoM and YoY growth; eBay's GitHub",
        "An add_to_cart event follows a page_view event",
        "e.g. orders, i.e. what was bought.There is more",
        "All month-over-month values are non-null, incl. customer_id-level ones",
        # terms that the glossary defines itself
        "gross_margin = revenue - cost",
        "order_rate: share of visitors who order",
        # text for people, in the shape of SQL
        "Margin = SUM(price of all things) - SUM(cost of all things)",
        "AOV = total revenue / number of orders, per customer",
        "Counts use COUNT(DISTINCT ...) WHERE o.total > 0",
        "`FROM t1 JOIN t2 ON DATE_TRUNC('<interval>', t1.date) = DATE_TRUNC('<interval>', t2.date)`",
        'Orders by region: `SELECT c."Region", SUM(o.total) AS big FROM orders o'
        " JOIN customers c ON c.id = o.customer_id GROUP BY 1`",
        "WITH big AS (SELECT customer_id FROM orders) SELECT big.customer_id FROM big",
    ],
)
def test_what_is_right_or_unsure_is_left_alone(line: str) -> None:
    check(line)


def test_misspelled_names_are_found() -> None:
    check(
        """\
Revenue is the sum of orders.totl
                             ^^^^ orders has no column totl; did you mean total?
Revenue is the sum of `ordres.total`
                       ^^^^^^ there is no table ordres; did you mean orders?
A buyer has a custmer_id.
              ^^^^^^^^^^ there is no table or column custmer_id; did you mean customer_id?
See `custmers` and `totl`.
     ^^^^^^^^ there is no table or column custmers; did you mean customers?
                    ^^^^ there is no table or column totl; did you mean total?
Revenue = SUM(tota) / COUNT(id)
              ^^^^ there is no table or column tota; did you mean total?
Revenue = SUM(orders.total) WHERE custmer_id IS NOT NULL
                                  ^^^^^^^^^^ there is no table or column custmer_id; did you mean customer_id?
Big: `total > 5 AND statsu = 'open'`
                    ^^^^^^ there is no table or column statsu; did you mean status?
All: `SELECT o.otal FROM orders o`
               ^^^^ there is no table or column otal; did you mean total?
In SUM(o.placed_att) o is orders
         ^^^^^^^^^^ there is no table or column placed_att; did you mean placed_at?
Where placed_at is known, totall = value of all lines
                          ^^^^^^ there is no table or column totall; did you mean total?
"""
    )


def test_names_that_come_near_nothing_are_found_where_the_text_says_what_they_are() -> None:
    check(
        """\
orders can be joined to purchase_history on customer_id
                        ^^^^^^^^^^^^^^^^ there is no table or column purchase_history
Take it from the `clients` table
                  ^^^^^^^ there is no table or column clients
The column tax_class tells
           ^^^^^^^^^ there is no table or column tax_class
Tax = SUM(tax_class)
          ^^^^^^^^^ there is no table or column tax_class
Look at invoices.placed_at first
        ^^^^^^^^ there is no table invoices; did you mean orders?
"""
    )


def test_a_name_that_is_surely_unknown_once_is_unknown_everywhere() -> None:
    check(
        """\
There are two rows in old_wallet for a refund.
                      ^^^^^^^^^^ there is no table or column old_wallet
The old_wallet has all.
    ^^^^^^^^^^ there is no table or column old_wallet
"""
    )
    check("The old_wallet has all.")


def test_names_with_humps_are_names_where_the_database_has_such() -> None:
    catalog = Catalog.of(Table("sbTicker", (Column("sbTickerId"), Column("sbSymbol"))))
    check(
        """\
sbTickr is joined on sbTickerId; JavaScript is not
^^^^^^^ there is no table or column sbTickr; did you mean sbTicker or sbTickerId?
""",
        catalog,
    )


def test_sql_that_does_not_parse_is_found() -> None:
    check(
        """\
Revenue = SUM(orders.total
             ^ this ( is never closed
Open: `COUNT(CASE WHEN total > 5 THEN 1)`
                                       ^ expected END before )
"""
    )


def test_without_metadata_only_sql_is_judged() -> None:
    text = "A buyer has a custmer_id, SUM(order_total"
    assert [it.code for it in check_glossary(text, Catalog(), "postgres")] == ["syntax-error"]
    partial = Catalog(CATALOG.source, "postgres", is_partial=True)
    assert [it.code for it in check_glossary(text, partial, "postgres")] == ["syntax-error"]


def test_fixes_put_the_nearest_name_there() -> None:
    text = "- Revenue = SUM(orders.totl), by `CUSTMERS`\n"
    found = check_glossary(text, CATALOG, "postgres")
    edits = [it.fixes[0].edits[0] for it in found]
    assert applied(text, edits) == "- Revenue = SUM(orders.total), by `CUSTOMERS`\n"


def test_comments_silence() -> None:
    wrong = "see `custmers`"
    assert check_glossary(wrong, CATALOG, "postgres")
    assert not check_glossary(f"{wrong} <!-- defog: ignore -->", CATALOG, "postgres")
    assert not check_glossary(f"<!-- defog: ignore -->\n{wrong}", CATALOG, "postgres")
    named = f"<!-- defog: ignore glossary-unknown-name (old) -->\n{wrong}"
    assert not check_glossary(named, CATALOG, "postgres")
    assert check_glossary(f"<!-- defog: ignore glossary-contradiction -->\n{wrong}", CATALOG, "")
    assert check_glossary(f"<!-- defog: ignore -->\n\n{wrong}", CATALOG, "postgres")


def test_severities_can_be_changed() -> None:
    hint = check_glossary("`custmers`", CATALOG, "postgres", {"glossary-unknown-name": "hint"})
    assert [it.severity for it in hint] == ["hint"]
    assert not check_glossary("`custmers`", CATALOG, "", {"glossary-unknown-name": "off"})


def test_the_documented_result_has_lines(tmp_path: object) -> None:
    from pathlib import Path

    file = TextFile(Path("words/glossary.md"), "# Words\n\n- see `custmers`\n")
    result = check_glossary_valid([file, TextFile(Path(), "fine")], CATALOG, "postgres")
    assert result.as_dict() == {
        "is_valid": False,
        "errors": [
            "glossary.md, line 3: there is no table or column custmers; did you mean customers?"
        ],
    }
    fine = check_glossary_valid([TextFile(Path(), "- see `customers`")], CATALOG, "postgres")
    assert fine.as_dict() == {"is_valid": True, "errors": []}


def test_lines_of_a_glossary_have_their_places() -> None:
    text = (
        "# Head\r\n\r\n- one\r\n  * two `x`  \r\n1. three\n```sql\nselect nope\n```\n> four\n---\n"
    )
    lines = read_glossary_file(text)
    assert [(it.number, it.text) for it in lines] == [
        (3, "one"),
        (4, "two `x`"),
        (5, "three"),
        (9, "four"),
    ]
    assert all(text[it.span.start : it.span.end] == it.text for it in lines)


@given(st.text("orders.totl_id `'\"()=<>*/-|#\n,SUMselect", max_size=60))
def test_any_text_can_be_checked(text: str) -> None:
    for it in check_glossary(text, CATALOG, "postgres"):
        assert 0 <= it.span.start < it.span.end <= len(text)
