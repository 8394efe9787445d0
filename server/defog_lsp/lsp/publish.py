"""Diagnostics: computed in the background, published with their version, never out of date."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Client
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.document import SqlDocument
from defog_lsp.lsp.project import Project
from defog_lsp.lsp.session import OpenDocument, Session, View
from defog_lsp.lsp.settings import Settings
from defog_lsp.lsp.tasks import Tasks
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_metadata.rules.findings import Finding
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["DOCS_URL", "Publisher"]

_log = logging.getLogger(__name__)

DOCS_URL = "https://github.com/defog-ai/defog-lsp/blob/main/docs/rules/"
"""Where the page of each rule is, as ``CODE.md``."""
SOURCE = "defog"
_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "information": lsp.DiagnosticSeverity.Information,
    "hint": lsp.DiagnosticSeverity.Hint,
}
_NOWHERE = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


class Publisher:
    """One job for each open document, and reports about files as a whole."""

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

    def soon(self, document: OpenDocument, delay: float = 0.0) -> None:
        """Publish the diagnostics of *document* in *delay* seconds; asking again starts over."""
        if document.kind == "other":
            return
        job = self._jobs.get(document.uri)
        if job is None:
            job = self._jobs[document.uri] = _Job(self._tasks, lambda: self._publish(document))
        job.ask(delay)

    def forget(self, document: OpenDocument) -> None:
        """*document* has been closed: its problems are no longer shown."""
        if (job := self._jobs.pop(document.uri, None)) is not None:
            job.cancel()
            self._client.publish(document.uri, [])
        if document.kind == "configuration":
            for project in self._session.projects.values():
                # What is wrong with the file itself was hidden by the open document.
                others = {it: told for it, told in project.reported.items() if it != document.path}
                project.reported = others
                self.report(project)

    def report(self, project: Project) -> None:
        """Publish what is wrong with the files of *project* that are not open."""
        # An open defog.toml shows what is wrong with its text, not with the file.
        opened = {it.path for it in self._session.documents if it.kind == "configuration"}
        reports = {} if project.workspace is None else self._reports(project, project.workspace)
        reports = {path: it for path, it in reports.items() if path not in opened}
        for path in project.reported.keys() - reports.keys() - opened:
            self._client.publish(uri_of(path), [])
        for path, diagnostics in reports.items():
            if project.reported.get(path) != diagnostics:
                self._client.publish(uri_of(path), diagnostics)
        project.reported = reports

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
            described = self._client.capabilities.code_description
            found[path] = _diagnostics(workspace.problems, positions, described=described)
        problems = {it: None for feed in project.feeds.values() for it in feed.file_problems}
        for problem in problems:
            severity = _SEVERITIES.get(problem.severity)
            diagnostic = lsp.Diagnostic(_NOWHERE, problem.message, severity, source=SOURCE)
            found.setdefault(problem.path, []).append(diagnostic)
        return found

    async def _publish(self, document: OpenDocument) -> None:
        text = self._text_of(document.uri)
        if text is None:
            return
        described = self._client.capabilities.code_description
        version = text.version
        if document.kind == "configuration":
            path = document.path or Path(text.filename or "")
            settings = document.project.location.settings if document.project else Settings()
            work = partial(
                _configuration, text.positions, path, settings.overrides, described=described
            )
        else:
            view = await self._session.view(text)
            if view is None:
                return
            version = view.version
            work = partial(_sql, view, described=described)
        diagnostics = await asyncio.to_thread(work)
        # Results for a version that has passed are dropped: those of the present one will come.
        if self._text_of(document.uri) is text and text.version == version:
            self._client.publish(document.uri, diagnostics, version)


def _sql(view: View, *, described: bool) -> list[lsp.Diagnostic]:
    findings = late.diagnostics(view.snapshot, view.severities)
    return _diagnostics(findings, view.positions, described=described)


def _configuration(
    positions: Positions, path: Path, overrides: Mapping[str, object], *, described: bool
) -> list[lsp.Diagnostic]:
    findings = late.configuration_findings(positions.text, path, overrides)
    return _diagnostics(findings, positions, described=described)


def _diagnostics(
    findings: "Iterable[Finding]", positions: Positions, *, described: bool
) -> list[lsp.Diagnostic]:
    """The *findings* in LSP's words; *described* with a link to each rule's page."""
    return [
        lsp.Diagnostic(
            positions.range_(it.span),
            it.message,
            _SEVERITIES[it.severity],
            it.code,
            lsp.CodeDescription(f"{DOCS_URL}{it.code}.md") if described else None,
            SOURCE,
        )
        for it in findings
        if it.severity in _SEVERITIES
    ]


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
