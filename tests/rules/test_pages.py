"""The pages of docs/rules: every code has one, and its examples do what the page says."""

import re
from pathlib import Path

import pytest

from defog_metadata.rules import DEFAULT_SEVERITIES, Severity, check
from tests.fixture import snapshot_of

PAGES = Path(__file__).parents[2] / "docs" / "rules"
SQL_RULES = (
    "syntax-error",
    "unknown-table",
    "unknown-column",
    "unknown-alias",
    "ungrouped-column",
    "type-mismatch",
    "column-count",
    "null-comparison",
    "cartesian-join",
    "unused-cte",
    "select-star",
    "unknown-schema",
    "unknown-function",
    "ambiguous-column",
    "duplicate-alias",
)
CODES = (
    *SQL_RULES,
    *("metadata-duplicate", "metadata-type", "metadata-drift"),
    *("description-missing", "description-long"),
    *("golden-invalid", "golden-duplicate", "golden-format"),
    *("glossary-unknown-name", "glossary-contradiction"),
    *("plain-text-password", "configuration"),
)


def examples(code: str, heading: str) -> list[str]:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    _, _, section = text.partition(f"## {heading}\n")
    return re.findall(r"```sql\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page_that_is_listed(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}\n")
    assert "## Turn it off" in page
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    severity = DEFAULT_SEVERITIES.get(code, "error")
    assert f"| [{code}]({code}.md) | {severity} |" in index


@pytest.mark.parametrize("code", SQL_RULES)
def test_bad_examples_are_found_and_good_ones_are_not(code: str) -> None:
    bad, good = examples(code, "Bad"), examples(code, "Good")
    severities: dict[str, Severity] = {code: "error"}
    assert bad
    assert good
    for sql in bad:
        assert {it.code for it in check(snapshot_of(sql), severities)} == {code}, sql
    for sql in good:
        assert not check(snapshot_of(sql), severities), sql


def test_severities_can_be_changed_and_rules_silenced() -> None:
    (sql, *_) = examples("unknown-column", "Bad")
    assert [it.severity for it in check(snapshot_of(sql))] == ["error"]
    hinted = check(snapshot_of(sql), {"unknown-column": "hint"})
    assert [it.severity for it in hinted] == ["hint"]
    assert not check(snapshot_of(sql), {"unknown-column": "off"})
