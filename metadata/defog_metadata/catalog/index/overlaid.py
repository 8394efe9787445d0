"""The index of tables that lie over those of another index."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import TypeVar

from defog_metadata.catalog.index.lexicon import TogetherLexicon
from defog_metadata.catalog.index.memory import MemoryIndex
from defog_metadata.catalog.index.protocol import Lexicon, Postings, TableIndex
from defog_metadata.catalog.values import ForeignKey, Table
from defog_metadata.lazy import lazy

__all__ = ["OverlaidIndex"]

_Entry = TypeVar("_Entry")


class OverlaidIndex:
    """*below*, with some of its tables replaced and others added at the end.

    A word that only replaced tables have is still one of the ``lexicon``; it occurs nowhere.
    """

    def __init__(self, below: TableIndex, above: Mapping[int, Table]) -> None:
        """*above* has the other tables by number; what is added counts on from *below*."""
        self._below = below
        self._above = dict(sorted(above.items()))
        self._numbers = [*self._above]
        self._own = MemoryIndex([*self._above.values()])

    @lazy
    def lexicon(self) -> Lexicon:
        return TogetherLexicon(self._below.lexicon, self._own.lexicon)

    @lazy
    def lengths(self) -> Sequence[float]:
        found = array("f", self._below.lengths)
        for number, length in zip(self._numbers, self._own.lengths, strict=True):
            if number < len(found):
                found[number] = length
            else:
                found.append(length)
        return found

    @lazy
    def mean_length(self) -> float:
        return sum(self.lengths) / max(len(self.lengths), 1)

    def postings(self, term: str) -> Postings:
        numbers, weights = self._below.postings(term)
        own, own_weights = self._own.postings(term)
        found, its_weights = array("I", numbers), array("f", weights)
        fresh = {self._numbers[it]: weight for it, weight in zip(own, own_weights, strict=True)}
        for number in self._numbers:
            place = bisect_left(found, number)
            is_there = place < len(found) and found[place] == number
            if number in fresh:
                if is_there:
                    its_weights[place] = fresh[number]
                else:
                    found.insert(place, number)
                    its_weights.insert(place, fresh[number])
            elif is_there:
                del found[place], its_weights[place]
        return found, its_weights

    def table(self, number: int) -> Table:
        return self._above.get(number) or self._below.table(number)

    def schema(self, number: int) -> str:
        table = self._above.get(number)
        return self._below.schema(number) if table is None else table.schema

    def named(self, key: str) -> Sequence[int]:
        below = [it for it in self._below.named(key) if it not in self._above]
        return sorted([*below, *(self._numbers[it] for it in self._own.named(key))])

    def numbered(self, qualified: str) -> Sequence[int]:
        below = [it for it in self._below.numbered(qualified) if it not in self._above]
        return sorted([*below, *(self._numbers[it] for it in self._own.numbered(qualified))])

    def keyed(self, key: str, schema: str) -> Sequence[tuple[int, str]]:
        return self._together(self._below.keyed(key, schema), self._own.keyed(key, schema))

    def referring(self, key: str, schema: str) -> Sequence[tuple[int, ForeignKey]]:
        return self._together(self._below.referring(key, schema), self._own.referring(key, schema))

    def _together(
        self, below: Sequence[tuple[int, _Entry]], own: Sequence[tuple[int, _Entry]]
    ) -> Sequence[tuple[int, _Entry]]:
        found = [it for it in below if it[0] not in self._above]
        found += [(self._numbers[number], it) for number, it in own]
        return sorted(found, key=lambda it: it[0])
