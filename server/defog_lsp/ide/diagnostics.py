"""Diagnostics of one document: every rule, with the severities that apply to it."""

from collections.abc import Mapping

from defog_metadata.rules import Finding, Severity, check, check_sections
from defog_metadata.sql.snapshot import Snapshot


def diagnostics(snapshot: Snapshot, severities: Mapping[str, Severity]) -> list[Finding]:
    """The findings in *snapshot*, in the order of the text; *severities* by rule code."""
    return check(snapshot, severities)


def diagnostics_by_section(
    snapshot: Snapshot, severities: Mapping[str, Severity]
) -> list[tuple[int, tuple[Finding, ...]]]:
    """As ``diagnostics``, in sections: where each starts, and the findings, counted from there.

    Those of a section that an edit has left alone are the very same object before and after it.
    """
    return check_sections(snapshot, severities)
