"""How much of what a question's answer needs pruning keeps, and what it costs.

The questions are the published golden queries for PostgreSQL; what each needs are the tables and
columns that its SQL reads. They are asked of their own database, and of one large catalog that has
every public schema in it. Golden queries as evidence never include the question's own, nor one of
the same database that resembles it (see ``_resembles``).
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from rank_bm25 import BM25Okapi

from benchmarks.corpus import queries, schemas
from benchmarks.memory import peak_memory
from benchmarks.table import print_table
from defog_metadata.catalog import Catalog, Column, MemoryTables, Table, TableSource
from defog_metadata.pruning.evidence import Evidence, Example, Tie
from defog_metadata.pruning.prune import Pruner
from defog_metadata.pruning.selection import Chosen, Selection
from defog_metadata.pruning.writing import PromptText
from defog_metadata.sql.examples import example_of
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.mirror import Mirror
from defog_metadata.terms import stems, terms

__all__ = ["Case", "cases", "evidence_for", "huge_catalog", "main"]

COLUMNS, TOKENS = (10, 50, 100), (500, 2000, 5000)


@dataclass(frozen=True)
class Case:
    """A golden query: what it needs by the names of its database, and by the large catalog's."""

    db: str
    sql: str
    catalog: Catalog
    own: Example
    huge: Example


@dataclass
class Score:
    """Counts over questions."""

    questions: int = 0
    complete: int = 0
    tables: list[int] = field(default_factory=lambda: [0, 0])
    columns: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, needed: Example, tables: set[str], columns: set[tuple[str, str]]) -> None:
        self.questions += 1
        self.complete += needed.tables <= tables
        for counts, wanted, kept in (
            (self.tables, needed.tables, tables),
            (self.columns, needed.columns, columns),
        ):
            counts[0] += len(wanted & kept)
            counts[1] += len(wanted)

    def shown(self) -> tuple[str, str, str]:
        shares = [(self.complete, self.questions), self.tables, self.columns]
        complete, tables, columns = (f"{part / whole:.1%}" for part, whole in shares)
        return tables, columns, complete


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="so many of the questions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tables", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--only-times", action="store_true")
    arguments = parser.parse_args()
    every = cases()
    sample = every
    if arguments.sample is not None and arguments.sample < len(every):
        sample = random.Random(arguments.seed).sample(every, arguments.sample)
    if arguments.only_times:
        _print_times(arguments.tables, every)
        return
    print(f"{len(sample)} questions.\n")
    for is_huge in (False, True):
        name = "One catalog of all public schemas" if is_huge else "Each database by itself"
        print(f"{name}:\n")
        _print_shares(sample, every, is_huge=is_huge)
        print()
    _print_times(arguments.tables, every)


def _print_shares(sample: Sequence[Case], every: Sequence[Case], *, is_huge: bool) -> None:
    catalog, glossary = huge_catalog()
    scores: dict[tuple[int, int, str], Score] = {}
    plain: dict[str, _Plain] = {}
    without: dict[str, Pruner] = {}
    for case in sample:
        asked = catalog if is_huge else case.catalog
        needed = case.huge if is_huge else case.own
        said = glossary if is_huge else schemas()[case.db][1]
        place = "" if is_huge else case.db
        if place not in without:
            plain[place] = _Plain(asked)
            without[place] = Pruner(asked, Evidence(glossary=said))
        baseline, pruner = plain[place], without[place]
        golden = evidence_for(case, every, said, is_huge=is_huge)
        pruners = {
            "pruning": pruner,
            "with golden queries": Pruner(asked, golden),
        }
        for columns in COLUMNS:
            for tokens in TOKENS:
                key = columns, tokens
                found = baseline.kept(needed.question, columns, tokens)
                scores.setdefault((*key, "plain BM25"), Score()).add(needed, *found)
                for method, pruner in pruners.items():
                    pruned = pruner.prune(
                        needed.question, prune_bm25_num_columns=columns, prune_max_tokens=tokens
                    )
                    assert pruned.tokens <= tokens
                    scores.setdefault((*key, method), Score()).add(
                        needed,
                        {it.table.qualified_name for it in pruned.tables},
                        {
                            (t.table.qualified_name, c.name)
                            for t in pruned.tables
                            for c in t.columns
                        },
                    )
    print_table(
        ("columns", "tokens", "", "needed tables", "needed columns", "all tables"),
        ((*key, *score.shown()) for key, score in scores.items()),
    )


def cases() -> list[Case]:
    """The golden queries for PostgreSQL that read a table."""
    found = []
    for query in queries("defog"):
        if query.dialect == "postgres" and query.is_valid and query.question:
            own = example_of(query.question, query.sql, query.catalog)
            if own.tables:
                found.append(Case(query.db, query.sql, query.catalog, own, _moved(own, query.db)))
    return found


def evidence_for(case: Case, every: Sequence[Case], glossary: str, *, is_huge: bool) -> Evidence:
    """What is known beside the catalog when *case* is asked, as if nobody had asked it before."""
    examples = (
        it.huge if is_huge else it.own
        for it in every
        if (is_huge and it.db != case.db) or (it.db == case.db and not _resembles(it, case))
    )
    return Evidence(tuple(examples), glossary)


_ALIKE = 0.6


def _resembles(one: Case, other: Case) -> bool:
    """Whether the SQL is the same, or the questions share three fifths of their words."""
    if one.sql.casefold().split() == other.sql.casefold().split():
        return True
    words, others = (frozenset(terms(it.own.question)) for it in (one, other))
    return len(words & others) >= _ALIKE * len(words | others)


def huge_catalog() -> tuple[Catalog, str]:
    """Every public schema in one catalog, each under its own name, and all glossaries."""
    if not _huge:
        tables = [
            _moved_table(table, db) for db, (tables, _) in schemas().items() for table in tables
        ]
        glossary = "\n".join(text for _, text in schemas().values())
        _huge.append((Catalog(MemoryTables(tables), "postgres", ("public",)), glossary))
    return _huge[0]


_huge: list[tuple[Catalog, str]] = []


def _schema(db: str, schema: str) -> str:
    return db if schema in ("", "public", "dbo", "main") else f"{db}_{schema}"


def _moved_table(table: Table, db: str) -> Table:
    keys = tuple(
        replace(it, referred_schema=_schema(db, it.referred_schema or table.schema))
        for it in table.foreign_keys
    )
    return replace(table, schema=_schema(db, table.schema), foreign_keys=keys)


def _moved(example: Example, db: str) -> Example:
    def moved(qualified: str) -> str:
        schema, _, name = qualified.rpartition(".")
        return f"{_schema(db, schema)}.{name}"

    return Example(
        example.question,
        frozenset(map(moved, example.tables)),
        frozenset((moved(table), column) for table, column in example.columns),
        tuple(
            Tie(moved(it.table), it.columns, moved(it.other), it.other_columns)
            for it in example.ties
        ),
    )


class _Plain:
    """BM25 over the names and descriptions of columns, and the tables of the best ones."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._columns = [(table, it) for table in catalog.source.tables() for it in table.columns]
        documents = [
            [*stems(table.name), *stems(it.name), *stems(it.description)]
            for table, it in self._columns
        ]
        self._ranker = BM25Okapi([it or [""] for it in documents])
        self._order: dict[str, list[int]] = {}

    def kept(
        self, question: str, columns: int, tokens: int
    ) -> tuple[set[str], set[tuple[str, str]]]:
        """As many of the best *columns* as fit, without descriptions and joins."""
        order = self._order.get(question)
        if order is None:
            scores = self._ranker.get_scores(list(dict.fromkeys(stems(question))))
            order = self._order[question] = sorted(
                range(len(scores)), key=lambda it: (-scores[it], it)
            )[: max(COLUMNS)]
        low, high = 0, min(columns, len(order))
        while low < high:
            middle = (low + high + 1) // 2
            if PromptText(self._selection(order[:middle]), self._catalog).tokens <= tokens:
                low = middle
            else:
                high = middle - 1
        chosen = [self._columns[it] for it in order[:low]]
        return (
            {table.qualified_name for table, _ in chosen},
            {(table.qualified_name, it.name) for table, it in chosen},
        )

    def _selection(self, order: Sequence[int]) -> Selection:
        found = Selection()
        for place in order:
            table, column = self._columns[place]
            chosen = found.tables.setdefault(id(table), Chosen(table, 0.0, ()))
            chosen.columns[column.name] = (0.0, ())
        return found


def _print_times(sizes: Sequence[int], every: Sequence[Case]) -> None:
    """What an index and a question cost in made-up catalogs of twenty columns a table."""
    questions = [it.own.question for it in random.Random(2).sample(every, 50)]
    rows = []
    for size in sizes:
        for is_mirrored in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                if is_mirrored:
                    cache = MetadataCache(cache_dir=Path(folder) / "cache")
                    cache.set_tables(_KEY, _made_up(size))
                    Mirror(Path(folder) / "mirror").build(cache.path(_KEY))
                # A process of its own for each, which tells what it needs in memory.
                with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                    first, times, memory = pool.submit(
                        _asked, size, questions, folder if is_mirrored else ""
                    ).result()
            quantiles = statistics.quantiles(times, n=20)
            rows.append(
                (f"{size:,}", f"{20 * size:,}", "mirror" if is_mirrored else "memory",
                 f"{first:.0f} ms", f"{quantiles[9]:.0f} ms", f"{quantiles[18]:.0f} ms",
                 f"{memory:.0f} MiB")
            )  # fmt: skip
    print("Made-up catalogs of the same words:\n")
    print_table(
        ("tables", "columns", "kept in", "first question", "others, median", "19 of 20 within",
         "memory, at most"),
        rows,
    )  # fmt: skip


_KEY = "0123456789abcdef_postgres_prod"


def _asked(size: int, questions: Sequence[str], folder: str) -> tuple[float, list[float], float]:
    """Milliseconds for the first question and for each of all; the process's memory, in MiB.

    *folder* has a cache and its mirror; without it the tables are in memory.
    """
    source: TableSource
    if folder:
        cache = MetadataCache(cache_dir=Path(folder) / "cache")
        metadata = Mirror(Path(folder) / "mirror").open(cache.path(_KEY))
        assert metadata is not None
        source = metadata.source
    else:
        source = MemoryTables(_made_up(size))
    started = time.perf_counter()
    pruner = Pruner(Catalog(source, "postgres", ("public",)))
    pruner.prune(questions[0])
    first = 1000 * (time.perf_counter() - started)
    times = []
    for question in questions:
        started = time.perf_counter()
        pruner.prune(question)
        times.append(1000 * (time.perf_counter() - started))
    return first, times, peak_memory()


def _made_up(size: int) -> Iterator[Table]:
    """Tables whose names and columns are words of the public schemas, two or three at a time."""
    chosen = random.Random(3)
    public = [table for tables, _ in schemas().values() for table in tables]
    words = sorted({it for table in public for it in stems(table.name)})
    columns = sorted({it.name for table in public for it in table.columns})
    for number in range(size):
        name = "_".join(chosen.sample(words, 2))
        yield Table(
            f"{name}_{number}",
            tuple(Column(it, "text") for it in chosen.sample(columns, 20)),
            f"area_{number % 50}",
        )


if __name__ == "__main__":
    main()
