"""What ``check`` found, for people and for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from defog_lsp.cli.lines import Lines, excerpt
from defog_lsp.cli.style import Style
from defog_metadata.rules.findings import Finding, Severity

__all__ = [
    "SEVERITY_NUMBERS",
    "CheckedFile",
    "counted",
    "print_text",
    "shown_path",
    "write_json",
]

SEVERITY_NUMBERS: dict[Severity, int] = {"error": 1, "warning": 2, "information": 3, "hint": 4}


@dataclass(frozen=True)
class CheckedFile:
    """One file: how it is shown, its text (empty if unreadable) and its findings."""

    path: str
    text: str
    findings: tuple[Finding, ...] = ()


def shown_path(path: Path) -> str:
    """*path* as a person in the current folder would write it."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def print_text(files: Sequence[CheckedFile], stream: TextIO, style: Style) -> None:
    """Each finding as ``path:line:column: severity code message``, its line, and carets."""
    for file in files:
        lines = Lines(file.text)
        for it in file.findings:
            line, column = lines.line_of(it.span.start) + 1, lines.column(it.span.start) + 1
            place = style.bold(f"{file.path}:{line}:{column}:")
            level = style.severity(it.severity, it.severity)
            print(f"{place} {level} {style.dim(it.code)} {it.message}", file=stream)
            if not file.text:
                continue
            source, carets = excerpt(lines, it.span)
            number = f"{line:5}"
            print(f"{style.dim(number + ' |')} {source}", file=stream)
            print(
                f"{style.dim(' ' * len(number) + ' |')} {style.severity(it.severity, carets)}",
                file=stream,
            )


def write_json(files: Sequence[CheckedFile], stream: TextIO) -> None:
    """One array of LSP ``Diagnostic`` objects (0-based, UTF-16), each with its ``path``."""
    diagnostics: list[dict[str, object]] = []
    for file in files:
        lines = Lines(file.text)
        diagnostics += [
            {
                "path": file.path,
                "range": {
                    "start": lines.position(it.span.start),
                    "end": lines.position(it.span.end),
                },
                "severity": SEVERITY_NUMBERS[it.severity],
                "code": it.code,
                "source": "defog",
                "message": it.message,
            }
            for it in file.findings
        ]
    json.dump(diagnostics, stream, indent=2)
    stream.write("\n")


def counted(files: Sequence[CheckedFile]) -> str:
    """A summary for people: ``2 errors, 1 warning in 12 files``."""
    found = [it.severity for file in files for it in file.findings]
    counts = [
        _plural(found.count(it), "information" if it == "information" else it)
        for it in SEVERITY_NUMBERS
        if it in found
    ]
    return f"{', '.join(counts) or 'no problems'} in {_plural(len(files), 'file')}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 or noun == "information" else f"{count:,} {noun}s"
