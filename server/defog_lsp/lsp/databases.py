"""Work on a database that a person has asked for: which one, with progress, and what came of it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.subject import Metadata
from defog_lsp.lsp.tasks import in_thread
from defog_metadata.errors import (
    ConfigurationError,
    DefogError,
    ExecutionError,
    PasswordRefused,
)
from defog_metadata.progress import Stop, Stopped, stopping

if TYPE_CHECKING:
    from defog_metadata.workspace.configuration import Connection

__all__ = ["choose_connection", "with_secrets", "work_on"]

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
    """What *work*, done in a thread, comes to, once the database has been read again.

    ``None`` where it failed or was stopped, which is said. It stops before its next statement: a
    request that is cancelled does not wait for that, but what came of it is said all the same.
    """
    stop = Stop()
    done: list[T] = []

    async def run() -> None:
        try:
            with stopping(stop):
                async with server.progresses.shown(title, unasked=True):
                    done.append(await in_thread(work))
        except (Stopped, JsonRpcException):
            server.dialogue.say(lsp.MessageType.Info, f"{title}: stopped. Nothing was changed.")
            return
        except DefogError as error:
            if isinstance(error, PasswordRefused):
                await server.secrets.refused(metadata.project.location.folder, connection)
            server.dialogue.say(lsp.MessageType.Error, str(error))
            if not (isinstance(error, ExecutionError) and error.done):
                return
        await _refresh(server, metadata, connection)
        if stop.is_set and done:
            server.dialogue.say(lsp.MessageType.Info, f"{title}: done before it could be stopped")

    # A task of its own: whoever does not wait any longer must not leave it unfinished.
    running = server.tasks.spawn(run(), title)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.set()
        raise
    return done[0] if done else None


async def _refresh(server: SqlLanguageServer, metadata: Metadata, connection: "Connection") -> None:
    """Read the database again, if its metadata are in use, and wait for that."""
    feed = metadata.project.feeds.get(connection.name)
    if feed is not None:
        await server.metadata.refresh(metadata.project, feed)
