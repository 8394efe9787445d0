"""Work-done progress: how long work shows itself in the editor."""

import asyncio
import threading
import time
import uuid

from lsprotocol import types as lsp

from defog_lsp.lsp.client import Client
from defog_lsp.lsp.tasks import Tasks

__all__ = ["WorkDone"]

_INTERVAL = 0.1


class WorkDone:
    """One progress. The work goes on at once, whether or not the client ever shows it."""

    def __init__(  # noqa: PLR0913 - what tells one progress from another
        self,
        client: Client,
        tasks: Tasks,
        title: str,
        *,
        stop: threading.Event | None = None,
        delay: float = 0.0,
        token: str | int | None = None,
    ) -> None:
        """*stop* is set when the user cancels; without it, it cannot be cancelled.

        Work that ends within *delay* seconds shows nothing. *token* is the client's own, which
        came with its request.
        """
        self._is_agreed = token is not None
        self.token: str | int = str(uuid.uuid4()) if token is None else token
        self._client = client
        self._title = title
        self._stop = stop
        self._delay = delay
        self._loop = asyncio.get_running_loop()
        self._state = "asked"
        self._percentage = 0
        self._reported = 0.0
        tasks.spawn(self._begin(), "progress")

    def cancel(self) -> None:
        """The user wants the work to stop."""
        if self._stop is not None:
            self._stop.set()

    def report(self, done: int, total: int | None, what: str) -> None:
        """``defog_metadata.progress.Progress``, called in the thread that works."""
        now = time.monotonic()
        if now - self._reported < _INTERVAL:
            return
        self._reported = now
        try:
            self._loop.call_soon_threadsafe(self._show, done, total, what)
        except RuntimeError:  # the session has ended
            self.cancel()

    def end(self, message: str) -> None:
        if self._state == "shown":
            self._client.progress(self.token, lsp.WorkDoneProgressEnd(message=message))
        self._state = "ended"

    async def _begin(self) -> None:
        await asyncio.sleep(self._delay)
        if self._state != "asked":
            return
        if not self._is_agreed and not await self._client.create_progress(self.token):
            return
        if self._state == "asked":
            self._state = "shown"
            cancellable = self._stop is not None
            begin = lsp.WorkDoneProgressBegin(self._title, cancellable=cancellable, percentage=0)
            self._client.progress(self.token, begin)

    def _show(self, done: int, total: int | None, what: str) -> None:
        if self._state != "shown":
            return
        percentage = None
        if total:
            # It may only rise, also where a new part of the work counts from zero again.
            self._percentage = max(self._percentage, min(100, 100 * done // total))
            percentage = self._percentage
        report = lsp.WorkDoneProgressReport(message=what, percentage=percentage)
        self._client.progress(self.token, report)
