"""The metadata that are there without asking a database, and how to see that they have changed.

These functions do I/O, and are called in threads.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defog_lsp.lsp.project import Feed, Fingerprint, fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.metadata_files import FileProblem
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

__all__ = ["WRITING_SECONDS", "AtHand", "at_hand", "has_changed", "is_unprepared"]

WRITING_SECONDS = 1.0
"""How long another program may take to write a cache file."""
_SMALL_BYTES = 1_000_000
"""Of a cache file whose mirror is built sooner than a process has started."""


def has_changed(workspace: "Workspace", feed: Feed) -> bool:
    """Whether there is something else at hand than when it was last looked at."""
    return _present(workspace, feed.cache_file) != feed.seen


def _present(workspace: "Workspace", cache_file: "Path | None") -> Fingerprint:
    return fingerprint([*([cache_file] if cache_file else []), *workspace.source_files])


def is_unprepared(workspace: "Workspace", connection: "Connection | None") -> bool:
    """Whether there is a cache file that is worth a process to read it."""
    try:
        path = workspace.unprepared(connection)
        return path is not None and path.stat().st_size > _SMALL_BYTES
    except OSError:
        return False


@dataclass(frozen=True)
class AtHand:
    """What there is now, how to see that it has changed, and what is wrong with it."""

    loaded: "LoadedMetadata"
    tables: int
    cache_file: "Path | None"
    seen: Fingerprint
    """The state of all files before they were read."""
    read_from: Fingerprint
    """The same; empty where an older state is served for the time being."""
    file_problems: "tuple[FileProblem, ...]"
    """What is wrong with the metadata files of the workspace."""
    failures: tuple[str, ...]
    """What is wrong with the rest: the cache file, the connection."""
    is_being_written: bool
    """Whether the cache file may be whole in a moment: older programs write it bit by bit."""


def at_hand(workspace: "Workspace", connection: "Connection | None", *, builds: bool) -> AtHand:
    """What there is for *connection*; unless it *builds*, an older state where that is at hand."""
    cache_file = workspace.cache_file(connection)
    files = workspace.files(workspace.configuration.metadata)
    # Before reading: a change in between is seen, at the price of reading once more.
    seen = _present(workspace, cache_file)
    loaded = workspace.metadata(connection, builds=builds)
    failures = tuple(it.message for it in loaded.problems if it.path not in files)
    return AtHand(
        loaded,
        len(loaded.catalog.source),
        cache_file,
        seen,
        seen if builds else (),
        tuple(it for it in loaded.problems if it.path in files),
        failures,
        is_being_written=bool(failures) and _is_new(cache_file),
    )


def _is_new(path: "Path | None") -> bool:
    try:
        return path is not None and time.time() - path.stat().st_mtime < WRITING_SECONDS
    except OSError:
        return False
