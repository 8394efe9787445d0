"""unknown-table: a relation that the database does not have."""

from collections.abc import Iterator, Sequence

from defog_metadata.catalog import Catalog, Table
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.rules.mends import change, did_you_mean, respelled, spelled
from defog_metadata.spelling import nearest
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.scopes import Reference
from defog_metadata.text import Span


def unknown_table(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find relations that the database does not have.

    ::

    select * from custmers
                  ^^^^^^^^ there is no table custmers; did you mean customers?
    """
    for reference in analysis.references:
        if reference.kind == "table" and reference.status == "unknown":
            yield _problem(reference, analysis, catalog)


def _problem(reference: Reference, analysis: Analysis, catalog: Catalog) -> Problem:
    name = reference.name
    where = f" in schema {reference.qualifier[-1].text}" if reference.qualifier else ""
    start = f"there is no table {name.text}{where}"
    elsewhere = catalog.elsewhere(name)[:3]
    if elsewhere:
        written = [_path(it, catalog) for it in elsewhere]
        fixes = tuple(_moves(reference, written, analysis))
        if reference.qualifier:
            return Problem(reference.span, did_you_mean(start, written), fixes)
        message = f"{start} on the search path; write {' or '.join(written)}"
        return Problem(reference.span, message, fixes)
    ctes = [] if reference.qualifier else [it.name.text for it in reference.scope.ctes if it.name]
    local = [
        it.name.text
        for it in analysis.known_after
        if it.name
        and it.kind not in {"dropped", "routine", "variable"}
        and it.name.key != name.key  # ALTER leaves behind what it did not find
    ]
    # The catalog gives its names casefolded; the table itself knows how it is written.
    close = nearest(name.text, [*ctes, *local, *catalog.source.similar(name.key)])
    shown = [
        it if it in ctes or it in local else _replacement(it, reference, catalog) for it in close
    ]
    fixes = tuple(respelled(reference.span, name.text, close, shown))
    return Problem(reference.span, did_you_mean(start, shown), fixes)


def _replacement(key: str, reference: Reference, catalog: Catalog) -> str:
    """The table called *key* as it is written in the place of the misspelled one."""
    tables = catalog.source.named(key)
    if not tables:
        return key
    visible = next((it for it in tables if catalog.is_visible(it)), tables[0])
    shown = spelled(visible.name, reference.name, catalog.naming, is_table=True)
    if reference.qualifier or catalog.is_visible(visible):
        return shown
    return f"{catalog.naming.write(visible.schema)}.{shown}"


def _path(table: Table, catalog: Catalog) -> str:
    return ".".join(catalog.naming.write(it) for it in (table.schema, table.name) if it)


def _moves(reference: Reference, written: Sequence[str], analysis: Analysis) -> Iterator[Fix]:
    """Put the schema that has the table before its name, in the place of the one written there."""
    start = reference.span.start
    if reference.qualifier:
        before = [it.span for it in analysis.references if it.kind == "schema"]
        start = max((it.start for it in before if it.end < start), default=start)
    span = Span(start, reference.span.end)
    return (change(span, it, is_certain=len(written) == 1) for it in written)
