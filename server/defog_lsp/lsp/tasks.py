"""Background tasks: kept alive, heard when they fail, ended with the session."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from pygls.exceptions import JsonRpcInternalError

from defog_metadata.progress import Stop, stopping

__all__ = ["Coalesced", "Signal", "Tasks", "in_thread", "log_failure"]

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)


def log_failure(what: str, error: BaseException) -> None:
    """Log where *error* happened.

    Without its message, since that of an error nobody expected may quote a document.
    """
    kind, stack = type(error).__name__, traceback.format_tb(error.__traceback__)
    if isinstance(error, JsonRpcInternalError) and isinstance(error.data, dict):
        # How pygls packs what a handler raised.
        kind, stack = error.message.partition(":")[0], error.data["traceback"]
    _log.error("%s failed: %s\n%s", what, kind, "".join(stack))


async def in_thread(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """As ``asyncio.to_thread``, for work of which the result alone matters.

    When the caller is cancelled, the thread stops where the work next asks. Raises ``Stopped``
    where that was said in another way: by who has put ``stopping`` around the call.
    """
    stop = Stop()
    try:
        with stopping(stop):
            return await asyncio.to_thread(function, *args, **kwargs)
    finally:
        stop.set()


class Tasks:
    """The tasks of one session."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def cancel(self) -> None:
        for task in self._running:
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log_failure(task.get_name(), error)


class Coalesced:
    """Work of which one run serves everybody who asked before it began."""

    def __init__(self, tasks: Tasks, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._tasks = tasks
        self._name = name
        self._work = work
        self._again = False
        self._task: asyncio.Task[None] | None = None

    def ask(self) -> asyncio.Task[None]:
        """Run, or run once more after the present run. The task ends when all is done."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = self._tasks.spawn(self._run(), self._name)
        return self._task

    @property
    def running(self) -> asyncio.Task[None] | None:
        return None if self._task is None or self._task.done() else self._task

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while self._again:
            self._again = False
            await self._work()


class Signal:
    """Something may have changed; nobody need be waiting for it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def fire(self) -> None:
        """Wake everybody who waits."""
        self._event.set()
        self._event = asyncio.Event()

    def next(self) -> asyncio.Event:
        """Set the next time it fires from now on."""
        return self._event
