"""Work over the public data sets on all cores: it takes minutes, and no part waits for another."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.pool import Pool
from typing import TypeVar

import pytest

__all__ = ["Cores", "Part", "cores"]

T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """The ``number``th, from 0, of ``count`` equal parts."""

    number: int
    count: int

    def of(self, items: Iterable[T]) -> Iterator[T]:
        """Those of *items* that are in it: from all over, so that none has all the long ones."""
        return islice(items, self.number, None, self.count)


@dataclass(frozen=True)
class Cores:
    pool: Pool

    def share(self, work: Callable[[Part], T]) -> Sequence[T]:
        """What *work*, a function of a module, has to say of each part; as it fails, this does."""
        count = os.cpu_count() or 1
        return self.pool.map(work, [Part(it, count) for it in range(count)], chunksize=1)


@pytest.fixture(scope="session")
def cores() -> Iterator[Cores]:
    # Processes that start anew: what this one has going on in threads is none of theirs.
    with get_context("spawn").Pool() as pool:
        yield Cores(pool)
