"""workspace/symbol, workspaceSymbol/resolve: names of the database, CTEs, golden questions.

A table of a database is in no file: its place is a document of ours (``defog:``), for clients that
show such ones, and else a file that is written when it is looked at, or, for clients that cannot
ask for that later, not offered.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_symbols
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import shown_uri
from defog_lsp.lsp.session import View
from defog_lsp.lsp.table_documents import TableDocument
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_lsp.ide.workspace_symbols import StoredName
    from defog_lsp.lsp.project import Feed

_START = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


def register(server: SqlLanguageServer) -> None:
    options = lsp.WorkspaceSymbolOptions(resolve_provider=True)
    server.feature(lsp.WORKSPACE_SYMBOL, options)(on_workspace_symbol)
    server.feature(lsp.WORKSPACE_SYMBOL_RESOLVE)(on_workspace_symbol_resolve)


async def on_workspace_symbol(
    server: SqlLanguageServer, params: lsp.WorkspaceSymbolParams
) -> list[lsp.WorkspaceSymbol] | None:
    query = params.query.strip()
    if not query:
        return None
    opened = {it.path: it.source.source for it in server.session.documents if it.path}
    views = [view for it in server.session.documents if (view := await _view(server, it.uri))]
    found: list[lsp.WorkspaceSymbol] = []
    for project in list(server.session.projects.values()):
        for feed in list(project.feeds.values()):
            if feed.loaded is None or project.workspace is None:
                continue
            names = await in_thread(late_symbols.stored_names, query, feed.loaded.catalog)
            found += _of_database(server, names, feed)
            asked = await in_thread(
                late_symbols.questions, query, project.workspace, feed.connection, opened
            )
            for it in asked:
                positions = Positions(it.text, server.client.encoding)
                place = lsp.Location(uri_of(it.path), positions.range_(it.span))
                found.append(lsp.WorkspaceSymbol(place, it.question, lsp.SymbolKind.String))
    for view, name, span in await in_thread(late_symbols.written_names, query, views):
        place = lsp.Location(view.uri, view.positions.range_(span))
        found.append(lsp.WorkspaceSymbol(place, name, lsp.SymbolKind.Struct))
    return found


async def _view(server: SqlLanguageServer, uri: str) -> View | None:
    view = await server.session.view(server.opened(uri))
    return view if view is not None and view.kind == "sql" else None


def _of_database(
    server: SqlLanguageServer, names: "list[StoredName]", feed: "Feed"
) -> Iterator[lsp.WorkspaceSymbol]:
    capabilities = server.client.capabilities
    if not (capabilities.table_documents or capabilities.resolves_symbols):
        return
    for it in names:
        document = TableDocument.of_summary(feed.name, it.table)
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
