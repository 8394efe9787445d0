"""The process: one job from stdin, reports to stdout, the log where that of the server is."""

import logging
import os
import signal
import sys
import threading
import time
import traceback
from types import TracebackType
from typing import BinaryIO

from defog_lsp.background.job import Job, perform
from defog_lsp.background.reports import Done, Failed, Logged, Report, Started, Step, write_report
from defog_lsp.stdio import private_stdio
from defog_metadata.errors import DefogError
from defog_metadata.store.logs import configure_logging
from defog_metadata.store.redaction import KNOWN_SECRETS

__all__ = ["main"]

_log = logging.getLogger("defog_lsp.background")
_OURS = ("defog_lsp", "defog_metadata")
_NICENESS = 10
_INTERVAL_SECONDS = 0.1
"""Between two reports of progress."""
_PATIENCE_SECONDS = 1.0
"""Between the end of stdin and ours, whatever a driver waits for."""


def main() -> int:
    """Do the job that stdin begins with; the exit code is 0 also where it failed on purpose."""
    if os.name == "posix":
        os.nice(_NICENESS)  # on Windows it is started so
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; stdin will end
    sys.excepthook = _log_failure
    with private_stdio() as (stdin, stdout):
        job = Job.from_json(stdin.readline())
        stop = threading.Event()
        threading.Thread(target=_wait_for_end, args=(stdin, stop), daemon=True).start()
        teller = _Teller(stdout, stop)
        configure_logging()
        for name in _OURS:
            logging.getLogger(name).addHandler(_Forwarded(teller))
        teller.tell(Started())
        try:
            perform(job, progress=teller.progress, cancelled=stop.is_set)
        except DefogError as error:
            teller.tell(Failed.of(error))
        else:
            teller.tell(Done())
    return 0


class _Teller:
    """Writes reports, from any thread. Nobody who listens is a reason to stop."""

    def __init__(self, stdout: BinaryIO, stop: threading.Event) -> None:
        self._stdout = stdout
        self._stop = stop
        self._lock = threading.Lock()
        self._reported = -_INTERVAL_SECONDS

    def tell(self, report: Report) -> None:
        try:
            with self._lock:
                self._stdout.write(write_report(report))
                self._stdout.flush()
        except OSError:
            self._stop.set()

    def progress(self, done: int, total: int | None, what: str) -> None:
        now = time.monotonic()
        if now - self._reported >= _INTERVAL_SECONDS:
            self._reported = now
            self.tell(Step(done, total, what))


class _Forwarded(logging.Handler):
    """Tells of warnings, which the server shows in the editor's log."""

    def __init__(self, teller: _Teller) -> None:
        super().__init__(logging.WARNING)
        self._teller = teller

    def emit(self, record: logging.LogRecord) -> None:
        message = KNOWN_SECRETS.hidden_in(record.getMessage())
        self._teller.tell(Logged(record.levelno, message))


def _wait_for_end(stdin: BinaryIO, stop: threading.Event) -> None:
    while stdin.read(1):
        pass
    stop.set()
    time.sleep(_PATIENCE_SECONDS)
    os._exit(1)


def _log_failure(
    kind: type[BaseException], _error: BaseException, where: TracebackType | None
) -> None:
    """Without its message: that of an error nobody expected may quote a user's data."""
    _log.error("failed: %s\n%s", kind.__name__, "".join(traceback.format_tb(where)))


if __name__ == "__main__":
    sys.exit(main())
