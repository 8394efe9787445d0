"""Diagnostics of one document: every rule, with the severities that apply to it."""

from collections.abc import Mapping

from defog_metadata.rules import Finding, Severity, check
from defog_metadata.sql.snapshot import Snapshot


def diagnostics(snapshot: Snapshot, severities: Mapping[str, Severity]) -> list[Finding]:
    """The findings in *snapshot*, in the order of the text; *severities* by rule code."""
    return check(snapshot, severities)
