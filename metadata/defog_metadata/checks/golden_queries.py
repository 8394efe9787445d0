"""Whether golden queries are what they should be: answers that run, one to each question."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from defog_metadata.catalog import Catalog
from defog_metadata.checks.embedded import as_golden, placed
from defog_metadata.documents.golden import GoldenEntry, GoldenFile
from defog_metadata.progress import check_stopped
from defog_metadata.rules import DEFAULT_SEVERITIES, Finding, Related, Severity, check
from defog_metadata.sql.facts.alike import written_alike
from defog_metadata.sql.grammar.start import STATEMENTS
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span, TextFile

__all__ = [
    "GoldenQueriesResult",
    "InvalidQuery",
    "OtherGoldenFile",
    "check_gold_queries",
    "check_golden_file",
]

EngineVerdict = Callable[[str], str | None]
"""What an engine has against one statement; ``None`` if it would run it."""


@dataclass(frozen=True, slots=True)
class OtherGoldenFile:
    """Another file whose entries are about the same database."""

    source: TextFile
    file: GoldenFile


@dataclass(frozen=True, slots=True)
class InvalidQuery:
    question: str
    sql: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldenQueriesResult:
    """How many golden queries are valid, and what is wrong with the others."""

    valid_count: int
    total_count: int
    invalid_queries: tuple[InvalidQuery, ...]

    def as_dict(self) -> dict[str, object]:
        """The documented result of ``check_gold_queries_valid``."""
        return {
            "valid_count": self.valid_count,
            "total_count": self.total_count,
            "invalid_queries": [
                {"question": it.question, "sql": it.sql, "errors": list(it.errors)}
                for it in self.invalid_queries
            ],
        }


def check_golden_file(
    file: GoldenFile,
    catalog: Catalog,
    dialect: str,
    severities: Mapping[str, Severity] | None = None,
    before: Sequence[OtherGoldenFile] = (),
) -> list[Finding]:
    """What is wrong with the entries of *file*, in its order.

    *severities* by rule code override the defaults. *before* are the files of the workspace whose
    answers come first: a question of theirs is a duplicate here.
    """
    chosen = {**DEFAULT_SEVERITIES, **(severities or {})}
    found = [Finding(it.span, "golden-format", "error", it.message) for it in file.problems]
    for entry in file.entries:
        check_stopped()
        if not entry.sql.text.strip():
            continue  # of that the file's own problems say enough
        snapshot = Snapshot(entry.sql.text, catalog, dialect)
        found += (placed(it, entry.sql) for it in _of_sql(snapshot, chosen))
    found += _duplicates(file, catalog, dialect, before)
    told = (
        replace(it, severity=chosen[it.code]) if it.code in _OWN else it
        for it in found
        if chosen[it.code] != "off"
    )
    return sorted(told, key=lambda it: (it.span, it.code))


def check_gold_queries(
    queries: Iterable[tuple[str, str]],
    catalog: Catalog,
    dialect: str,
    severities: Mapping[str, Severity] | None = None,
    *,
    also: EngineVerdict | None = None,
) -> GoldenQueriesResult:
    """Which of *queries*, pairs of question and SQL, have errors.

    *also* is asked about each statement of a query in which none was found.
    """
    chosen = {**DEFAULT_SEVERITIES, **(severities or {})}
    total = 0
    invalid: list[InvalidQuery] = []
    for question, sql in queries:
        check_stopped()
        total += 1
        snapshot = Snapshot(sql, catalog, dialect)
        errors = [it.message for it in _of_sql(snapshot, chosen) if it.code in _OWN]
        if not errors and also is not None:
            verdicts = map(also, (it.text for it in snapshot.statements))
            errors = [it for it in verdicts if it is not None]
        if errors:
            invalid.append(InvalidQuery(question, sql, tuple(errors)))
    return GoldenQueriesResult(total - len(invalid), total, tuple(invalid))


_OWN = frozenset(("golden-invalid", "golden-duplicate", "golden-format"))


def _of_sql(snapshot: Snapshot, severities: Mapping[str, Severity]) -> Iterator[Finding]:
    """The findings in the SQL of an entry, at their places there; errors are ``golden-invalid``."""
    for it in check(snapshot, severities):
        if it.severity == "error":
            yield as_golden(it)
        else:
            yield it
    yield from _of_other_text(snapshot)


def _of_other_text(snapshot: Snapshot) -> Iterator[Finding]:
    """What is no SQL at all, of which the rules say nothing."""
    if not snapshot.statements:
        whole = Span(0, len(snapshot.text))
        yield Finding(whole, "golden-format", "error", "there is no SQL in this answer")
    for analysis in snapshot.analyses if snapshot.dialect in _STARTS_KNOWN else ():
        first = next(iter(analysis.syntax.tokens), None)
        if first is None or first.kind != "word" or analysis.syntax.problems:
            continue
        span = Span(first.start, first.end).shifted(analysis.statement.start)
        if first.word not in STATEMENTS and not snapshot.template.touches(span):
            message = f"this is no SQL: no statement starts with {first.text}"
            yield Finding(span, "golden-format", "error", message)


# Whose statements all start with words that we know. T-SQL calls a procedure by its name alone.
_STARTS_KNOWN = frozenset(
    ("postgres", "redshift", "mysql", "sqlite", "duckdb", "bigquery", "snowflake", "oracle")
)


# One answer to each question


def _duplicates(
    file: GoldenFile, catalog: Catalog, dialect: str, before: Sequence[OtherGoldenFile]
) -> Iterator[Finding]:
    first: dict[str, tuple[GoldenEntry, TextFile | None]] = {}
    for other in before:
        for entry in other.file.entries:
            first.setdefault(entry.asked, (entry, other.source))
    for entry in file.entries:
        question = entry.asked
        earlier, source = first.setdefault(question, (entry, None))
        if not question or earlier is entry:
            continue
        one, other_one = (_answer(it, catalog, dialect) for it in (earlier, entry))
        message = (
            "this question has been answered before, with the same SQL"
            if one == other_one
            else "this question has been answered before, with other SQL"
        )
        related = Related(earlier.question.place, "the answer before", source)
        yield Finding(
            entry.question.place, "golden-duplicate", "error", message, related=(related,)
        )


def _answer(entry: GoldenEntry, catalog: Catalog, dialect: str) -> Hashable:
    return written_alike(Snapshot(entry.sql.text, catalog, dialect))
