"""``defog.generateDdl {uri, range?, tables?, dialect?}``: a new document that creates tables.

Without *tables*, and without a *dialect*, the person chooses. Answered with ``{text, uri}``; the
URI is ``null`` where the document is in no file, and all of it where nothing was chosen.
"""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_tables
from defog_lsp.lsp.arguments import read_arguments
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.subject import choose_tables, known_metadata
from defog_lsp.lsp.tasks import in_thread
from defog_metadata.errors import DefogError


async def generate_ddl(
    server: SqlLanguageServer, *arguments: object
) -> dict[str, str | None] | None:
    asked = read_arguments(arguments, "dialect")
    metadata = await known_metadata(server, asked.uri)
    if metadata is None:
        return None
    tables = await choose_tables(server, asked, metadata, "Generate DDL for")
    dialect = asked.texts.get("dialect")
    if tables and dialect is None:
        dialect = await _chosen_dialect(server, metadata.catalog.dialect)
    if not tables or dialect is None:
        return None
    loaded, connection = metadata.feed.loaded, metadata.feed.connection
    source, origin = connection.dialect if connection else "", loaded.origin if loaded else ""
    try:
        async with server.progresses.shown("Generating DDL", unasked=True):
            name, text = await in_thread(
                late_tables.ddl_document, metadata.catalog, tables, dialect, source, origin
            )
    except DefogError as error:
        server.dialogue.say(lsp.MessageType.Error, str(error))
        return None
    return {"text": text, "uri": await server.dialogue.open_text(text, name)}


async def _chosen_dialect(server: SqlLanguageServer, first: str) -> str | None:
    dialects = await in_thread(late_tables.ddl_dialects, first)
    chosen = await server.dialogue.choose("In which dialect?", [title for _, title in dialects])
    return None if chosen is None else dialects[chosen][0]
