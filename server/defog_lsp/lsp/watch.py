"""Files that others write: configuration, metadata files and the shared cache.

Clients tell about some of them, some clients about none. So whatever is told is only a reason to
look now; looking, which costs a few ``stat`` calls, happens every few seconds anyway.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp.client import Client
from defog_lsp.lsp.metadata import MetadataService
from defog_lsp.lsp.project import Feed, Fingerprint, Project, fingerprint
from defog_lsp.lsp.projects import Projects
from defog_lsp.lsp.session import Session
from defog_lsp.lsp.tasks import Coalesced, Tasks
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["Watcher"]

_INTERVAL_SECONDS = 2.0
_LONGEST_INTERVAL_SECONDS = 20.0
_SHARE = 0.05
"""Of the time that looking may take, where a file system is slow."""


class Watcher:
    """Sees what changes outside the editor, and when metadata has become too old."""

    def __init__(
        self,
        client: Client,
        tasks: Tasks,
        session: Session,
        projects: Projects,
        metadata: MetadataService,
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._session = session
        self._projects = projects
        self._metadata = metadata
        self._looking = Coalesced(tasks, "looking for changes", self._look)
        self._watched: frozenset[_Pattern] = frozenset()
        self._registered: str | None = None
        self._names = count(1)
        self._interval = _INTERVAL_SECONDS
        self._parent: int | None = None

    def start(self, on_orphaned: Callable[[], object]) -> None:
        """Look regularly. *on_orphaned* is called when the client's process has ended."""
        self._tasks.spawn(self._run(on_orphaned), "watching")

    def adopt(self, parent: int | None) -> None:
        """Learn the client's process, if it is one of this machine."""
        self._parent = parent if parent is not None and _is_running(parent) else None

    def look(self) -> None:
        """Something may have changed: look now."""
        self._looking.ask()

    async def _run(self, on_orphaned: Callable[[], object]) -> None:
        while True:
            looking = self._looking.ask()
            await asyncio.wait([looking])
            # What went wrong is in the log, and need not be there every two seconds.
            failed = not looking.cancelled() and looking.exception() is not None
            await asyncio.sleep(_LONGEST_INTERVAL_SECONDS if failed else self._interval)
            if self._parent is not None and not _is_running(self._parent):
                on_orphaned()
                return

    async def _look(self) -> None:
        await asyncio.wait([self._projects.arrange()])
        for project in self._session.projects.values():
            if project.opened and project.workspace is None:
                self._projects.reopen(project)
        known = [
            _Known(project, project.workspace, project.read_from, _seen(project))
            for project in self._session.projects.values()
            if project.workspace is not None
        ]
        changed, took = await asyncio.to_thread(_changed, known)
        self._interval = min(max(_INTERVAL_SECONDS, took / _SHARE), _LONGEST_INTERVAL_SECONDS)
        for project, feeds in changed:
            if feeds is None:
                self._projects.reopen(project)
                continue
            for feed in feeds:
                self._metadata.load_changed(project, feed)
        for project in self._session.projects.values():
            for feed in project.feeds.values():
                self._metadata.refresh_if_due(project, feed)
        wanted = frozenset(self._patterns())
        if self._client.capabilities.watching and self._watched != wanted:
            self._watched = wanted
            self._tasks.spawn(self._register(wanted), "registering watchers")

    async def _register(self, wanted: "frozenset[_Pattern]") -> None:
        """Ask the client to watch what the present projects are made from."""
        old, name = self._registered, f"defog-files-{next(self._names)}"
        self._registered = name
        watchers = [lsp.FileSystemWatcher(it.glob()) for it in sorted(wanted)]
        options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
        await self._client.register(lsp.Registration(name, method, options))
        if old is not None:
            await self._client.unregister(lsp.Unregistration(old, method))

    def _patterns(self) -> "Iterable[_Pattern]":
        yield _Pattern("**/defog.toml")
        if self._client.capabilities.pulls:
            yield _Pattern("**/*.sql")  # whoever pulls for the workspace wants those too
        if not self._client.capabilities.relative_patterns:
            return  # a plain pattern reaches the workspace folders only, and there all of them
        for project in self._session.projects.values():
            for feed in project.feeds.values():
                if feed.cache_file is not None:
                    yield _Pattern(feed.cache_file.name, uri_of(feed.cache_file.parent))
            if project.workspace is not None:
                configuration = project.workspace.configuration
                for pattern in (
                    *configuration.metadata,
                    *configuration.golden_queries,
                    *configuration.glossary,
                ):
                    yield _Pattern(pattern, uri_of(configuration.root))


@dataclass(frozen=True, slots=True, order=True)
class _Pattern:
    pattern: str
    base: str = ""

    def glob(self) -> lsp.GlobPattern:
        return lsp.RelativePattern(self.base, self.pattern) if self.base else self.pattern


@dataclass(frozen=True, slots=True)
class _Known:
    """A project as it was read, for a thread to compare with what is there now."""

    project: Project
    workspace: "Workspace"
    read_from: Fingerprint
    feeds: list[tuple[Feed, Path | None, Fingerprint]]


def _seen(project: Project) -> list[tuple[Feed, Path | None, Fingerprint]]:
    feeds = project.feeds.values()
    return [(it, it.cache_file, it.seen) for it in feeds if it.loaded is not None]


def _changed(known: Iterable[_Known]) -> tuple[list[tuple[Project, list[Feed] | None]], float]:
    """The projects to be opened again (``None``), or with the feeds to be loaded again.

    And how many seconds it took to see that.
    """
    began = time.monotonic()
    found: list[tuple[Project, list[Feed] | None]] = []
    for it in known:
        if fingerprint(path for path, _ in it.read_from) != it.read_from:
            found.append((it.project, None))
            continue
        files = it.workspace.source_files
        feeds = [
            feed
            for feed, cache_file, before in it.feeds
            if fingerprint([*([cache_file] if cache_file else []), *files]) != before
        ]
        if feeds:
            found.append((it.project, feeds))
    return found, time.monotonic() - began


def _is_running(process: int) -> bool:
    if os.name != "posix":
        return True  # there, os.kill would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
