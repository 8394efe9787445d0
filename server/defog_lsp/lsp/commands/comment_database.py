"""``defog.commentDatabase {uri, range?, tables?, columns?, connection?}``: comments of a database.

Writes the descriptions of a table and its columns, or of *columns* alone, to the database. Nothing
is done before the person has confirmed it. Answered with whether it was done.
"""

from functools import partial

from lsprotocol import types as lsp

from defog_lsp.lsp import late_tables
from defog_lsp.lsp.arguments import read_arguments
from defog_lsp.lsp.databases import choose_connection, with_secrets, work_on
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.subject import known_metadata, one_table


async def comment_database(server: SqlLanguageServer, *arguments: object) -> bool:
    asked = read_arguments(arguments, "connection")
    metadata = await known_metadata(server, asked.uri)
    found = metadata and await one_table(server, asked, metadata)
    if metadata is None or not found:
        return False
    # A caret on a column is about its table; columns have to be asked for by name.
    table, columns = found[0], asked.columns
    texts = {it.name: it.description for it in table.columns if it.description}
    if columns:
        texts = {name: text for name, text in texts.items() if name in columns}
    description = table.description if table.description and not columns else None
    count = len(texts) + (description is not None)
    if not count:
        message = f"Nothing of {table.qualified_name} has a description"
        server.dialogue.say(lsp.MessageType.Warning, message)
        return False
    connection = await choose_connection(
        server, metadata, asked.texts.get("connection"), "To which database?"
    )
    if connection is None:
        return False
    where = f"{connection.name} ({connection.db_type})"
    what = "1 description" if count == 1 else f"{count} descriptions"
    question = (
        f"Write {what} of {table.qualified_name} to {where} as comments? "
        "They take the place of the comments that are there."
    )
    if not await server.dialogue.confirm(question, "Write"):
        return False
    answered = await with_secrets(server, metadata, connection)
    if answered is None:
        return False
    change = late_tables.change_of(table, description, texts, metadata.catalog)
    work = partial(late_tables.write_comments, answered, change)
    title = f"Writing comments to {connection.name}"
    if await work_on(server, metadata, connection, title, work) is None:
        return False
    server.dialogue.say(lsp.MessageType.Info, f"{where} has {what} of {table.qualified_name}")
    return True
