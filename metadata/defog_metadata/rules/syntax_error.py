"""syntax-error: the statement cannot be read."""

from collections.abc import Iterator

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Problem
from defog_metadata.sql.analysis import Analysis


def syntax_error(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Say why a statement cannot be read.

    ::

    select a from (select 1
                  ^ this ( is never closed
    """
    del catalog
    return (Problem(it.span, it.message, it.fixes) for it in analysis.syntax.problems)
