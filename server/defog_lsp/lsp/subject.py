"""What a command is about: a table or several, in the metadata of a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late, late_tables
from defog_lsp.lsp.arguments import Asked
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.project import Feed, Project
from defog_lsp.lsp.session import until_known
from defog_lsp.lsp.tasks import in_thread
from defog_metadata.errors import DefogError
from defog_metadata.progress import check_stopped

if TYPE_CHECKING:
    from defog_lsp.ide.code_actions import Tables
    from defog_metadata.catalog import Catalog, Table
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["Metadata", "choose_tables", "known_metadata", "one_table"]

_NOTHING_KNOWN = "There is no metadata for this document"
_NOTHING_THERE = "There is no table or column of the metadata at the caret"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known for one document, and where it comes from."""

    project: Project
    workspace: "Workspace"
    feed: Feed
    catalog: "Catalog"
    """By the rules of the document's dialect."""


async def known_metadata(server: SqlLanguageServer, uri: str) -> Metadata | None:
    """The metadata of the document *uri*; says so, and ``None``, where there is none."""
    document = server.session.document(uri)
    if document is not None:
        await until_known(document)
    project, feed = server.projects.feed_for(uri)
    loaded = feed.loaded if feed else None
    if project is None or project.workspace is None or feed is None or not loaded:
        server.dialogue.say(lsp.MessageType.Warning, _NOTHING_KNOWN)
        return None
    catalog = loaded.catalog
    if document is not None and (dialect := document.dialect or document.language_dialect):
        catalog = await in_thread(late.catalog_in, catalog, dialect)
    return Metadata(project, project.workspace, feed, catalog)


async def one_table(
    server: SqlLanguageServer, asked: Asked, metadata: Metadata
) -> "tuple[Table, tuple[str, ...]] | None":
    """The table that is asked about, and those of its columns that are.

    Says so, and ``None``, where there is none.
    """
    if name := asked.texts.get("name"):
        try:
            return await in_thread(late_tables.named, name, metadata.catalog)
        except DefogError as error:
            server.dialogue.say(lsp.MessageType.Warning, str(error))
            return None
    if asked.tables:
        found = await _called(server, asked.tables[:1], metadata)
        return (found[0], asked.columns) if found else None
    named = (at := await _tables_at(server, asked)) and at.named
    if not named:
        server.dialogue.say(lsp.MessageType.Warning, _NOTHING_THERE)
        return None
    return named.table, asked.columns or ((named.column.name,) if named.column else ())


async def choose_tables(
    server: SqlLanguageServer, asked: Asked, metadata: Metadata, question: str
) -> "tuple[Table, ...]":
    """The tables that are asked for, or those of the place that the person chooses."""
    if asked.tables:
        return await _called(server, asked.tables, metadata)
    at = await _tables_at(server, asked)
    choices = await in_thread(late_tables.choices, at, metadata.catalog)
    if not choices:
        server.dialogue.say(lsp.MessageType.Warning, _NOTHING_KNOWN)
    chosen = await server.dialogue.choose(question, [it.label for it in choices])
    if chosen is None:
        return ()
    tables = choices[chosen].tables
    return await in_thread(_all, metadata.catalog) if tables is None else tables


async def _called(
    server: SqlLanguageServer, keys: Sequence[str], metadata: Metadata
) -> "tuple[Table, ...]":
    """The tables with *keys*; none at all, which is said, where one of them is unknown."""
    try:
        return tuple(await in_thread(late_tables.tables_named, keys, metadata.catalog))
    except DefogError as error:
        server.dialogue.say(lsp.MessageType.Warning, str(error))
        return ()


async def _tables_at(server: SqlLanguageServer, asked: Asked) -> "Tables | None":
    start = asked.range.start if asked.range else lsp.Position(0, 0)
    view = await server.view(asked.uri, start)
    if view is None:
        return None
    offset = view.positions.offset(start)
    return await in_thread(late_tables.tables_at, view.snapshot, offset)


def _all(catalog: "Catalog") -> "tuple[Table, ...]":
    found: list[Table] = []
    for table in catalog.source.tables():
        check_stopped()
        found.append(table)
    return tuple(found)
