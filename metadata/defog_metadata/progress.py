"""How long work tells its caller where it is, and asks whether to go on.

Work that does I/O is given ``Cancelled`` to ask. Pure functions, which know of no caller, ask
``check_stopped``: whoever runs them may have said ``stopping`` around the call. In the same way
``tell_progress`` reaches whoever has said ``telling``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = [
    "Cancelled",
    "Progress",
    "Stop",
    "Stopped",
    "check_stopped",
    "stopping",
    "tell_progress",
    "telling",
]

Progress = Callable[[int, int | None, str], None]
"""Called with what is done, how much there is in total (``None``: unknown) and what is next."""

Cancelled = Callable[[], bool]
"""Answers whether the caller wants the work to stop."""


class Stopped(Exception):
    """Nobody wants the result any more. No error: whoever said ``stopping`` catches it."""


class Stop:
    """Says whether work is to stop; set from any thread, once and for all."""

    __slots__ = ("_also", "_is_set")

    def __init__(self, *also: "Stop") -> None:
        self._is_set = False
        self._also = also

    @property
    def is_set(self) -> bool:
        """Whether this one, or one of those that it was made with, has been set."""
        return self._is_set or any(it.is_set for it in self._also)

    def set(self) -> None:
        self._is_set = True


_stop: ContextVar[Stop | None] = ContextVar("stop", default=None)


def check_stopped() -> None:
    """Raise ``Stopped`` if nobody wants the result any more; costs next to nothing otherwise.

    To be called in every loop that may take long, where nothing is left half done. Facts that are
    remembered are remembered whole, so that the next call goes on from them.
    """
    stop = _stop.get()
    if stop is not None and stop.is_set:
        raise Stopped


@contextmanager
def stopping(stop: Stop) -> Iterator[None]:
    """Let *stop* end what is called here, and in threads that are given this context."""
    before = _stop.get()
    token = _stop.set(stop if before is None else Stop(before, stop))
    try:
        yield
    finally:
        _stop.reset(token)


_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)


def tell_progress(done: int, total: int | None, what: str) -> None:
    """Say where the work is, if anybody wants to know; costs next to nothing otherwise."""
    progress = _progress.get()
    if progress is not None:
        progress(done, total, what)


@contextmanager
def telling(progress: Progress) -> Iterator[None]:
    """Let *progress* hear of what is called here, and in threads that are given this context."""
    token = _progress.set(progress)
    try:
        yield
    finally:
        _progress.reset(token)
