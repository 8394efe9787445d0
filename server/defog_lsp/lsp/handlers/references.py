"""textDocument/references: every place where what is under the caret is named.

Tables and columns of the database are looked for in the workspace's other files, too:
in SQL, golden queries, glossaries and metadata files.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_elsewhere, late_navigation
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.late_files import Files
from defog_lsp.lsp.parts import in_parts
from defog_lsp.lsp.session import View
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_lsp.ide.references import Place


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
    opened = server.session.opened_texts
    project, feed = server.projects.feed_for(view.uri)
    workspace = project.workspace if project else None
    files = Files(workspace, feed.connection, opened) if workspace and feed else None
    encoding, all_ = server.client.encoding, params.context.include_declaration
    found = _found(view, offset, files, encoding, all_=all_)
    async with server.progresses.shown("Looking for references"):
        return await in_parts(server.client, params.partial_result_token, found)


def _found(
    view: View,
    offset: int,
    files: Files | None,
    encoding: lsp.PositionEncodingKind | str,
    *,
    all_: bool,
) -> Iterator[lsp.Location]:
    """Those of the document, then those of the other *files*; in threads."""
    here = late_navigation.references(view, offset)
    elsewhere: Iterable[late_elsewhere.PlacesInFile] = ()
    if files is not None and here:
        elsewhere = late_elsewhere.references_elsewhere(view, offset, files)
    if view.is_embedded:
        elsewhere = list(elsewhere)
        if any(it.path == view.path for it in elsewhere):
            here = []  # all of its file has been looked at
    yield from _locations(view.uri, view.positions, here, all_=all_)
    for it in elsewhere:
        positions = Positions(it.text, encoding)
        yield from _locations(uri_of(it.path), positions, it.places, all_=all_)


def _locations(
    uri: str, positions: Positions, places: "Sequence[Place]", *, all_: bool
) -> Iterator[lsp.Location]:
    for it in places:
        if all_ or it.use == "read":
            yield lsp.Location(uri, positions.range_(it.span))
