"""``defog-lsp check`` on metadata files."""

import json
from pathlib import Path

import pytest

from tests.cli.command import run


def metadata_file(shop: Path) -> Path:
    (path,) = (shop / "metadata").glob("*.json")
    return path


def test_the_sample_has_nothing_wrong(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    shown = run(capsys, "check", metadata_file(shop))
    assert (shown.status, shown.out) == (0, "")


def test_mistakes_are_told_at_their_place(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    path = metadata_file(shop)
    text = path.read_text()
    line = next(i for i, it in enumerate(text.splitlines()) if '"column_name"' in it)
    name = text.split('"column_name": "')[1].partition('"')[0]
    path.write_text(text.replace(f'"column_name": "{name}"', f'"column_name": "{name}x"', 1))
    shown = run(capsys, "check", "--format", "json", "metadata")
    assert shown.status == 1
    (found,) = json.loads(shown.out)
    assert found["code"] == "metadata-drift"
    assert found["range"]["start"]["line"] == line
    assert f"has no column {name}x in the database" in found["message"]
    # And the one obvious mend is made.
    shown = run(capsys, "check", "--fix", "metadata")
    assert shown.status == 0
    assert path.read_text() == text


def test_a_file_that_cannot_be_read_is_told_of_once(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    (shop / "metadata" / "bad.json").write_text('{"orders": [\n  {"column_name": 1}]}')
    shown = run(capsys, "check", "--format", "json", "metadata")
    assert shown.status == 1
    found = [it for it in json.loads(shown.out) if it["path"].endswith("bad.json")]
    assert [(it["code"], it["range"]["start"]) for it in found] == [
        ("configuration", {"line": 1, "character": 18}),
    ]


def test_csv_and_another_connection(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "metadata" / "more.csv").write_text(
        "table_name,column_name,data_type\nordrs,id,integr\n"
    )
    configuration = shop / "defog.toml"
    text = configuration.read_text().replace("metadata = [", 'metadata = ["metadata/*.csv", ')
    configuration.write_text(text)
    shown = run(capsys, "check", "metadata/more.csv")
    assert (
        "more.csv:2:1: error metadata-drift the database has no table ordrs; did you mean orders?"
        in shown.out
    )
    # Of several connections, nobody has said which one the file is about.
    configuration.write_text(
        f'{text}\n[connections.other]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )
    assert run(capsys, "check", "metadata/more.csv").status == 0
    configuration.write_text(
        f'{text}\n[connections.other]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
        '[[files]]\ninclude = ["metadata/**"]\nconnection = "other"\n'
    )
    assert run(capsys, "check", "metadata/more.csv").status == 1
