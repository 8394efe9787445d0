"""What ``check`` writes for machines: SARIF and GitHub's commands."""

import io
import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from defog_lsp.cli.github import github_commands
from defog_lsp.cli.report import CheckedFile, json_diagnostics, print_text
from defog_lsp.cli.sarif import sarif_log
from defog_lsp.cli.style import style_for
from defog_metadata.rules import DEFAULT_SEVERITIES, Finding, Fix, Related
from defog_metadata.text import Edit, Span, TextFile
from tests.cli.command import run

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # made for an older pydantic, from the official JSON schema
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

TEXT = "select '😀', nope\nfrom 漢字\r\nwhere x"
FINDINGS = (
    Finding(
        Span(12, 16),
        "unknown-column",
        "error",
        "no nope: 100 %, really",
        fixes=(Fix("Write name", (Edit(Span(12, 16), "name"),), is_certain=True),),
        related=(Related(Span(22, 24), "here"),),
    ),
    Finding(Span(12, 24), "unused-cte", "warning", "two\nlines", is_unneeded=True),
    Finding(Span(22, 24), "select-star", "information", "i"),
    Finding(Span(len(TEXT), len(TEXT)), "syntax-error", "hint", "the end"),
)
FILE = CheckedFile("a b/ü,c:d.sql", TEXT, FINDINGS)
UNREADABLE = CheckedFile(
    "/elsewhere/x.sql", "", (Finding(Span(0, 0), "unreadable-file", "error", "cannot be read"),)
)


def valid(log: dict[str, Any]) -> dict[str, Any]:
    """*log*, which the models that were made from SARIF's schema accept."""
    Sarif.model_validate_json(json.dumps(log))
    return log


def test_the_models_refuse_what_the_schema_refuses() -> None:
    log = sarif_log([FILE])
    result: Any = log["runs"][0]["results"][0]  # type: ignore[index]
    for broken in (
        {**result, "nope": 1},
        {**result, "level": "fatal"},
        {**result, "ruleIndex": -2},
        {key: it for key, it in result.items() if key != "message"},
    ):
        with pytest.raises(ValueError, match="validation error"):
            valid({**log, "runs": [{**log["runs"][0], "results": [broken]}]})  # type: ignore[index]


def test_sarif() -> None:
    [run_] = valid(sarif_log([FILE, UNREADABLE, CheckedFile("good.sql", "select 1")]))["runs"]
    rules = run_["tool"]["driver"]["rules"]
    codes = [it["id"] for it in rules]
    assert codes == sorted({*(it.code for it in FINDINGS), "unreadable-file"})
    assert all(it["helpUri"].endswith(f"/docs/rules/{it['id']}.md") for it in rules)
    results = run_["results"]
    assert [codes[it["ruleIndex"]] for it in results] == [it["ruleId"] for it in results]
    assert [it["level"] for it in results] == ["error", "warning", "note", "note", "error"]
    places = [it["locations"][0]["physicalLocation"] for it in results]
    assert places[0] == {
        "artifactLocation": {"uri": "a%20b/%C3%BC%2Cc%3Ad.sql"},
        "region": {"startLine": 1, "startColumn": 13, "endLine": 1, "endColumn": 17},
    }
    assert places[1]["region"] == {"startLine": 1, "startColumn": 13, "endLine": 2, "endColumn": 8}
    assert places[3]["region"] == {"startLine": 3, "startColumn": 8, "endLine": 3, "endColumn": 8}
    assert places[4] == {"artifactLocation": {"uri": "file:///elsewhere/x.sql"}}
    assert results[0]["relatedLocations"][0]["message"] == {"text": "here"}
    [change] = results[0]["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "name"}


def test_sarif_of_nothing() -> None:
    log = valid(sarif_log([]))
    assert log["runs"][0]["results"] == []


def test_sarif_knows_every_rule() -> None:
    findings = tuple(Finding(Span(0, 1), it, "error", it) for it in DEFAULT_SEVERITIES)
    [run_] = valid(sarif_log([CheckedFile("a.sql", "x", findings)]))["runs"]
    assert len(run_["tool"]["driver"]["rules"]) == len(DEFAULT_SEVERITIES)


def test_github() -> None:
    name = "file=a b/ü%2Cc%3Ad.sql"
    assert list(github_commands([FILE, UNREADABLE])) == [
        f"::error {name},line=1,endLine=1,col=13,endColumn=17,title=defog-lsp (unknown-column)"
        "::no nope: 100 %25, really",
        f"::warning {name},line=1,endLine=2,title=defog-lsp (unused-cte)::two%0Alines",
        f"::notice {name},line=2,endLine=2,col=6,endColumn=8,title=defog-lsp (select-star)::i",
        f"::notice {name},line=3,endLine=3,col=8,endColumn=8,title=defog-lsp (syntax-error)"
        "::the end",
        "::error file=/elsewhere/x.sql,line=1,endLine=1,col=1,endColumn=1,"
        "title=defog-lsp (unreadable-file)::cannot be read",
    ]


def test_json_has_what_a_diagnostic_has() -> None:
    found: Any = json_diagnostics([FILE])
    first, second, *_ = found
    assert second["tags"] == [1]
    [related] = first["relatedInformation"]
    assert related["message"] == "here"
    assert related["location"]["uri"].startswith("file:///")
    assert related["location"]["range"]["start"] == {"line": 1, "character": 5}
    assert "tags" not in first


def test_a_place_in_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    other = TextFile(tmp_path / "ö" / "b.json", "[\n '😀', here]")
    related = Related(Span(8, 12), "the other", other)
    file = CheckedFile(
        "a.sql", "select 1", (Finding(Span(0, 6), "x", "error", "m", related=(related,)),)
    )
    [run_] = valid(sarif_log([file]))["runs"]
    [place] = run_["results"][0]["relatedLocations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "%C3%B6/b.json"},
        "region": {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 11},
    }
    found: Any = json_diagnostics([file])
    assert found[0]["relatedInformation"] == [
        {
            "location": {
                "uri": other.path.as_uri(),
                "range": {
                    "start": {"line": 1, "character": 7},
                    "end": {"line": 1, "character": 11},
                },
            },
            "message": "the other",
        }
    ]
    shown = io.StringIO()
    print_text([file], shown, style_for(shown))
    assert shown.getvalue().splitlines()[-1] == "      = ö/b.json:2:7: the other"


def test_the_formats_of_a_run(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "a.sql").write_text("select nope from products")
    run(capsys, "extract")
    shown = run(capsys, "check", "a.sql", "--format", "sarif")
    assert shown.status == 1
    [run_] = valid(json.loads(shown.out))["runs"]
    assert [it["ruleId"] for it in run_["results"]] == ["unknown-column"]
    shown = run(capsys, "check", "a.sql", "--format", "github")
    assert shown.status == 1
    assert shown.out.startswith("::error file=a.sql,line=1,endLine=1,col=8,endColumn=12,title=")
    assert shown.err == ""
    assert run(capsys, "check", "queries", "--format", "github").out == ""
