"""duplicate-alias: one name for two relations, CTEs or windows of a query."""

from collections.abc import Iterator

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Fix, Problem, Related
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.duplicates import duplicate_names, duplicate_relations
from defog_metadata.sql.scopes import Relation, Scope
from defog_metadata.text import Edit, Span


def duplicate_alias(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find names that a query gives twice.

    ::

    select * from orders o join customers o on true
                                          ^ o is the name of another relation here
    """
    unknown = {it.span for it in analysis.references if it.status == "unknown"}
    for scope, first, later in duplicate_relations(analysis, catalog.naming):
        if first.span is None or later.span is None or later.name is None:
            continue
        if later.span in unknown:  # a table that is not there: that is what is wrong with it
            continue
        yield Problem(
            later.span,
            f"{later.name.text} is the name of another relation here",
            tuple(_renames(later, later.span, scope, analysis)),
            (Related(first.span, f"the first {later.name.text}"),),
        )
    for what, name, first_span, span in duplicate_names(analysis, catalog.naming):
        yield Problem(
            span,
            f"{name.text} is the name of another {what} here",
            related=(Related(first_span, f"the first {name.text}"),),
        )


def _renames(relation: Relation, span: Span, scope: Scope, analysis: Analysis) -> Iterator[Fix]:
    """Where names are used that nothing has: one of these was most likely meant."""
    missing = {
        it.name.text
        for it in analysis.references
        if it.kind == "qualifier" and it.status == "unknown" and scope in it.scope.outward()
    }
    for name in sorted(missing):
        if relation.hidden is None:
            text = f"{analysis.syntax.text[span.start : span.end]} {name}"
        else:
            text = name
        yield Fix(f"Call it {name}", (Edit(span, text),), is_certain=len(missing) == 1)
