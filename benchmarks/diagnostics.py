"""How often diagnostics are wrong: on queries that engines accept, and on planted mistakes."""

import time
from collections import Counter

from benchmarks.corpus import mutants, queries
from defog_metadata.rules import check
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["main"]


def main() -> None:
    started = time.perf_counter()
    counts: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for query in queries():
        if query.is_valid is False:
            continue
        key = query.set, query.dialect
        counts[key] += 1
        found = [
            it
            for it in check(Snapshot(query.sql, query.catalog, query.dialect))
            if it.severity == "error"
        ]
        if found:
            wrong[key] += 1
            print(f"  {query.id}: {found[0].code}: {found[0].message}")
    print("Queries that an engine accepts, or that no engine was asked about")
    print(f"  {'set':8} {'dialect':10} {'queries':>8} {'with errors':>12}")
    for (name, dialect), count in sorted(counts.items()):
        print(f"  {name:8} {dialect:10} {count:8} {wrong[name, dialect]:12}")

    kinds: Counter[str] = Counter()
    found_any: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    suggested: Counter[str] = Counter()
    suggestible: Counter[str] = Counter()
    for mutant in mutants():
        findings = check(Snapshot(mutant.sql, mutant.catalog, mutant.dialect))
        errors = [it for it in findings if it.severity == "error"]
        kinds[mutant.kind] += 1
        found_any[mutant.kind] += bool(errors)
        code = mutant.kind.replace("_", "-")
        at = [it for it in errors if it.code == code and mutant.span in (None, it.span)]
        exact[mutant.kind] += bool(at)
        if at and mutant.suggestion:
            suggestible[mutant.kind] += 1
            suggested[mutant.kind] += any(mutant.suggestion in it.message for it in at)
    print("\nQueries with one mistake each")
    print(f"  {'mistake':18} {'count':>6} {'found':>8} {'exact':>8} {'right mend':>11}")
    for kind, count in sorted(kinds.items()):
        mend = suggested[kind] / suggestible[kind] if suggestible[kind] else None
        print(
            f"  {kind:18} {count:6} {found_any[kind] / count:8.1%} {exact[kind] / count:8.1%} "
            f"{'' if mend is None else f'{mend:.1%}':>11}"
        )
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
