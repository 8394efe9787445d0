"""The files that a request about who uses what looks into."""

from typing import TYPE_CHECKING

from defog_lsp.lsp import late, late_usage
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.late_files import Files
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
    opened = server.session.opened_texts
    loaded = feed.loaded if feed else None
    own = None
    if view is not None and view.kind == "sql" and not view.is_embedded:
        own = late_usage.text_with(view.uri, view.snapshot)
    snapshot = view.snapshot if view is not None else None
    if snapshot is None:
        dialect = feed.connection.dialect if feed is not None and feed.connection else ""
        snapshot = await in_thread(late.snapshot, "", loaded.catalog if loaded else None, dialect)
    around = None
    if project is not None and project.workspace is not None:
        around = Files(project.workspace, feed.connection if feed else None, opened)
    return late_usage.Files(snapshot, own, around), feed
