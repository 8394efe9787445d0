"""Many files checked by several processes, a few by this one.

A process takes about half a second to start, in which another checks a good many files.
"""

import os
import signal
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from defog_lsp.cli.checker import Checker
from defog_lsp.cli.report import CheckedFile
from defog_lsp.cli.sources import Source

__all__ = ["check_all"]

_WORTH_BYTES = 1_000_000
"""Of SQL to check, for each process, before more processes are worth their start."""
_CHUNK_BYTES = 100_000
"""Of SQL that a process takes at a time."""


def check_all(
    sources: Sequence[Source], configuration: Path | None, *, is_offline: bool, fixes: bool
) -> tuple[Checker, list[CheckedFile]]:
    """The findings in *sources*, in their order, and the checker that knows what they needed."""
    checker = Checker(configuration, is_offline=is_offline, fixes=fixes)
    sizes = [_size(it) for it in sources]
    processes = min(_cores(), sum(sizes) // _WORTH_BYTES, len(sources))
    if processes > 1 and not any(it.is_stdin for it in sources):
        for source in sources:
            checker.prepare(source)  # once, and where a person can see its progress
        found = _in_processes(processes, _chunks(sources, sizes), configuration, fixes=fixes)
    else:
        found = [checker.check(it) for it in sources]
    return checker, [it for it in found if it is not None]


def _in_processes(
    processes: int, chunks: Sequence[Sequence[Source]], configuration: Path | None, *, fixes: bool
) -> list[CheckedFile | None]:
    # ruff: noqa: PLC0415 - a few files are checked without these
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Nothing of this process is taken over, so that it is the same on every system.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        processes, context, initializer=_begin, initargs=(configuration, fixes)
    ) as pool:
        try:
            return [it for part in pool.map(_check, chunks) for it in part]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _chunks(sources: Sequence[Source], sizes: Sequence[int]) -> list[list[Source]]:
    """*sources* in order, in pieces of about the same size."""
    numbers: list[int] = []
    before = 0
    for size in sizes:
        numbers.append(before // _CHUNK_BYTES)
        before += size
    pairs = zip(numbers, sources, strict=True)
    return [[source for _, source in group] for _, group in groupby(pairs, lambda it: it[0])]


def _size(source: Source) -> int:
    try:
        return 0 if source.is_stdin else source.path.stat().st_size
    except OSError:
        return 0


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# In the other processes


_checker: Checker


def _begin(configuration: Path | None, fixes: bool) -> None:
    global _checker  # noqa: PLW0603 - how a pool gives its processes something to keep
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends them
    _checker = Checker(configuration, is_offline=True, fixes=fixes)


def _check(sources: Sequence[Source]) -> list[CheckedFile | None]:
    return [_checker.check(it) for it in sources]
