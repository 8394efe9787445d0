"""The side of the server: starts the process, listens to it, ends it."""

import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

from defog_lsp.background.job import Job, perform
from defog_lsp.background.reports import Done, Failed, Logged, Report, Started, Step, read_report
from defog_metadata.errors import DefogError, ExtractionCancelled
from defog_metadata.progress import Cancelled, Progress

__all__ = ["BackgroundFailed", "run"]

_log = logging.getLogger(__name__)

_POLL_SECONDS = 0.1
_PATIENCE_SECONDS = 3.0
"""Between asking the process to end and ending it: longer than its own patience."""

OnLogged = Callable[[int, str], None]


class BackgroundFailed(DefogError):
    """The process ended without having said how its job did."""


class _NotStarted(Exception):
    """There is no process that could do the job."""


def run(job: Job, *, progress: Progress, cancelled: Cancelled, on_logged: OnLogged) -> None:
    """Do *job* in a process of its own, at low priority. Blocks until it is done.

    Where no process can be started it is done here, in the calling thread. *on_logged* is called
    with the level and the message of warnings that the process logs.

    Raises what the job raises, as ``defog_metadata.errors``, and ``BackgroundFailed``.
    """
    try:
        process = _started(job)
    except _NotStarted as error:
        _log.warning("No background process (%s): metadata is prepared in this one", error)
        perform(job, progress=progress, cancelled=cancelled)
        return
    try:
        _listen(process, progress, cancelled, on_logged)
    finally:
        _end(process)


def _started(job: Job) -> "_Process":
    if getattr(sys, "frozen", False) or not sys.executable:
        raise _NotStarted("there is no Python to start")
    try:
        process = _Process(job)
    except OSError as error:
        raise _NotStarted(error.strerror or type(error).__name__) from error
    first = process.next_report(timeout=None)
    if not isinstance(first, Started):
        _end(process)
        raise _NotStarted(f"it ended with exit code {process.returncode}")
    return process


class _Process:
    """A process that has been given a job. Its reports wait here until they are asked for."""

    def __init__(self, job: Job) -> None:
        """Raises ``OSError`` where the system refuses."""
        self._popen = subprocess.Popen(
            # -P: nothing is imported from the folder that the server happens to be in.
            [sys.executable, "-P", "-m", "defog_lsp.background"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            creationflags=_creation_flags(),
        )
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="background", daemon=True).start()
        assert self._popen.stdin is not None  # noqa: S101 - a pipe, as asked for
        with suppress(BrokenPipeError):  # it has ended, as is seen when its report is missing
            self._popen.stdin.write(job.to_json().encode() + b"\n")
            self._popen.stdin.flush()

    @property
    def returncode(self) -> int | None:
        return self._popen.returncode

    def next_report(self, timeout: float | None) -> Report | None:
        """``None`` at its end; raises ``queue.Empty`` after *timeout* seconds."""
        return self._reports.get(timeout=timeout)

    def ask_to_end(self) -> None:
        assert self._popen.stdin is not None  # noqa: S101 - a pipe, as asked for
        with suppress(BrokenPipeError):
            self._popen.stdin.close()

    def end(self, patience_seconds: float) -> None:
        """Wait for its end, and bring it about after *patience_seconds*."""
        try:
            self._popen.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def _read(self) -> None:
        for report in self._lines():
            self._reports.put(report)
        self._reports.put(None)

    def _lines(self) -> Iterator[Report]:
        assert self._popen.stdout is not None  # noqa: S101 - a pipe, as asked for
        with self._popen.stdout as stdout, suppress(ValueError, OSError):
            # A line that makes no sense is an end as well: it was cut off.
            for line in stdout:
                yield read_report(line)


def _listen(
    process: _Process, progress: Progress, cancelled: Cancelled, on_logged: OnLogged
) -> None:
    while True:
        if cancelled():
            raise ExtractionCancelled("Reading the metadata was cancelled.")
        try:
            report = process.next_report(_POLL_SECONDS)
        except queue.Empty:
            continue
        match report:
            case Step(done, total, what):
                progress(done, total, what)
            case Logged(level, message):
                on_logged(level, message)
            case Failed():
                raise report.error
            case Done():
                return
            case None:
                _end(process)
                raise BackgroundFailed(
                    "The process that reads the metadata ended unexpectedly"
                    f" (exit code {process.returncode}): see the log, then refresh the metadata."
                )


def _end(process: _Process) -> None:
    process.ask_to_end()
    process.end(_PATIENCE_SECONDS)


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
    return 0
