"""Named windows in words: how they are defined."""

from defog_lsp.ide.hover.place import Place
from defog_metadata.catalog.described import code
from defog_metadata.sql.facts.extents import cte_text
from defog_metadata.sql.facts.windows import window_names
from defog_metadata.text import Span

__all__ = ["described_window"]


def described_window(place: Place) -> tuple[Span, str] | None:
    """The name of a window at *place*, where it is defined or used, and what it stands for."""
    for it in window_names(place.analysis, place.naming):
        if it.span.touches(place.offset) and it.definition is not None:
            text = _definition(it.definition, place)
            return (it.span, text) if text else None
    return None


def _definition(given: Span, place: Place) -> str:
    found = cte_text(given, place.analysis.syntax.tokens)
    if found is None:
        return ""
    text = place.analysis.statement.text
    body = " ".join(text[found.body.start : found.body.end].split())
    return code(f"window {text[given.start : given.end]} AS {body}")
