"""workspace/symbol, workspaceSymbol/resolve: names of the database, CTEs, golden questions.

A table of a database is in no file: its place is a document of ours (``defog:``), for clients that
show such ones, and else a file that is written when it is looked at, or, for clients that cannot
ask for that later, not offered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_symbols
from defog_lsp.lsp.client import Capabilities, Client
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.parts import in_parts
from defog_lsp.lsp.places import shown_uri
from defog_lsp.lsp.session import View
from defog_lsp.lsp.table_documents import TableDocument
from defog_lsp.lsp.uris import uri_of
from defog_metadata.progress import check_stopped, tell_progress

if TYPE_CHECKING:
    from pathlib import Path

    from defog_lsp.ide.workspace_symbols import StoredName
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

_START = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


def register(server: SqlLanguageServer) -> None:
    options = lsp.WorkspaceSymbolOptions(resolve_provider=True, work_done_progress=True)
    server.feature(lsp.WORKSPACE_SYMBOL, options)(on_workspace_symbol)
    server.feature(lsp.WORKSPACE_SYMBOL_RESOLVE)(on_workspace_symbol_resolve)


async def on_workspace_symbol(
    server: SqlLanguageServer, params: lsp.WorkspaceSymbolParams
) -> list[lsp.WorkspaceSymbol] | None:
    query = params.query.strip()
    opened = server.session.opened_texts
    views = [view for it in server.session.documents if (view := await _view(server, it.uri))]
    # Everything mutable has been read; from here on metadata and documents may change under us.
    known = [
        _Known(project.workspace, feed.loaded, feed.connection)
        for project in server.session.projects.values()
        for feed in project.feeds.values()
        if project.workspace is not None and feed.loaded is not None
    ]
    found = _found(query, known, views, opened, server.client)
    async with server.progresses.shown("Looking for names"):
        return await in_parts(server.client, params.partial_result_token, found)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one database."""

    workspace: "Workspace"
    loaded: "LoadedMetadata"
    connection: "Connection | None"


def _found(
    query: str,
    known: Sequence[_Known],
    views: Sequence[View],
    opened: "Mapping[Path, str]",
    client: Client,
) -> Iterator[lsp.WorkspaceSymbol]:
    """Names of the databases and questions about them, then names in open files; in threads."""
    for done, of in enumerate(known):
        check_stopped()
        name = of.connection.name if of.connection else None
        tell_progress(done, len(known), name or "metadata")
        names = late_symbols.stored_names(query, of.loaded.catalog)
        yield from _of_database(names, name, client.capabilities)
        for asked in late_symbols.questions(query, of.workspace, of.connection, opened):
            positions = Positions(asked.text, client.encoding)
            place = lsp.Location(uri_of(asked.path), positions.range_(asked.span))
            yield lsp.WorkspaceSymbol(place, asked.question, lsp.SymbolKind.String)
    for view, written, span in late_symbols.written_names(query, views):
        place = lsp.Location(view.uri, view.positions.range_(span))
        yield lsp.WorkspaceSymbol(place, written, lsp.SymbolKind.Struct)


async def _view(server: SqlLanguageServer, uri: str) -> View | None:
    view = await server.session.view(server.opened(uri))
    return view if view is not None and view.kind == "sql" else None


def _of_database(
    names: "list[StoredName]", connection: str | None, capabilities: Capabilities
) -> Iterator[lsp.WorkspaceSymbol]:
    if not (capabilities.table_documents or capabilities.resolves_symbols):
        return
    for it in names:
        document = TableDocument.of_summary(connection, it.table)
        kind = lsp.SymbolKind.Field if it.column else lsp.SymbolKind.Class
        container = it.table.name if it.column else it.table.schema
        place: lsp.Location | lsp.LocationUriOnly = lsp.LocationUriOnly(document.uri)
        if not capabilities.resolves_symbols:
            place = lsp.Location(document.uri, _START)
        yield lsp.WorkspaceSymbol(place, it.name, kind, container_name=container or None)


async def on_workspace_symbol_resolve(
    server: SqlLanguageServer, params: lsp.WorkspaceSymbol
) -> lsp.WorkspaceSymbol:
    document = TableDocument.at(params.location.uri)
    if document is not None and (uri := await shown_uri(server, document)) is not None:
        params.location = lsp.Location(uri, _START)
    return params
