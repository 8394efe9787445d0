"""``defog-lsp health``, for people and for programs."""

import json
from pathlib import Path

import pytest

from tests.cli.command import run


def test_the_sample_is_healthy(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "health")
    assert ran.status == 0, ran.out
    lines = ran.out.splitlines()
    assert lines[0] == "connection shop: 12 tables"
    assert [it.split()[0] for it in lines[1:5]] == ["✓"] * 4
    assert "  coverage        8 of 12 tables, 24 of 63 columns (38.1 %)" in lines
    assert "      not covered: reviews" in lines


def test_what_is_wrong_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    golden = shop / "golden_queries.json"
    golden.write_text(golden.read_text().replace("o.status", "o.sttus"))
    glossary = shop / "glossary.md"
    glossary.write_text(glossary.read_text().replace("`orders.ordered_on`", "`orders.orderd_on`"))
    ran = run(capsys, "health")
    assert ran.status == 1
    assert "✗ golden queries  1 problem" in ran.out
    assert "What is our revenue by country?: " in ran.out
    assert "did you mean ordered_on?" in ran.out
    ran = run(capsys, "health", "--format", "json", "--against", "database")
    assert ran.status == 1
    found = json.loads(ran.out)
    assert not found["is_healthy"]
    assert found["golden_queries"]["valid_count"] == 6
    assert found["coverage"]["total_tables"] == 12
    assert found["descriptions"]["columns_described"] == 63


def test_where_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(capsys, "health")
    assert ran.status == 2
    assert "no table is known" in ran.err
    assert run(capsys, "health", "--connection", "nope").status == 2
