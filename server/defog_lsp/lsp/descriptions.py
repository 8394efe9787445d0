"""Descriptions: written where they are kept, by us or by the person.

A metadata file that the client has open is edited there, so that nothing unsaved is lost; any
other file is written as a whole.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late, late_tables
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.document import SqlDocument
from defog_lsp.lsp.edited_files import apply, opened_as
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.subject import Metadata
from defog_lsp.lsp.uris import uri_of
from defog_metadata.errors import DefogError

if TYPE_CHECKING:
    from defog_metadata.catalog import Table
    from defog_metadata.updates import Change

__all__ = ["keeps_file", "open_place", "write"]

_LABEL = "Describe"
_IN_CACHE = (
    "There is no metadata file here, so descriptions are kept in the cache. To version them, name "
    'one in defog.toml: metadata = ["metadata/*.json"]'
)
_NO_FILE = (
    "There is no metadata file to write the description into: name one in defog.toml, "
    'such as metadata = ["metadata/*.json"]'
)


async def keeps_file(metadata: Metadata, table: "Table") -> bool:
    """Whether descriptions of *table* are kept in a file of the workspace."""
    try:
        return await asyncio.to_thread(_file_for, metadata, table) is not None
    except DefogError:
        return False


async def write(server: SqlLanguageServer, metadata: Metadata, change: "Change") -> bool:
    """Whether *change* was written; what went wrong, and what is left to do, is said."""
    try:
        file = await asyncio.to_thread(_file_for, metadata, change.table)
        opened = opened_as(server, file) if file else None
        if file is not None and opened is not None:
            return await _write_opened(server, metadata, change, file, opened)
        await asyncio.to_thread(
            late_tables.update_descriptions, metadata.workspace, metadata.feed.connection, change
        )
    except DefogError as error:
        server.dialogue.say(lsp.MessageType.Error, str(error))
        return False
    await _load(server, metadata)
    if file is None:
        server.client.show(lsp.MessageType.Info, _IN_CACHE)
    return True


async def open_place(server: SqlLanguageServer, metadata: Metadata, change: "Change") -> None:
    """Open the metadata file where the descriptions of *change* belong.

    Those that have no place there are put in first: the person has only to type.
    """
    try:
        file = await asyncio.to_thread(_file_for, metadata, change.table)
        if file is None:
            server.dialogue.say(lsp.MessageType.Warning, _NO_FILE)
            return
        opened = opened_as(server, file)
        text = opened.source if opened else await asyncio.to_thread(_read, file)
        edits, after = await asyncio.to_thread(late_tables.missing_edits, text, file, change)
    except DefogError as error:
        server.dialogue.say(lsp.MessageType.Error, str(error))
        return
    uri, version = (opened.uri, opened.version) if opened else (uri_of(file), None)
    if edits and await apply(server, _LABEL, uri, version, text, edits):
        text = after
    span = await asyncio.to_thread(late_tables.description_place, text, file, change)
    range_ = Positions(text, server.client.encoding).range_(span)
    if not await server.dialogue.show(uri, range_):
        where = f"{file}, line {range_.start.line + 1}"
        server.dialogue.say(lsp.MessageType.Info, f"The description belongs into {where}")


async def _write_opened(
    server: SqlLanguageServer, metadata: Metadata, change: "Change", file: Path, opened: SqlDocument
) -> bool:
    """Change what the client has open, and have it saved where nothing else in it is unsaved."""
    text = opened.source
    was_saved = text == await asyncio.to_thread(_read, file)
    edits = await asyncio.to_thread(late_tables.change_edits, text, file, change)
    if not await apply(server, _LABEL, opened.uri, opened.version, text, edits):
        message = f"{file.name} is open and could not be edited: nothing was written"
        server.dialogue.say(lsp.MessageType.Error, message)
        return False
    if was_saved and await server.dialogue.save(opened.uri):
        await _load(server, metadata)
    else:
        message = f"The description is in {file.name}, which is open: save it to use it"
        server.dialogue.say(lsp.MessageType.Info, message)
    return True


async def _load(server: SqlLanguageServer, metadata: Metadata) -> None:
    """Have what was written in use before the command is answered."""
    await asyncio.wait([server.metadata.load(metadata.project, metadata.feed)])


def _file_for(metadata: Metadata, table: "Table") -> Path | None:
    return late_tables.description_file(metadata.workspace, metadata.feed.connection, table)


def _read(file: Path) -> str:
    return late.file_text(file) or ""
