"""A cache file read in pieces, that is known to be one and the same file all the time."""

from pathlib import Path

from defog_metadata.errors import CacheError
from defog_metadata.store.fingerprint import Fingerprint, fingerprint

__all__ = ["EntryChanged", "EntryFile"]


class EntryChanged(CacheError):
    """The file is no longer the one that was being read."""


class EntryFile:
    """The file *path*, opened anew for each piece.

    Some systems refuse to replace a file that anybody has open, and a large one takes long.
    """

    def __init__(self, path: Path, expected: Fingerprint | None = None) -> None:
        """*expected*: the file must still be that one. Raises ``FileNotFoundError``."""
        self.path = path
        self.fingerprint = fingerprint(path) if expected is None else expected
        # So that a small file is read once, however often it is walked over.
        self._start, self._piece = 0, b""

    def read(self, offset: int, count: int) -> bytes:
        """*count* bytes from *offset*, fewer at the end; raises ``EntryChanged``, ``OSError``."""
        end = self._start + len(self._piece)
        if not self._start <= offset or min(offset + count, self.fingerprint.size) > end:
            self._start, self._piece = offset, self._read(offset, count)
        begin = offset - self._start
        return self._piece[begin : begin + count]

    def _read(self, offset: int, count: int) -> bytes:
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(offset)
                found = bytearray()
                while piece := file.read(count - len(found)):
                    found += piece
            is_same = fingerprint(self.path) == self.fingerprint
        except FileNotFoundError:
            is_same = False
        if not is_same:
            raise EntryChanged(
                f"The cache file {self.path} changes while it is read: wait until it is written,"
                " then refresh the metadata."
            )
        return bytes(found)
