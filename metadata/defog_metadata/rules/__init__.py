"""The diagnostic rules, one a file; used by the editor, the command line and the checks alike."""

from defog_metadata.rules.check import check, check_sections
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding, Fix, Related, Severity

__all__ = [
    "DEFAULT_SEVERITIES",
    "Finding",
    "Fix",
    "Related",
    "Severity",
    "check",
    "check_sections",
]
