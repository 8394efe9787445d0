"""textDocument/references: every place where what is under the caret is named.

Tables and columns of the database are looked for in the workspace's other files, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.parts import in_parts
from defog_lsp.lsp.session import View
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from pathlib import Path

    from defog_lsp.ide.references import Place
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import Workspace


def register(server: SqlLanguageServer) -> None:
    options = lsp.ReferenceOptions(work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_REFERENCES, options)(on_references)


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
    around = (workspace, feed.connection) if workspace and feed else None
    encoding, all_ = server.client.encoding, params.context.include_declaration
    found = _found(view, offset, around, opened, encoding, all_=all_)
    async with server.progresses.shown("Looking for references"):
        return await in_parts(server.client, params.partial_result_token, found)


def _found(  # noqa: PLR0913 - all that was read on the loop
    view: View,
    offset: int,
    around: "tuple[Workspace, Connection | None] | None",
    opened: "Mapping[Path, str]",
    encoding: lsp.PositionEncodingKind | str,
    *,
    all_: bool,
) -> Iterator[lsp.Location]:
    """Those of the document, then those of the other files *around* it; in threads."""
    here = late_navigation.references(view, offset)
    yield from _locations(view.uri, view.positions, here, all_=all_)
    if around is None or not here:
        return
    for it in late_navigation.references_elsewhere(view, offset, *around, opened):
        positions = Positions(it.text, encoding)
        yield from _locations(uri_of(it.path), positions, it.places, all_=all_)


def _locations(
    uri: str, positions: Positions, places: "Sequence[Place]", *, all_: bool
) -> Iterator[lsp.Location]:
    for it in places:
        if all_ or it.use == "read":
            yield lsp.Location(uri, positions.range_(it.span))
