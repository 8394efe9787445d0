"""textDocument/implementation: the views that use the table or column under the caret."""

from functools import partial

from lsprotocol import types as lsp

from defog_lsp.lsp import late_usage
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import stored_place
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.usage import files_around


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_IMPLEMENTATION)(on_implementation)


async def on_implementation(
    server: SqlLanguageServer, params: lsp.ImplementationParams
) -> list[lsp.Location] | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable is read here; from the first thread on the document may change under us.
    offset = view.positions.offset(params.position)
    files, feed = await files_around(server, view.uri, view)
    named = await in_thread(late_usage.made_of, view, offset)
    if named is None:
        return None
    found, made = [], set()
    for text, views in await in_thread(late_usage.implementations, files, named):
        positions = Positions(text.text, server.client.encoding)
        for called, span in views:
            found.append(lsp.Location(text.uri, positions.range_(span)))
            made.add(called.name.casefold())
    find = partial(late_usage.place_in_view, named=named, snapshot=view.snapshot)
    for table in await in_thread(late_usage.views_stored, view.snapshot, named):
        # Where a file makes it, that is where it is kept.
        if table.name.casefold() not in made:
            place = await stored_place(server, feed, table, find)
            found += [place] if place is not None else []
    return found
