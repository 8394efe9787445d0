"""How often renaming keeps what queries mean: every name in them, there and back.

Aliases, CTEs and named columns; with ``--stored``, the tables and columns of the database.

Of the queries that their engines accept. *same text*: renamed back, the query is what it was;
*same but for case*: it is, but for the letter case of names that were spelled in several.
"""

import argparse
import random
from collections import Counter
from dataclasses import replace

from benchmarks.corpus import Query, queries
from benchmarks.table import print_table
from defog_lsp.ide.rename import (
    CannotRename,
    Renaming,
    Stored,
    rename,
    rename_stored,
    renaming,
    stored_at,
)
from defog_metadata.rules import check
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Occurrence, symbols_of

__all__ = ["main", "outcome", "outcome_of_stored", "stored_in"]

_NEW = "zz_renamed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="so many of the queries")
    sample = [it for it in queries() if it.is_valid]
    parser.add_argument("--stored", action="store_true", help="tables and columns instead")
    asked = parser.parse_args()
    count = asked.sample
    if count is not None and count < len(sample):
        sample = random.Random(1).sample(sample, count)
    counts: Counter[tuple[str, str]] = Counter()
    for query in sample:
        if asked.stored:
            for stored in stored_in(query):
                kind = "column" if stored.column else "table"
                counts[kind, outcome_of_stored(query, stored)] += 1
            continue
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


def stored_in(query: Query) -> list[Stored]:
    """The tables and columns of the database that *query* names, each once."""
    snapshot = _snapshot(query, query.sql)
    found: dict[tuple[str, str], Stored] = {}
    for it in symbols_of(snapshot).occurrences:
        if it.symbol.kind == "stored" and (at := stored_at(snapshot, it.span.start)):
            found.setdefault((at[1].table.qualified_name, at[1].column), at[1])
    return [*found.values()]


def outcome_of_stored(query: Query, stored: Stored) -> str:
    """What becomes of *query* when *stored* is renamed in the database, and renamed back."""
    before = _snapshot(query, query.sql)
    try:
        wanted = renaming(stored, _NEW, before.catalog)
        text = applied(query.sql, rename_stored(before, wanted))
        catalog = wanted.after(before.catalog)
        renamed = Snapshot(text, catalog, query.dialect)
        if len(check(renamed)) > len(check(before)):
            return "new diagnostics"
        table = stored.table if stored.column else replace(stored.table, name=wanted.name)
        for it in catalog.source.named(table.name.casefold()):
            if it.qualified_name == table.qualified_name:
                table = it
        again = Renaming(Stored(table, wanted.name if stored.column else ""), stored.name)
        back = applied(text, rename_stored(renamed, again))
    except CannotRename as error:
        return f"refused: {error}".replace(stored.name, "…")
    if back == query.sql:
        return "same text"
    plain = (it.translate(_QUOTES).casefold() for it in (back, query.sql))
    return "same but for case and quotes" if len(set(plain)) == 1 else "another text"


_QUOTES = str.maketrans("", "", '"`[]')


def _snapshot(query: Query, sql: str) -> Snapshot:
    return Snapshot(sql, query.catalog, query.dialect)


if __name__ == "__main__":
    main()
