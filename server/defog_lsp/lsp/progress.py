"""Work-done progress: how long work shows itself in the editor, and is told to stop."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Protocol

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp.client import Client
from defog_lsp.lsp.tasks import Tasks
from defog_metadata.progress import Stop, Stopped, stopping, telling

__all__ = ["ProgressService", "WorkDone", "asked_with"]

_INTERVAL = 0.1
_QUIET_SECONDS = 0.5
"""Before work that somebody waits for shows itself: most of it is done at once."""

_token: ContextVar[str | int | None] = ContextVar("token", default=None)


@contextmanager
def asked_with(token: str | int | None) -> Iterator[None]:
    """What is begun here answers a request that came with the client's *token*."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)


class ProgressService:
    """All the progress of one session, from the loop's thread only."""

    def __init__(self, client: Client, tasks: Tasks) -> None:
        self._client = client
        self._tasks = tasks
        self._running: dict[str | int, WorkDone] = {}

    def begin(
        self,
        title: str,
        *,
        stop: "Stoppable | None" = None,
        delay: float = 0.0,
        token: str | int | None = None,
    ) -> "WorkDone":
        """*stop* is set when the user cancels; without it, it cannot be cancelled.

        Work that ends within *delay* seconds shows nothing. *token* is the client's own, which
        came with its request.
        """

        def ended(work: WorkDone) -> None:
            if self._running.get(work.token) is work:
                del self._running[work.token]

        work = WorkDone(
            self._client, self._tasks, title, ended, stop=stop, delay=delay, token=token
        )
        self._running[work.token] = work
        return work

    def cancel(self, token: str | int) -> None:
        """The user does not want to wait for the work behind *token*."""
        if (found := self._running.get(token)) is not None:
            found.cancel()

    @asynccontextmanager
    async def shown(self, title: str, *, unasked: bool = False) -> AsyncIterator[None]:
        """Show what is done inside, in threads too, with the token of the request that it answers.

        Without one nothing is shown, unless it is to be *unasked*. Where the user cancels it, it
        stops where it next asks (``check_stopped``), and the request is answered so.
        """
        token = _token.get()
        if token is None and not unasked:
            yield
            return
        stop = Stop()
        work = self.begin(title, stop=stop, delay=_QUIET_SECONDS, token=token)
        outcome = "stopped"
        try:
            with stopping(stop), telling(work.report):
                yield
            outcome = "done"
        except Stopped:
            if not stop.is_set:
                raise  # somebody else's way to say so
            code = lsp.LSPErrorCodes.RequestCancelled
            raise JsonRpcException(f"{title}: stopped by the user", code) from None
        finally:
            work.end(outcome)


class Stoppable(Protocol):
    """``Stop``, or an event."""

    def set(self) -> None: ...


class WorkDone:
    """One progress. The work goes on at once, whether or not the client ever shows it."""

    def __init__(  # noqa: PLR0913 - what tells one progress from another
        self,
        client: Client,
        tasks: Tasks,
        title: str,
        on_end: "Callable[[WorkDone], None]",
        *,
        stop: Stoppable | None,
        delay: float,
        token: str | int | None,
    ) -> None:
        self._is_agreed = token is not None
        self.token: str | int = str(uuid.uuid4()) if token is None else token
        self._client = client
        self._title = title
        self._on_end = on_end
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
        self._on_end(self)

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
