"""Diagnostics: computed in the background, published with their version, never out of date."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities, Client
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.diagnostics import SEVERITIES, SOURCE, as_diagnostics
from defog_lsp.lsp.document import SqlDocument
from defog_lsp.lsp.project import Project
from defog_lsp.lsp.published import Published, published
from defog_lsp.lsp.session import OpenDocument, Session, View
from defog_lsp.lsp.settings import Settings
from defog_lsp.lsp.tasks import Coalesced, Tasks, in_thread
from defog_lsp.lsp.uris import uri_of
from defog_metadata.progress import Stop, Stopped, stopping

if TYPE_CHECKING:
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["Publisher", "configuration_diagnostics", "view_diagnostics"]

_log = logging.getLogger(__name__)

# Kinds of documents whose files are reported about when they are not open.
_TOLD_BY_TEXT = frozenset(("configuration", "metadata"))
_WITH_LENSES = frozenset(("golden queries", "sql"))
_NOWHERE = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


class Publisher:
    """One job for each open document, and reports about files as a whole.

    A client that pulls the diagnostics of its documents (and can be told to do so again) is sent
    only what is about other files: it would show twice what it is told in both ways.
    """

    def __init__(
        self,
        client: Client,
        tasks: Tasks,
        session: Session,
        text_of: Callable[[str], SqlDocument | None],
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._session = session
        self._text_of = text_of
        self._jobs: dict[str, _Job] = {}
        self._published: dict[str, Published] = {}
        """The last of each SQL document, which the next is made from."""
        self._pulling_again = Coalesced(tasks, "asking for a pull", client.pull_again)
        self._lenses_again = Coalesced(tasks, "asking for lenses", client.lenses_again)

    def outdated(self, document: OpenDocument) -> None:
        """What is known of *document*, other than its text, is new: so are its diagnostics."""
        capabilities = self._client.capabilities
        if document.kind in _WITH_LENSES and capabilities.refreshes_lenses:
            self._lenses_again.ask()
        if capabilities.pulls:
            self._pulling_again.ask()
        self.soon(document)

    def soon(self, document: OpenDocument, delay: float = 0.0) -> None:
        """Publish the diagnostics of *document* in *delay* seconds; asking again starts over."""
        self._session.changes.fire()
        if document.kind == "other":
            self._withdraw_of(document)  # until now it was something that we look at
            return
        if self._client.capabilities.pulls:
            self._leave_to_pull(document)
            return
        job = self._jobs.get(document.uri)
        if job is None:
            job = self._jobs[document.uri] = _Job(self._tasks, lambda: self._publish(document))
        job.ask(delay)

    def forget(self, document: OpenDocument) -> None:
        """*document* has been closed: its problems are no longer shown."""
        self._session.changes.fire()
        self._withdraw_of(document)
        if document.kind in _TOLD_BY_TEXT:
            for project in self._session.projects.values():
                # What is wrong with the file itself was hidden by the open document.
                others = {it: told for it, told in project.reported.items() if it != document.path}
                project.reported = others
                self.report(project)

    def report(self, project: Project) -> None:
        """Publish what is wrong with the files of *project* that are not open."""
        # An open document shows what is wrong with its text, not with the file.
        opened = {it.path for it in self._session.documents if it.kind in _TOLD_BY_TEXT}
        reports = {} if project.workspace is None else self._reports(project, project.workspace)
        reports = {path: it for path, it in reports.items() if path not in opened}
        for path in project.reported.keys() - reports.keys() - opened:
            self._client.publish(uri_of(path), [])
        for path, diagnostics in reports.items():
            if project.reported.get(path) != diagnostics:
                self._client.publish(uri_of(path), diagnostics)
        project.reported = reports

    def _withdraw_of(self, document: OpenDocument) -> None:
        if (job := self._jobs.pop(document.uri, None)) is not None:
            job.cancel()
            self._published.pop(document.uri, None)
            self._client.publish(document.uri, [])

    def _leave_to_pull(self, document: OpenDocument) -> None:
        """What was published about the file of *document* is now told by its text."""
        for project in self._session.projects.values():
            if document.kind in _TOLD_BY_TEXT and document.path in project.reported:
                others = {it: told for it, told in project.reported.items() if it != document.path}
                project.reported = others
                self._client.publish(document.uri, [])

    def withdraw(self, project: Project) -> None:
        """Nobody needs *project* any more."""
        for path in project.reported:
            self._client.publish(uri_of(path), [])
        project.reported = {}

    def _reports(
        self, project: Project, workspace: "Workspace"
    ) -> dict[Path, list[lsp.Diagnostic]]:
        found: dict[Path, list[lsp.Diagnostic]] = {}
        path = workspace.configuration.path
        if path is not None and workspace.problems:
            positions = Positions(workspace.text, self._client.encoding)
            found[path] = as_diagnostics(
                workspace.problems, uri_of(path), positions, self._client.capabilities
            )
        problems = {it: None for feed in project.feeds.values() for it in feed.file_problems}
        for problem in problems:
            # A client that asks for all files is told what keeps one from being used at its place.
            is_told = self._client.capabilities.pulls and problem.severity == "error"
            if is_told and late.document_kind(workspace, problem.path) is not None:
                continue
            severity = SEVERITIES.get(problem.severity)
            diagnostic = lsp.Diagnostic(_NOWHERE, problem.message, severity, source=SOURCE)
            found.setdefault(problem.path, []).append(diagnostic)
        return found

    async def _publish(self, document: OpenDocument) -> None:
        text = self._text_of(document.uri)
        if text is None:
            return
        version = text.version
        stop = document.stop if document.runs_on_type else Stop()
        with suppress(Stopped), stopping(stop):
            tell = await self._found(document, text)
            # Results for a version that has passed are dropped: who changed it has asked anew.
            if self._text_of(document.uri) is text and text.version == version:
                tell()

    async def _found(self, document: OpenDocument, text: SqlDocument) -> Callable[[], None]:
        """What tells the client what is wrong with the present version of *document*."""
        uri, version, capabilities = document.uri, text.version, self._client.capabilities
        if document.kind == "configuration":
            work = partial(configuration_diagnostics, document, text.positions, capabilities)
            return partial(self._client.publish, uri, await in_thread(work), version)
        view = await self._session.view(text)
        if view is None:
            return _tell_nothing
        if view.kind != "sql":
            found = await in_thread(view_diagnostics, view, capabilities)
            return partial(self._client.publish, uri, found, view.version)
        told = await in_thread(published, view, capabilities, self._published.get(uri))
        self._published[uri] = told
        return partial(self._client.publish_encoded, told.params)


def _tell_nothing() -> None:
    pass


def view_diagnostics(view: View, capabilities: Capabilities) -> list[lsp.Diagnostic]:
    findings = late.findings(view)
    return as_diagnostics(findings, view.uri, view.positions, capabilities)


def configuration_diagnostics(
    document: OpenDocument, positions: Positions, capabilities: Capabilities
) -> list[lsp.Diagnostic]:
    """What is wrong with the text of an open ``defog.toml``."""
    settings = document.project.location.settings if document.project else Settings()
    path = document.path or Path(PurePath(unquote(document.uri)).name)
    findings = late.configuration_findings(positions.text, path, settings.overrides)
    return as_diagnostics(findings, document.uri, positions, capabilities)


class _Job:
    """Waits until nothing has been asked for a while, then works; again, if asked meanwhile."""

    def __init__(self, tasks: Tasks, work: Callable[[], Awaitable[None]]) -> None:
        self._tasks = tasks
        self._work = work
        self._due = 0.0
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def ask(self, delay: float) -> None:
        self._due = asyncio.get_running_loop().time() + delay
        self._wanted.set()
        if self._task is None or self._task.done():
            self._task = self._tasks.spawn(self._run(), "diagnostics")

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._wanted.is_set():
            while (rest := self._due - loop.time()) > 0:
                self._wanted.clear()
                try:
                    async with asyncio.timeout(rest):
                        await self._wanted.wait()
                except TimeoutError:
                    break
            self._wanted.clear()
            await self._work()
