"""Files that several programs share: written whole or not at all, and one writer at a time."""

import contextlib
import glob
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from defog_metadata.store.home import private_folder

__all__ = ["FileLock", "LockTimeout", "Replacement", "prepared", "replacing", "write_whole"]

_POLL_SECONDS = 0.02
_ABANDONED_SECONDS = 3600


class Replacement:
    """A temporary ``file`` that may take the place of another one."""

    def __init__(self, file: BinaryIO, path: Path, mode: int) -> None:
        self.file = file
        self._path = path
        self._mode = mode

    def complete(self) -> Path:
        """Where it can be read, with all that has been written. Nothing more may be."""
        if not self.file.closed:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
        return Path(self.file.name)

    def take_place(self) -> None:
        """Complete it, and give it the name of the other."""
        temporary = self.complete()
        temporary.chmod(self._mode)
        temporary.replace(self._path)
        _sync_folder(self._path.parent)


@contextlib.contextmanager
def prepared(path: Path, *, mode: int = 0o600) -> Iterator[Replacement]:
    """A file to write that takes the place of *path* when it is told to, and is deleted else.

    A reader sees the old contents or the new, never a part. The temporary file stands beside it
    (a rename is only atomic within one file system) under a name that does not end as *path*
    does, so that whoever lists the folder by suffix does not take it for an entry.
    """
    private_folder(path.parent)
    _remove_abandoned(path)
    descriptor, name = tempfile.mkstemp(_SUFFIX, f".{path.name}.", path.parent)
    try:
        # By its name, so that it can be read again.
        os.close(descriptor)
        with Path(name).open("wb") as file:
            yield Replacement(file, path, mode)
    finally:
        Path(name).unlink(missing_ok=True)


@contextlib.contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """As ``prepared``, and it takes the place of *path* at the end of the block.

    Where the block raises, *path* stays as it was.
    """
    with prepared(path, mode=mode) as replacement:
        yield replacement.file
        replacement.take_place()


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Replace the contents of *path* with *data*, atomically."""
    with replacing(path, mode=mode) as file:
        file.write(data)


_SUFFIX = ".tmp"


def _remove_abandoned(path: Path) -> None:
    """Delete what writers of *path* that were killed have left."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    # The rename itself is in the folder; Windows has no way to ask for this, nor a need.
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


class LockTimeout(Exception):
    """Another process kept the lock for too long."""


class FileLock:
    """A lock between processes and threads, held through an open file; never left behind.

    The system gives it up when its holder ends, however that happens. The file itself stays.
    Not reentrant.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """A lock on the file *path*, which is made where missing if *create*."""
        self._path = path
        self._create = create

    @contextlib.contextmanager
    def held(
        self, *, timeout: float = 60.0, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[None]:
        """Hold the lock for the block; raises ``LockTimeout`` after *timeout* seconds."""
        descriptor = self.acquire(timeout=timeout, cancelled=cancelled)
        try:
            yield
        finally:
            os.close(descriptor)

    def acquire(self, *, timeout: float = 60.0, cancelled: Callable[[], bool] | None = None) -> int:
        """Take the lock; it lasts until the returned file descriptor is closed."""
        give_up = time.monotonic() + timeout
        while True:
            descriptor = self.try_acquire()
            if descriptor is not None:
                return descriptor
            if time.monotonic() >= give_up or (cancelled is not None and cancelled()):
                raise LockTimeout(str(self._path))
            time.sleep(_POLL_SECONDS)

    def try_acquire(self, *, shared: bool = False) -> int | None:
        """As ``acquire``, but ``None`` at once where somebody else holds it.

        A *shared* lock excludes only exclusive ones. Raises ``OSError`` where the file can be
        neither opened nor made.
        """
        if self._create:
            private_folder(self._path.parent)
        descriptor = os.open(self._path, os.O_RDWR | (os.O_CREAT if self._create else 0), 0o600)
        if _lock(descriptor, shared=shared):
            return descriptor
        os.close(descriptor)
        return None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, shared: bool) -> bool:
        # No shared locks here. Their one use is to keep a folder from being deleted, which
        # this system refuses by itself while a file in it is open.
        if shared:
            return True
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
