"""Findings in LSP's words, as much of them as the client can show."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_metadata.rules.findings import Finding, Related

__all__ = ["SEVERITIES", "SOURCE", "as_diagnostics"]

SOURCE = "defog"
SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "information": lsp.DiagnosticSeverity.Information,
    "hint": lsp.DiagnosticSeverity.Hint,
}


def as_diagnostics(
    findings: "Iterable[Finding]", uri: str, positions: Positions, capabilities: Capabilities
) -> list[lsp.Diagnostic]:
    """The *findings* in the text of *positions*, which the client knows as *uri*."""
    return [
        lsp.Diagnostic(
            positions.range_(it.span),
            it.message,
            SEVERITIES[it.severity],
            it.code,
            lsp.CodeDescription(late.page_of(it.code)) if capabilities.code_description else None,
            SOURCE,
            [lsp.DiagnosticTag.Unnecessary]
            if it.is_unneeded and capabilities.unnecessary_tag
            else None,
            _related(it, uri, positions) if capabilities.related_information else None,
        )
        for it in findings
        if it.severity in SEVERITIES
    ]


def _related(
    finding: "Finding", uri: str, positions: Positions
) -> list[lsp.DiagnosticRelatedInformation] | None:
    return [
        lsp.DiagnosticRelatedInformation(_location(it, uri, positions), it.message)
        for it in finding.related
    ] or None


def _location(related: "Related", uri: str, positions: Positions) -> lsp.Location:
    if (other := related.file) is None:
        return lsp.Location(uri, positions.range_(related.span))
    return lsp.Location(uri_of(other.path), positions.of(other.text).range_(related.span))
