"""How often diagnostics are wrong: on queries that engines accept, and on planted mistakes."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass

from benchmarks.corpus import Mutant, mutants, queries
from benchmarks.table import print_table
from defog_metadata.rules import Finding, check
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["main"]


def main() -> None:
    started = time.perf_counter()
    _valid_queries()
    print("\nQueries with one mistake each. Found: an error anywhere; exact: with its code, at its")
    print("very place; right mend: the right spelling is in the message or a fix; follow-ups: with")
    print("further errors.\n")
    _planted_mistakes()
    print(f"\n{time.perf_counter() - started:.0f} s")


def _valid_queries() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    rejected: Counter[tuple[str, str]] = Counter()
    for query in queries():
        key = query.set, query.dialect
        found = _errors(check(Snapshot(query.sql, query.catalog, query.dialect)))
        if query.is_valid is False:
            rejected[key] += bool(found)
            continue
        counts[key] += 1
        if found:
            wrong[key] += 1
            print(f"  {query.id}: {found[0].code}: {found[0].message}")
    print("Queries that an engine accepts, or that no engine was asked about:\n")
    print_table(
        ("set", "dialect", "queries", "with errors"),
        ((*key, count, wrong[key]) for key, count in sorted(counts.items())),
    )
    print(f"\nOf those that an engine refuses, {rejected.total()} have an error.")


@dataclass
class _Count:
    all: int = 0
    found: int = 0
    exact: int = 0
    mendable: int = 0
    mended: int = 0
    followed: int = 0

    def add(self, mutant: Mutant, errors: list[Finding]) -> None:
        code = mutant.kind.replace("_", "-")
        at = [it for it in errors if it.code == code and mutant.span in (None, it.span)]
        self.all += 1
        self.found += bool(errors)
        self.exact += bool(at)
        self.followed += len(errors) > 1
        if at and mutant.suggestion:
            self.mendable += 1
            self.mended += any(_offers(it, mutant.suggestion) for it in at)

    @property
    def cells(self) -> tuple[object, ...]:
        mend = f"{self.mended / self.mendable:.1%}" if self.mendable else ""
        found, exact = (f"{it / self.all:.1%}" for it in (self.found, self.exact))
        return self.all, found, exact, mend, self.followed


def _planted_mistakes() -> None:
    counts: defaultdict[tuple[str, str], _Count] = defaultdict(_Count)
    for mutant in mutants():
        errors = _errors(check(Snapshot(mutant.sql, mutant.catalog, mutant.dialect)))
        for dialect in (mutant.dialect, "all"):
            counts[mutant.kind, dialect].add(mutant, errors)
    print_table(
        ("mistake", "dialect", "count", "found", "exact", "right mend", "follow-ups"),
        ((*key, *count.cells) for key, count in sorted(counts.items())),
    )


def _errors(findings: list[Finding]) -> list[Finding]:
    return [it for it in findings if it.severity == "error"]


def _offers(finding: Finding, spelling: str) -> bool:
    """Whether the finding has *spelling*; what letter case it should be in, nothing tells."""
    wanted = spelling.casefold()
    edits = [edit.text for fix in finding.fixes for edit in fix.edits]
    return any(wanted in it.casefold() for it in (finding.message, *edits))


if __name__ == "__main__":
    main()
