"""defog/tree: the metadata as a tree, a level at a time."""

from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.table_documents import names_in
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.tree import children, connection_nodes


def register(server: SqlLanguageServer) -> None:
    server.feature("defog/tree")(on_tree)


async def on_tree(server: SqlLanguageServer, params: Any) -> list[dict[str, object]]:
    uri = getattr(params, "uri", None)
    if uri is None:
        feeds = (
            it for project in server.session.projects.values() for it in project.feeds.values()
        )
        return [it.as_json() for it in connection_nodes(feeds)]
    if not isinstance(uri, str) or not names_in(uri):
        raise JsonRpcInvalidParams(f"{uri} is no node of the tree")
    _, feed = server.projects.feed_for(uri)
    if feed is None or feed.loaded is None:
        return []
    found = await in_thread(children, uri, feed.loaded.catalog)
    return [it.as_json() for it in found]
