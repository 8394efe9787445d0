"""Whether a file is still the one that was read.

What a file's status says (size, times, inode) is looked up in constant time, and differs after
every change but one: a change of equal size within the same tick of the file system's clock. So a
status counts as proof only if the file had been at rest for longer than any tick when it was
read. Until then its contents are compared by hash. That costs time in the size of the file, but
only where a mirror was built in less than such a tick, which large files are not.
"""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Fingerprint", "content_hash", "fingerprint"]

# FAT counts in two seconds, network file systems often in one, others in milliseconds.
_TICK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Fingerprint:
    size: int
    mtime_ns: int
    ctime_ns: int
    """Catches a writer that sets the modification time back."""
    inode: int

    @property
    def is_settled(self) -> bool:
        """Whether any change from now on is sure to show in the fingerprint."""
        return time.time_ns() - max(self.mtime_ns, self.ctime_ns) > _TICK_SECONDS * 1e9


def fingerprint(path: Path) -> Fingerprint:
    """The status of *path*; raises ``FileNotFoundError``."""
    found = path.stat()
    return Fingerprint(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def content_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
