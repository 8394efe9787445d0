"""How often completion offers the right name, and how high.

At every reference to a table or column the name is taken out, once with the rest of the statement
behind it and once with nothing behind it, and completion is asked with none, one and two of its
letters typed, with and without the question in a comment above.
"""

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.corpus import Query, queries
from benchmarks.table import print_table
from defog_lsp.ide.completion import complete
from defog_metadata.sql.scopes import Reference
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["main", "samples"]

Key = tuple[str, str, int, str]


@dataclass
class Score:
    """Ranks are counted from 1; 0 stands for "not offered"."""

    ranks: list[int] = field(default_factory=list)

    def within(self, most: int) -> float:
        return sum(0 < it <= most for it in self.ranks) / len(self.ranks)

    @property
    def reciprocal(self) -> float:
        return sum(1 / it for it in self.ranks if it) / len(self.ranks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=300, help="references a set and dialect")
    parser.add_argument("--set", nargs="*", default=[], help="defog, tpch, tpcds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print what was missed")
    arguments = parser.parse_args()
    started = time.perf_counter()
    scores: dict[Key, Score] = {}
    requests = 0
    for name, dialect, sample in samples(arguments.set, arguments.sample, arguments.seed):
        for query, reference in sample:
            for rest in ("rest", "nothing"):
                for typed in (0, 1, 2):
                    for comment in ("", query.question) if query.question else ("",):
                        rank = _rank(query, reference, rest, typed, comment)
                        key = (f"{name} {dialect}", rest, typed, "question" if comment else "")
                        scores.setdefault(key, Score()).ranks.append(rank)
                        requests += 1
                        if arguments.show and rest == "rest" and typed == 2 and not 0 < rank <= 10:
                            print(f"  {query.id} {rank} {reference.name.text} {reference.clause}")
    print_table(
        ("set", "behind the caret", "typed", "comment", "first", "in 5", "in 10", "mean rec. rank"),
        (
            (*key, *(f"{score.within(it):.1%}" for it in (1, 5, 10)), f"{score.reciprocal:.3f}")
            for key, score in sorted(scores.items())
        ),
    )
    spent = time.perf_counter() - started
    print(f"\n{requests} requests, {1000 * spent / requests:.1f} ms each")


def samples(
    sets: list[str], size: int, seed: int
) -> Iterator[tuple[str, str, list[tuple[Query, Reference]]]]:
    """For each set and dialect *size* references to tables and columns of its valid queries."""
    chosen = random.Random(seed)
    by_set: dict[tuple[str, str], list[tuple[Query, Reference]]] = {}
    for query in queries(*sets):
        if query.dialect in ("postgres", "mysql", "sqlite") and query.is_valid:
            snapshot = Snapshot(query.sql, query.catalog, query.dialect)
            by_set.setdefault((query.set, query.dialect), []).extend(
                (query, it)
                for it in snapshot.references()
                if it.kind in ("table", "column") and it.status == "resolved"
            )
    for (name, dialect), found in sorted(by_set.items()):
        yield name, dialect, chosen.sample(found, min(size, len(found)))


def _rank(query: Query, reference: Reference, rest: str, typed: int, comment: str) -> int:
    head = f"-- {comment}\n" if comment else ""
    wanted = reference.name.text
    head += query.sql[: reference.span.start] + wanted[:typed]
    text = head + (query.sql[reference.span.end :] if rest == "rest" else "")
    items = complete(Snapshot(text, query.catalog, query.dialect), len(head)).items
    names = (it.label.rpartition(".")[2].casefold() for it in items)
    return next((rank for rank, it in enumerate(names, 1) if it == wanted.casefold()), 0)


if __name__ == "__main__":
    main()
