"""In which order tables can be created."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Table
from defog_metadata.ddl.keys import Tables

__all__ = ["Ordered", "in_key_order"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A table, where it was, and which of its foreign keys refer to what comes after it."""

    table: Table
    place: int
    later: frozenset[int] = frozenset()
    """Places in ``table.foreign_keys``."""


def in_key_order(tables: Sequence[Table]) -> list[Ordered]:
    """*tables* so that each comes after those that it refers to, else in the order given.

    Where tables refer to each other in a circle, it is cut before the one that was first.
    """
    referred = _referred(tables)
    waiting: list[set[int | None]] = [
        {it for it in places if it not in (None, own)} for own, places in enumerate(referred)
    ]
    blocked: dict[int | None, list[int]] = {}
    for place, others in enumerate(waiting):
        for other in others:
            blocked.setdefault(other, []).append(place)
    free = [place for place, others in enumerate(waiting) if not others]
    heapq.heapify(free)
    placed: set[int] = set()
    first = 0
    found: list[Ordered] = []
    while len(found) < len(tables):
        while first in placed:
            first += 1
        place = heapq.heappop(free) if free else _in_circle(waiting, first)
        placed.add(place)
        later = (key for key, other in enumerate(referred[place]) if other in waiting[place])
        found.append(Ordered(tables[place], place, frozenset(later)))
        waiting[place] = set()
        for other in blocked.get(place, ()):
            if place in waiting[other]:
                waiting[other].discard(place)
                if not waiting[other]:
                    heapq.heappush(free, other)
    return found


def _referred(tables: Sequence[Table]) -> list[list[int | None]]:
    """The place of the table that each foreign key of each table refers to."""
    known = Tables(tables)
    return [[known.place(table, key) for key in table.foreign_keys] for table in tables]


def _in_circle(waiting: Sequence[set[int | None]], start: int) -> int:
    """The first of a circle of tables that the one at *start* waits for, or is part of."""
    path: dict[int, int] = {}
    place = start
    while place not in path:
        path[place] = len(path)
        place = min(it for it in waiting[place] if it is not None)
    return min(it for it, step in path.items() if step >= path[place])
