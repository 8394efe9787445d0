"""A progress bar on a terminal's standard error; silence anywhere else."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from defog_metadata.progress import Progress

__all__ = ["progress_bar"]

_EVERY_SECONDS = 0.05
_BAR_WIDTH = 24


@contextmanager
def progress_bar(stream: TextIO | None = None) -> Iterator[Progress | None]:
    """A callback that draws on *stream* (standard error), or ``None`` where nobody watches."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield None
        return
    bar = _Bar(stream)
    try:
        yield bar.draw
    finally:
        bar.clear()


class _Bar:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next = 0.0

    def draw(self, done: int, total: int | None, what: str) -> None:
        now = time.monotonic()
        if now < self._next and done != total:
            return
        self._next = now + _EVERY_SECONDS
        text = f"{_fraction(done, total)} {what}"
        self._stream.write("\r\x1b[K" + text[: shutil.get_terminal_size().columns - 1])
        self._stream.flush()

    def clear(self) -> None:
        self._stream.write("\r\x1b[K")
        self._stream.flush()


def _fraction(done: int, total: int | None) -> str:
    if not total:
        return f"{done:,}"
    full = min(done * _BAR_WIDTH // total, _BAR_WIDTH)
    return f"[{'#' * full}{'.' * (_BAR_WIDTH - full)}] {done:,}/{total:,}"
