"""workspace/executeCommand.

``defog.refreshMetadata [folderUri]``, ``defog.showStatus [folderUri]`` and, for clients that know
commands but no code actions, ``defog.applyEdit label edit``.
"""

import asyncio

import cattrs
from lsprotocol import converters
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp.actions import APPLY_EDIT, REFRESH_METADATA
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.project import Project

SHOW_STATUS = "defog.showStatus"


def register(server: SqlLanguageServer) -> None:
    server.command(REFRESH_METADATA)(refresh_metadata)
    server.command(SHOW_STATUS)(show_status)
    server.command(APPLY_EDIT)(apply_edit)


async def refresh_metadata(
    server: SqlLanguageServer, *arguments: object
) -> list[dict[str, object]]:
    """Ask the databases of one folder, or of all; answered with their status afterwards."""
    projects = _projects(server, arguments)
    refreshed = [(it, feed) for it in projects for feed in it.feeds.values()]
    tasks = [server.metadata.refresh(it, feed) for it, feed in refreshed]
    if tasks:
        # Waiting may be cancelled; the work goes on, and has its own way to be cancelled.
        await asyncio.wait(tasks)
    return [it.status(feed) for it, feed in refreshed]


def show_status(server: SqlLanguageServer, *arguments: object) -> list[dict[str, object]]:
    """The status of every connection of one folder, or of all."""
    projects = _projects(server, arguments)
    return [it.status(feed) for it in projects for feed in it.feeds.values()]


async def apply_edit(server: SqlLanguageServer, *arguments: object) -> bool:
    """Have the client make an edit that it was offered; whether it did."""
    match arguments:
        case (str(label), edit):
            try:
                structured = converters.get_converter().structure(edit, lsp.WorkspaceEdit)
            except (cattrs.BaseValidationError, TypeError, ValueError) as error:
                raise JsonRpcInvalidParams("the second argument is no edit") from error
            return await server.client.apply(label, structured)
    raise JsonRpcInvalidParams("expected two arguments: a label and an edit")


def _projects(server: SqlLanguageServer, arguments: tuple[object, ...]) -> list[Project]:
    match arguments:
        case () | (None,):
            return list(server.session.projects.values())
        case (str(uri),):
            return server.projects.at(uri)
    raise JsonRpcInvalidParams("expected one argument at most: the URI of a folder")
