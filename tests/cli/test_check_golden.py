"""``defog-lsp check`` of golden queries: which files, in which formats."""

import json
from pathlib import Path

import pytest

from tests.cli.command import program, run

WRONG = """[
  {"question": "How many?", "sql": "select count(*) from products"},
  {"question": "Which?", "sql": "select\\n  nope\\nfrom products"},
  {"question": "how many", "sql": "select 1"}
]
"""


@pytest.fixture
def golden(capsys: pytest.CaptureFixture[str], shop: Path) -> Path:
    """The sample workspace with mistakes in a file of golden queries, its metadata extracted."""
    run(capsys, "extract")
    text = (shop / "defog.toml").read_text()
    assert 'golden_queries = ["golden_queries.json"]' in text
    listed = 'golden_queries = ["golden_queries.json", "golden/*"]'
    (shop / "defog.toml").write_text(
        text.replace('golden_queries = ["golden_queries.json"]', listed)
    )
    (shop / "golden").mkdir()
    (shop / "golden" / "wrong.json").write_text(WRONG)
    (shop / "mistakes.sql").unlink()
    return shop


def test_the_sample_has_no_mistakes(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    shown = run(capsys, "check", "golden_queries.json")
    assert (shown.status, shown.out, shown.err) == (0, "", "no problems in 1 file\n")


@pytest.mark.parametrize("path", [".", "golden", "golden/wrong.json"])
def test_what_is_named_is_checked(
    capsys: pytest.CaptureFixture[str], golden: Path, path: str
) -> None:
    shown = run(capsys, "check", path)
    assert shown.status == 1
    heads = [it for it in shown.out.splitlines() if it.startswith("golden/")]
    assert [it.split()[:3] for it in heads] == [
        ["golden/wrong.json:3:44:", "error", "golden-invalid"],
        ["golden/wrong.json:4:17:", "error", "golden-duplicate"],
    ]
    assert "      = golden/wrong.json:2:17: the answer before" in shown.out.splitlines()


def test_with_the_configuration_given(
    capsys: pytest.CaptureFixture[str], golden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(golden.parent)
    arguments = ("check", "--config", "shop/defog.toml", "--format", "json")
    for path in ("shop", "shop/golden"):
        found = json.loads(run(capsys, *arguments, path).out)
        assert {it["path"] for it in found} == {"shop/golden/wrong.json"}
    (golden / "elsewhere").mkdir()
    assert run(capsys, *arguments, "shop/elsewhere").out == "[]\n"


def test_data_that_nothing_names_is_passed_over(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    for name in ("a.json", "b.csv", "README.md", "c.YAML"):
        (shop / name).write_text("this is no SQL (")
    shown = run(capsys, "check", "a.json", "b.csv", "README.md", "c.YAML")
    assert (shown.status, shown.out, shown.err) == (0, "", "no problems in 0 files\n")


def test_a_nearer_configuration_decides(capsys: pytest.CaptureFixture[str], golden: Path) -> None:
    (golden / "golden" / "defog.toml").write_text('dialect = "sqlite"\n')
    assert run(capsys, "check", "golden/wrong.json").status == 0
    (golden / "golden" / "defog.toml").write_text(
        'golden_queries = ["*.json"]\ndialect = "sqlite"\n'
    )
    found = json.loads(run(capsys, "check", ".", "--format", "json").out)
    assert [it["code"] for it in found] == ["golden-invalid", "golden-duplicate"]


def test_machines_are_told_both_places(capsys: pytest.CaptureFixture[str], golden: Path) -> None:
    (golden / "golden" / "a.csv").write_text("question,sql\nWhich?,select name from products\n")
    found = json.loads(run(capsys, "check", "golden", "--format", "json").out)
    duplicates = [it for it in found if it["code"] == "golden-duplicate"]
    assert [it["range"]["start"]["line"] for it in duplicates] == [2, 3]
    [related] = duplicates[0]["relatedInformation"]
    assert related["location"] == {
        "uri": (golden / "golden" / "a.csv").as_uri(),
        "range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 6}},
    }
    sarif = json.loads(run(capsys, "check", "golden", "--format", "sarif").out)
    places = [
        it["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for it in sarif["runs"][0]["results"]
        if it["ruleId"] == "golden-duplicate"
    ]
    assert places == ["golden/a.csv", "golden/wrong.json"]
    shown = run(capsys, "check", "golden", "--format", "github")
    assert "::error file=golden/wrong.json,line=3,endLine=3,col=44," in shown.out


def test_severities_of_the_configuration(capsys: pytest.CaptureFixture[str], golden: Path) -> None:
    with (golden / "defog.toml").open("a") as file:
        file.write('golden-invalid = "warning"\ngolden-duplicate = "off"\n')
    found = json.loads(run(capsys, "check", "golden", "--format", "json").out)
    assert [(it["code"], it["severity"]) for it in found] == [("golden-invalid", 2)]


def test_standard_input_stands_for_a_named_file(golden: Path) -> None:
    arguments = ("check", "-", "--offline", "--stdin-filename", "golden/wrong.json")
    shown = program(*arguments, folder=golden, stdin=b'[{"question": "a", "sql": "select 1"}]')
    assert (shown.status, shown.out) == (0, "")
    shown = program(*arguments, folder=golden, stdin=b"[")
    assert shown.out.startswith("golden/wrong.json:1:")
    assert "golden-format" in shown.out


def test_files_of_other_connections_have_questions_of_their_own(
    capsys: pytest.CaptureFixture[str], golden: Path
) -> None:
    (golden / "golden" / "wrong.json").write_text('[{"question": "a", "sql": "select 1"}]')
    (golden / "golden" / "other.json").write_text('[{"question": "a", "sql": "select 2"}]')
    assert run(capsys, "check", "golden").status == 1
    rest, _, rules = (golden / "defog.toml").read_text().partition("[rules]")
    added = """
[connections.second]
db_type = "sqlite"
database = "shop.db"
frequent_values = false

[[files]]
include = ["golden/other.json"]
connection = "second"

[rules]
"""
    (golden / "defog.toml").write_text(rest + added + rules)
    shown = run(capsys, "check", "golden")
    assert (shown.status, shown.out) == (0, "")


def test_mends_are_made_in_strings(capsys: pytest.CaptureFixture[str], golden: Path) -> None:
    path = golden / "golden" / "wrong.json"
    path.write_text('[{"question": "a", "sql": "selct\\n name from products"}]')
    shown = run(capsys, "check", "golden", "--fix")
    assert (shown.status, path.read_text()) == (
        0,
        '[{"question": "a", "sql": "select\\n name from products"}]',
    )
