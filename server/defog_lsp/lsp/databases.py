"""Work on a database that a person has asked for: which one, with progress, and what came of it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.progress import WorkDone
from defog_lsp.lsp.subject import Metadata
from defog_metadata.errors import ConfigurationError, DefogError, PasswordRefused

if TYPE_CHECKING:
    from defog_metadata.workspace.configuration import Connection

__all__ = ["choose_connection", "refresh", "with_secrets", "work_on"]

T = TypeVar("T")
_NO_CONNECTION = "There is no database: add a [connections.NAME] to the defog.toml of the folder"
_NOT_GIVEN = "No password was given for {0}: nothing was done"
_NOT_TRUSTED = "No database is touched: the workspace is not trusted"


async def choose_connection(
    server: SqlLanguageServer, metadata: Metadata, name: str | None, question: str
) -> "Connection | None":
    """The connection called *name*, or the one that the person chooses, the document's first.

    Says so, and ``None``, where there is none or databases may not be touched.
    """
    own = metadata.feed.connection
    connections = sorted(metadata.workspace.connections, key=lambda it: it != own)
    problem = "" if connections else _NO_CONNECTION
    if connections and name is not None:
        connections = [it for it in connections if it.name == name]
        problem = "" if connections else f"There is no connection {name}"
    if not server.metadata.may_connect:
        problem = _NOT_TRUSTED
    if problem:
        server.dialogue.say(lsp.MessageType.Warning, problem)
        return None
    names = [f"{it.name} ({it.db_type})" for it in connections]
    chosen = await server.dialogue.choose(question, names)
    return None if chosen is None else connections[chosen]


async def with_secrets(
    server: SqlLanguageServer, metadata: Metadata, connection: "Connection"
) -> "Connection | None":
    """*connection* with what somebody has to be asked for; says so, and ``None``, without it."""
    folder = metadata.project.location.folder
    try:
        answers = await server.secrets.known(folder, connection)
        if answers is None:
            answers = await server.secrets.ask(folder, connection)
    except ConfigurationError as error:
        server.dialogue.say(lsp.MessageType.Error, str(error))
        return None
    if answers is None:
        server.dialogue.say(lsp.MessageType.Warning, _NOT_GIVEN.format(connection.name))
        return None
    return connection.answered(answers)


async def work_on(
    server: SqlLanguageServer,
    metadata: Metadata,
    connection: "Connection",
    title: str,
    work: Callable[[], T],
) -> T | None:
    """What *work* on *connection*, done in a thread, comes to.

    ``None`` where it failed, which is said.
    """
    progress = WorkDone(server.client, server.tasks, title)
    outcome = "failed"
    try:
        done = await asyncio.to_thread(work)
        outcome = "done"
    except DefogError as error:
        if isinstance(error, PasswordRefused):
            await server.secrets.refused(metadata.project.location.folder, connection)
        server.dialogue.say(lsp.MessageType.Error, str(error))
        return None
    finally:
        progress.end(outcome)
    return done


async def refresh(server: SqlLanguageServer, metadata: Metadata, connection: "Connection") -> None:
    """Read the database again, if its metadata are in use, and wait for that."""
    feed = metadata.project.feeds.get(connection.name)
    if feed is not None:
        await server.metadata.refresh(metadata.project, feed)
