"""Which tables words are about, by BM25."""

import heapq
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from defog_metadata.catalog.index.protocol import TableIndex

__all__ = ["B", "K", "about"]

K, B = 3.0, 0.3
"""BM25's saturation and its correction for length. Wide tables are not beside the point."""

_MOST_LOOKED_AT = 10_000
"""So many places in which words occur are looked at, those of the rarest words first.

What is in every tenth table of a hundred thousand tells no table from another.
"""


def about(index: TableIndex, words: Sequence[str], *, limit: int) -> list[int]:
    """The numbers of the tables that *words*, as ``terms`` makes them, are about, the best first.

    Words that are in very many tables only help to order those that rarer words have found.
    """
    count, lengths = len(index.lengths), index.lengths
    least, each = K * (1 - B), K * B / max(index.mean_length, 1e-9)
    found = [(word, *index.postings(word)) for word in dict.fromkeys(words)]
    found.sort(key=lambda it: len(it[1]))
    scores: dict[int, float] = {}
    left = _MOST_LOOKED_AT
    for _, numbers, weights in found:
        frequency = len(numbers)
        if frequency <= left or not scores:
            places: Iterable[int] = range(min(frequency, max(left, 1)))
            left -= frequency
        else:
            places = _places(sorted(scores), numbers)
        rarity = math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
        for place in places:
            number, weight = numbers[place], weights[place]
            fit = weight * (K + 1) / (weight + least + each * lengths[number])
            scores[number] = scores.get(number, 0.0) + rarity * fit
    return heapq.nsmallest(limit, scores, key=lambda it: (-scores[it], it))


def _places(wanted: Sequence[int], numbers: Sequence[int]) -> Iterator[int]:
    """Where in *numbers* those that are *wanted* stand; both ascend."""
    place = 0
    for number in wanted:
        place = bisect_left(numbers, number, place)
        if place == len(numbers):
            return
        if numbers[place] == number:
            yield place
