"""unknown-alias: a qualifier that names nothing in scope."""

from collections.abc import Iterator

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Problem
from defog_metadata.spelling import nearest
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.scopes import Reference


def unknown_alias(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find qualifiers that name nothing in scope.

    ::

    select c.name from customers u
           ^ c names nothing here; in scope: u
    """
    for reference in analysis.references:
        if reference.kind == "qualifier" and reference.status == "unknown":
            yield Problem(reference.span, _message(reference, catalog))


def _message(reference: Reference, catalog: Catalog) -> str:
    name = reference.name
    relations = [it for scope in reference.scope.outward() for it in scope.relations]
    for relation in relations:
        if relation.hidden and relation.name and catalog.naming.equal(name, relation.hidden):
            return f"{name.text} is called {relation.name.text} here"
    names = list(dict.fromkeys(it.name.text for it in relations if it.name))
    if close := nearest(name.text, names):
        return f"{name.text} names nothing here; did you mean {' or '.join(close)}?"
    if names:
        return f"{name.text} names nothing here; in scope: {', '.join(names)}"
    return f"{name.text} names nothing here: the statement has no FROM"
