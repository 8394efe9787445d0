"""``defog.createTables {uri, range?, tables?, connection?}``: tables in a database, without rows.

Nothing is done before the person has confirmed it. Answered with whether it was done.
"""

from functools import partial

from lsprotocol import types as lsp

from defog_lsp.lsp import late_tables
from defog_lsp.lsp.arguments import read_arguments
from defog_lsp.lsp.databases import choose_connection, with_secrets, work_on
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.subject import choose_tables, known_metadata

_MOST_NAMES = 8
"""Of tables, in a question."""


async def create_tables(server: SqlLanguageServer, *arguments: object) -> bool:
    asked = read_arguments(arguments, "connection")
    metadata = await known_metadata(server, asked.uri)
    tables = metadata and await choose_tables(server, asked, metadata, "Create, without rows,")
    if metadata is None or not tables:
        return False
    connection = await choose_connection(
        server, metadata, asked.texts.get("connection"), "In which database?"
    )
    if connection is None:
        return False
    names = [it.qualified_name for it in tables]
    listed = ", ".join(names[:_MOST_NAMES])
    if more := len(names) - _MOST_NAMES:
        listed += f" and {more} more" if more > 0 else ""
    where = f"{connection.name} ({connection.db_type})"
    question = (
        f"Create {len(names)} {'table' if len(names) == 1 else 'tables'} in {where}, without rows: "
        f"{listed}? What is there already stays as it is."
    )
    if not await server.dialogue.confirm(question, "Create"):
        return False
    answered = await with_secrets(server, metadata, connection)
    if answered is None:
        return False
    source = metadata.feed.connection.dialect if metadata.feed.connection else ""
    work = partial(late_tables.create_tables, answered, tables, source)
    title = f"Creating tables in {connection.name}"
    if await work_on(server, metadata, connection, title, work) is None:
        return False
    server.dialogue.say(lsp.MessageType.Info, f"{where} has {listed}")
    return True
