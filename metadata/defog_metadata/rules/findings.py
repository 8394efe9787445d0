"""What a rule reports, and the codes and default severities of all rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from defog_metadata.text import Fix, Span, TextFile

__all__ = [
    "DEFAULT_SEVERITIES",
    "Finding",
    "Fix",
    "Problem",
    "Related",
    "Severity",
    "page_of",
]

Severity = Literal["error", "warning", "information", "hint", "off"]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that has to do with a problem: in the same text, or in that of ``file``."""

    span: Span
    message: str
    file: TextFile | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule says of a statement; all spans count from the statement's start."""

    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()
    """The likeliest first."""
    related: tuple[Related, ...] = ()
    is_unneeded: bool = False
    """Whether what stands there could simply go: editors show it faded."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place. ``code`` is stable and has a page in ``docs/rules``."""

    span: Span
    code: str
    severity: Severity
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    is_unneeded: bool = False

    @classmethod
    def of(cls, problem: Problem, code: str, severity: Severity, start: int) -> "Finding":
        """*problem* of a statement that starts at *start*, in the whole text."""
        return cls(
            problem.span.shifted(start),
            code,
            severity,
            problem.message,
            tuple(
                Fix(it.title, tuple(edit.shifted(start) for edit in it.edits), it.is_certain)
                for it in problem.fixes
            ),
            tuple(replace(it, span=it.span.shifted(start)) for it in problem.related),
            problem.is_unneeded,
        )

    def shifted(self, by: int) -> "Finding":
        """The same in a text that has *by* more characters before it."""
        if not by:
            return self
        return replace(
            self,
            span=self.span.shifted(by),
            fixes=tuple(
                replace(it, edits=tuple(edit.shifted(by) for edit in it.edits)) for it in self.fixes
            ),
            related=tuple(
                it if it.file else replace(it, span=it.span.shifted(by)) for it in self.related
            ),
        )


DEFAULT_SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {
        # SQL
        "syntax-error": "error",
        "unknown-schema": "error",
        "unknown-table": "error",
        "unknown-column": "error",
        "unknown-alias": "error",
        "unknown-function": "error",
        "ambiguous-column": "error",
        "duplicate-alias": "error",
        "ungrouped-column": "error",
        "type-mismatch": "error",
        "column-count": "error",
        "unused-cte": "warning",
        "cartesian-join": "warning",
        "null-comparison": "warning",
        "select-star": "off",
        # defog.toml
        "plain-text-password": "warning",
        # golden queries, glossary, metadata
        "golden-invalid": "error",
        "golden-duplicate": "error",
        "golden-format": "error",
        "glossary-unknown-name": "error",
        "glossary-contradiction": "error",
        "metadata-duplicate": "error",
        "metadata-type": "error",
        "metadata-drift": "error",
        "description-missing": "hint",
        "description-long": "information",
    }
)


def page_of(code: str) -> str:
    """Where the page about the rule *code* can be read."""
    return f"https://github.com/defog-ai/defog-lsp/blob/main/docs/rules/{code}.md"
