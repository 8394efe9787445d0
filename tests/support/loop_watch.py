"""A server whose event loop is watched: how long each of its turns takes, and how late it is.

The child is ``python -c`` with ``script(path)``; when it ends it writes what it saw to *path*,
which ``Watched.read`` reads. All times are ``time.monotonic()``, which processes share.
"""

import asyncio
import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.support.tools import REPOSITORY

__all__ = ["Turn", "Watched", "reference", "script", "serve"]

_TICK_SECONDS = 0.001
_WORTH_SECONDS = 0.0005
"""Of a turn that is written down."""
_FULL = 2
_TICKING = "ticking"
"""The task that watches, which takes time itself: it reads how long each thread has waited."""


def script(path: Path) -> str:
    """What the process of a watched server runs."""
    return (
        f"import sys; sys.path.append({str(REPOSITORY)!r})\n"
        "from pathlib import Path; from tests.support.loop_watch import serve\n"
        f"raise SystemExit(serve(Path({str(path)!r})))"
    )


@dataclass(frozen=True)
class Turn:
    """One callback of the loop. Seconds, of the thread's own time and by the clock."""

    at: float
    own: float
    took: float
    what: str


@dataclass
class Watched:
    """What there was to see."""

    turns: list[Turn] = field(default_factory=list)
    """The longest first, by their own time."""
    lags: list[tuple[float, float]] = field(default_factory=list)
    """When a task that sleeps a millisecond began, and how much later than that it went on: for
    want of the interpreter, not of a processor."""
    full_collections: list[float] = field(default_factory=list)
    unit: float = 0.0
    """What ``reference`` took."""

    @classmethod
    def read(cls, path: Path) -> "Watched":
        it = json.loads(path.read_text())
        turns = sorted((Turn(**turn) for turn in it["turns"]), key=lambda turn: -turn.own)
        return cls(turns, [(at, lag) for at, lag in it["lags"]], it["full_collections"], it["unit"])


def reference() -> float:
    """Thread seconds of a fixed amount of the interpreter's work, well below a millisecond."""
    began = time.thread_time()
    counts: dict[int, int] = {}
    for it in range(10_000):
        counts[it % 97] = counts.get(it % 97, 0) + it
    return time.thread_time() - began


@contextmanager
def _watching(watched: Watched) -> Iterator[None]:
    run = asyncio.events.Handle._run  # through which a loop calls whatever it calls

    def timed(handle: Any) -> None:
        what = _name(handle)
        at, own = time.monotonic(), time.thread_time()
        run(handle)
        own, took = time.thread_time() - own, time.monotonic() - at
        if max(own, took) >= _WORTH_SECONDS and not what.startswith(_TICKING):
            watched.turns.append(Turn(at, own, took, what))

    asyncio.events.Handle._run = timed  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        asyncio.events.Handle._run = run  # type: ignore[method-assign]


def _name(handle: Any) -> str:
    """What *handle* calls: of a task, where it will go on."""
    callback = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return str(getattr(callback, "__qualname__", callback))
    coroutine: Any = task.get_coro()
    while (inner := getattr(coroutine, "cr_await", None)) is not None and hasattr(inner, "cr_code"):
        coroutine = inner
    frame = getattr(coroutine, "cr_frame", None)
    line = "" if frame is None else f":{frame.f_lineno}"
    return f"{task.get_name()}: {getattr(coroutine, '__qualname__', coroutine)}{line}"


async def _tick(watched: Watched) -> None:
    before = gc.get_stats()[_FULL]["collections"]
    while True:
        at, starved = time.monotonic(), _starved()
        await asyncio.sleep(_TICK_SECONDS)
        late = time.monotonic() - at - _TICK_SECONDS
        # Not by gc.callbacks: while one of them runs, other threads may, and collect nothing.
        collections = gc.get_stats()[_FULL]["collections"]
        watched.full_collections += [at] * (collections - before)
        before = collections
        watched.lags.append((at, max(0.0, late - (_starved() - starved))))


def _starved() -> float:
    """Seconds that our threads have waited for a processor, where the system tells (Linux).

    All of them: one that waits may hold the interpreter, for which the loop then waits.
    """
    waited = 0
    for task in Path("/proc/self/task").glob("*/schedstat"):
        with suppress(OSError):  # it has just ended
            waited += int(task.read_text().split()[1])
    return waited / 1e9


def serve(path: Path) -> int:
    """Serve one client over stdin and stdout, as ``start_io`` does, and write what was seen."""
    from defog_lsp.lsp import server

    watched = Watched(unit=sorted(reference() for _ in range(25))[12])
    plain = server._serve

    async def watching(*arguments: Any) -> int:
        ticking = asyncio.create_task(_tick(watched), name=_TICKING)
        try:
            return await plain(*arguments)
        finally:
            ticking.cancel()
            path.write_text(json.dumps(asdict(watched)))

    server._serve = watching  # type: ignore[assignment]
    with _watching(watched):
        return server.start_io()
