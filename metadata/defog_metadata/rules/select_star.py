"""select-star: a star where the columns could be named."""

from collections.abc import Iterator

from sqlglot import exp

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.stars import columns_of_star
from defog_metadata.sql.facts.widths import has_hidden_side
from defog_metadata.sql.scopes import Scope
from defog_metadata.text import Edit, Span


def select_star(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find stars in select lists.

    ::

    select * from customers
           ^ name the columns: what * means changes with the table
    """
    tree = analysis.syntax.tree
    for select in tree.find_all(exp.Select) if tree is not None else ():
        if isinstance(select.parent, exp.Exists):
            continue
        scope = analysis.bound.scopes.get(id(select))
        for projection in select.expressions:
            star = projection.this if isinstance(projection, exp.Column) else projection
            span = _span(projection) if isinstance(star, exp.Star) else None
            if span is None or scope is None:
                continue
            columns = () if any(star.args.values()) else _columns(projection, scope, catalog)
            yield Problem(
                span,
                "name the columns: what * means changes with the table",
                (Fix("Expand *", (Edit(span, ", ".join(columns)),)),) if columns else (),
            )


def _span(projection: exp.Expr) -> Span | None:
    if isinstance(projection, exp.Star):
        return span_of(projection)
    if not isinstance(projection, exp.Column):
        return None
    first, star = span_of(projection.parts[0]), span_of(projection.this)
    return Span(first.start, star.end) if first and star else None


def _columns(projection: exp.Expr, scope: Scope, catalog: Catalog) -> tuple[str, ...]:
    parts = projection.parts[:-1] if isinstance(projection, exp.Column) else ()
    if not parts and has_hidden_side(projection.parent):
        return ()
    qualifier = tuple(name_of(it) for it in parts if isinstance(it, exp.Identifier))
    return columns_of_star(scope, qualifier, catalog.naming)
