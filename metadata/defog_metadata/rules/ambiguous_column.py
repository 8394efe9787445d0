"""ambiguous-column: a name that several relations have a column for."""

from collections.abc import Iterator, Sequence

from defog_metadata.catalog import Catalog, Naming
from defog_metadata.rules.findings import Fix, Problem, Related
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.keys import called
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.text import Edit, Span


def ambiguous_column(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find columns that could be those of several relations.

    ::

    select id from orders o join customers c on c.id = o.customer_id
           ^^ id is a column of o and of c
    """
    naming = catalog.naming
    for reference in analysis.references:
        if reference.kind != "column" or reference.status != "ambiguous":
            continue
        found = _found(reference, naming)
        names = list(dict.fromkeys(called(it, naming) for it, _ in found))
        if len(names) > 1:
            yield _between(reference, found, naming)
        elif len({id(it) for it, _ in found}) == 1:
            yield Problem(
                reference.span,
                f"{names[0]} has several columns {reference.name.text}",
                related=tuple(
                    Related(it.span, f"a column {it.name.text}") for _, it in found if it.span
                ),
            )
        # Otherwise two relations have one name, and duplicate-alias says so.


def _found(reference: Reference, naming: Naming) -> Sequence[tuple[Relation, Field]]:
    if reference.qualifier:
        return reference.scope.qualified_fields(reference.qualifier, reference.name, naming)
    levels = (it.fields_called(reference.name, naming) for it in reference.scope.outward())
    return next((it for it in levels if it), [])


def _between(
    reference: Reference, found: Sequence[tuple[Relation, Field]], naming: Naming
) -> Problem:
    name = reference.name.text
    relations = list({called(it, naming): it for it, _ in found if it.name}.items())
    owners = " and of ".join(shown for shown, _ in relations)
    start = Span(reference.span.start, reference.span.start)
    return Problem(
        reference.span,
        f"{name} is a column of {owners}",
        tuple(Fix(f"Qualify with {it}", (Edit(start, f"{it}."),)) for it, _ in relations),
        tuple(
            Related(it.span, f"{shown} has a column {name}") for shown, it in relations if it.span
        ),
    )
