"""select-star: a star where the columns could be named."""

from collections.abc import Iterator

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name, Naming
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.names import name_of, span_of
from defog_metadata.sql.scopes import Field, Relation, Scope
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
            columns = () if any(star.args.values()) else _columns(projection, scope, catalog.naming)
            yield Problem(
                span,
                "name the columns: what * means changes with the table",
                (Fix("Expand *", (Edit(span, ", ".join(columns)),)),) if columns else (),
            )


def _span(projection: exp.Expr) -> Span | None:
    if isinstance(projection, exp.Star):
        return span_of(projection)
    first, star = span_of(projection.parts[0]), span_of(projection.this)
    return Span(first.start, star.end) if first and star else None


def _columns(projection: exp.Expr, scope: Scope, naming: Naming) -> tuple[str, ...]:
    """The columns that a star stands for, as they must be written; none where not all are known."""
    relations = scope.relations
    if isinstance(projection, exp.Column):
        path = tuple(name_of(it) for it in projection.parts[:-1] if isinstance(it, exp.Identifier))
        found = next((it for it in relations if it.is_called(path, naming)), None)
        relations = [found] if found else []
    elif scope.merged or scope.is_natural:
        # What USING has merged comes first, and only once: which one, depends on the join.
        return ()
    if not relations or any(it.is_open or not it.fields for it in relations):
        return ()
    if any(not it.name.text for relation in relations for it in relation.fields):
        return ()
    is_qualified = isinstance(projection, exp.Column) or len(relations) > 1
    if is_qualified and any(it.name is None for it in relations):
        return ()
    return tuple(
        _written(relation, it, naming, is_qualified=is_qualified)
        for relation in relations
        for it in relation.fields
    )


def _written(relation: Relation, field: Field, naming: Naming, *, is_qualified: bool) -> str:
    column = naming.write(field.name.text) if field.is_stored else _as_is(field.name, naming)
    qualifier = f"{_as_is(relation.name, naming)}." if is_qualified and relation.name else ""
    return qualifier + column


def _as_is(name: Name, naming: Naming) -> str:
    """A name that the text has given, quoted if it was."""
    if not name.quoted:
        return name.text
    doubled = name.text.replace(naming.quote_close, naming.quote_close * 2)
    return f"{naming.quote_open}{doubled}{naming.quote_close}"
