"""How the tables of a catalog can be joined, and the shortest ways from one to another.

What is known comes first: foreign keys, then what golden queries and glossaries say. Where columns
that may be keys have one name in two tables of a schema, a join is guessed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Literal

from defog_metadata.catalog import ForeignKey, Table
from defog_metadata.catalog.index import TableIndex
from defog_metadata.catalog.index.weighing import may_be_key, rest_of, shared_prefix
from defog_metadata.pruning.evidence import Evidence, Tie

__all__ = ["Join", "Joins", "Origin"]

Origin = Literal["foreign key", "golden query", "glossary", "same name"]
_COSTS: Mapping[Origin, float] = {
    "golden query": 0.9,
    "foreign key": 1.0,
    "glossary": 1.1,
    "same name": 2.0,
}
_LEAST = min(_COSTS.values())
_MOST_NAMESAKES = 6
"""A name that more tables share, and that none of them is called after, says nothing."""
_MOST_VISITED = 500
_MOST_REFERRING = 200


@dataclass(frozen=True, slots=True)
class Join:
    """``columns`` of one table, in order, and those of another that they equal.

    ``left`` and ``right`` are numbers of the index. A glossary may leave columns open.
    """

    left: int
    columns: tuple[str, ...]
    right: int
    other_columns: tuple[str, ...]
    origin: Origin

    @property
    def cost(self) -> float:
        return _COSTS[self.origin]

    def other(self, number: int) -> int:
        return self.right if number == self.left else self.left

    def columns_of(self, number: int) -> tuple[str, ...]:
        return self.columns if number == self.left else self.other_columns


class Joins:
    """The joins of *index* and of what *evidence* says; looked up table by table."""

    def __init__(self, index: TableIndex, evidence: Evidence) -> None:
        self._index = index
        self._told: defaultdict[int, list[Join]] = defaultdict(list)
        self._of: dict[int, tuple[Join, ...]] = {}
        for tie in dict.fromkeys(tie for it in evidence.examples for tie in it.ties):
            self._tell(index.numbered(tie.table), index.numbered(tie.other), tie)
        for left, right, columns, others in _said(evidence, index):
            self._add(Join(left, columns, right, others, "glossary"))

    def of(self, number: int) -> tuple[Join, ...]:
        """The ways to join the table, the cheapest first; one for each other table and columns."""
        found = self._of.get(number)
        if found is None:
            table = self._index.table(number)
            every = [
                *self._told.get(number, ()),
                *self._by_key(number, table),
                *self._by_name(number, table),
            ]
            every.sort(key=lambda it: it.cost)
            seen: set[tuple[int, tuple[str, ...]]] = set()
            kept = []
            for it in every:
                other = it.other(number)
                if other != number and (other, it.columns_of(number)) not in seen:
                    seen.add((other, it.columns_of(number)))
                    kept.append(it)
            found = self._of[number] = tuple(kept)
        return found

    def between(self, number: int, others: Iterable[int]) -> Iterator[Join]:
        wanted = set(others)
        return (it for it in self.of(number) if it.other(number) in wanted)

    def way(
        self, start: int, goals: Iterable[int], most: float, allows: Callable[[int], bool]
    ) -> list[Join]:
        """The cheapest way from *start* to one of *goals*, over tables that *allows* is true of.

        Nothing where there is none that costs at most *most*.
        """
        wanted = set(goals)
        came: dict[int, Join | None] = {}
        queue: list[tuple[float, int, int, Join | None]] = [(0.0, start, 0, None)]
        pushed = 0
        while queue and len(came) < _MOST_VISITED:
            cost, number, _, join = heappop(queue)
            if number in came:
                continue
            came[number] = join
            if number in wanted:
                return _traced(number, came)
            if join is not None and self._is_hub(number):
                continue  # nearly everything refers to it: a way through it means nothing
            for it in self.of(number):
                other = it.other(number)
                # Only a goal is worth going to when nothing can follow.
                left = most - cost - it.cost - (0 if other in wanted else _LEAST)
                if other not in came and left >= 0 and allows(other):
                    pushed += 1
                    heappush(queue, (cost + it.cost, other, pushed, it))
        return []

    def _tell(self, lefts: Iterable[int], rights: Iterable[int], tie: Tie) -> None:
        for left in lefts:
            for right in rights:
                self._add(Join(left, tie.columns, right, tie.other_columns, "golden query"))

    def _add(self, join: Join) -> None:
        self._told[join.left].append(join)
        self._told[join.right].append(join)

    def _by_key(self, number: int, table: Table) -> Iterator[Join]:
        for key in table.foreign_keys:
            for other in self._referred(key, table):
                yield _of_key(number, key, other)
        for other, key in self._index.referring(table.name.casefold(), table.schema):
            yield _of_key(other, key, number)

    def _is_hub(self, number: int) -> bool:
        table = self._index.table(number)
        referring = self._index.referring(table.name.casefold(), table.schema)
        return len({it for it, _ in referring}) > _MOST_REFERRING

    def _referred(self, key: ForeignKey, table: Table) -> list[int]:
        schema = key.referred_schema or table.schema
        return [
            it
            for it in self._index.named(key.referred_table.casefold())
            if self._index.schema(it) in ("", schema)
        ]

    def _by_name(self, number: int, table: Table) -> Iterator[Join]:
        prefix = shared_prefix(table)
        for column in table.columns:
            rest = rest_of(column.name, prefix)
            if may_be_key(rest):
                yield from self._namesakes(number, table, column.name, rest)

    def _namesakes(self, number: int, table: Table, column: str, rest: str) -> Iterator[Join]:
        """Joins to the tables with a key of the same name, guessed.

        To the one that is called after it, where there is one: ``customer_id`` to ``customers``.
        """
        others = dict(self._index.keyed(rest, table.schema))
        owners = self._owners(rest, table.schema)
        if number not in owners:
            if not owners.isdisjoint(others):
                others = {it: others[it] for it in sorted(owners.intersection(others))}
            elif len(others) > _MOST_NAMESAKES:
                return
        for it, its in others.items():
            if it != number:
                yield Join(number, (column,), it, (its,), "same name")

    def _owners(self, rest: str, schema: str) -> set[int]:
        base = _KEY_ENDING.sub("", rest)
        forms = (base, f"{base}s", f"{base}es", f"{base.removesuffix('y')}ies") if base else ()
        return {
            it
            for form in forms
            for it in self._index.named(form)
            if self._index.schema(it) == schema
        }


_KEY_ENDING = re.compile(r"_?(?:id|key|code|no|nr|sk|num|number)$")


def _of_key(left: int, key: ForeignKey, right: int) -> Join:
    return Join(left, key.columns, right, key.referred_columns, "foreign key")


def _traced(number: int, came: Mapping[int, Join | None]) -> list[Join]:
    """The joins that led to the table, the first one first."""
    found = []
    while (join := came[number]) is not None:
        found.append(join)
        number = join.other(number)
    return found[::-1]


_JOIN = re.compile(r"\bjoin", re.IGNORECASE)


def _said(
    evidence: Evidence, index: TableIndex
) -> Iterator[tuple[int, int, tuple[str, ...], tuple[str, ...]]]:
    """What the glossary's statements about joins say: the first table they name, and others."""
    for statement in evidence.statements:
        if not _JOIN.search(statement.text):
            continue
        tables: dict[int, list[str]] = {}
        for path in statement.paths:
            for name in path:
                for number in index.named(name):
                    tables.setdefault(number, [])
        for number, columns in tables.items():
            table = index.table(number)
            for path in statement.paths:
                qualifiers = path[:-1]
                if qualifiers and table.name.casefold() not in qualifiers:
                    continue
                columns += [
                    it.name
                    for it in table.columns
                    if path[-1] == it.name.casefold() and it.name not in columns
                ]
        first, *others = tables or [-1]
        for it in others:
            if index.schema(it) == index.schema(first):
                yield first, it, tuple(tables[first][:1]), tuple(tables[it][:1])
