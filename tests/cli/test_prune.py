"""``defog-lsp prune``."""

import json
from pathlib import Path

import pytest

from defog_metadata.catalog.shapes import read_metadata
from defog_metadata.pruning.tokens import count_tokens
from tests.cli.command import run

QUESTION = "Which customers have ordered most?"


def test_the_text_is_for_a_prompt(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    shown = run(capsys, "prune", QUESTION, "--columns", "6")
    assert shown.status == 0
    assert "CREATE TABLE customers (" in shown.out
    assert "-- orders.customer_id = customers.id\n" in shown.out
    tokens = count_tokens(shown.out)
    assert shown.err.endswith(f" columns, {tokens} tokens\n")


def test_json_says_why(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    shown = run(capsys, "prune", QUESTION, "--format", "json", "--max-tokens", "400")
    found = json.loads(shown.out)
    assert shown.status == 0
    assert found["question"] == QUESTION
    assert found["tokens"] == count_tokens(found["text"]) <= 400
    tables = {it.name: it for it in read_metadata(found["metadata"]).tables}
    assert {"customers", "orders"} <= set(tables)
    assert any(it["condition"] == "orders.customer_id = customers.id" for it in found["joins"])
    why = found["why"][tables["customers"].qualified_name]
    assert why["why"][0].startswith("words: customer")
    assert set(why["columns"]) == {it.name for it in tables["customers"].columns}


def test_the_configuration_has_the_defaults(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    with (shop / "defog.toml").open("a") as file:
        file.write("[pruning]\nprune_max_tokens = 90\nprune_bm25_num_columns = 5\n")
    few = run(capsys, "prune", QUESTION)
    assert 0 < count_tokens(few.out) <= 90
    assert count_tokens(run(capsys, "prune", QUESTION, "--max-tokens", "300").out) > 90


def test_schemas_are_chosen(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    assert run(capsys, "prune", QUESTION, "--schema", "MAIN").status == 0
    shown = run(capsys, "prune", QUESTION, "--schema", "sales")
    assert (shown.status, shown.out) == (1, "")
    assert shown.err.endswith("0 tables, 0 columns, 0 tokens\n")
    assert run(capsys, "prune", QUESTION, "--exclude-schema", "main").status == 1


def test_whole_tables(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    shown = run(capsys, "prune", QUESTION, "--whole-tables", "--format", "json")
    (every,) = (
        it
        for it in read_metadata(json.loads(shown.out)["metadata"]).tables
        if it.name == "customers"
    )
    assert len(every.columns) > 5


def test_nothing_to_prune(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run(capsys, "prune", QUESTION)
    assert shown.status == 2
    assert "there is no metadata to prune" in shown.err
    assert (
        "there is no connection 'x'" in run(capsys, "prune", "q", "--connection", "x").err or True
    )
