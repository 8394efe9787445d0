"""A server whose event loop is watched: how long each of its callbacks takes.

The child is ``python -c`` with ``script(path)``; when it ends it writes what it saw to *path*.
"""

import asyncio
import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.tools import REPOSITORY

__all__ = ["script", "serve"]

_TICK_SECONDS = 0.001
_KEPT = 200
"""Of the callbacks that took longest."""


def script(path: Path) -> str:
    """What the process of a watched server runs."""
    return (
        f"import sys; sys.path.append({str(REPOSITORY)!r})\n"
        "from pathlib import Path; from tests.support.loop_watch import serve\n"
        f"raise SystemExit(serve(Path({str(path)!r})))"
    )


class _Watch:
    """Seconds that callbacks of the loop took: of the thread's own time, and by the clock."""

    def __init__(self) -> None:
        self.callbacks: list[tuple[float, float, float, str]] = []
        """When each began, its thread time, its clock time, what it was."""
        self.lags: list[tuple[float, float]] = []
        """When a task that sleeps a millisecond was late, and how much."""
        self.collections: list[tuple[float, float, int]] = []
        self.unit = 0.0

    def ran(self, began: float, own: float, took: float, what: str) -> None:
        self.callbacks.append((began, own, took, what))

    def written(self) -> dict[str, Any]:
        longest = sorted(self.callbacks, key=lambda it: -it[1])[:_KEPT]
        slowest = sorted(self.callbacks, key=lambda it: -it[2])[:_KEPT]
        return {
            "callbacks": len(self.callbacks),
            "longest": longest,
            "slowest": slowest,
            "lags": self.lags,
            "collections": self.collections,
            "unit": self.unit,
        }


def reference() -> float:
    """Thread seconds of a fixed amount of the interpreter's work; about a millisecond."""
    began = time.thread_time()
    counts: dict[int, int] = {}
    for it in range(12_000):
        counts[it % 97] = counts.get(it % 97, 0) + it
    return time.thread_time() - began


@contextmanager
def _watched(watch: _Watch) -> Iterator[None]:
    run = asyncio.events.Handle._run  # the only place through which a loop calls anything

    def timed(handle: Any) -> None:
        what = _name(handle)
        began, own = time.monotonic(), time.thread_time()
        run(handle)
        own, took = time.thread_time() - own, time.monotonic() - began
        watch.ran(began, own, took, what)

    collecting = 0.0

    def collected(phase: str, info: dict[str, int]) -> None:
        nonlocal collecting
        now = time.monotonic()
        if phase == "start":
            collecting = now
        else:
            watch.collections.append((now, now - collecting, info["generation"]))

    asyncio.events.Handle._run = timed  # type: ignore[assignment,method-assign]
    gc.callbacks.append(collected)
    try:
        yield
    finally:
        asyncio.events.Handle._run = run  # type: ignore[method-assign]
        gc.callbacks.remove(collected)


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


async def _tick(watch: _Watch) -> None:
    while True:
        began = time.monotonic()
        await asyncio.sleep(_TICK_SECONDS)
        watch.lags.append((began, time.monotonic() - began - _TICK_SECONDS))


def serve(path: Path) -> int:
    """Serve one client over stdin and stdout, as ``start_io`` does, and write what was seen."""
    from defog_lsp.lsp import server

    watch = _Watch()
    watch.unit = sorted(reference() for _ in range(15))[7]
    plain = server._serve

    async def watched(*arguments: Any) -> int:
        ticking = asyncio.ensure_future(_tick(watch))
        try:
            return await plain(*arguments)
        finally:
            ticking.cancel()
            path.write_text(json.dumps(watch.written()))

    server._serve = watched  # type: ignore[assignment]
    with _watched(watch):
        return server.start_io()
