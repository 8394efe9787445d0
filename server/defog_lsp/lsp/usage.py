"""The files that a request about who uses what looks into."""

from typing import TYPE_CHECKING

from defog_lsp.lsp import late, late_usage
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import View
from defog_lsp.lsp.tasks import in_thread

if TYPE_CHECKING:
    from defog_lsp.lsp.project import Feed

__all__ = ["files_around"]


async def files_around(
    server: SqlLanguageServer, uri: str, view: View | None
) -> "tuple[late_usage.Files, Feed | None]":
    """What stands around the document *uri*, of which *view* is a version if it is open.

    Reads everything mutable before it first waits.
    """
    project, feed = server.projects.feed_for(uri)
    opened = {it.path: it.source.source for it in server.session.documents if it.path}
    loaded = feed.loaded if feed else None
    own = None
    if view is not None and view.kind == "sql" and not view.is_embedded:
        own = late_usage.text_with(view.uri, view.snapshot)
    snapshot = view.snapshot if view is not None else None
    if snapshot is None:
        dialect = feed.connection.dialect if feed is not None and feed.connection else ""
        snapshot = await in_thread(late.snapshot, "", loaded.catalog if loaded else None, dialect)
    files = late_usage.Files(
        snapshot,
        own,
        project.workspace if project else None,
        feed.connection if feed else None,
        opened,
    )
    return files, feed
