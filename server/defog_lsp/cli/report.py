"""What ``check`` found, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from defog_lsp.cli.lines import Lines, excerpt
from defog_lsp.cli.style import Style
from defog_metadata.rules.findings import Finding, Related, Severity
from defog_metadata.rules.fixes import certain_fix
from defog_metadata.text import Span

__all__ = [
    "SEVERITY_NUMBERS",
    "CheckedFile",
    "counted",
    "json_diagnostics",
    "place_of",
    "print_text",
    "shown_path",
]

SEVERITY_NUMBERS: dict[Severity, int] = {"error": 1, "warning": 2, "information": 3, "hint": 4}


@dataclass(frozen=True)
class CheckedFile:
    """One file: how it is shown, its text (empty if unreadable) and its findings."""

    path: str
    text: str
    findings: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    """What was mended before; their places are those of the text as it was then."""


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
        for it in file.fixed:
            print(f"{style.bold(f'{file.path}:')} {_fixed(it, style)}", file=stream)
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
            margin = " " * len(number)
            print(f"{style.dim(margin + ' |')} {style.severity(it.severity, carets)}", file=stream)
            for related in it.related:
                print(f"{style.dim(margin + ' =')} {_seen_also(related, file)}", file=stream)


def place_of(related: Related, file: CheckedFile) -> tuple[CheckedFile, Lines]:
    """The file of *related*, which belongs to a finding in *file*, and its lines."""
    other = related.file
    found = CheckedFile(shown_path(other.path), other.text) if other else file
    return found, Lines(found.text)


def _seen_also(related: Related, file: CheckedFile) -> str:
    found, lines = place_of(related, file)
    start = related.span.start
    line, column = lines.line_of(start) + 1, lines.column(start) + 1
    return f"{found.path}:{line}:{column}: {related.message}"


def _fixed(finding: Finding, style: Style) -> str:
    fix = certain_fix(finding)
    title = f" ({fix.title})" if fix else ""
    return f"{style.green('fixed')} {style.dim(finding.code)} {finding.message}{title}"


def json_diagnostics(files: Sequence[CheckedFile]) -> list[dict[str, object]]:
    """LSP ``Diagnostic`` objects (0-based, UTF-16), each with its ``path``."""
    return [
        _diagnostic(it, file, lines)
        for file in files
        for lines in [Lines(file.text)]
        for it in file.findings
    ]


def _diagnostic(finding: Finding, file: CheckedFile, lines: Lines) -> dict[str, object]:
    diagnostic: dict[str, object] = {
        "path": file.path,
        "range": _range(lines, finding.span),
        "severity": SEVERITY_NUMBERS[finding.severity],
        "code": finding.code,
        "source": "defog",
        "message": finding.message,
    }
    if finding.is_unneeded:
        diagnostic["tags"] = [1]
    if finding.related:
        diagnostic["relatedInformation"] = [_related(it, file) for it in finding.related]
    return diagnostic


def _related(related: Related, file: CheckedFile) -> dict[str, object]:
    found, lines = place_of(related, file)
    uri = Path(found.path).absolute().as_uri()
    location = {"uri": uri, "range": _range(lines, related.span)}
    return {"location": location, "message": related.message}


def _range(lines: Lines, span: Span) -> dict[str, object]:
    return {"start": lines.position(span.start), "end": lines.position(span.end)}


def counted(files: Sequence[CheckedFile]) -> str:
    """A summary for people: ``2 errors, 1 warning in 12 files``."""
    found = [it.severity for file in files for it in file.findings]
    counts = [
        _plural(found.count(it), "information" if it == "information" else it)
        for it in SEVERITY_NUMBERS
        if it in found
    ]
    fixed = sum(len(it.fixed) for it in files)
    mended = f"{fixed:,} fixed, " if fixed else ""
    return f"{mended}{', '.join(counts) or 'no problems'} in {_plural(len(files), 'file')}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 or noun == "information" else f"{count:,} {noun}s"
