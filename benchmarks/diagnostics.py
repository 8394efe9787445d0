"""How often diagnostics are wrong: on queries that engines accept, and on planted mistakes."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass

from benchmarks.corpus import Mutant, mutants, queries
from defog_metadata.rules import Finding, check
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["main"]


def main() -> None:
    started = time.perf_counter()
    _valid_queries()
    print("\nQueries with one mistake each")
    print("  found: an error anywhere; exact: with its code, at its very place; right mend: the")
    print("  right spelling is in the message or a fix; follow-ups: with further errors")
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
    print("Queries that an engine accepts, or that no engine was asked about")
    print(f"  {'set':8} {'dialect':10} {'queries':>8} {'with errors':>12}")
    for (name, dialect), count in sorted(counts.items()):
        print(f"  {name:8} {dialect:10} {count:8} {wrong[name, dialect]:12}")
    print(f"  of those that an engine refuses, {rejected.total()} have an error")


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

    def row(self, kind: str, dialect: str) -> str:
        mend = f"{self.mended / self.mendable:.1%}" if self.mendable else ""
        return (
            f"  {kind:18} {dialect:10} {self.all:6} {self.found / self.all:8.1%} "
            f"{self.exact / self.all:8.1%} {mend:>11} {self.followed:11}"
        )


def _planted_mistakes() -> None:
    counts: defaultdict[tuple[str, str], _Count] = defaultdict(_Count)
    for mutant in mutants():
        errors = _errors(check(Snapshot(mutant.sql, mutant.catalog, mutant.dialect)))
        for dialect in (mutant.dialect, "all"):
            counts[mutant.kind, dialect].add(mutant, errors)
    print(
        f"  {'mistake':18} {'dialect':10} {'count':>6} {'found':>8} {'exact':>8} {'right mend':>11}"
        f" {'follow-ups':>11}"
    )
    for (kind, dialect), count in sorted(counts.items()):
        print(count.row(kind, dialect))


def _errors(findings: list[Finding]) -> list[Finding]:
    return [it for it in findings if it.severity == "error"]


def _offers(finding: Finding, spelling: str) -> bool:
    """Whether the finding has *spelling*; what letter case it should be in, nothing tells."""
    wanted = spelling.casefold()
    edits = [edit.text for fix in finding.fixes for edit in fix.edits]
    return any(wanted in it.casefold() for it in (finding.message, *edits))


if __name__ == "__main__":
    main()
