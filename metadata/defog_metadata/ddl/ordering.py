"""In which order tables can be created."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from defog_metadata.catalog import ForeignKey, Table
from defog_metadata.ddl.keys import Tables

__all__ = ["Ordered", "in_key_order"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A table, where it was, and those of its foreign keys whose tables come after it."""

    table: Table
    place: int
    later: tuple[ForeignKey, ...] = ()


def in_key_order(tables: Sequence[Table]) -> list[Ordered]:
    """*tables* so that each comes after those that it refers to, else in the order given.

    Where tables refer to each other in a circle, it is cut at the one that comes first.
    """
    known = Tables(tables)
    waiting = [_referred(known, tables, place) for place in range(len(tables))]
    blocked: dict[int, list[int]] = {}
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
        place = heapq.heappop(free) if free else first
        if place in placed:
            continue
        placed.add(place)
        found.append(Ordered(tables[place], place, _later(known, tables[place], waiting[place])))
        for other in blocked.get(place, ()):
            waiting[other].discard(place)
            if not waiting[other]:
                heapq.heappush(free, other)
    return found


def _referred(known: Tables, tables: Sequence[Table], place: int) -> set[int]:
    """The places of the other tables that the one at *place* refers to."""
    places = (known.place(tables[place], it) for it in tables[place].foreign_keys)
    return {it for it in places if it is not None and it != place}


def _later(known: Tables, table: Table, missing: set[int]) -> tuple[ForeignKey, ...]:
    return tuple(it for it in table.foreign_keys if known.place(table, it) in missing)
