"""Which descriptions are missing or too long, at which place, and what the mend makes of them."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from defog_metadata.catalog import Catalog, Column, ForeignKey, Table
from defog_metadata.checks.descriptions import check_descriptions, vet
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.rules.findings import Finding
from defog_metadata.rules.fixes import applied
from tests.checks.descriptions import public_descriptions

PAGES = Path(__file__).parents[2] / "docs" / "rules"
LONG = "This column contains the total amount of the order in US dollars, including taxes but excluding shipping."
SHORT = "The total amount of the order in US dollars, including taxes but excluding shipping."
DENSE = "Amount in cents that was refunded to the customer. Always negative or zero; a partial refund is never greater than the original payment."


def found(text: str, kind: FileKind = "json", catalog: Catalog | None = None) -> list[str]:
    """``code: what stands there`` for each finding."""
    return [f"{it.code}: {placed(it, text)}" for it in check_descriptions(text, kind, catalog)]


def placed(finding: Finding, text: str) -> str:
    return text[finding.span.start : finding.span.end]


def columns(**descriptions: str) -> str:
    rows = [
        {"column_name": name, "data_type": "text", "column_description": text}
        for name, text in descriptions.items()
    ]
    return json.dumps({"orders": rows})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (columns(total="a", state="b", discount=""), ["discount"]),
        (columns(total="a", discount="", state=""), []),  # less than half
        (columns(total="", discount=""), []),
        (columns(id="", order_id="", total="a", created_at="", CreatedAt=""), []),
        ("{}", []),
        ("[]", []),
        ('{"a": {"table_description": "A.", "columns": []}, "b": {"columns": []}}', ["b"]),
        ('{"a": {"columns": []}, "b": {"columns": []}}', []),
    ],
)
def test_what_is_missing(text: str, expected: list[str]) -> None:
    assert found(text) == [f"description-missing: {it}" for it in expected]


def test_keys_and_what_the_database_describes_are_not_missed() -> None:
    text = columns(total="a", code="", customer="", state="", discount="")
    described = columns(total="a", rate="b", tax="c", code="", customer="", state="", discount="")
    stored = Table(
        "orders",
        (
            Column("code"),
            Column("customer"),
            Column("state", description="Said."),
            Column("discount"),
        ),
        primary_key=("code",),
        foreign_keys=(ForeignKey(("customer",), "customers", ("id",)),),
    )
    assert not found(text)
    catalog = Catalog.of(stored)
    # Four of seven are not described there, so the table is not one that mostly is.
    assert not found(described, catalog=catalog)
    more = columns(
        total="a", rate="b", tax="c", net="d", code="", customer="", state="", discount=""
    )
    assert found(more, catalog=catalog) == ["description-missing: discount"]
    assert len(found(more)) == 4


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_what_is_too_long_and_its_mend(kind: FileKind) -> None:
    rows = [["orders", "total", "numeric", LONG], ["orders", "refund", "int", DENSE]]
    if kind == "json":
        text = columns(total=LONG, refund=DENSE)
    else:
        stream = io.StringIO(newline="")
        header = ["table_name", "column_name", "data_type", "column_description"]
        csv.writer(stream).writerows([header, *rows])
        text = stream.getvalue()
    long, dense = check_descriptions(text, kind)
    assert (long.code, long.severity, placed(long, text)) == (
        "description-long",
        "information",
        LONG,
    )
    assert long.message == "the description of orders.total has 105 characters, more than 100"
    (fix,) = long.fixes
    assert (fix.title, fix.is_certain) == ("Shorten", False)
    assert applied(text, fix.edits) == text.replace(LONG, SHORT)
    assert not dense.fixes
    assert "cannot be shortened" in dense.message


def test_a_long_description_with_escapes() -> None:
    long = LONG.replace("amount", 'amount ("sum")')
    text = columns(total=long)
    (finding,) = check_descriptions(text, "json")
    (fix,) = finding.fixes
    (row,) = json.loads(applied(text, fix.edits))["orders"]
    assert row["column_description"] == SHORT.replace("amount", 'amount ("sum")')


def test_of_a_table_in_csv_the_first_is_meant() -> None:
    header = "table_name,column_name,data_type,column_description,table_description"
    text = f'{header}\norders,id,int,,"{DENSE}"\norders,total,int,,"{DENSE}"\n'
    (finding,) = check_descriptions(text, "csv")
    assert placed(finding, text) == DENSE
    assert finding.span.start < text.index("orders,total")


def test_severities() -> None:
    text = columns(total="a" * 101, state="b", discount="")
    assert [it.severity for it in check_descriptions(text, "json")] == ["information", "hint"]
    changed = check_descriptions(
        text, "json", severities={"description-long": "error", "description-missing": "off"}
    )
    assert [it.severity for it in changed] == ["error"]


@pytest.mark.parametrize(
    "text", ['{"a": [{"column_name": ', "table_name\n", '{"a": {"columns": 1}}', "null"]
)
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_broken_files_never_raise(text: str, kind: FileKind) -> None:
    assert not check_descriptions(text, kind)


@pytest.mark.parametrize("code", ["description-missing", "description-long"])
def test_the_examples_of_the_pages(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text("utf-8")
    for heading, expected in (("Bad", True), ("Good", False)):
        _, _, section = page.partition(f"## {heading}\n")
        examples = re.findall(r"```(json|csv)\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
        assert examples
        for kind, text in examples:
            codes = {it.code for it in check_descriptions(text, kind)}
            assert codes == ({code} if expected else set()), text


def test_the_table_of_the_page_is_true() -> None:
    page = (PAGES / "description-long.md").read_text("utf-8")
    rows = re.findall(r"^\| (.{101,}?) \| (.+) \|$", page, re.MULTILINE)
    assert len(rows) == 3
    for long, short in rows:
        (proposal,) = vet([Table("t", (Column("c", description=long),))])
        assert proposal.proposal == (None if short.startswith("*none") else short)


def test_proposals() -> None:
    table = Table(
        "orders",
        (Column("total", description=LONG), Column("refund", description=DENSE)),
        "s",
        description="Short.",
    )
    total, refund = vet([table])
    assert (total.name, total.description, total.proposal, total.reason) == (
        "s.orders.total",
        LONG,
        SHORT,
        "",
    )
    assert {"including", "excluding"} <= {it.text for it in total.kept}
    assert (refund.proposal, refund.reason) == (None, "with all its facts it has 117 characters")
    assert len(vet([table], limit=5)) == 3


def test_public_descriptions() -> None:
    texts = public_descriptions()
    table = Table("t", tuple(Column(f"c{n}", description=it) for n, it in enumerate(texts)))
    proposals = vet([table])
    assert len(proposals) == sum(len(it) > 100 for it in texts)
    assert all(it.proposal or it.reason for it in proposals)
