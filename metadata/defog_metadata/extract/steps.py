"""Where an extraction is: told to the caller, stopped when asked to, kept as far as it came."""

import json
import logging
import time
from collections.abc import Generator
from contextlib import closing

from defog_metadata.errors import ExtractionCancelled
from defog_metadata.extract.spool import Facts, Gathered, Spool
from defog_metadata.progress import Cancelled, Progress

__all__ = ["CANCELLED", "ROWS_AT_ONCE", "Steps"]

logger = logging.getLogger(__name__)

CANCELLED = "Reading the database's metadata was cancelled."

ROWS_AT_ONCE = 5_000
"""Rows that are fetched at once, and between two questions whether to go on: a few megabytes."""

_TABLES_AT_ONCE = 500


class Steps:
    """A known number of steps, told to *progress* one by one; what they find goes to ``spool``.

    All methods raise ``ExtractionCancelled`` as soon as *cancelled* answers yes.
    """

    def __init__(
        self,
        total: int,
        spool: Spool,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> None:
        self.spool = spool
        self.started = time.time()
        """When the first of what ``spool`` has was read."""
        self._total = total
        self._begun = 0
        self._progress = progress
        self._cancelled = cancelled

    def begin(self, what: str) -> None:
        """Say that the next step, *what*, begins."""
        self.check()
        self._begun += 1
        self._report(what)

    def check(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise ExtractionCancelled(CANCELLED)

    def go_on_from(self, *source: object) -> None:
        """Of what an earlier run has kept, use only what it has read from the same *source*."""
        asked, done = json.dumps(source, default=list), self.spool.steps()
        if done and self.spool.fact("source") == asked:
            logger.info(
                "going on where an extraction ended early: %s are not read again",
                ", ".join(sorted(done)),
            )
            self.started = float(self.spool.fact("started"))
            return
        self.spool.clear()
        self.spool.remember("source", asked)
        self.spool.remember("started", str(self.started))

    def read(self, what: str, rows: Facts) -> None:
        """The step *what*: keep *rows*, which nobody asks for where an earlier run has them."""
        self.begin(what)
        self.keep(what, rows)

    def keep(self, what: str, rows: Facts) -> None:
        """As ``read``, within the step that has begun."""
        with closing(rows):
            if what not in self.spool.steps():
                self.check()
                self.spool.fill(what, self._watched(what, rows))

    def tables(self) -> Generator[Gathered, None, None]:
        """The last step: all that was kept, by table."""
        self.begin("tables, one by one")
        total = len(self.spool)
        with closing(self.spool.tables()) as tables:
            for number, it in enumerate(tables):
                if number and number % _TABLES_AT_ONCE == 0:
                    self.check()
                    self._report(f"{number:,} of {total:,} tables")
                yield it

    def finish(self) -> None:
        """Say that all is done. A step that was not needed counts as done, too."""
        self._begun = self._total + 1
        self._report("done")

    def _watched(self, what: str, rows: Facts) -> Facts:
        total = len(self.spool)
        tables, last = 0, None
        for number, row in enumerate(rows):
            if number % ROWS_AT_ONCE == 0:
                self.check()
                if number:
                    so_far = f"{tables:,} of {total:,} tables" if total else f"{number:,}"
                    self._report(f"{what}: {so_far}")
            tables += row.key != last
            last = row.key
            yield row

    def _report(self, what: str) -> None:
        if self._progress is not None:
            self._progress(self._begun - 1, self._total, what)
