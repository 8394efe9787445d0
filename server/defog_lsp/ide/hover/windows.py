"""Named windows in words: how they are defined."""

from sqlglot import exp

from defog_lsp.ide.hover.place import Place
from defog_metadata.catalog.described import code
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.extents import cte_text
from defog_metadata.text import Span

__all__ = ["described_window"]


def described_window(place: Place) -> tuple[Span, str] | None:
    """The name of a window at *place*, where it is defined or used, and what it stands for."""
    tree = place.analysis.syntax.tree
    for window in tree.find_all(exp.Window) if tree is not None else ():
        # OVER w has the name as an alias; WINDOW w AS (…) as what is defined.
        for named in (window.args.get("alias"), window.this):
            span = span_of(named) if isinstance(named, exp.Identifier) else None
            if span is not None and span.touches(place.offset) and isinstance(named, exp.Expr):
                text = _definition(named, window, place)
                return (span, text) if text else None
    return None


def _definition(named: exp.Expr, window: exp.Window, place: Place) -> str:
    naming, text = place.naming, place.analysis.statement.text
    select = window.find_ancestor(exp.Select)
    for it in (select.args.get("windows") or ()) if select is not None else ():
        if not isinstance(it.this, exp.Identifier) or not isinstance(named, exp.Identifier):
            continue
        span = span_of(it.this)
        if span is None or not naming.equal(name_of(it.this), name_of(named)):
            continue
        found = cte_text(span, place.analysis.syntax.tokens)
        if found is not None:
            body = " ".join(text[found.body.start : found.body.end].split())
            return code(f"window {text[span.start : span.end]} AS {body}")
    return ""
