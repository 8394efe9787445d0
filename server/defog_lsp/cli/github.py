"""Findings as workflow commands, which GitHub Actions shows beside the lines they are about."""

from collections.abc import Iterator, Sequence

from defog_lsp.cli.lines import Lines
from defog_lsp.cli.report import CheckedFile
from defog_metadata.rules.findings import Severity

__all__ = ["github_commands"]

_COMMANDS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "information": "notice",
    "hint": "notice",
}


def github_commands(files: Sequence[CheckedFile]) -> Iterator[str]:
    """One command for each finding; lines and columns count from one."""
    for file in files:
        lines = Lines(file.text)
        for it in file.findings:
            start, end = it.span.start, it.span.end
            properties = {
                "file": file.path,
                "line": lines.line_of(start) + 1,
                "endLine": lines.line_of(end) + 1,
                "col": lines.column(start) + 1,
                "endColumn": lines.column(end) + 1,
                "title": f"defog-lsp ({it.code})",
            }
            if properties["line"] != properties["endLine"]:
                # Columns are only understood within one line.
                del properties["col"], properties["endColumn"]
            written = ",".join(
                f"{key}={_property(str(value))}" for key, value in properties.items()
            )
            yield f"::{_COMMANDS.get(it.severity, 'notice')} {written}::{_data(it.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
