"""What stands above SQL: which tables a long statement touches, and how often its CTEs are used."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from defog_metadata.progress import check_stopped
from defog_metadata.rules import Severity, check
from defog_metadata.sql.facts.flows import Called, Reader, Source, readers
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Fix, Span

__all__ = ["StatementLens", "statement_lenses"]

_FEWEST_LINES = 4
_FEWEST_TABLES = 2
"""Of a shorter statement, or one with a single table, a look at it tells."""
_FEWEST_USES = 2
"""Once is what everybody expects of a CTE."""
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class StatementLens:
    """A line of text above ``span``; a click on it makes ``fix``, if it has one."""

    span: Span
    title: str
    fix: Fix | None = None


def statement_lenses(snapshot: Snapshot, severities: Mapping[str, Severity]) -> list[StatementLens]:
    """The lenses of *snapshot*, in the order of the text.

    That a CTE is unused is said where the rule ``unused-cte`` says so.
    """
    found = [
        StatementLens(it.span, "unused CTE", next(iter(it.fixes), None))
        for it in check(snapshot, severities)
        if it.code == "unused-cte"
    ]
    naming = snapshot.catalog.naming
    for analysis in snapshot.analyses:
        check_stopped()
        found += _lenses(readers(analysis, naming), analysis.statement.text)
    return sorted(found, key=lambda it: it.span)


def _lenses(found: Sequence[Reader], text: str) -> Iterator[StatementLens]:
    main = found[0]
    reads = _names(it for reader in found for it in reader.reads)
    writes = _names(it for reader in found for it in reader.writes)
    is_long = text.count("\n") >= _FEWEST_LINES - 1
    if is_long and len({*reads, *writes}) >= _FEWEST_TABLES:
        said = [f"reads {_listed(reads)}"] if reads else []
        said += [f"writes {_listed(writes)}"] if writes else []
        yield StatementLens(main.place, " · ".join(said))
    uses = Counter(it.cte for reader in found for it in reader.reads if it.cte is not None)
    for reader in found:
        if reader.kind == "cte" and uses[reader.place] >= _FEWEST_USES:
            yield StatementLens(reader.place, f"used {uses[reader.place]} times")


def _names(sources: Iterator[Source]) -> list[str]:
    """The tables and views among *sources*, each once."""
    tables = (it.relation for it in sources if it.relation.kind in ("table", "view"))
    return list(dict.fromkeys(Called.of(it).name for it in tables))


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
