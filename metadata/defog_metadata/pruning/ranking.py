"""How much the tables and columns of a catalog have to do with a question.

A few tables are chosen by look-ups in the index; only their columns are then scored, by BM25.
All shares of a score are of the same size: 1 would be a table that says all of the question's
words in its name, that a golden query for the very question reads, and so on.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.index import TableIndex
from defog_metadata.catalog.index.about import B, K
from defog_metadata.catalog.index.weighing import column_stems, prefix_of, values_of
from defog_metadata.pruning.evidence import Evidence, Statement
from defog_metadata.pruning.hints import holds_time, is_label, speaks_of_time
from defog_metadata.pruning.joins import Joins
from defog_metadata.pruning.relevance import coverage
from defog_metadata.pruning.vocabulary import Asked
from defog_metadata.terms import stems

__all__ = ["RankedColumn", "RankedTable", "ranked"]


@dataclass(frozen=True, slots=True)
class RankedColumn:
    """``why`` are reasons for people; none where the column is only there with its table."""

    column: Column
    score: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedTable:
    """``number`` is the index's; the columns are in the table's order."""

    number: int
    table: Table
    score: float
    columns: tuple[RankedColumn, ...]
    why: tuple[str, ...] = ()


_MOST_TABLES = 60
"""Whose columns are looked at. In the merged catalog of the measurement, what is needed is among
the first sixty as often as among the first two hundred."""
_MOST_EXAMPLES, _LEAST_LIKE = 8, 0.15
_MOST_STATEMENTS, _LEAST_SAID = 6, 0.1

# What the shares of a score count for.
_EXAMPLE, _STATEMENT = 1.0, 0.5
_NEIGHBOUR = 0.25
"""Tables that belong together are asked for together."""
_MOST_SPREADING, _MOST_NEIGHBOURS = 20, 50

_LABEL, _TIME = 0.3, 0.3

_NAME_TIMES = 3
"""How often a column's name counts beside its description."""

_Key = tuple[int, str]
"""A table's number and the name of one of its columns, or the empty string for itself."""


@dataclass
class _Found:
    """What speaks for tables and columns, while it is gathered."""

    scores: defaultdict[_Key, float] = field(default_factory=lambda: defaultdict(float))
    why: defaultdict[_Key, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: _Key, score: float, why: str = "") -> None:
        self.scores[key] += score
        if why:
            self.why[key].append(why)

    def keep(self, wanted: Callable[[int], bool]) -> None:
        """Forget the tables, and their columns, that are not *wanted*."""
        for key in [it for it in self.scores if not wanted(it[0])]:
            del self.scores[key]

    def best(self, most: int) -> list[tuple[int, float]]:
        """The *most* tables that most speaks for."""
        tables = [(number, score) for (number, column), score in self.scores.items() if not column]
        return sorted(tables, key=lambda it: (-it[1], it[0]))[:most]


def ranked(  # noqa: PLR0913, PLR0917 - what is asked, and all that may speak for a table
    question: str,
    asked: Sequence[Asked],
    index: TableIndex,
    evidence: Evidence,
    joins: Joins,
    allows: Callable[[str], bool],
) -> list[RankedTable]:
    """The tables that *question* may be about, the likeliest first, with all of their columns.

    Only those in schemas that *allows* is true of. Where few have anything to do with it others
    follow, so that a small catalog is always complete.
    """
    found = _Found()
    _by_words(asked, index, allows, found)
    _by_examples(question, index, evidence, found)
    _by_statements(question, index, evidence, found)
    found.keep(lambda number: allows(index.schema(number)))
    _spread(found, joins, index, allows)
    best = found.best(_MOST_TABLES)
    seen = {number for number, _ in best}
    for number in range(len(index.lengths)):
        if len(best) >= _MOST_TABLES:
            break
        if number not in seen and allows(index.schema(number)):
            best.append((number, 0.0))
    return list(_tables(best, question, asked, found, index))


def _by_words(
    asked: Sequence[Asked], index: TableIndex, allows: Callable[[str], bool], found: _Found
) -> None:
    import numpy as np  # noqa: PLC0415 - not worth a start's time until a question is there

    lengths = np.asarray(index.lengths, np.float32)
    count = len(lengths)
    if not count:
        return
    scores = np.zeros(count, np.float32)
    norms = K * (1 - B + B * lengths / max(float(lengths.mean()), 1e-9))
    whole = 0.0
    for it in asked:
        # What one word may mean counts once, as the best of it does.
        fits = np.zeros(count, np.float32)
        for term, sure in it.means.items():
            numbers, weights = index.postings(term)
            if len(numbers):
                at, weight = np.asarray(numbers), np.asarray(weights)
                fits[at] = np.maximum(fits[at], sure * weight * (K + 1) / (weight + norms[at]))
        frequency = int(np.count_nonzero(fits))
        if frequency:
            rarity = math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
            scores += rarity * fits
            whole += rarity * (K + 1)
    fitting = np.flatnonzero(scores)
    chosen = 0
    for number in map(int, fitting[np.argsort(-scores[fitting], kind="stable")]):
        if allows(index.schema(number)):
            found.add((number, ""), float(scores[number]) / whole)
            chosen += 1
            if chosen == 2 * _MOST_TABLES:
                break


def _by_examples(question: str, index: TableIndex, evidence: Evidence, found: _Found) -> None:
    similar = [it for it in evidence.similar(question, _MOST_EXAMPLES) if it[0] >= _LEAST_LIKE]
    whole = sum(share for share, _ in similar)
    for share, example in similar:
        score = _EXAMPLE * share * share / whole
        why = f"golden query: {example.question}"
        for name in sorted(example.tables):
            for number in index.numbered(name):
                found.add((number, ""), score, why)
        for name, column in sorted(example.columns):
            for number in index.numbered(name):
                found.add((number, column), score, why)


def _by_statements(question: str, index: TableIndex, evidence: Evidence, found: _Found) -> None:
    for share, statement in evidence.speaking(question, _MOST_STATEMENTS):
        if share >= _LEAST_SAID:
            for key in sorted(_named_by(statement, index)):
                found.add(key, _STATEMENT * share, f"glossary: {statement.text}")


def _named_by(statement: Statement, index: TableIndex) -> set[_Key]:
    """The tables that *statement* names, and their columns that it names."""
    numbers = {it for path in statement.paths for name in path for it in index.named(name)}
    paths: Iterable[tuple[str, ...]] = statement.paths
    if not numbers:
        # No table, but perhaps columns whose names can be nothing else.
        paths = statement.marked
        numbers = {it for path in paths for it in _with_column(path[-1], index)}
    found: set[_Key] = {(number, "") for number in numbers}
    for number in numbers:
        table = index.table(number)
        found |= {(number, it.name) for path in paths for it in table.columns_like(path[-1])}
    return found


_MOST_WITH_COLUMN = 20


def _with_column(name: str, index: TableIndex) -> list[int]:
    """Some tables that have a column called *name*."""
    found: set[int] | None = None
    for term in stems(name):
        numbers, _ = index.postings(term)
        found = set(numbers) if found is None else found.intersection(numbers)
    numbers = sorted(found or ())[:_MOST_WITH_COLUMN]
    return [it for it in numbers if index.table(it).columns_like(name)]


def _spread(found: _Found, joins: Joins, index: TableIndex, allows: Callable[[str], bool]) -> None:
    """Let the best tables speak for those that they can be joined to."""
    nearby: dict[int, float] = {}
    for number, score in found.best(_MOST_SPREADING):
        others = {it.other(number) for it in joins.of(number)}
        if len(others) <= _MOST_NEIGHBOURS:
            for other in others:
                nearby[other] = max(nearby.get(other, 0.0), score)
    for number, score in sorted(nearby.items()):
        if allows(index.schema(number)):
            found.add((number, ""), _NEIGHBOUR * score)


def _tables(
    best: Iterable[tuple[int, float]],
    question: str,
    asked: Sequence[Asked],
    found: _Found,
    index: TableIndex,
) -> Iterator[RankedTable]:
    tables = [(number, score, index.table(number)) for number, score in best]
    meant = _Meant(asked)
    asks_when = speaks_of_time(question)
    columns = [
        meant.column(column, prefix)
        for _, _, table in tables
        for prefix in [prefix_of(table)]
        for column in table.columns
    ]
    fits = iter(
        zip(
            coverage(
                [it.word for it in asked],
                [document for document, _ in columns],
                [sure for _, sure in columns],
            ),
            columns,
            strict=True,
        )
    )
    for number, score, table in tables:
        kept = []
        for column in table.columns:
            fit, (_, sure) = next(fits)
            key = (number, column.name)
            hint = _LABEL * is_label(table, column) + _TIME * (asks_when and holds_time(column))
            hint *= score
            why = (*_words(sure), *found.why.get(key, ()))
            kept.append(RankedColumn(column, fit + found.scores.get(key, 0.0) + hint, why))
        sure = meant.surest((*stems(table.name), *stems(table.description)))
        why = (*_words(sure), *found.why.get((number, ""), ()))
        yield RankedTable(number, table, score, tuple(kept), why)


class _Meant:
    """Names and descriptions, read as words of the question."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._means: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for it in asked:
            for term, sure in it.means.items():
                self._means[term].append((it.word, sure))

    def column(self, column: Column, prefix: str) -> tuple[list[str], dict[str, float]]:
        """The column's document in the question's words, and how sure each of these is."""
        said = [*column_stems(column, prefix)] * _NAME_TIMES
        said += stems(column.description)
        for value in values_of(column):
            said += stems(value)
        document: list[str] = []
        for term in said:
            meant = self._means.get(term)
            document += [word for word, _ in meant] if meant else [_OTHER]
        return document, self.surest(said)

    def surest(self, said: Iterable[str]) -> dict[str, float]:
        found: dict[str, float] = {}
        for term in said:
            for word, sure in self._means.get(term, ()):
                found[word] = max(found.get(word, 0.0), sure)
        return found


_OTHER = "\0"
"""Stands for every word that the question does not have: only their number counts."""


def _words(sure: Mapping[str, float]) -> tuple[str, ...]:
    return (f"words: {', '.join(sorted(sure))}",) if sure else ()
