"""Which configuration each folder and document has; projects come and go with them."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Client
from defog_lsp.lsp.metadata import MetadataService
from defog_lsp.lsp.project import Feed, Fingerprint, Location, Project, fingerprint
from defog_lsp.lsp.publish import Publisher
from defog_lsp.lsp.session import Folder, OpenDocument, Session
from defog_lsp.lsp.settings import Settings
from defog_lsp.lsp.table_documents import connection_of
from defog_lsp.lsp.tasks import Coalesced, Tasks
from defog_lsp.lsp.uris import path_of, uri_of
from defog_lsp.lsp.warming import Warming
from defog_metadata.errors import ConfigurationError

if TYPE_CHECKING:
    from defog_metadata.catalog import Catalog
    from defog_metadata.pruning import Glossary
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["Projects"]


class Projects:
    """Keeps the session's projects in step with its folders, documents and files."""

    def __init__(  # noqa: PLR0913, PLR0917 - the services that a project needs
        self,
        client: Client,
        tasks: Tasks,
        session: Session,
        metadata: MetadataService,
        publisher: Publisher,
        warming: Warming,
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._session = session
        self._metadata = metadata
        self._publisher = publisher
        self._warming = warming
        self._arranging = Coalesced(tasks, "arranging projects", self._arrange)
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """The folders and settings are known: from now on projects are opened."""
        self._begun.set()

    def arrange(self) -> "asyncio.Task[None]":
        """Find every folder's and document's project anew; open and close what that takes."""
        return self._arranging.ask()

    def reopen(self, project: Project) -> None:
        """Read the configuration of *project* again."""
        assert project.opening is not None  # noqa: S101 - set where projects are made
        project.opening.ask()

    async def reopened(self, configuration: Path) -> Project | None:
        """The project of the file *configuration*, once its present contents are in use."""
        await asyncio.wait([self.arrange()])
        project = self._session.projects.get(configuration)
        if project is None or project.opening is None:
            return None
        await asyncio.wait([project.opening.ask()])
        return project

    def feed_called(self, name: str, project: Project) -> Feed | None:
        """The metadata of the connection *name* of *project*, from now on in use."""
        workspace = project.workspace
        connection = workspace.configuration.connection(name) if workspace else None
        return None if connection is None else self._feed_of(project, connection)

    def at(self, uri: str) -> list[Project]:
        """The projects that a client may mean by a folder's (or file's) *uri*."""
        projects = list(self._session.projects.values())
        path = path_of(uri)
        exact = [it for it in projects if it.location.folder == uri or it.location.root == path]
        if exact or path is None:
            return exact
        around = [it for it in projects if path.is_relative_to(it.location.root)]
        if around:
            return [max(around, key=lambda it: len(it.location.root.parts))]
        return [it for it in projects if it.location.root.is_relative_to(path)]

    def catalog_for(self, uri: str) -> "Catalog | None":
        """What is known of the database of the document *uri*, which may be closed by now."""
        _, feed = self.feed_for(uri)
        return feed.loaded.catalog if feed and feed.loaded else None

    def glossary_for(self, uri: str) -> "Glossary | None":
        """What is said of the names in it, as far as it has been read."""
        _, feed = self.feed_for(uri)
        return feed.glossary if feed else None

    def feed_for(self, uri: str) -> tuple[Project | None, Feed | None]:
        """The project of the document *uri*, open or not, and the metadata that it goes by."""
        document = self._session.document(uri)
        if document is not None and document.feed is not None:
            return document.project, document.feed
        if (name := connection_of(uri)) is not None:
            return next(self._fed_by(name), (None, None))
        path, project = path_of(uri), next(iter(self.at(uri)), None)
        if path is None or project is None or project.workspace is None:
            return project, None
        connection = project.workspace.connection_for(path)
        return project, project.feeds.get(connection.name if connection else None)

    def _fed_by(self, connection: str) -> Iterator[tuple[Project, Feed]]:
        """The projects with a connection called so, that with the most to tell first."""
        found = [
            (project, feed)
            for project in self._session.projects.values()
            for feed in project.feeds.values()
            if (feed.name or "") == connection
        ]
        yield from sorted(found, key=lambda it: -it[1].tables)

    async def _arrange(self) -> None:
        await self._begun.wait()
        session = self._session
        folders = list(session.folders.values())
        documents = session.documents
        places = [*(it.path for it in folders), *(self._place(it) for it in documents)]
        scopes = [self._scope(it) for it in places]
        locations = await asyncio.to_thread(_locate, list(zip(places, scopes, strict=True)))
        needed = {it.key: it for it in reversed(locations)}
        for key in session.projects.keys() - needed.keys():
            self._close(session.projects.pop(key))
        for key, location in needed.items():
            self._settle(key, location)
        for document, location in zip(documents, locations[len(folders) :], strict=True):
            project = session.projects[location.key]
            if document.kind == "other" and document.path == location.configuration:
                document.kind = "configuration"  # one that does not have the usual name
            if document.project is not project:
                document.project = project
                document.placed.clear()
            if project.opened:
                self._place_in(document, project)

    def _settle(self, key: Path, location: Location) -> None:
        project = self._session.projects.get(key)
        if project is None:
            project = self._session.projects[key] = Project(location)
            project.opening = Coalesced(
                self._tasks, f"opening {key.name}", partial(self._open, project)
            )
            project.opening.ask()
        elif project.location != location:
            project.location = location
            self.reopen(project)

    async def _open(self, project: Project) -> None:
        location = project.location
        try:
            opened = await asyncio.to_thread(_open_workspace, location)
        except ConfigurationError as error:
            self._client.show(lsp.MessageType.Error, str(error))
            project.workspace = None
        else:
            project.workspace, project.read_from = opened
            self._feed(project, project.workspace)
            for connection in project.workspace.connections or (None,):
                self._warming.prepare(project.workspace.dialect_of(connection))
        project.opened = True
        self._session.changes.fire()
        self._publisher.report(project)
        for document in self._session.documents:
            if document.project is project:
                self._place_in(document, project)
                self._publisher.outdated(document)

    def _feed(self, project: Project, workspace: "Workspace") -> None:
        """Go on with the feeds whose connection is still there, and with the default one."""
        for message in workspace.setting_problems:
            self._client.show(lsp.MessageType.Warning, f"{message}; the setting is not used")
        connections: Mapping[str | None, Connection | None] = {
            it.name: it for it in workspace.connections
        } or {None: None}
        for name in project.feeds.keys() - connections.keys():
            self._metadata.stop(project.feeds.pop(name))
        for name, feed in project.feeds.items():
            if feed.connection != connections[name]:
                feed.connection = connections[name]
                feed.not_before = 0.0
            self._metadata.load(project, feed)
        self._feed_of(project, next(iter(connections.values())))

    def _feed_of(self, project: Project, connection: "Connection | None") -> Feed:
        name = connection.name if connection else None
        feed = project.feeds.get(name)
        if feed is None:
            feed = project.feeds[name] = Feed(connection)
            self._metadata.load(project, feed)
        return feed

    def _place_in(self, document: OpenDocument, project: Project) -> None:
        feed = None
        workspace = project.workspace
        if workspace is not None and document.path is not None and document.kind != "configuration":
            # What was named yesterday may not be today, and the other way round.
            document.kind = late.document_kind(workspace, document.path) or document.given_kind
        if document.kind not in ("configuration", "other") and project.workspace is not None:
            place = document.path or project.location.root
            feed = self._feed_of(project, project.workspace.connection_for(place))
            document.dialect = project.workspace.dialect_for(place)
        if document.feed is not feed or not document.placed.is_set():
            document.feed = feed
            document.placed.set()
            self._publisher.outdated(document)

    def _close(self, project: Project) -> None:
        if project.opening is not None:
            project.opening.cancel()
        for feed in project.feeds.values():
            self._metadata.stop(feed)
        self._publisher.withdraw(project)

    def _place(self, document: OpenDocument) -> Path:
        """Where *document* is; without a file, in the first folder."""
        if document.path is not None:
            return document.path.parent
        first = next(iter(self._session.folders.values()), None)
        return first.path if first else Path.cwd()

    def _scope(self, place: Path) -> "_Scope":
        folder = self._folder_of(place)
        return _Scope(folder, folder.settings if folder else self._session.settings)

    def _folder_of(self, place: Path) -> Folder | None:
        around = [it for it in self._session.folders.values() if place.is_relative_to(it.path)]
        return max(around, key=lambda it: len(it.path.parts), default=None)


@dataclass(frozen=True, slots=True)
class _Scope:
    folder: Folder | None
    settings: Settings


def _locate(places: Iterable[tuple[Path, _Scope]]) -> list[Location]:
    nearest: dict[Path, Path | None] = {}
    return [_location(place, scope, nearest) for place, scope in places]


def _location(place: Path, scope: _Scope, nearest: dict[Path, Path | None]) -> Location:
    folder, settings = scope.folder, scope.settings
    base = folder.path if folder else place
    if settings.configuration:
        configuration: Path | None = base / Path(settings.configuration).expanduser()
    else:
        if place not in nearest:
            nearest[place] = late.find_configuration(place)
        configuration = nearest[place]
    root = configuration.parent if configuration else base
    uri = folder.uri if folder and folder.path == root else uri_of(root)
    return Location(root, configuration, settings, uri)


def _open_workspace(location: Location) -> "tuple[Workspace, Fingerprint]":
    # Before reading: a change in between is seen, at the price of reading once more.
    before = fingerprint(late.sources(location.configuration))
    workspace = late.open_workspace(
        location.root, location.configuration, location.settings.overrides
    )
    if workspace.configuration.connections or workspace.configuration.metadata:
        # Then it is the only source; what is in the user's defog folder makes no difference.
        before = tuple(it for it in before if it[0] == location.configuration)
    return workspace, before
