"""unknown-column: a column that nothing in scope has."""

from collections.abc import Iterator, Sequence

from defog_metadata.catalog import Catalog, Naming
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.rules.mends import change, did_you_mean, respelled, spelled
from defog_metadata.spelling import nearest
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.quirks import sees_output_names
from defog_metadata.sql.facts.joining import forgotten_joins
from defog_metadata.sql.facts.keys import called
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.text import Span


def unknown_column(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find columns that nothing in scope has.

    ::

    select u.emial from users u
             ^^^^^ users has no column emial; did you mean email?
    """
    unknown = [it for it in analysis.references if it.kind == "column" and it.status == "unknown"]
    places = {it.span for it in unknown}
    without_from: set[int] = set()
    for reference in unknown:
        relations = _relations(reference, catalog.naming)
        if not relations and not reference.qualifier:
            # Until its FROM is written, one mark says of a query what all would.
            if id(reference.scope) in without_from:
                continue
            without_from.add(id(reference.scope))
        # A query passes on what it has misspelled: who then has it right has made no mistake.
        passed_on = [
            it.name.text for relation in relations for it in relation.fields if it.span in places
        ]
        if not nearest(reference.name.text, passed_on):
            yield _problem(reference, relations, analysis, catalog)


def _relations(reference: Reference, naming: Naming) -> list[Relation]:
    """Those that the column is looked for in, the nearest first."""
    if reference.qualifier:
        relation = reference.scope.relation(reference.qualifier, naming)
        return [relation] if relation else []
    return [it for scope in reference.scope.outward() for it in scope.relations]


def _problem(
    reference: Reference, relations: Sequence[Relation], analysis: Analysis, catalog: Catalog
) -> Problem:
    name, naming = reference.name.text, catalog.naming
    if reference.qualifier:
        start = f"{_shown(relations, reference)} has no column {name}"
    elif relations:
        start = f"there is no column {name} here"
    else:
        start = f"there is no column {name}: nothing is selected from"
    fields = [it for relation in relations for it in relation.fields]
    if not reference.qualifier and sees_output_names(
        analysis.syntax.dialect, reference.clause, is_bare=True
    ):
        fields += reference.scope.aliases
    shown_by_name: dict[str, str] = {}
    for it in fields:
        shown_by_name.setdefault(it.name.text, _spelled(it, reference, naming))
    close = nearest(name, shown_by_name)
    shown = [shown_by_name[it] for it in close]
    fixes = [
        *respelled(reference.span, name, close, shown),
        *_owners(reference, analysis, naming),
        *_joins(reference, analysis, catalog),
    ]
    return Problem(reference.span, did_you_mean(start, shown), tuple(fixes))


def _spelled(field: Field, reference: Reference, naming: Naming) -> str:
    if field.is_stored:
        return spelled(field.name.text, reference.name, naming)
    # What the statement itself has named is written as it is there.
    return naming.write(field.name.text) if field.name.quoted else field.name.text


def _owners(reference: Reference, analysis: Analysis, naming: Naming) -> Iterator[Fix]:
    """Where another relation has the column: qualify it with that one."""
    if not reference.qualifier:
        return
    before: Sequence[Span] = [
        it.span
        for it in analysis.references
        if it.kind == "qualifier" and it.span.end + 1 == reference.span.start
    ]
    for relation in reference.scope.relations if before else ():
        if relation.name and relation.fields_called(reference.name, naming):
            text = analysis.syntax.text[reference.span.start : reference.span.end]
            span = Span(before[0].start, reference.span.end)
            yield change(span, f"{called(relation, naming)}.{text}")


def _joins(reference: Reference, analysis: Analysis, catalog: Catalog) -> Iterator[Fix]:
    if not reference.qualifier:
        for join in forgotten_joins(reference, reference.name, analysis, catalog):
            yield Fix(f"Add {join.text}", (join.edit,))


def _shown(relations: Sequence[Relation], reference: Reference) -> str:
    tables = (it.table.name for it in relations if it.table)
    return next(tables, reference.qualifier[-1].text)
