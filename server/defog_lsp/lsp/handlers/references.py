"""textDocument/references: every place where what is under the caret is named.

Tables and columns of the database are looked for in the workspace's other files, too:
in SQL, golden queries, glossaries and metadata files.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_elsewhere, late_navigation
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_lsp.ide.references import Place


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_REFERENCES)(on_references)


async def on_references(
    server: SqlLanguageServer, params: lsp.ReferenceParams
) -> list[lsp.Location] | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    opened = {it.path: it.source.source for it in server.session.documents if it.path}
    project, feed = server.projects.feed_for(view.uri)
    workspace = project.workspace if project else None
    all_ = params.context.include_declaration
    here = await in_thread(late_navigation.references, view, offset)
    found = [*_locations(view.uri, view.positions, here, all_=all_)]
    if workspace is not None and feed is not None and here:
        files = await in_thread(
            late_elsewhere.references_elsewhere,
            view,
            offset,
            late_elsewhere.Files(workspace, feed.connection, opened),
        )
        for it in files:
            if view.is_embedded and it.path == view.path:
                found = []  # all of its file has been looked at
            positions = Positions(it.text, server.client.encoding)
            found += _locations(uri_of(it.path), positions, it.places, all_=all_)
    return found


def _locations(
    uri: str, positions: Positions, places: "Sequence[Place]", *, all_: bool
) -> Iterator[lsp.Location]:
    for it in places:
        if all_ or it.use == "read":
            yield lsp.Location(uri, positions.range_(it.span))
