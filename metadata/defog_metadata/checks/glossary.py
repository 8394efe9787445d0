"""Whether glossaries name what is there and do not contradict themselves or golden queries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Catalog
from defog_metadata.checks.glossary_consistency import (
    Beside,
    GoldenAnswer,
    OtherGlossary,
    glossary_consistency,
)
from defog_metadata.checks.glossary_names import glossary_names
from defog_metadata.documents.glossary import GlossaryLine, read_glossary_file
from defog_metadata.rules import Finding, Severity
from defog_metadata.rules.ignores import Ignored
from defog_metadata.text import Span, TextFile

__all__ = [
    "Beside",
    "GlossaryConsistency",
    "GlossaryValidity",
    "GoldenAnswer",
    "OtherGlossary",
    "check_glossary",
    "check_glossary_consistency",
    "check_glossary_valid",
]


@dataclass(frozen=True, slots=True)
class GlossaryValidity:
    """What is wrong with the names and the SQL in glossaries: a sentence each, with its line."""

    errors: tuple[str, ...]

    @property
    def is_valid(self) -> bool:
        return not self.errors

    def as_dict(self) -> dict[str, object]:
        """The documented result of ``check_glossary_valid``."""
        return {"is_valid": self.is_valid, "errors": list(self.errors)}


@dataclass(frozen=True, slots=True)
class GlossaryConsistency:
    """Which statements cannot both hold, or are there twice: a sentence each, with its line."""

    issues: tuple[str, ...]

    @property
    def is_consistent(self) -> bool:
        return not self.issues

    def as_dict(self) -> dict[str, object]:
        """The documented result of ``check_glossary_consistency``."""
        return {"is_consistent": self.is_consistent, "issues": list(self.issues)}


def check_glossary(
    text: str,
    catalog: Catalog,
    dialect: str,
    severities: Mapping[str, Severity] | None = None,
    beside: Beside | None = None,
) -> list[Finding]:
    """All findings in a glossary, in the order of its *text*.

    A comment ``<!-- defog: ignore -->`` silences its line, or, alone on one, the line below it;
    codes behind ``ignore`` silence only those.
    """
    lines = read_glossary_file(text)
    found = [
        *glossary_names(lines, catalog, dialect, severities),
        *glossary_consistency(lines, catalog, dialect, severities, beside),
    ]
    silenced = tuple(_ignored(text))
    told = (it for it in found if not any(one.covers(it) for one in silenced))
    return sorted(told, key=lambda it: (it.span, it.code, it.message))


def check_glossary_valid(
    glossaries: Sequence[TextFile], catalog: Catalog, dialect: str
) -> GlossaryValidity:
    """Names in *glossaries* that are no table's or column's, and SQL that does not parse."""
    errors: list[str] = []
    for file in glossaries:
        lines = read_glossary_file(file.text)
        found = glossary_names(lines, catalog, dialect)
        errors += _told(found, lines, file)
    return GlossaryValidity(tuple(errors))


def check_glossary_consistency(
    glossaries: Sequence[TextFile],
    catalog: Catalog,
    dialect: str,
    golden: Sequence[GoldenAnswer] = (),
) -> GlossaryConsistency:
    """Statements of *glossaries* that contradict or repeat one another, or a query of *golden*."""
    issues: list[str] = []
    before: list[OtherGlossary] = []
    for file in glossaries:
        lines = read_glossary_file(file.text)
        beside = Beside(tuple(before), tuple(golden))
        found = glossary_consistency(lines, catalog, dialect, beside=beside)
        issues += _told(found, lines, file)
        before.append(OtherGlossary(file, lines))
    return GlossaryConsistency(tuple(issues))


def _told(found: Sequence[Finding], lines: Sequence[GlossaryLine], file: TextFile) -> list[str]:
    silenced = tuple(_ignored(file.text))
    place = f"{file.path.name}, line" if file.path.name else "line"
    return [
        f"{place} {line.number}: {it.message}"
        for line in lines
        for it in found
        if line.span.start <= it.span.start < line.span.end
        and not any(one.covers(it) for one in silenced)
    ]


def _ignored(text: str) -> list[Ignored]:
    """What the comments in *text* silence."""
    found: list[Ignored] = []
    for comment in _DIRECTIVE.finditer(text):
        codes = frozenset(it.lower() for it in _CODE.findall(comment["rest"]))
        start = max(text.rfind("\n", 0, comment.start()), text.rfind("\r", 0, comment.start())) + 1
        line = _LINE.match(text, start)
        end = line.end() if line else len(text)
        is_alone = not (text[start : comment.start()] + text[comment.end() : end]).strip(" \t-*+")
        if is_alone and (below := _BELOW.match(text, end)):
            end = below.end()
        found.append(Ignored(Span(start, end), codes))
    return found


_DIRECTIVE = re.compile(r"<!--\s*defog\s*:\s*ignore\b(?P<rest>[^\r\n]*?)-->", re.IGNORECASE)
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)+", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*")
_BELOW = re.compile(r"(?:\r\n|\r|\n)[^\r\n]*")
