"""Measurements that take turns, so that a change of the machine's speed hits all alike."""

import random
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmarks.speed.client import NoAnswer

__all__ = ["Cell", "WrongAnswer", "in_turns"]

_FEWEST = 3


class WrongAnswer(Exception):
    """The answer came, and it was wrong; the message says what is wrong with it."""

    def __init__(self, seconds: float, what: str) -> None:
        super().__init__(what)
        self.seconds = seconds


@dataclass
class Cell:
    """What one contender took for one thing, in seconds."""

    contender: str
    tables: int
    """Of its catalog; 0 for a contender that has none."""
    what: str
    seconds: list[float] = field(default_factory=list)
    problem: str = ""
    """Why there is no right answer; empty where all of them are right."""

    @property
    def median(self) -> float | None:
        return statistics.median(self.seconds) if self.seconds else None

    @property
    def p95(self) -> float | None:
        """The slowest but for five in a hundred; of few, the slowest."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else None


Sample = Callable[[int], float]
"""The seconds that the measurement of this number took.

Raises ``NoAnswer`` where there is none, and then is not asked again, and ``WrongAnswer``.
"""


def in_turns(
    samples: Iterable[tuple[Cell, Sample]],
    *,
    rounds: int,
    budget: float,
    ignored: int = 0,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Fill the cells: in each of the *rounds* every sample once, in an order of its own.

    A cell that has taken more than *budget* seconds of the *clock* gets no more than three. The
    first *ignored* rounds are not counted: in them, servers load and remember what they do once.
    """
    chosen = random.Random(0)
    running = list(samples)
    spent = {id(cell): 0.0 for cell, _ in running}
    for number in range(ignored + rounds):
        chosen.shuffle(running)
        for cell, sample in tuple(running):
            problem = ""
            begun = clock()
            try:
                seconds = sample(number)
            except NoAnswer as error:
                cell.problem, cell.seconds = str(error), []
                running.remove((cell, sample))
                continue
            except WrongAnswer as error:
                seconds, problem = error.seconds, str(error)
            spent[id(cell)] += clock() - begun
            is_slow = spent[id(cell)] > budget
            if number >= ignored or is_slow:
                cell.seconds.append(seconds)
                cell.problem = cell.problem or problem
            if is_slow and len(cell.seconds) >= _FEWEST:
                running.remove((cell, sample))
