"""Where an extraction is: reports each step to the caller and stops when asked to."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from defog_metadata.errors import ExtractionCancelled
from defog_metadata.progress import Cancelled, Progress

__all__ = ["Steps"]

Item = TypeVar("Item")

_ROWS_BETWEEN_CHECKS = 5_000


class Steps:
    """A known number of steps, told to *progress* one by one.

    ``begin`` and ``check`` raise ``ExtractionCancelled`` as soon as *cancelled* answers yes.
    """

    def __init__(
        self, total: int, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> None:
        self._total = total
        self._begun = 0
        self._progress = progress
        self._cancelled = cancelled

    def begin(self, what: str) -> None:
        """Say that the next step, *what*, begins."""
        self.check()
        self._report(what)
        self._begun += 1

    def check(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise ExtractionCancelled("Reading the database's metadata was cancelled.")

    def watched(self, rows: Iterable[Item]) -> Iterator[Item]:
        """*rows*, with a check now and then: a hundred thousand tables have many."""
        for number, row in enumerate(rows):
            if number % _ROWS_BETWEEN_CHECKS == 0:
                self.check()
            yield row

    def finish(self) -> None:
        """Say that all is done. A step that was not needed counts as done, too."""
        self.check()
        self._begun = self._total
        self._report("done")

    def _report(self, what: str) -> None:
        if self._progress is not None:
            self._progress(self._begun, self._total, what)
