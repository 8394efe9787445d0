"""What stands above golden queries: whether they are valid, and what of the database they cover."""

from collections.abc import Mapping
from dataclasses import dataclass

from defog_metadata.checks.coverage import Covered, coverage, covered
from defog_metadata.checks.golden_queries import check_golden_file
from defog_metadata.documents.golden import GoldenEntry, GoldenFile
from defog_metadata.progress import check_stopped
from defog_metadata.rules.findings import Severity
from defog_metadata.sql.facts.touched import touched
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

__all__ = ["Lens", "golden_lenses", "uncovered"]

_MOST_NAMES = 4
_PROBLEMS = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Lens:
    """A line of text above ``span``."""

    span: Span
    title: str
    shows_uncovered: bool = False
    """Whether a click on it asks for what no query covers."""


def golden_lenses(
    file: GoldenFile, snapshot: Snapshot, severities: Mapping[str, Severity]
) -> list[Lens]:
    """A lens for each entry of *file*, and before them one for the file.

    *snapshot* is of the file. Nothing is said before the database is known: a query may be wrong,
    or use more of it, than what there is beside it tells.
    """
    if not snapshot.catalog or snapshot.catalog.is_partial:
        return []
    findings = [
        it
        for it in check_golden_file(file, snapshot.catalog, snapshot.dialect, severities)
        if it.severity in _PROBLEMS
    ]
    lenses = []
    for entry in file.entries:
        check_stopped()
        inside = sum(entry.span.start <= it.span.start < entry.span.end for it in findings)
        title = _counted(inside, "problem") if inside else _valid(entry, snapshot)
        lenses.append(Lens(entry.span, title))
    if lenses:
        found = covered((it.sql.text for it in file.entries), snapshot.catalog, snapshot.dialect)
        lenses.insert(0, Lens(Span(0, 0), _covers(found), shows_uncovered=True))
    return lenses


def uncovered(file: GoldenFile, snapshot: Snapshot) -> str:
    """The tables and columns that no query of *file* covers, as comments in SQL."""
    found = coverage((it.sql.text for it in file.entries), snapshot.catalog, snapshot.dialect)
    columns: dict[str, list[str]] = {}
    for it in found.uncovered_columns:
        columns.setdefault(it.table, []).append(it.column)
    lines = [f"The golden queries of this file cover {_covers(found).removeprefix('covers ')}.", ""]
    lines += [f"Tables that none of them reads ({len(found.uncovered_tables)}):"]
    lines += [f"  {it}" for it in found.uncovered_tables]
    lines += ["", "Columns that none of them reads, of tables that some do:"]
    lines += [
        f"  {table}: {', '.join(names)}"
        for table, names in columns.items()
        if table not in found.uncovered_tables
    ]
    return "".join(f"-- {it}".rstrip() + "\n" for it in lines)


def _valid(entry: GoldenEntry, snapshot: Snapshot) -> str:
    tables: dict[str, None] = {}
    for analysis in Snapshot(entry.sql.text, snapshot.catalog, snapshot.dialect).analyses:
        found = touched(analysis, snapshot.catalog.naming).tables.values()
        tables.update(dict.fromkeys(it.name for it in found))
    if not tables:
        return "valid"
    names = list(tables)
    shown = ", ".join(names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"valid · {'table' if len(names) == 1 else 'tables'} {shown}{more}"


def _covers(found: Covered) -> str:
    return (
        f"covers {found.tables_covered}/{found.total_tables} tables,"
        f" {found.coverage_percentage:.0f} % of columns"
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
