"""The state of one configuration: its workspace, and the metadata of each of its connections.

Read and changed on the loop's thread only. Workspaces and catalogs never change; they are
swapped by assignment.
"""

import asyncio
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from defog_lsp.lsp.settings import Settings
from defog_lsp.lsp.tasks import Coalesced

if TYPE_CHECKING:
    from defog_metadata.pruning import Glossary
    from defog_metadata.sql.usage import Usage
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.metadata_files import FileProblem
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

__all__ = ["Feed", "Fingerprint", "Location", "Project", "State", "fingerprint"]

State = Literal["none", "loading", "ready", "refreshing", "stale", "error"]
Fingerprint = tuple[tuple[Path, tuple[int, ...]], ...]


def fingerprint(paths: Iterable[Path]) -> Fingerprint:
    """Equal as long as nobody has written, made or removed one of *paths*. Does I/O."""
    return tuple((path, _stamp(path)) for path in paths)


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return (status.st_mtime_ns, status.st_size, status.st_ino)


@dataclass(frozen=True, slots=True)
class Location:
    """Which configuration is in force at some place, and with which settings over it."""

    root: Path
    configuration: Path | None
    settings: Settings
    folder: str
    """The URI that the client knows ``root`` by."""

    @property
    def key(self) -> Path:
        """Equal for all places that share a project."""
        return self.configuration or self.root


class Feed:
    """The metadata of one connection (``None``: what there is without one)."""

    def __init__(self, connection: "Connection | None") -> None:
        self.connection = connection
        self.loaded: LoadedMetadata | None = None
        self.usage: Usage | None = None
        """What the golden queries do with the catalog; counted after the catalog is served."""
        self.glossary: Glossary | None = None
        """What the glossary says of names; read after the catalog is served."""
        self.tables = 0
        self.state: State = "loading"
        self.message = ""
        self.error = ""
        """The last failure, until something succeeds."""
        self.file_problems: tuple[FileProblem, ...] = ()
        """What is wrong with the metadata files of the workspace."""
        self.read_from: Fingerprint = ()
        """The state of the files that ``loaded`` was made from."""
        self.seen: Fingerprint = ()
        """Their state when they were last looked at, whatever came of that."""
        self.cache_file: Path | None = None
        self.ready = asyncio.Event()
        """Set once something has been loaded, even if that is nothing."""
        self.stop = threading.Event()
        """Set to end a running extraction."""
        self.wants_load: Literal["no", "if changed", "now"] = "no"
        self.wants_refresh: Literal["no", "if stale", "now"] = "no"
        self.not_before = 0.0
        """When (``time.monotonic()``) the next refresh that nobody asked for may begin."""
        self.work: Coalesced | None = None
        self.asking: asyncio.Task[None] | None = None
        """Somebody is being asked for what reading the database takes."""

    @property
    def name(self) -> str | None:
        return self.connection.name if self.connection else None

    @property
    def age(self) -> float | None:
        """Seconds since the database was read."""
        timestamp = self.loaded.timestamp if self.loaded else None
        return None if timestamp is None else max(0.0, time.time() - timestamp)

    def is_stale(self, ttl_seconds: float) -> bool:
        if self.connection is None or self.loaded is None:
            return False
        return self.age is None or self.age >= ttl_seconds


@dataclass(eq=False)
class Project:
    """One configuration and what came of it."""

    location: Location
    opening: Coalesced | None = None
    workspace: "Workspace | None" = None
    opened: bool = False
    """Whether opening has been tried; ``workspace`` is ``None`` afterwards if it failed."""
    feeds: dict[str | None, Feed] = field(default_factory=dict)
    read_from: Fingerprint = ()
    reported: Mapping[Path, object] = field(default_factory=dict)
    """The files with published problems that are not about an open document's text."""

    def status(self, feed: Feed) -> dict[str, object]:
        """What ``defog/status`` tells about *feed*."""
        return {
            "folder": self.location.folder,
            "connection": feed.name,
            "state": feed.state,
            "tables": feed.tables,
            "age_seconds": feed.age,
            "message": feed.message,
        }
