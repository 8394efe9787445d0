"""Runs the rules over a document."""

from collections.abc import Callable, Iterator, Mapping

from defog_metadata.catalog import Catalog
from defog_metadata.rules.ambiguous_column import ambiguous_column
from defog_metadata.rules.duplicate_alias import duplicate_alias
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding, Problem, Severity
from defog_metadata.rules.syntax_error import syntax_error
from defog_metadata.rules.unknown_alias import unknown_alias
from defog_metadata.rules.unknown_column import unknown_column
from defog_metadata.rules.unknown_function import unknown_function
from defog_metadata.rules.unknown_schema import unknown_schema
from defog_metadata.rules.unknown_table import unknown_table
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["check"]

Rule = Callable[[Analysis, Catalog], Iterator[Problem]]

_RULES: Mapping[str, Rule] = {
    "syntax-error": syntax_error,
    "unknown-schema": unknown_schema,
    "unknown-table": unknown_table,
    "unknown-alias": unknown_alias,
    "unknown-column": unknown_column,
    "unknown-function": unknown_function,
    "ambiguous-column": ambiguous_column,
    "duplicate-alias": duplicate_alias,
}


def check(snapshot: Snapshot, severities: Mapping[str, Severity] | None = None) -> list[Finding]:
    """The findings in *snapshot* in the order of the text.

    *severities* by rule code override the defaults; ``off`` silences a rule.
    """
    chosen = {**DEFAULT_SEVERITIES, **(severities or {})}
    found = [
        Finding.of(problem, code, chosen[code], analysis.statement.start)
        for analysis in snapshot.analyses
        for code, rule in _RULES.items()
        if chosen[code] != "off"
        for problem in rule(analysis, snapshot.catalog)
    ]
    return sorted(found, key=lambda it: (it.span, it.code))
