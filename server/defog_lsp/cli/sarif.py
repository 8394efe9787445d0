"""Findings as SARIF 2.1.0, which code scanning services read."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from defog_lsp.cli.lines import Lines
from defog_lsp.cli.report import CheckedFile, place_of
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding, Fix, Severity, page_of
from defog_metadata.text import Span

__all__ = ["sarif_log"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/defog-ai/defog-lsp"
_LEVELS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "information": "note",
    "hint": "note",
}
_Object = dict[str, object]


def sarif_log(files: Sequence[CheckedFile]) -> _Object:
    """One run with everything that was found; places are relative to the current folder."""
    codes = sorted({it.code for file in files for it in file.findings})
    driver: _Object = {
        "name": "defog-lsp",
        "version": version("defog-lsp"),
        "informationUri": _HOME,
        "rules": [_rule(it) for it in codes],
    }
    results = [
        _result(it, file, lines, codes)
        for file in files
        for lines in [Lines(file.text)]
        for it in file.findings
    ]
    run: _Object = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> _Object:
    level = _LEVELS.get(DEFAULT_SEVERITIES.get(code, "error"), "none")
    return {
        "id": code,
        "shortDescription": {"text": code.replace("-", " ").capitalize()},
        "helpUri": page_of(code),
        "defaultConfiguration": {"level": level},
    }


def _result(finding: Finding, file: CheckedFile, lines: Lines, codes: Sequence[str]) -> _Object:
    result: _Object = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS.get(finding.severity, "none"),
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": _place(file, lines, finding.span)}],
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(*place_of(it, file), it.span),
                "message": {"text": it.message},
            }
            for number, it in enumerate(finding.related, 1)
        ]
    if finding.fixes:
        result["fixes"] = [_fix(it, file, lines) for it in finding.fixes]
    return result


def _fix(fix: Fix, file: CheckedFile, lines: Lines) -> _Object:
    replacements = [
        {"deletedRegion": _region(lines, it.span), "insertedContent": {"text": it.text}}
        for it in fix.edits
    ]
    change = {"artifactLocation": _artifact(file), "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _place(file: CheckedFile, lines: Lines, span: Span) -> _Object:
    place: _Object = {"artifactLocation": _artifact(file)}
    if file.text:
        place["region"] = _region(lines, span)
    return place


def _region(lines: Lines, span: Span) -> _Object:
    return {
        "startLine": lines.line_of(span.start) + 1,
        "startColumn": lines.column(span.start) + 1,
        "endLine": lines.line_of(span.end) + 1,
        "endColumn": lines.column(span.end) + 1,
    }


def _artifact(file: CheckedFile) -> _Object:
    path = Path(file.path)
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}
