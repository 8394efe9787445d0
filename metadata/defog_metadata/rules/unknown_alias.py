"""unknown-alias: a qualifier that names nothing in scope, or a window that the query lacks."""

from collections.abc import Iterator

from defog_metadata.catalog import Catalog, Name, Naming
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.rules.mends import change, did_you_mean, respelled
from defog_metadata.spelling import nearest
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.duplicates import duplicate_relations
from defog_metadata.sql.facts.joining import forgotten_joins
from defog_metadata.sql.facts.keys import called
from defog_metadata.sql.facts.windows import window_names
from defog_metadata.sql.scopes import Reference, Relation


def unknown_alias(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find qualifiers that name nothing in scope, and windows that a WINDOW clause lacks.

    ::

    select c.name from customers u
           ^ c names nothing here; in scope: u
    """
    yield from _windows(analysis, catalog.naming)
    unknown = [
        it for it in analysis.references if it.kind == "qualifier" and it.status == "unknown"
    ]
    # Where one name is given twice, what is missing is most likely the second one's own: that is
    # one mistake, and duplicate-alias points at it.
    doubled = (
        {id(it) for it, *_ in duplicate_relations(analysis, catalog.naming)} if unknown else set()
    )
    without_from: set[int] = set()
    for reference in unknown:
        if not any(it.relations for it in reference.scope.outward()):
            # Until its FROM is written, one mark says of a query what all would.
            if id(reference.scope) in without_from:
                continue
            without_from.add(id(reference.scope))
        scopes = {id(it) for it in reference.scope.outward()}
        if doubled.isdisjoint(scopes) and not _is_of_misspelled(reference, scopes, analysis):
            yield _problem(reference, analysis, catalog)


def _windows(analysis: Analysis, naming: Naming) -> Iterator[Problem]:
    """Where a query has no WINDOW clause at all, it may not have been written yet."""
    names = window_names(analysis, naming)
    for it in names:
        known = {x.name.text for x in names if x.query is it.query and x.is_definition}
        if it.definition is None and known and it.name.key not in map(str.casefold, known):
            start = f"there is no window {it.name.text} in this query"
            close = nearest(it.name.text, sorted(known))
            shown = [naming.write(name) for name in close]
            message = did_you_mean(start, shown) if close else start
            fixes = respelled(it.span, it.name.text, close, shown)
            yield Problem(it.span, message, tuple(fixes))


def _is_of_misspelled(reference: Reference, scopes: set[int], analysis: Analysis) -> bool:
    """Whether the qualifier is what an unknown table in scope must have been meant to be."""
    return any(
        it.kind == "table"
        and it.status == "unknown"
        and id(it.scope) in scopes
        and any(isinstance(x, Relation) and x.hidden is None for x in it.targets)
        and nearest(reference.name.text, [it.name.text])
        for it in analysis.references
    )


def _problem(reference: Reference, analysis: Analysis, catalog: Catalog) -> Problem:
    name, span, naming = reference.name, reference.span, catalog.naming
    relations = [it for scope in reference.scope.outward() for it in scope.relations]
    joins = tuple(_joins(reference, analysis, catalog))
    for relation in relations:
        if relation.hidden and relation.name and naming.equal(name, relation.hidden):
            fix = change(span, called(relation, naming), is_certain=True)
            return Problem(span, f"{name.text} is called {relation.name.text} here", (fix,))
    shown_by_name = {it.name.text: called(it, naming) for it in relations if it.name}
    start = f"{name.text} names nothing here"
    if close := nearest(name.text, shown_by_name):
        shown = [shown_by_name[it] for it in close]
        fixes = (*respelled(span, name.text, close, shown), *joins)
        return Problem(span, did_you_mean(start, shown), fixes)
    if shown_by_name:
        return Problem(span, f"{start}; in scope: {', '.join(shown_by_name)}", joins)
    return Problem(span, f"{start}: the statement has no FROM", joins)


def _joins(reference: Reference, analysis: Analysis, catalog: Catalog) -> Iterator[Fix]:
    column = next(
        (it.name for it in analysis.references if it.span.start == reference.span.end + 1), Name("")
    )
    for join in forgotten_joins(reference, column, analysis, catalog):
        yield Fix(f"Add {join.text}", (join.edit,))
