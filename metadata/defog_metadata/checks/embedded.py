"""Findings in a text that stands in another file, at their places there."""

from dataclasses import replace

from defog_metadata.documents.mapped import MappedText
from defog_metadata.rules.findings import Finding
from defog_metadata.text import Fix

__all__ = ["placed"]


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
