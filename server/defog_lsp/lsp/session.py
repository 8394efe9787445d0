"""What the client has told us so far, and what a request may see of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import is_
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from lsprotocol import types as lsp

from defog_lsp.lsp import late, late_golden
from defog_lsp.lsp.convert import EmbeddedPositions, Positions
from defog_lsp.lsp.document import SqlDocument
from defog_lsp.lsp.project import Feed, Fingerprint, Project
from defog_lsp.lsp.settings import Settings
from defog_lsp.lsp.tasks import Signal, in_thread
from defog_lsp.lsp.uris import path_of
from defog_metadata.progress import Stop

if TYPE_CHECKING:
    from defog_metadata.catalog import Catalog
    from defog_metadata.rules.findings import Severity
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import Workspace

__all__ = [
    "NAMED_KINDS",
    "Around",
    "Folder",
    "Kind",
    "OpenDocument",
    "Session",
    "View",
    "until_known",
]

Kind = Literal["sql", "configuration", "golden queries", "glossary", "metadata", "other"]
NAMED_KINDS = frozenset(("golden queries", "glossary", "metadata"))
"""Of documents that a ``defog.toml`` names."""

_CONFIGURATION_FILE = "defog.toml"
_FIRST_ANSWER_SECONDS = 2.0
"""How long a request waits for the metadata of a document that has just been opened."""
_NOT_SQL = frozenset(
    ["toml", "json", "jsonc", "yaml", "markdown", "csv", "plaintext", "text", "python", "html"]
)
# What editors call files in one dialect: used where the configuration does not say.
_LANGUAGE_DIALECTS = {
    "mysql": "mysql",
    "mariadb": "mysql",
    "postgres": "postgres",
    "postgresql": "postgres",
    "pgsql": "postgres",
    "plpgsql": "postgres",
    "redshift": "redshift",
    "sqlite": "sqlite",
    "duckdb": "duckdb",
    "snowflake": "snowflake",
    "snowflake-sql": "snowflake",
    "bigquery": "bigquery",
    "databricks-sql": "databricks",
    "spark-sql": "spark",
    "plsql": "oracle",
    "oracle-sql": "oracle",
    "tsql": "tsql",
    "mssql": "tsql",
}


@dataclass(frozen=True)
class Folder:
    """A workspace folder, with the settings that apply in it."""

    uri: str
    path: Path
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True)
class View:
    """One version of a document and what was known of its database. Threads may share it."""

    uri: str
    version: int | None
    positions: Positions
    snapshot: "Snapshot"
    severities: "Mapping[str, Severity]"
    read_from: Fingerprint = ()
    """The state of the files that the metadata came from."""
    kind: Kind = "sql"
    """What the text is. SQL in a file of golden queries is a view of its own."""
    is_embedded: bool = False
    around: "Around | None" = None
    """Where the files are that it is held against, for a kind that needs them."""

    @property
    def path(self) -> Path:
        """The document's file; for one that has none its name."""
        return path_of(self.uri) or Path(PurePath(unquote(self.uri)).name)

    @property
    def described(self) -> "Catalog":
        """What a metadata file is about: the database's own tables, else all that is known."""
        return (self.around and self.around.database) or self.snapshot.catalog


@dataclass(frozen=True)
class Around:
    """The files that a workspace names beside the one that is looked at."""

    workspace: "Workspace"
    connection: "Connection | None"
    """That they have to be about too."""
    texts: Mapping[Path, str] = field(default_factory=dict)
    """Of those that are open."""
    database: "Catalog | None" = None
    """What metadata files are laid over; see ``Workspace.database_for``."""


class OpenDocument:
    """An open document's place in the world; its text, ``source``, is pygls' business."""

    def __init__(self, source: SqlDocument) -> None:
        self.uri = source.uri
        self.source = source
        self.given_kind = _kind(source)
        """What it is by its name and language."""
        self.kind = self.given_kind
        """What its ``defog.toml`` says that it is, if it does."""
        self.path = path_of(source.uri)
        self.language_dialect = _LANGUAGE_DIALECTS.get((source.language_id or "").lower(), "")
        self.dialect = ""
        """As its project says, if it does."""
        self.project: Project | None = None
        self.feed: Feed | None = None
        self.placed = asyncio.Event()
        """Set once its project has been opened."""
        self.changed_at = 0.0
        """When (by the loop's clock) its text was last changed."""
        self.stop = Stop()
        """Set when its text changes: it ends what is being found out about this version alone."""
        self.saved: tuple[Positions, int | None] | None = None
        """The text, and its version, that was last opened or saved."""
        self.view: View | None = None
        """The last one, for the next request about the same version."""
        self.viewed: tuple[object, ...] = ()
        """What it was made from."""
        self.tokens: tuple[str, Sequence[int]] | None = None
        """The semantic tokens that the client was last sent, and their id."""

    def edited(self, at: float) -> None:
        """Its text has changed, at *at* by the loop's clock."""
        self.changed_at = at
        self.stop.set()
        self.stop = Stop()

    @property
    def runs_on_type(self) -> bool:
        """Whether diagnostics follow the typing; those of ``defog.toml`` always do."""
        is_asked = self.project is not None and self.kind != "configuration"
        workspace = self.project.workspace if self.project and is_asked else None
        return workspace is None or workspace.configuration.diagnostics_run == "onType"

    @property
    def debounce_seconds(self) -> float:
        workspace = self.project.workspace if self.project else None
        return (workspace.configuration.debounce_ms if workspace else 150) / 1000


class Session:
    """The one mutable object. Read and changed on the loop's thread only."""

    def __init__(self) -> None:
        self.settings = Settings()
        """Those of no folder in particular."""
        self.folders: dict[str, Folder] = {}
        self.projects: dict[Path, Project] = {}
        self.changes = Signal()
        """Fires where the diagnostics of some file may have become others."""
        self._documents: dict[str, OpenDocument] = {}

    @property
    def documents(self) -> list[OpenDocument]:
        return list(self._documents.values())

    @property
    def opened_texts(self) -> dict[Path, str]:
        """What is in the open documents that are files, saved or not."""
        return {it.path: it.source.source for it in self.documents if it.path}

    def document(self, uri: str) -> OpenDocument | None:
        return self._documents.get(unquote(uri))

    def open(self, document: SqlDocument, notebook: Path | None = None) -> OpenDocument:
        """Take up *document*; a cell is where its *notebook* is."""
        opened = OpenDocument(document)
        opened.path = opened.path or notebook
        opened.saved = document.positions, document.version
        self._documents[unquote(document.uri)] = opened
        return opened

    def close(self, uri: str) -> OpenDocument | None:
        return self._documents.pop(unquote(uri), None)

    async def until_known(self) -> None:
        """Wait, not for long, until every project and its metadata are known."""
        try:
            async with asyncio.timeout(_FIRST_ANSWER_SECONDS):
                while not self._is_known:
                    await self.changes.next().wait()
        except TimeoutError:
            pass  # then with what there is

    @property
    def _is_known(self) -> bool:
        projects = self.projects.values()
        return len(projects) >= bool(self.folders) and all(
            it.opened and all(feed.ready.is_set() for feed in it.feeds.values()) for it in projects
        )

    async def view(self, document: SqlDocument | None) -> View | None:
        """The present version of *document*, once something is known of its database.

        ``None`` for one that is not open or none of ours.
        """
        opened = None if document is None else self.document(document.uri)
        if document is None or opened is None:
            return None
        # Taken before waiting: a request's positions are those of the text it was sent for.
        positions, version = document.positions, document.version
        await until_known(opened)
        return None if opened.kind == "other" else self._view(opened, positions, version)

    async def view_at(self, document: SqlDocument | None, position: lsp.Position) -> View | None:
        """As ``view``; in golden queries, of the SQL at *position*; ``None`` where none is."""
        view = await self.view(document)
        if view is None or view.kind != "golden queries":
            return view
        if view.path.suffix.lower() == ".sql":
            return replace(view, kind="sql")
        return await in_thread(_embedded, view, view.positions.offset(position))

    async def checked_view(self, document: SqlDocument | None) -> View | None:
        """As ``view``, of the version that diagnostics are about.

        Where they run on save, that is the last one that was opened or saved.
        """
        view = await self.view(document)
        opened = None if document is None else self.document(document.uri)
        if view is None or opened is None or opened.runs_on_type or opened.saved is None:
            return view
        return self._view(opened, *opened.saved)

    def _view(self, opened: OpenDocument, positions: Positions, version: int | None) -> View:
        view = _view(opened, positions, version)
        around = self.around(opened) if opened.kind in NAMED_KINDS else None
        return view if around is None else replace(view, around=around)

    def around(self, opened: OpenDocument) -> "Around | None":
        """The files that the workspace of *opened* names."""
        workspace = opened.project.workspace if opened.project else None
        if workspace is None:
            return None
        others = {
            it.path: it.source.source
            for it in self._documents.values()
            if it.kind in NAMED_KINDS and it.path is not None
        }
        connection = opened.feed.connection if opened.feed else None
        loaded = opened.feed.loaded if opened.feed else None
        path = opened.path
        database = workspace.database_for(path, loaded) if path and loaded else None
        return Around(workspace, connection, others, database)


async def until_known(opened: OpenDocument) -> None:
    """Wait, not for long, until the project of *opened* and its metadata are known."""
    try:
        async with asyncio.timeout(_FIRST_ANSWER_SECONDS):
            await opened.placed.wait()
            if opened.feed is not None:
                await opened.feed.ready.wait()
    except TimeoutError:
        pass  # then without it


def _view(opened: OpenDocument, positions: Positions, version: int | None) -> View:
    loaded = opened.feed.loaded if opened.feed else None
    workspace = opened.project.workspace if opened.project else None
    dialect = opened.dialect or opened.language_dialect
    usage = opened.feed.usage if opened.feed else None
    glossary = opened.feed.glossary if opened.feed else None
    made_from = (positions, loaded, workspace, dialect, usage, glossary, opened.kind)
    if opened.view is not None and all(map(is_, made_from, opened.viewed)):
        return opened.view
    catalog = loaded.catalog if loaded else None
    before = opened.view.snapshot.found_out if opened.view is not None else None
    snapshot = late.snapshot(
        positions.text, catalog, dialect, usage, glossary, name=_stem(opened), before=before
    )
    severities = workspace.configuration.severities if workspace else late.default_severities()
    read_from = opened.feed.read_from if opened.feed else ()
    opened.view = View(opened.uri, version, positions, snapshot, severities, read_from, opened.kind)
    opened.viewed = made_from
    return opened.view


def _embedded(view: View, offset: int) -> View | None:
    """The SQL of the golden query at *offset*; its question is what the SQL is about."""
    entry = late_golden.entry_at(view.positions.text, view.path, offset)
    if entry is None:
        return None
    snapshot = replace(view.snapshot, text=entry.sql.text, name=entry.question.text)
    positions = EmbeddedPositions(entry.sql, view.positions)
    return replace(view, positions=positions, snapshot=snapshot, kind="sql", is_embedded=True)


def _stem(opened: OpenDocument) -> str:
    path = opened.path or PurePath(unquote(opened.uri))
    return path.stem


def _kind(document: SqlDocument) -> Kind:
    name = PurePath(document.filename or "").name
    language_id = (document.language_id or "").lower()
    if name == _CONFIGURATION_FILE:
        return "configuration"
    if language_id in _NOT_SQL and not name.lower().endswith(".sql"):
        return "other"
    return "sql"
