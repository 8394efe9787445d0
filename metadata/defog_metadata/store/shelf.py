"""The folder of one cache file's mirrors: finds the one to read, and builds it.

``current.json`` names the generation that mirrors the file, with the file's fingerprint. Readers
follow it without a lock; builders hold ``build.lock``. A generation is complete before it gets its
name and never changes after; it is deleted when another one is current and nobody reads it.
"""

import contextlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from defog_metadata.errors import CacheError, ExtractionCancelled
from defog_metadata.progress import Cancelled, Progress
from defog_metadata.store.entry_tables import EntryTables
from defog_metadata.store.files import FileLock, LockTimeout, write_whole
from defog_metadata.store.fingerprint import Fingerprint, content_hash, fingerprint
from defog_metadata.store.generation import (
    BROKEN,
    Generation,
    GenerationGone,
    is_unused,
    write_generation,
)
from defog_metadata.store.home import private_folder

__all__ = ["Shelf"]

_CURRENT, _LOCK = "current.json", "build.lock"
_BUILDING, _TRASH = ".building-", ".trash-"
_RETRIES = 2  # of a file that changes while it is read; then what it held will do
_WAIT_FOR_BUILDER_SECONDS = 600.0
_ABANDONED_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class _Current:
    """What ``current.json`` says."""

    source: str
    generation: str
    digest: str
    fingerprint: Fingerprint
    is_settled: bool
    """Whether the fingerprint alone proves that the contents are the same."""


class Shelf:
    """The mirrors of *cache_file*, in *folder*."""

    def __init__(self, cache_file: Path, folder: Path) -> None:
        self._cache_file = cache_file
        self.folder = folder

    def opened(self, *, distrusted: str = "") -> Generation | None:
        """The mirror of the file's present contents, unless it is the one called *distrusted*."""
        current = self._current()
        if current is None or current.generation == distrusted or not self._is_current(current):
            return None
        return self._generation(current.generation)

    def latest(self) -> Generation | None:
        """The mirror that was built last, also where the file has changed since."""
        current = self._current()
        return None if current is None else self._generation(current.generation)

    def built(
        self,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
        *,
        distrusted: str = "",
    ) -> Generation:
        """As ``opened``, built where there is none.

        Raises ``CacheError`` for a file that cannot be used, ``ExtractionCancelled``, and
        ``OSError``, SQLite's and diskcache's errors for a folder that cannot be written.
        """
        private_folder(self.folder)
        with self._building(cancelled):
            # Whoever had the lock before may have built it.
            if (generation := self.opened(distrusted=distrusted)) is not None:
                return generation
            generation, is_current = self._attempt(progress, cancelled, distrusted)
            for _ in range(_RETRIES):
                if is_current:
                    break
                generation, is_current = self._attempt(progress, cancelled, distrusted)
            self._sweep(keep=generation.folder.name)
            return generation

    def is_abandoned(self, after_seconds: float) -> bool:
        """Whether the mirrored file is gone, and the mirror has not been touched for that long."""
        current = self._current()
        if current is None:
            return False
        age = time.time() - (self.folder / _CURRENT).stat().st_mtime
        return age > after_seconds and not Path(current.source).exists()

    def delete(self) -> None:
        """Delete all mirrors that nobody reads."""
        (self.folder / _CURRENT).unlink(missing_ok=True)
        self._sweep(keep="")
        with contextlib.suppress(OSError):
            (self.folder / _LOCK).unlink()
            self.folder.rmdir()

    def _attempt(
        self, progress: Progress | None, cancelled: Cancelled | None, distrusted: str
    ) -> tuple[Generation, bool]:
        """A mirror of what the file held, and whether the file still holds that."""
        seen, is_settled, digest = self._look()
        generation = self._of_same_contents(digest, distrusted)
        if generation is None:
            generation = self._generation(self._write(digest, progress, cancelled))
        if generation is None:
            raise GenerationGone(f"a mirror in {self.folder} was deleted while it was built")
        if is_settled:
            now = self._fingerprint()
        else:
            # The file was so new that a change could have kept its fingerprint. It is not now,
            # if building took long; then this is the last time that the contents are compared.
            now, is_settled, digest_now = self._look()
            if digest_now != digest:
                return generation, False
        if now != seen:
            return generation, False
        self._point(
            _Current(str(self._cache_file), generation.folder.name, digest, seen, is_settled)
        )
        return generation, True

    def _is_current(self, current: _Current) -> bool:
        """Whether the file still is what *current* mirrors. Constant time once it has settled."""
        try:
            if current.is_settled:
                return fingerprint(self._cache_file) == current.fingerprint
            seen, is_settled, digest = self._look()
        except (OSError, CacheError):
            return False
        if (seen, digest) != (current.fingerprint, current.digest):
            return False
        if is_settled:
            with contextlib.suppress(OSError):
                self._point(replace(current, is_settled=True))
        return True

    def _look(self) -> tuple[Fingerprint, bool, str]:
        """The file's fingerprint, whether it had settled before it was read, and its hash."""
        seen = self._fingerprint()
        is_settled = seen.is_settled
        try:
            return seen, is_settled, content_hash(self._cache_file)
        except OSError as error:
            raise self._unreadable(error) from error

    def _fingerprint(self) -> Fingerprint:
        try:
            return fingerprint(self._cache_file)
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> CacheError:
        if isinstance(error, FileNotFoundError):
            return CacheError(f"There is no cache file {self._cache_file}: refresh the metadata.")
        return CacheError(
            f"The cache file {self._cache_file} cannot be read ({error.strerror}):"
            " allow it, or delete the file and refresh the metadata."
        )

    def _of_same_contents(self, digest: str, distrusted: str) -> Generation | None:
        """The mirror at hand, when the file was only touched, or written again as it was."""
        current = self._current()
        if current is None or current.digest != digest or current.generation == distrusted:
            return None
        return self._generation(current.generation)

    def _generation(self, name: str) -> Generation | None:
        try:
            return Generation(self.folder / name)
        except BROKEN:
            return None

    def _write(self, digest: str, progress: Progress | None, cancelled: Cancelled | None) -> str:
        """Build a generation, and give it its name when it is complete."""
        unique = secrets.token_hex(4)
        folder = private_folder(self.folder / f"{_BUILDING}{unique}")
        try:
            write_generation(
                folder, EntryTables(self._cache_file), progress=progress, cancelled=cancelled
            )
            name = f"{digest[:16]}-{unique}"
            folder.rename(self.folder / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return name

    def _current(self) -> _Current | None:
        try:
            found = json.loads((self.folder / _CURRENT).read_bytes())
            found["fingerprint"] = Fingerprint(**found["fingerprint"])
            current = _Current(**found)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        # A name, never a path that leads elsewhere.
        is_name = isinstance(current.generation, str) and current.generation.isprintable()
        return current if is_name and Path(current.generation).name == current.generation else None

    def _point(self, current: _Current) -> None:
        write_whole(self.folder / _CURRENT, json.dumps(asdict(current), indent=2).encode())

    @contextlib.contextmanager
    def _building(self, cancelled: Cancelled | None) -> Iterator[None]:
        lock = FileLock(self.folder / _LOCK)
        try:
            descriptor = lock.acquire(timeout=_WAIT_FOR_BUILDER_SECONDS, cancelled=cancelled)
        except LockTimeout:
            if cancelled is not None and cancelled():
                raise ExtractionCancelled("Reading the metadata was cancelled.") from None
            # Whoever holds it is stuck. Two that build at once only do the work twice.
            descriptor = None
        try:
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _sweep(self, *, keep: str) -> None:
        """Delete what nobody needs: older generations nobody reads, and what crashes left."""
        for folder in self.folder.iterdir():
            if folder.name == keep or not folder.is_dir():
                continue
            if folder.name.startswith(_BUILDING):
                is_needed = time.time() - folder.stat().st_mtime < _ABANDONED_SECONDS
            else:
                is_needed = not folder.name.startswith(_TRASH) and not is_unused(folder)
            if not is_needed:
                _delete(folder)


def _delete(folder: Path) -> None:
    # Renamed first, so that nobody opens what is half deleted. Windows refuses where it is open.
    trash = folder.with_name(f"{_TRASH}{secrets.token_hex(4)}")
    with contextlib.suppress(OSError):
        folder.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)
