"""``defog.refreshMetadata [folderUri]`` and ``defog.showStatus [folderUri]``."""

import asyncio

from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.project import Project


async def refresh_metadata(
    server: SqlLanguageServer, *arguments: object
) -> list[dict[str, object]]:
    """Ask the databases of one folder, or of all; answered with their status afterwards."""
    projects = _projects(server, arguments)
    refreshed = [(it, feed) for it in projects for feed in it.feeds.values()]
    await asyncio.gather(*(server.metadata.refresh(it, feed) for it, feed in refreshed))
    return [it.status(feed) for it, feed in refreshed]


def show_status(server: SqlLanguageServer, *arguments: object) -> list[dict[str, object]]:
    """The status of every connection of one folder, or of all."""
    projects = _projects(server, arguments)
    return [it.status(feed) for it in projects for feed in it.feeds.values()]


def _projects(server: SqlLanguageServer, arguments: tuple[object, ...]) -> list[Project]:
    match arguments:
        case () | (None,):
            return list(server.session.projects.values())
        case (str(uri),):
            return server.projects.at(uri)
    raise JsonRpcInvalidParams("expected one argument at most: the URI of a folder")
