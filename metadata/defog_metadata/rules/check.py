"""Runs the rules over a document."""

from collections.abc import Callable, Iterator, Mapping

from defog_metadata.catalog import Catalog
from defog_metadata.rules.cartesian_join import cartesian_join
from defog_metadata.rules.column_count import column_count
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding, Problem, Severity
from defog_metadata.rules.null_comparison import null_comparison
from defog_metadata.rules.select_star import select_star
from defog_metadata.rules.syntax_error import syntax_error
from defog_metadata.rules.type_mismatch import type_mismatch
from defog_metadata.rules.ungrouped_column import ungrouped_column
from defog_metadata.rules.unknown_alias import unknown_alias
from defog_metadata.rules.unknown_column import unknown_column
from defog_metadata.rules.unknown_table import unknown_table
from defog_metadata.rules.unused_cte import unused_cte
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["check"]

Rule = Callable[[Analysis, Catalog], Iterator[Problem]]

_RULES: Mapping[str, Rule] = {
    "syntax-error": syntax_error,
    "unknown-table": unknown_table,
    "unknown-alias": unknown_alias,
    "unknown-column": unknown_column,
    "ungrouped-column": ungrouped_column,
    "type-mismatch": type_mismatch,
    "column-count": column_count,
    "null-comparison": null_comparison,
    "cartesian-join": cartesian_join,
    "unused-cte": unused_cte,
    "select-star": select_star,
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
