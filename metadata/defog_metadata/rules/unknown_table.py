"""unknown-table: a relation that the database does not have."""

from collections.abc import Iterator

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Problem
from defog_metadata.spelling import nearest
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.scopes import Reference


def unknown_table(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find relations that the database does not have.

    ::

    select * from custmers
                  ^^^^^^^^ there is no table custmers; did you mean customers?
    """
    for reference in analysis.references:
        if reference.kind == "table" and reference.status == "unknown":
            yield Problem(reference.span, _message(reference, analysis, catalog))


def _message(reference: Reference, analysis: Analysis, catalog: Catalog) -> str:
    name = reference.name.text
    where = f" in schema {reference.qualifier[-1].text}" if reference.qualifier else ""
    start = f"there is no table {name}{where}"
    elsewhere = catalog.elsewhere(reference.name)
    if elsewhere:
        naming = catalog.naming
        written = " or ".join(
            ".".join(naming.write(part) for part in (it.schema, it.name) if part)
            for it in elsewhere[:3]
        )
        if reference.qualifier:
            return f"{start}; did you mean {written}?"
        return f"{start} on the search path; write {written}"
    ctes = [it.name.text for it in reference.scope.ctes if it.name]
    local = [it.name.text for it in analysis.known_after if it.name and it.kind != "dropped"]
    # The catalog gives its names casefolded; the table itself knows how it is written.
    close = nearest(name, [*ctes, *local, *catalog.source.keys()])
    shown = [_spelling(it, catalog) for it in close]
    return f"{start}; did you mean {' or '.join(shown)}?" if shown else start


def _spelling(key: str, catalog: Catalog) -> str:
    return next((it.name for it in catalog.source.named(key)), key)
