"""``defog.describe {uri, range?, name?, tables?, columns?, text?}``: what a table or column means.

Of a table, or of the *columns* of one, at *range* or by name; *name* is as people write it, a
table, or a column as ``table.column``. Without a *text* the person is asked for it; where that is
not possible, or there is more to say than a line, the metadata file is opened at the place.
Answered with whether a description was written.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp import late_tables
from defog_lsp.lsp.arguments import read_arguments
from defog_lsp.lsp.descriptions import keeps_file, open_place, write
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.subject import Metadata, known_metadata, one_table

if TYPE_CHECKING:
    from defog_metadata.catalog import Table
    from defog_metadata.updates import Change


async def describe(server: SqlLanguageServer, *arguments: object) -> bool:
    asked = read_arguments(arguments, "text", "name")
    text = asked.texts.get("text")
    if text is not None and len(asked.columns) > 1:
        raise JsonRpcInvalidParams("a text describes one table or one column")
    metadata = await known_metadata(server, asked.uri)
    found = metadata and await one_table(server, asked, metadata)
    if metadata is None or not found:
        return False
    table, columns = found
    if unknown := [it for it in columns if table.column(it) is None]:
        message = f"{table.qualified_name} has no column {', '.join(unknown)}"
        server.dialogue.say(lsp.MessageType.Warning, message)
        return False
    if text is not None:
        return await write(server, metadata, _change(metadata, table, columns, [text]))
    before = _descriptions(table, columns)
    if await _belongs_into_the_file(server, metadata, table, before):
        await open_place(server, metadata, _change(metadata, table, columns, before))
        return False
    texts = await _answers(server, table, columns, before)
    if not texts:
        return False
    return await write(server, metadata, _change(metadata, table, columns, texts))


def _descriptions(table: "Table", columns: Sequence[str]) -> list[str]:
    described = {it.name: it.description for it in table.columns}
    return [described[it] for it in columns] or [table.description]


def _change(
    metadata: Metadata, table: "Table", columns: Sequence[str], texts: Sequence[str]
) -> "Change":
    """*texts* for the first of *columns*; without columns, for the table."""
    said = dict(zip(columns, texts, strict=False))
    description = None if columns else texts[0]
    return late_tables.change_of(table, description, said, metadata.catalog)


async def _belongs_into_the_file(
    server: SqlLanguageServer, metadata: Metadata, table: "Table", before: Sequence[str]
) -> bool:
    """Whether there is more to write than an input box takes, or none to write into."""
    if not server.client.capabilities.asks_texts:
        return True
    is_long = len(before) > 1 or any("\n" in it for it in before)
    return is_long and await keeps_file(metadata, table)


async def _answers(
    server: SqlLanguageServer, table: "Table", columns: Sequence[str], before: Sequence[str]
) -> list[str]:
    """What the person says, up to the first question that is not answered."""
    names = [f"{table.name}.{it}" for it in columns] or [table.name]
    found: list[str] = []
    for number, (name, text) in enumerate(zip(names, before, strict=True), 1):
        title = f"Describe {name}" + (f" ({number} of {len(names)})" if len(names) > 1 else "")
        answer = await server.dialogue.ask_text(title, f"What {name} means", text)
        if answer is None:
            break
        found.append(answer.strip())
    return found
