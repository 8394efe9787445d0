"""Files that people keep, read and written again so that nobody's change is lost."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from defog_metadata.store.files import FileLock, LockTimeout, write_whole
from defog_metadata.store.home import defog_home

__all__ = ["rewrite"]

_ATTEMPTS = 20


def rewrite(
    paths: Iterable[Path], changed: Callable[[dict[Path, bytes]], dict[Path, bytes]]
) -> None:
    """Replace the contents of *paths* by what *changed* makes of them, each file atomically.

    Of several programs that do so at once each sees what the one before it has written. Nothing is
    written where *changed* raises; it may be called more than once, since a file that an editor
    saves meanwhile is read again. Links are followed and permissions kept. Raises ``OSError`` for
    a file that cannot be read or written, ``LockTimeout`` where another program is in the way.
    """
    # In one order, so that two programs never wait for each other.
    real = {it: Path(os.path.realpath(it)) for it in sorted(paths, key=os.path.realpath)}
    with contextlib.ExitStack() as locks:
        for path in dict.fromkeys(real.values()):
            locks.enter_context(_lock_of(path).held())
        for _ in range(_ATTEMPTS):
            before = {it: there.read_bytes() for it, there in real.items()}
            after = changed(dict(before))
            if all(there.read_bytes() == before[it] for it, there in real.items()):
                break
        else:
            raise LockTimeout(", ".join(map(str, real)))
        for it, data in after.items():
            if data != before[it]:
                write_whole(real[it], data, mode=stat.S_IMODE(real[it].stat().st_mode))


def _lock_of(path: Path) -> FileLock:
    # Not beside it: the folder is the user's, and under version control.
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return FileLock(defog_home() / "locks" / f"{name}.lock")
