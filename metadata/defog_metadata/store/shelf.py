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
from defog_metadata.store.building import outline_of, write_generation
from defog_metadata.store.entry_file import EntryChanged
from defog_metadata.store.entry_tables import EntryTables
from defog_metadata.store.files import FileLock, LockTimeout, write_whole
from defog_metadata.store.fingerprint import Fingerprint, content_hash, fingerprint
from defog_metadata.store.generation import BROKEN, Generation, GenerationGone, is_unused
from defog_metadata.store.home import private_folder
from defog_metadata.store.unfinished import BUILDING, finished

__all__ = ["Shelf"]

_CURRENT, _LOCK = "current.json", "build.lock"
_TRASH = ".trash-"
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


@dataclass
class _State:
    """What the file was when it was looked at."""

    fingerprint: Fingerprint
    is_settled: bool
    digest: str


@dataclass(frozen=True, slots=True)
class _Order:
    """How a mirror is to be built."""

    progress: Progress | None
    cancelled: Cancelled | None
    distrusted: str
    is_only_builder: bool


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
        with self._building(cancelled) as is_only_builder:
            # Whoever had the lock before may have built it.
            if (found := self.opened(distrusted=distrusted)) is not None:
                return found
            order = _Order(progress, cancelled, distrusted, is_only_builder)
            retries = _RETRIES
            while True:
                try:
                    generation, is_current = self._attempt(order)
                except EntryChanged:
                    if not retries:
                        raise
                else:
                    if is_current or not retries:
                        self._sweep(keep=generation.folder.name)
                        return generation
                retries -= 1

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

    def _attempt(self, order: _Order) -> tuple[Generation, bool]:
        """A mirror of what the file held, and whether the file still holds that."""
        state = self._look()
        generation = self._of_same_contents(state.digest, order.distrusted)
        if generation is None:
            generation = self._generation(self._write(state, order))
        if generation is None:
            raise GenerationGone(f"a mirror in {self.folder} was deleted while it was built")
        if not self._is_same(state):
            return generation, False
        self._point(
            _Current(
                str(self._cache_file),
                generation.folder.name,
                state.digest,
                state.fingerprint,
                state.is_settled,
            )
        )
        return generation, True

    def _is_current(self, current: _Current) -> bool:
        """Whether the file still is what *current* mirrors. Constant time once it has settled."""
        state = _State(current.fingerprint, current.is_settled, current.digest)
        try:
            if not self._is_same(state):
                return False
        except CacheError:
            return False
        if state.is_settled and not current.is_settled:
            with contextlib.suppress(OSError):
                self._point(replace(current, is_settled=True))
        return True

    def _look(self) -> _State:
        """What the file is now; whether it had settled is said of the time before it was read."""
        seen = self._fingerprint()
        is_settled = seen.is_settled
        try:
            return _State(seen, is_settled, content_hash(self._cache_file))
        except OSError as error:
            raise self._unreadable(error) from error

    def _is_same(self, state: _State) -> bool:
        """Whether the file still is as it was at *state*, which may have settled since.

        It is read where the file was so new at *state* that a change could have kept its
        fingerprint. Where it has settled now, that was the last time.
        """
        if state.is_settled:
            return self._fingerprint() == state.fingerprint
        now = self._look()
        if (now.fingerprint, now.digest) != (state.fingerprint, state.digest):
            return False
        state.is_settled = now.is_settled
        return True

    def _is_sure(self, state: _State) -> bool:
        """Whether whatever is read under the fingerprint of *state* is what its digest is of."""
        if not state.is_settled and state.fingerprint.is_settled and not self._is_same(state):
            raise EntryChanged(f"The cache file {self._cache_file} has just changed.")
        return state.is_settled

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

    def _write(self, state: _State, order: _Order) -> str:
        """Build a generation; its name."""

        def build(folder: Path) -> None:
            source = EntryTables(
                self._cache_file,
                outline=outline_of(folder),
                progress=order.progress,
                cancelled=order.cancelled,
            )
            if source.fingerprint != state.fingerprint:
                raise EntryChanged(f"The cache file {self._cache_file} has just changed.")
            write_generation(
                folder,
                source,
                is_sure=lambda: self._is_sure(state),
                progress=order.progress,
                cancelled=order.cancelled,
            )

        return finished(self.folder, state.digest, build, is_only_builder=order.is_only_builder)

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
    def _building(self, cancelled: Cancelled | None) -> Iterator[bool]:
        """Build alone, if possible: whether that is so."""
        lock = FileLock(self.folder / _LOCK)
        try:
            descriptor = lock.acquire(timeout=_WAIT_FOR_BUILDER_SECONDS, cancelled=cancelled)
        except LockTimeout:
            if cancelled is not None and cancelled():
                raise ExtractionCancelled("Reading the metadata was cancelled.") from None
            # Whoever holds it is stuck. Two that build at once only do the work twice.
            descriptor = None
        try:
            yield descriptor is not None
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _sweep(self, *, keep: str) -> None:
        """Delete what nobody needs: older generations nobody reads, and what crashes left."""
        for folder in self.folder.iterdir():
            if folder.name == keep or not folder.is_dir():
                continue
            if folder.name.startswith(BUILDING):
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
