"""Where definitions are: in the document, in another file of the workspace, in the database."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import View
from defog_lsp.lsp.table_documents import TableDocument
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import uri_of
from defog_metadata.errors import DefogError

if TYPE_CHECKING:
    from defog_lsp.ide.definition import Source
    from defog_lsp.lsp.project import Feed
    from defog_metadata.catalog import Table
    from defog_metadata.text import Span

__all__ = ["Found", "found_at", "shown_uri", "stored_place", "stored_text", "table_text"]

Found = list[lsp.LocationLink] | lsp.Location | None


async def found_at(
    server: SqlLanguageServer,
    params: lsp.DeclarationParams | lsp.DefinitionParams | lsp.TypeDefinitionParams,
    feature: "Callable[[View, int], Source | None]",
) -> Found:
    """Where *feature* says that the name at the position of *params* comes from."""
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    async with server.progresses.shown("Looking for the definition"):
        source = await in_thread(feature, view, offset)
        return None if source is None else await _place_of(server, view, source)


async def _place_of(server: SqlLanguageServer, view: View, source: "Source") -> Found:
    """*source* as the client wants it; ``None`` where nothing can be shown."""
    origin = view.positions.range_(source.origin)
    if source.place is not None:
        return _answer(server, origin, view.uri, view.positions.range_(source.place))
    if source.table is None:
        return None
    project, feed = server.projects.feed_for(view.uri)
    if project is not None and project.workspace is not None:
        root = project.workspace.configuration.root
        opened = server.session.opened_texts
        created = await in_thread(late_navigation.created, root, source, view.snapshot, opened)
        if created is not None:
            place = Positions(created.text, server.client.encoding).range_(created.span)
            return _answer(server, origin, uri_of(created.path), place)
    stored = await stored_place(
        server, feed, source.table, lambda text: late_navigation.place_in_ddl(text, source)
    )
    return None if stored is None else _answer(server, origin, stored.uri, stored.range)


async def stored_place(
    server: SqlLanguageServer, feed: "Feed | None", table: "Table", find: "Callable[[str], Span]"
) -> lsp.Location | None:
    """Where the document of *table* has what *find* finds in its text, in a thread."""
    stored = await stored_text(server, feed, table)
    if stored is None:
        return None
    uri, text = stored
    span = await in_thread(find, text)
    return lsp.Location(uri, Positions(text, server.client.encoding).range_(span))


async def stored_text(
    server: SqlLanguageServer, feed: "Feed | None", table: "Table"
) -> tuple[str, str] | None:
    """A URI by which the client can show the document of *table*, and its text."""
    document = TableDocument.of(feed.name if feed else None, table)
    text = await table_text(server, document)
    if text is None:
        return None
    if server.client.capabilities.table_documents:
        return document.uri, text
    return await _file_of(server, document, text), text


async def shown_uri(server: SqlLanguageServer, document: TableDocument) -> str | None:
    """A URI by which the client can show *document*; ``None`` for a table that is gone."""
    if server.client.capabilities.table_documents:
        return document.uri
    text = await table_text(server, document)
    return None if text is None else await _file_of(server, document, text)


async def _file_of(server: SqlLanguageServer, document: TableDocument, text: str) -> str:
    return uri_of(await asyncio.to_thread(server.dialogue.kept, text, document.path))


async def table_text(server: SqlLanguageServer, document: TableDocument) -> str | None:
    """The statement that creates the table of *document*, with its descriptions."""
    _, feed = server.projects.feed_for(document.uri)
    return None if feed is None else await in_thread(_text, feed, document)


def _text(feed: "Feed", document: TableDocument) -> str | None:
    loaded = feed.loaded
    if loaded is None:
        return None
    *_, name = document.path
    catalog = loaded.catalog
    tables = [
        it
        for it in catalog.source.named(name.casefold())
        if document
        in (
            TableDocument.of(feed.name, it),
            TableDocument.of_summary(feed.name, it.summary),
        )
    ]
    if not tables:
        return None
    source_dialect = feed.connection.dialect if feed.connection else ""
    try:
        return late_navigation.ddl(catalog, tables[:1], source_dialect, loaded.origin)
    except DefogError:
        return None  # a dialect that has no DDL


def _answer(
    server: SqlLanguageServer, origin: lsp.Range, uri: str, range_: lsp.Range
) -> "list[lsp.LocationLink] | lsp.Location":
    if server.client.capabilities.definition_links:
        return [lsp.LocationLink(uri, range_, range_, origin)]
    return lsp.Location(uri, range_)
