"""What two sequences that are much the same have in common, at both ends.

Both are texts, or tuples whose items are compared by identity first: the comparing is Python's
own, of many at once.
"""

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["same_end_of", "same_start_of"]

_BLOCK = 4096


def same_start_of(left: Sequence[Any], right: Sequence[Any], limit: int) -> int:
    """The number of items, at most *limit*, that both begin with."""
    return _most(limit, lambda a, b: left[a:b] == right[a:b])


def same_end_of(left: Sequence[Any], right: Sequence[Any], limit: int) -> int:
    """The number of items, at most *limit*, that both end with."""
    m, n = len(left), len(right)
    return _most(limit, lambda a, b: left[m - b : m - a] == right[n - b : n - a])


def _most(limit: int, is_same: Callable[[int, int], bool]) -> int:
    """The largest number up to *limit* so that all from 0 to it is the same."""
    low = 0
    while low < limit and is_same(low, min(low + _BLOCK, limit)):
        low = min(low + _BLOCK, limit)
    high = min(low + _BLOCK, limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_same(low, middle) else (low, middle - 1)
    return low
