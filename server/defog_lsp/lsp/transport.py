"""Bytes in, bytes out: framed messages over stdin and stdout or a socket.

Ours rather than pygls' own, for three reasons: a client that does not read must not stop the
server, the process must end whatever its threads are doing, and a message that cannot be
understood has to be answered.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO, ParamSpec, TypeVar

__all__ = ["DaemonThreads", "QueuedWriter", "read_messages", "stream_of"]

_log = logging.getLogger(__name__)
_LARGEST_MESSAGE = 1 << 30
_CHUNK = 1 << 16
_FLUSH_SECONDS = 1.0
_MOST_IDLE = 8

P = ParamSpec("P")
R = TypeVar("R")


class DaemonThreads(ThreadPoolExecutor):
    """Daemon threads, as many as there are calls at a time. The process never waits for one to end.

    A pool of a few threads would be blocked by a few slow calls that nobody waits for any more,
    and Python joins a pool's threads before it exits. A thread whose call has ended waits for the
    next: to start one takes longer than many a request, and what is kept for each thread, such as
    connections to the mirror, is made once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._idle: list[queue.SimpleQueue[Callable[[], None]]] = []
        """Where waiting threads take their next call from, the last to wait at the end."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        future: Future[R] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - whoever awaits the future gets it
                future.set_exception(error)
            else:
                future.set_result(result)

        try:
            calls = self._idle.pop()
        except IndexError:
            calls = queue.SimpleQueue()
            threading.Thread(target=self._work, args=(calls,), name="work", daemon=True).start()
        calls.put(run)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing to wait for."""

    def _work(self, calls: queue.SimpleQueue[Callable[[], None]]) -> None:
        while True:
            calls.get()()  # in no variable: while the thread waits, nothing keeps what it did
            if len(self._idle) >= _MOST_IDLE:
                return
            self._idle.append(calls)


class QueuedWriter:
    """Writes from a thread of its own: a client that does not read stops only that thread."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        self._queue.put(data)

    def close(self) -> None:
        """Write what is left, for as long as the client takes it."""
        self._queue.put(None)
        self._thread.join(_FLUSH_SECONDS)

    def _run(self) -> None:
        try:
            while (data := self._queue.get()) is not None:
                self._raw.write(data)
                self._raw.flush()
        except (OSError, ValueError):  # the client has gone; reading says so too
            return


def stream_of(raw: BinaryIO) -> asyncio.StreamReader:
    """An asyncio stream of *raw*, which is read in a thread of its own."""
    loop = asyncio.get_running_loop()
    stream = asyncio.StreamReader()

    def call(function: Callable[..., Any], *args: object) -> bool:
        try:
            loop.call_soon_threadsafe(function, *args)
        except RuntimeError:  # the loop has ended
            return False
        return True

    def run() -> None:
        try:
            while data := raw.read(_CHUNK):
                if not call(stream.feed_data, data):
                    return
        except (OSError, ValueError):  # closed under us, which is an end as well
            pass
        call(stream.feed_eof)

    threading.Thread(target=run, name="reader", daemon=True).start()
    return stream


async def read_messages(stream: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The bodies of the messages in *stream*, until it ends or makes no sense any more."""
    try:
        while True:
            length = await _content_length(stream)
            if length is None:
                return
            yield await stream.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    except ValueError as error:  # a header line without end, or a length that is none
        _log.error("the client sent something that is no LSP message: %s", error)


async def _content_length(stream: asyncio.StreamReader) -> int | None:
    length: int | None = None
    while line := await stream.readline():
        if not line.strip():
            if length is not None:
                return length
            continue
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
            if not 0 <= length <= _LARGEST_MESSAGE:
                raise ValueError(f"a message of {length} bytes")
    return None
