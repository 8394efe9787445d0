"""The server of one client: its parts put together. It has no logic of its own."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from defog_lsp import __version__
from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities, Client
from defog_lsp.lsp.dialogue import Dialogue
from defog_lsp.lsp.document import Documents, SqlDocument
from defog_lsp.lsp.interpreter import collect_when_quiet, keep_loaded
from defog_lsp.lsp.logs import ClientLog
from defog_lsp.lsp.metadata import MetadataService
from defog_lsp.lsp.progress import ProgressService
from defog_lsp.lsp.project import Feed, Project
from defog_lsp.lsp.projects import Projects
from defog_lsp.lsp.protocol import SqlProtocol
from defog_lsp.lsp.publish import Publisher
from defog_lsp.lsp.pull import Puller
from defog_lsp.lsp.secrets import Secrets
from defog_lsp.lsp.session import Session, View
from defog_lsp.lsp.settings import Settings, read_settings
from defog_lsp.lsp.tasks import Coalesced, Tasks, log_failure
from defog_lsp.lsp.warming import Warming
from defog_lsp.lsp.watch import Watcher

__all__ = ["SqlLanguageServer"]

_ANSWERS = (
    lsp.LSPErrorCodes.ServerCancelled,
    lsp.LSPErrorCodes.RequestCancelled,
    lsp.LSPErrorCodes.RequestFailed,
    lsp.ErrorCodes.InvalidParams,
)
"""Errors that are answers like any other: nothing of ours has failed."""
_NOTEBOOKS = lsp.NotebookDocumentSyncOptions(
    [lsp.NotebookDocumentFilterWithCells([lsp.NotebookCellLanguage("sql")], "*")]
)
"""Of notebooks of any kind, the cells in SQL."""
_SETTINGS_SECONDS = 1.0
"""How long a client may take to give its settings before folders are opened without them."""


class SqlLanguageServer(LanguageServer):
    """A pygls server that carries our session and the services that work on it."""

    protocol: SqlProtocol

    def __init__(self) -> None:
        super().__init__(
            "defog-lsp",
            __version__,
            notebook_document_sync=_NOTEBOOKS,
            protocol_cls=SqlProtocol,
        )
        self.client = Client(self, self.protocol.notify_encoded)
        self.dialogue = Dialogue(self, self.client)
        self.tasks = Tasks()
        self.session = Session()
        self.publisher = Publisher(self.client, self.tasks, self.session, self.opened)
        self.progresses = ProgressService(self.client, self.tasks)
        self.secrets = Secrets(self.client, self.dialogue)
        self.metadata = MetadataService(
            self.client, self.tasks, self.progresses, self.secrets, self._metadata_changed
        )
        self.projects = Projects(
            self.client,
            self.tasks,
            self.session,
            self.metadata,
            self.publisher,
            Warming(self.tasks, self.protocol.is_busy),
        )
        self.puller = Puller(
            self.client, self.progresses, self.session, self.opened, self.protocol.is_busy
        )
        self.watcher = Watcher(self.client, self.tasks, self.session, self.projects, self.metadata)
        self.given_settings = Settings()
        """Those that the client sent by itself, in ``initialize`` or when they changed."""
        self.stop: Callable[[], object] = lambda: None
        """Ends the session; set by whoever reads the messages."""
        self._log = ClientLog(self.client)
        self._tokens_again = Coalesced(self.tasks, "asking for tokens", self.client.tokens_again)

    @property
    def documents(self) -> Documents:
        assert isinstance(self.workspace, Documents)  # noqa: S101 - made by our protocol
        return self.workspace

    def opened(self, uri: str) -> SqlDocument | None:
        return self.documents.opened(uri)

    async def view(self, uri: str, position: lsp.Position) -> View | None:
        """What a request about a place in the document *uri* may see.

        ``None`` when there is nothing of ours.
        """
        return await self.session.view_at(self.opened(uri), position)

    def meet(self, params: lsp.InitializeParams) -> None:
        """Learn who the client is and what it can do."""
        self.client.capabilities = Capabilities.of(params.capabilities, params.client_info)
        self.watcher.adopt(params.process_id)
        self.client.encoding = self.documents.position_encoding or "utf-16"

    async def begin(self) -> None:
        """Everything that ``initialize`` does not wait for."""
        self._log.attach()
        asking = self.tasks.spawn(self.update_settings(), "asking for settings")
        await asyncio.wait([asking], timeout=_SETTINGS_SECONDS)
        self.projects.begin()
        self.watcher.start(self.stop)
        await asyncio.to_thread(late.start_logging)
        keep_loaded()
        self.tasks.spawn(collect_when_quiet(self.protocol.is_quiet), "collecting garbage")
        if self.client.capabilities.configuration_registration:
            method = lsp.WORKSPACE_DID_CHANGE_CONFIGURATION
            options = {"section": "defog"}
            await self.client.register(lsp.Registration("defog-settings", method, options))

    async def update_settings(self) -> None:
        """Ask the client for the settings of each folder, and use what it says."""
        folders = list(self.session.folders.values())
        given: list[object] = [None] * (len(folders) + 1)
        if self.client.capabilities.configuration:
            given = list(await self.client.settings([None, *(it.uri for it in folders)]))
        # An editor that has no settings for us may still have sent some in initialize.
        read = [read_settings(it) if it else self.given_settings for it in given]
        for problem in dict.fromkeys(problem for it in read for problem in it.problems):
            self.client.show(lsp.MessageType.Warning, f"{problem}; the setting is not used")
        self.session.settings = read[0]
        for folder, settings in zip(folders, read[1:], strict=True):
            if folder.uri in self.session.folders:
                self.session.folders[folder.uri] = replace(folder, settings=settings)
        self.projects.arrange()

    def end(self) -> None:
        """Stop all work; threads that are in the middle of something are told, not awaited."""
        for project in self.session.projects.values():
            for feed in project.feeds.values():
                feed.stop.set()
        self.tasks.cancel()
        self._log.detach()

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log it. A window that pops up for each of them would help nobody."""
        if isinstance(error, JsonRpcException) and error.code in _ANSWERS:
            return
        log_failure(getattr(source, "__name__", "the server"), error)

    def _metadata_changed(self, project: Project, feed: Feed) -> None:
        self.session.changes.fire()
        self._tokens_again.ask()
        self.publisher.report(project)
        for document in self.session.documents:
            if document.feed is feed:
                self.publisher.outdated(document)
