"""unknown-column: a column that nothing in scope has."""

from collections.abc import Iterator

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Problem
from defog_metadata.spelling import nearest
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.scopes import Reference, Relation


def unknown_column(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find columns that nothing in scope has.

    ::

    select u.emial from users u
             ^^^^^ users has no column emial; did you mean email?
    """
    for reference in analysis.references:
        if reference.kind == "column" and reference.status == "unknown":
            yield Problem(reference.span, _message(reference, catalog))


def _message(reference: Reference, catalog: Catalog) -> str:
    name = reference.name.text
    naming = catalog.naming
    if reference.qualifier:
        relation = reference.scope.relation(reference.qualifier, naming)
        relations = [relation] if relation else []
        start = f"{_shown(relation, reference)} has no column {name}"
    else:
        relations = [it for scope in reference.scope.outward() for it in scope.relations]
        start = f"there is no column {name} here"
        if not relations:
            start = f"there is no column {name}: nothing is selected from"
    names = [naming.write(it.name.text) for relation in relations for it in relation.fields]
    names += [it.name.text for it in reference.scope.aliases if reference.clause == "order by"]
    close = nearest(name, names)
    return f"{start}; did you mean {' or '.join(close)}?" if close else start


def _shown(relation: Relation | None, reference: Reference) -> str:
    if relation is not None and relation.table is not None:
        return relation.table.name
    return reference.qualifier[-1].text
