"""``defog.addConnection {folder, db_type, fields, name?, unchecked?}``: a database for a folder.

It is written into the folder's ``defog.toml``, and what it says already stays. *fields* are as that
file has them, a password among them as ``{"ask": true}``: then the client is asked for it. The
database is tried first and read afterwards. *unchecked* it is neither, and what is missing is left
for a person to fill in.

Answered with ``{uri, folder, connection, error, wrong, saved, status}``. With an *error* nothing
was written; ``wrong`` says that it is the user or the password that the database refuses.
``folder`` is what passwords are asked for, ``status`` that of the new connection, as in
``defog/status``.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp import late_connections
from defog_lsp.lsp.configuration_file import ConfigurationFile, add, configuration_file
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread
from defog_metadata.errors import ConfigurationError, DefogError, PasswordRefused

if TYPE_CHECKING:
    from defog_metadata.workspace.configuration import Connection

_NOT_TRUSTED = "The workspace is not trusted: no database may be asked"
_NOT_GIVEN = "No password was given"
_CANNOT_ASK = 'This editor cannot ask for a password: write it down as {"env": "VARIABLE"} instead'


async def add_connection(server: SqlLanguageServer, *arguments: object) -> dict[str, object]:
    folder, asked, is_unchecked = _read(arguments)
    name: str | None = None
    file: ConfigurationFile | None = None
    error, is_wrong, is_saved = "", False, False
    try:
        if not server.metadata.may_connect:
            raise ConfigurationError(_NOT_TRUSTED)
        file = await configuration_file(server, folder)
        addition = await asyncio.to_thread(
            late_connections.connection_added,
            file.text,
            file.path,
            asked,
            is_unfinished=is_unchecked,
        )
        if not is_unchecked:
            await _try_out(server, file.folder, addition.connection)
        is_saved = await add(server, file, [addition.edit])
        name = addition.connection.name
    except DefogError as refusal:
        error, is_wrong = str(refusal), isinstance(refusal, PasswordRefused)
    status = None
    if name is not None and file is not None and is_saved:
        status = await _status(server, file, name, reads=not is_unchecked)
    return {
        "uri": None if file is None else file.uri,
        "folder": None if file is None else file.folder,
        "connection": name,
        "error": error,
        "wrong": is_wrong,
        "saved": is_saved,
        "status": status,
    }


def _read(arguments: tuple[object, ...]) -> tuple[str, Mapping[str, object], bool]:
    match arguments:
        case ({"folder": str(folder), "db_type": str(db_type), "fields": dict(fields), **rest},):
            name, unchecked = rest.pop("name", None), rest.pop("unchecked", False)
            if not rest and isinstance(name, str | None) and isinstance(unchecked, bool):
                asked = {"db_type": db_type, "fields": fields, "name": name}
                return folder, asked, unchecked
    raise JsonRpcInvalidParams(
        "expected one object with folder, db_type and fields, and any of name and unchecked"
    )


async def _try_out(server: SqlLanguageServer, folder: str, connection: "Connection") -> None:
    """Raises ``DefogError`` where the database cannot be connected to."""
    await server.secrets.reconsider(folder, connection)
    answers = await server.secrets.ask(folder, connection)
    if answers is None:
        raise ConfigurationError(_NOT_GIVEN if server.secrets.can_ask else _CANNOT_ASK)
    try:
        await in_thread(late_connections.try_out, connection.answered(answers))
    except PasswordRefused:
        await server.secrets.refused(folder, connection)
        raise
    await server.secrets.accepted(folder, connection)


async def _status(
    server: SqlLanguageServer, file: ConfigurationFile, name: str, *, reads: bool
) -> dict[str, object] | None:
    project = await server.projects.reopened(file.path)
    feed = server.projects.feed_called(name, project) if project else None
    if project is None or feed is None:
        return None
    if reads:
        await server.metadata.settled(feed)
    return project.status(feed)
