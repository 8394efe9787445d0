"""What a rule reports, and the codes and default severities of all rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from defog_metadata.text import Span

__all__ = ["DEFAULT_SEVERITIES", "Finding", "Problem", "Severity"]

Severity = Literal["error", "warning", "information", "hint", "off"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule says of a statement; ``span`` counts from the statement's start."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place. ``code`` is stable and has a page in ``docs/rules``."""

    span: Span
    code: str
    severity: Severity
    message: str


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
