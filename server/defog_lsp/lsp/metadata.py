"""Metadata in the background: what is at hand at once, what the database says when it is due.

Whatever takes time for a large catalog is done by another process, see ``defog_lsp.background``;
what it leaves in the mirror opens at once. Until then the catalog that is served stays.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.at_hand import WRITING_SECONDS, AtHand, at_hand, has_changed, is_unprepared
from defog_lsp.lsp.client import Client
from defog_lsp.lsp.progress import ProgressService
from defog_lsp.lsp.project import Feed, Project, State
from defog_lsp.lsp.secrets import Answers, Secrets
from defog_lsp.lsp.tasks import Coalesced, Tasks
from defog_metadata.errors import (
    ConfigurationError,
    DefogError,
    ExtractionCancelled,
    PasswordRefused,
)

if TYPE_CHECKING:
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

__all__ = ["MetadataService"]

_log = logging.getLogger(__name__)
_NOTHING_TO_READ = (
    "There is no database to read: add a [connections.NAME] to the defog.toml of the folder"
)
_NOT_GIVEN = "No password was given. Refreshing the metadata asks for it again."
_CANNOT_ASK = (
    "The password of {0} is to be asked for, which this editor cannot do: write "
    'password = {{ env = "VARIABLE" }} in defog.toml, or run defog-lsp extract {0} in a terminal.'
)
_SOONEST_SECONDS = 30.0
"""Between two refreshes that nobody asked for, however short the time to live."""
_RETRY_SECONDS = 300.0
"""After one that failed."""
_QUIET_SECONDS = 1.0
"""Before work that is usually done at once shows itself."""


class MetadataService:
    """Loads and refreshes feeds: one piece of work at a time for each, in the background."""

    def __init__(
        self,
        client: Client,
        tasks: Tasks,
        progress: ProgressService,
        secrets: Secrets,
        on_change: Callable[[Project, Feed], None],
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._progress = progress
        self._secrets = secrets
        self._on_change = on_change
        self.may_connect = True
        """Whether databases may be asked. Not in a workspace that its user does not trust: its
        ``defog.toml`` could send a secret of the environment to a host of its choice."""
        self._refreshing: dict[str, asyncio.Lock] = {}

    def load(self, project: Project, feed: Feed) -> "asyncio.Task[None]":
        """Serve what is at hand, then ask the database if that is missing or too old."""
        feed.wants_load = "now"
        return self._ask(project, feed)

    def load_changed(self, project: Project, feed: Feed) -> None:
        """What is at hand has changed: that is also a reason to try the database again."""
        feed.not_before = 0.0
        if feed.wants_load == "no":
            feed.wants_load = "if changed"
        self._ask(project, feed)

    async def refresh(self, project: Project, feed: Feed) -> None:
        """Ask the database now, and first whoever has to be asked; wait for all of it.

        Waiting may be cancelled: the work goes on, and has its own way to be cancelled.
        """
        if feed.connection is not None:
            with suppress(ConfigurationError):  # which is told when it is used
                await self._secrets.reconsider(project.location.folder, feed.connection)
        self._ask_database(project, feed)
        await self.settled(feed)

    async def settled(self, feed: Feed) -> None:
        """Wait until nothing is done about *feed*, and nobody is asked for it."""
        while pending := [it for it in (feed.asking, feed.work and feed.work.running) if it]:
            await asyncio.wait(pending)

    def refresh_if_due(self, project: Project, feed: Feed) -> None:
        """Ask the database if the metadata has become too old since it was loaded."""
        if project.workspace is not None and self._is_due(feed, project.workspace):
            feed.wants_refresh = "if stale"
            self._ask(project, feed)

    def stop(self, feed: Feed) -> None:
        """End what *feed* is doing; nobody needs it any more."""
        feed.stop.set()
        for it in (feed.work, feed.asking):
            if it is not None:
                it.cancel()

    def _ask_database(self, project: Project, feed: Feed) -> None:
        feed.wants_refresh = "now"
        self._ask(project, feed)

    def _ask(self, project: Project, feed: Feed) -> "asyncio.Task[None]":
        if feed.work is None:
            name = f"metadata of {feed.name}"
            feed.work = Coalesced(self._tasks, name, partial(self._work, project, feed))
        return feed.work.ask()

    async def _work(self, project: Project, feed: Feed) -> None:
        if project.workspace is None:
            return
        if (load := feed.wants_load) != "no":
            feed.wants_load = "no"
            # Where a refresh was under way, the change may have been its own, and is known.
            if load == "now" or await asyncio.to_thread(has_changed, project.workspace, feed):
                await self._load(project, feed, project.workspace)
            if feed.wants_refresh == "no" and self._is_due(feed, project.workspace):
                feed.wants_refresh = "if stale"
        if (wanted := feed.wants_refresh) != "no":
            feed.wants_refresh = "no"
            # It may have been asked for while another refresh was under way.
            if wanted == "now" or self._is_due(feed, project.workspace):
                await self._refresh(project, feed, project.workspace, forced=wanted == "now")

    async def _load(self, project: Project, feed: Feed, workspace: "Workspace") -> None:
        if feed.loaded is None:
            self._set(project, feed, "loading", "reading what is at hand")
        try:
            found = await self._found(project, feed, workspace)
            if found.is_being_written:
                await asyncio.sleep(WRITING_SECONDS)
                found = await self._found(project, feed, workspace)
        except ExtractionCancelled:
            feed.not_before = time.monotonic() + _RETRY_SECONDS
            self._keep(project, feed, "preparing the metadata was cancelled")
            return
        self._take(project, feed, found)
        assert feed.loaded is not None  # noqa: S101 - now, or when there were tables
        if feed.is_stale(workspace.configuration.ttl_seconds):
            message = next(iter(found.failures), feed.loaded.origin)
            self._set(project, feed, "stale", message)
        elif found.failures:
            self._failed(project, feed, found.failures[0])
        else:
            self._succeeded(project, feed, feed.loaded.origin)
        self._tasks.spawn(self._study(feed, feed.loaded), "reading the glossary and golden queries")

    def _take(self, project: Project, feed: Feed, found: AtHand) -> None:
        """Serve what was *found*, unless what was read before is better than that."""
        feed.cache_file, feed.seen, feed.read_from = found.cache_file, found.seen, found.read_from
        feed.file_problems = found.file_problems
        if not (found.failures and feed.tables and found.loaded.timestamp is None):
            feed.loaded, feed.tables = found.loaded, found.tables
        feed.ready.set()
        self._on_change(project, feed)

    async def _found(self, project: Project, feed: Feed, workspace: "Workspace") -> AtHand:
        """What there is, once it is prepared. Raises ``ExtractionCancelled``."""
        failure = ""
        if await asyncio.to_thread(is_unprepared, workspace, feed.connection):
            meanwhile = await asyncio.to_thread(at_hand, workspace, feed.connection, builds=False)
            feed.seen = meanwhile.seen
            if feed.loaded is None:
                self._take(project, feed, meanwhile)
            self._set(project, feed, "loading", "preparing what is at hand")
            title = f"Preparing the metadata of {feed.name or 'the workspace'}"
            try:
                await self._in_background(project, feed, "prepare", title, _QUIET_SECONDS)
            except ExtractionCancelled:
                raise
            except DefogError as error:
                failure = str(error)
        found = await asyncio.to_thread(at_hand, workspace, feed.connection, builds=not failure)
        return replace(found, failures=(failure, *found.failures)) if failure else found

    async def _study(self, feed: Feed, loaded: "LoadedMetadata") -> None:
        """Nobody waits for this: it only makes completion better ordered."""
        glossary = await asyncio.to_thread(late.glossary, loaded)
        if feed.loaded is loaded:
            feed.glossary = glossary
        usage = await asyncio.to_thread(late.usage, loaded)
        if feed.loaded is loaded:
            feed.usage = usage

    async def _refresh(
        self, project: Project, feed: Feed, workspace: "Workspace", *, forced: bool
    ) -> None:
        if (connection := feed.connection) is None:
            if forced:
                self._client.forget_shown(_NOTHING_TO_READ)
                self._client.show(lsp.MessageType.Warning, _NOTHING_TO_READ)
            return
        if not self.may_connect:
            feed.not_before = time.monotonic() + _RETRY_SECONDS
            self._keep(project, feed, "not read: the workspace is not trusted")
            return
        try:
            answers = await self._secrets.known(project.location.folder, connection)
            if answers is None:
                await self._ask_person(project, feed, connection)
                return
            self._set(project, feed, "refreshing", f"reading {connection.name}")
            key = await asyncio.to_thread(workspace.cache_key, connection)
        except ConfigurationError as error:
            self._failed(project, feed, str(error))
            return
        # Several projects may use one database; it is asked once for all of them.
        lock = self._refreshing.setdefault(key, asyncio.Lock())
        async with lock:
            if not forced and await asyncio.to_thread(has_changed, workspace, feed):
                await self._load(project, feed, workspace)
                if not feed.is_stale(workspace.configuration.ttl_seconds):
                    return
            await self._extract(project, feed, workspace, connection, answers)

    async def _ask_person(
        self, project: Project, feed: Feed, connection: "Connection", refusal: str = ""
    ) -> None:
        """Ask for what *connection* needs, while everything else goes on; then the database."""
        feed.not_before = time.monotonic() + _RETRY_SECONDS
        if not self._secrets.can_ask:
            self._failed(project, feed, _CANNOT_ASK.format(connection.name))
        elif not await self._secrets.may_ask(project.location.folder, connection):
            if refusal:
                self._failed(project, feed, refusal)
            else:
                self._keep(project, feed, _NOT_GIVEN)
        elif feed.asking is None:
            self._keep(project, feed, "waiting for the password")
            asking = self._asked(project, feed, connection)
            feed.asking = self._tasks.spawn(asking, f"asking for the password of {feed.name}")

    async def _asked(self, project: Project, feed: Feed, connection: "Connection") -> None:
        try:
            answers = await self._secrets.ask(project.location.folder, connection)
            if answers is None:
                self._keep(project, feed, _NOT_GIVEN)
            else:
                self._ask_database(project, feed)
        finally:
            feed.asking = None

    async def _extract(
        self,
        project: Project,
        feed: Feed,
        workspace: "Workspace",
        connection: "Connection",
        answers: Answers,
    ) -> None:
        feed.not_before = time.monotonic() + _RETRY_SECONDS
        title = f"Reading the metadata of {connection.name}"
        try:
            await self._in_background(project, feed, "refresh", title, answers=answers)
        except ExtractionCancelled:
            self._keep(project, feed, "reading the database was cancelled")
        except PasswordRefused as error:
            if answers:
                await self._secrets.refused(project.location.folder, connection)
                await self._ask_person(project, feed, connection, str(error))
            else:
                self._failed(project, feed, str(error))
        except DefogError as error:
            self._failed(project, feed, str(error))
        else:
            await self._secrets.accepted(project.location.folder, connection)
            ttl = workspace.configuration.ttl_seconds
            feed.not_before = time.monotonic() + max(ttl, _SOONEST_SECONDS)
            await self._load(project, feed, workspace)

    async def _in_background(  # noqa: PLR0913 - what there is to do, and how it shows itself
        self,
        project: Project,
        feed: Feed,
        work: Literal["prepare", "refresh"],
        title: str,
        delay: float = 0.0,
        *,
        answers: Answers = MappingProxyType({}),
    ) -> None:
        """Let another process do *work*, which shows itself after *delay* seconds.

        Raises what it raises, and ``ExtractionCancelled`` when the user does not want it.
        """
        feed.stop.clear()
        progress = self._progress.begin(title, stop=feed.stop, delay=delay)
        outcome = "stopped"
        try:
            await asyncio.to_thread(
                late.in_background,
                work,
                project.location,
                feed.name,
                answers,
                progress=progress.report,
                cancelled=feed.stop.is_set,
                on_logged=self._client.logger(),
            )
            outcome = "done"
        except ExtractionCancelled:
            raise
        except DefogError:
            outcome = "failed"
            raise
        finally:
            feed.stop.set()  # also where this task was cancelled: the process must not go on
            progress.end(outcome)

    def _is_due(self, feed: Feed, workspace: "Workspace") -> bool:
        is_stale = feed.is_stale(workspace.configuration.ttl_seconds)
        return is_stale and time.monotonic() >= feed.not_before

    def _keep(self, project: Project, feed: Feed, why: str) -> None:
        """What was known stays, and that is no failure."""
        self._set(project, feed, "stale" if feed.tables else "none", why)

    def _succeeded(self, project: Project, feed: Feed, origin: str) -> None:
        self._client.forget_shown(feed.error)
        feed.error = ""
        known = feed.connection is not None or feed.tables > 0
        name = feed.name or "the workspace"
        _log.info("metadata of %s: %d tables, from %s", name, feed.tables, origin)
        self._set(project, feed, "ready" if known else "none", origin)

    def _failed(self, project: Project, feed: Feed, message: str) -> None:
        if feed.error != message:
            self._client.forget_shown(feed.error)
        feed.error = message
        _log.info("metadata of %s: %s", feed.name, message)
        self._client.show(lsp.MessageType.Error, message)
        self._set(project, feed, "error", message)

    def _set(self, project: Project, feed: Feed, state: State, message: str) -> None:
        feed.state, feed.message = state, message
        self._client.status(project.status(feed))
