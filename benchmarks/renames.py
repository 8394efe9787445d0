"""How often renaming keeps what queries mean: every alias, CTE and named column, there and back.

Of the queries that their engines accept. *same text*: renamed back, the query is what it was;
*same but for case*: it is, but for the letter case of names that were spelled in several.
"""

import argparse
import random
from collections import Counter

from benchmarks.corpus import Query, queries
from benchmarks.table import print_table
from defog_lsp.ide.rename import CannotRename, rename
from defog_metadata.rules import check
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Occurrence, symbols_of

__all__ = ["main", "outcome"]

_NEW = "zz_renamed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="so many of the queries")
    sample = [it for it in queries() if it.is_valid]
    count = parser.parse_args().sample
    if count is not None and count < len(sample):
        sample = random.Random(1).sample(sample, count)
    counts: Counter[tuple[str, str]] = Counter()
    for query in sample:
        for it in symbols_of(_snapshot(query, query.sql)).occurrences:
            if it.is_definition:
                counts[it.symbol.kind, outcome(query, it)] += 1
    print(f"{len(sample)} queries.\n")
    print_table(
        ("symbols", "outcome", "count"),
        ((kind, how, str(counts[kind, how])) for kind, how in sorted(counts)),
    )


def outcome(query: Query, named: Occurrence) -> str:
    """What becomes of *query* when *named* is renamed, and renamed back."""
    before = _snapshot(query, query.sql)
    try:
        edits = rename(before, named.span.start, _NEW)
        renamed = _snapshot(query, applied(query.sql, edits))
        if len(check(renamed)) > len(check(before)):
            return "new diagnostics"
        again = next(
            it
            for it in symbols_of(renamed).occurrences
            if it.is_definition and it.name.text == _NEW
        )
        old = query.sql[named.span.start : named.span.end]
        back = applied(renamed.text, rename(renamed, again.span.start, old))
    except CannotRename as error:
        return f"refused: {error}"
    if back == query.sql:
        return "same text"
    return "same but for case" if back.casefold() == query.sql.casefold() else "another text"


def _snapshot(query: Query, sql: str) -> Snapshot:
    return Snapshot(sql, query.catalog, query.dialect)


if __name__ == "__main__":
    main()
