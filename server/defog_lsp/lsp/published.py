"""The diagnostics of an SQL document as JSON, put together from those of its sections.

What is found in a section that an edit has left alone is the very same object as before, and so
is its JSON; where its lines have moved, their numbers alone are written anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.diagnostics import as_diagnostics
from defog_lsp.lsp.encoded import Encoded, plain
from defog_lsp.lsp.session import View
from defog_metadata.progress import check_stopped

if TYPE_CHECKING:
    from defog_metadata.rules.findings import Finding

__all__ = ["Published", "published"]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is told of one section, which starts in ``line``."""

    found: "tuple[Finding, ...]"
    diagnostics: list[dict[str, Any]]
    """As JSON has them, with lines that count from the section's."""
    line: int
    text: str
    """Their JSON, with lines of the document."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is told of one version of a document, and what it is made of, for the next one."""

    params: Encoded
    """Of ``textDocument/publishDiagnostics``."""
    count: int
    parts: Mapping[int, _Part] = field(default_factory=dict)
    """By the identity of what was found."""


def published(view: View, capabilities: Capabilities, before: Published | None) -> Published:
    """What is to be told of *view*; *before* is the last that was of its document."""
    known = before.parts if before is not None else {}
    parts: dict[int, _Part] = {}
    texts: list[str] = []
    count = 0
    for start, found in late.findings_by_section(view):
        check_stopped()
        line = view.positions.line(start)
        part = known.get(id(found)) or _part(found, start, line, view, capabilities)
        if part.line != line:
            part = _Part(found, part.diagnostics, line, _text(part.diagnostics, line, view.uri))
        parts[id(found)] = part
        count += len(part.diagnostics)
        if part.text:
            texts.append(part.text)
    head = f'{{"uri":{json.dumps(view.uri)},"version":{json.dumps(view.version)},"diagnostics":['
    return Published(Encoded("".join((head, ",".join(texts), "]}")).encode("ascii")), count, parts)


def _part(
    found: "tuple[Finding, ...]", start: int, line: int, view: View, capabilities: Capabilities
) -> _Part:
    shifted = [it.shifted(start) for it in found]
    diagnostics = [
        _moved(plain(it, lsp.Diagnostic), -line, view.uri)
        for it in as_diagnostics(shifted, view.uri, view.positions, capabilities)
    ]
    return _Part(found, diagnostics, line, _text(diagnostics, line, view.uri))


def _text(diagnostics: list[dict[str, Any]], line: int, uri: str) -> str:
    return ",".join(_ENCODER.encode(_moved(it, line, uri)) for it in diagnostics)


_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def _moved(diagnostic: dict[str, Any], by: int, uri: str) -> dict[str, Any]:
    """*diagnostic* of the document *uri*, all of it *by* lines further down."""
    moved = {**diagnostic, "range": _moved_range(diagnostic["range"], by)}
    if related := diagnostic.get("relatedInformation"):
        moved["relatedInformation"] = [
            {**it, "location": _moved_location(it["location"], by, uri)} for it in related
        ]
    return moved


def _moved_location(location: dict[str, Any], by: int, uri: str) -> dict[str, Any]:
    if location["uri"] != uri:
        return location
    return {"uri": uri, "range": _moved_range(location["range"], by)}


def _moved_range(range_: dict[str, Any], by: int) -> dict[str, Any]:
    start, end = range_["start"], range_["end"]
    return {
        "start": {"line": start["line"] + by, "character": start["character"]},
        "end": {"line": end["line"] + by, "character": end["character"]},
    }
