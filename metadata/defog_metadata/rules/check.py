"""Runs the rules over a document."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from defog_metadata.catalog import Catalog
from defog_metadata.progress import check_stopped
from defog_metadata.rules.ambiguous_column import ambiguous_column
from defog_metadata.rules.cartesian_join import cartesian_join
from defog_metadata.rules.column_count import column_count
from defog_metadata.rules.duplicate_alias import duplicate_alias
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding, Problem, Severity
from defog_metadata.rules.ignores import ignored
from defog_metadata.rules.null_comparison import null_comparison
from defog_metadata.rules.select_star import select_star
from defog_metadata.rules.sureness import Sureness
from defog_metadata.rules.syntax_error import syntax_error
from defog_metadata.rules.type_mismatch import type_mismatch
from defog_metadata.rules.ungrouped_column import ungrouped_column
from defog_metadata.rules.unknown_alias import unknown_alias
from defog_metadata.rules.unknown_column import unknown_column
from defog_metadata.rules.unknown_function import unknown_function
from defog_metadata.rules.unknown_schema import unknown_schema
from defog_metadata.rules.unknown_table import unknown_table
from defog_metadata.rules.unused_cte import unused_cte
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.readings import Reading, same_ends
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.templates import Filled

__all__ = ["check", "check_sections"]

Rule = Callable[[Analysis, Catalog], Iterator[Problem]]

_RULES: Mapping[str, Rule] = {
    "syntax-error": syntax_error,
    "unknown-schema": unknown_schema,
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
    "unknown-function": unknown_function,
    "ambiguous-column": ambiguous_column,
    "duplicate-alias": duplicate_alias,
}


def check(snapshot: Snapshot, severities: Mapping[str, Severity] | None = None) -> list[Finding]:
    """The findings in *snapshot* in the order of the text.

    *severities* by rule code override the defaults; ``off`` silences a rule, and so does a
    comment ``defog: ignore``.
    """
    return [
        it.shifted(start) for start, found in check_sections(snapshot, severities) for it in found
    ]


def check_sections(
    snapshot: Snapshot, severities: Mapping[str, Severity] | None = None
) -> list[tuple[int, tuple[Finding, ...]]]:
    """Where each section of *snapshot* starts in which something is found, and what, in order.

    The findings count from there. What is found in a section that an edit leaves alone is the very
    same object before and after it.
    """
    chosen = _chosen(frozenset({**DEFAULT_SEVERITIES, **(severities or {})}.items()))
    found = _checked(snapshot, chosen).found
    return [(start, it) for start, it in zip(snapshot.sections.starts, found, strict=True) if it]


@dataclass(frozen=True, eq=False, slots=True)
class _Checked:
    """What has been ``found`` in each of ``readings``, for the next version of the text."""

    chosen: "_Chosen"
    filled: Filled
    readings: tuple[Reading, ...] = ()
    found: tuple[tuple[Finding, ...], ...] = ()


def _checked(snapshot: Snapshot, chosen: "_Chosen") -> _Checked:
    done: _Checked | None = snapshot.remembered.get(_Checked)
    if done is not None and done.chosen is chosen:
        return done
    filled, readings = snapshot.sections.filled, snapshot.readings
    before: _Checked | None = snapshot.before.remembered.get(_Checked)
    if before is None or before.chosen is not chosen or before.filled is not filled:
        before = _Checked(chosen, filled)
    first, last = same_ends(readings, before.readings)
    found: list[tuple[Finding, ...]] = list(before.found[:first])
    for reading in readings[first:last]:
        check_stopped()
        found.append(_told(reading, chosen, filled))
    found += before.found[len(before.found) - len(readings) + last :]
    done = snapshot.remembered[_Checked] = _Checked(chosen, filled, readings, tuple(found))
    return done


@dataclass(frozen=True, eq=False, slots=True)
class _Chosen:
    """Severities by rule code; the same ones are the same object."""

    severities: Mapping[str, Severity]


@lru_cache(maxsize=64)
def _chosen(severities: frozenset[tuple[str, Severity]]) -> _Chosen:
    return _Chosen(dict(severities))


@dataclass(frozen=True, eq=False, slots=True)
class _Told:
    """What is said of a section by those severities and in those words."""

    chosen: _Chosen
    filled: Filled
    found: tuple[Finding, ...]


def _told(reading: Reading, chosen: _Chosen, filled: Filled) -> tuple[Finding, ...]:
    told: _Told | None = reading.remembered.get(_Told)
    if told is None or told.chosen is not chosen or told.filled is not filled:
        told = _Told(chosen, filled, tuple(_found_in(reading, chosen, filled)))
        reading.remembered[_Told] = told
    return told.found


def _found_in(reading: Reading, chosen: _Chosen, filled: Filled) -> list[Finding]:
    section, catalog, severities = reading.section, reading.catalog, chosen.severities
    found = [
        finding
        for analysis in reading.analyses
        for sureness in [Sureness.of(analysis, section, catalog, filled)]
        for code, rule in _RULES.items()
        if severities[code] != "off" and sureness.admits(code)
        for problem in _problems(rule, analysis, catalog)
        if (finding := sureness.told(_finding(problem, code, severities[code], analysis)))
    ]
    silenced = ignored(section) if found else ()
    told = (it for it in found if not any(one.covers(it) for one in silenced))
    return sorted(told, key=lambda it: (it.span, it.code))


def _problems(rule: Rule, analysis: Analysis, catalog: Catalog) -> tuple[Problem, ...]:
    """What *rule* says of a statement: found out once, since analyses are kept by their catalog."""
    check_stopped()
    key = (rule, analysis.nulls_equal)
    found: tuple[Problem, ...] | None = analysis.remembered.get(key)
    if found is None:
        found = analysis.remembered[key] = tuple(rule(analysis, catalog))
    return found


def _finding(problem: Problem, code: str, severity: Severity, analysis: Analysis) -> Finding:
    return Finding.of(problem, code, severity, analysis.statement.start)
