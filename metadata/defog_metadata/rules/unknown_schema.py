"""unknown-schema: a schema that the database does not have."""

from collections.abc import Iterator

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Problem
from defog_metadata.rules.mends import did_you_mean, respelled, spelled
from defog_metadata.spelling import is_clear, nearest
from defog_metadata.sql.analysis import Analysis


def unknown_schema(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find misspelled schemas.

    A schema like no other is left alone: metadata may cover some schemas of a database only.

    ::

    select * from markting.leads
                  ^^^^^^^^ there is no schema markting; did you mean marketing?
    """
    for reference in analysis.references:
        if reference.kind != "schema" or reference.status != "unknown":
            continue
        written = reference.name
        close = nearest(written.text, filter(None, catalog.source.schemas()))
        if is_clear(written.text, close):
            shown = [spelled(it, written, catalog.naming, is_table=True) for it in close]
            yield Problem(
                reference.span,
                did_you_mean(f"there is no schema {written.text}", shown),
                tuple(respelled(reference.span, written.text, close, shown)),
            )
