"""Findings in a text that stands in another file, at their places there."""

import re
from dataclasses import replace

from defog_metadata.documents.mapped import MappedText
from defog_metadata.rules.findings import Finding
from defog_metadata.text import Fix

__all__ = ["as_golden", "placed", "rule_of"]

_GOLDEN = "golden-invalid"
_RULE = re.compile(r" \[([\w-]+)\]\Z")


def as_golden(finding: Finding) -> Finding:
    """An error in a golden query's SQL, under the code that says so; its rule is named behind."""
    return replace(finding, code=_GOLDEN, message=f"{finding.message} [{finding.code}]")


def rule_of(code: str, message: str) -> str:
    """The rule that found what ``as_golden`` has given another *code*."""
    rule = _RULE.search(message) if code == _GOLDEN else None
    return rule[1] if rule else code


def placed(finding: Finding, text: MappedText) -> Finding:
    """*finding* of *text* as one of the file that *text* stands in; its fixes change the file."""
    return replace(
        finding,
        span=text.span(finding.span),
        fixes=tuple(Fix(it.title, text.edits(it.edits), it.is_certain) for it in finding.fixes),
        related=tuple(
            it if it.file is not None else replace(it, span=text.span(it.span))
            for it in finding.related
        ),
    )
