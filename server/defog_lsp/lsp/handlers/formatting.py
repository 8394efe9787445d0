"""textDocument/formatting, rangeFormatting, onTypeFormatting: other white space, same meaning.

Where the workspace is configured for another formatter of SQL, the file is left to that one.
"""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_formatting
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import View
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    whole = lsp.DocumentFormattingOptions(work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_FORMATTING, whole)(on_formatting)
    part = lsp.DocumentRangeFormattingOptions(work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_RANGE_FORMATTING, part)(on_range_formatting)
    typed = lsp.DocumentOnTypeFormattingOptions(";")
    server.feature(lsp.TEXT_DOCUMENT_ON_TYPE_FORMATTING, typed)(on_type_formatting)


async def on_formatting(
    server: SqlLanguageServer, params: lsp.DocumentFormattingParams
) -> list[lsp.TextEdit] | None:
    view = await _view(server, params.text_document.uri)
    return None if view is None else await _edits(server, view, params.options, None)


async def on_range_formatting(
    server: SqlLanguageServer, params: lsp.DocumentRangeFormattingParams
) -> list[lsp.TextEdit] | None:
    view = await _view(server, params.text_document.uri)
    return None if view is None else await _edits(server, view, params.options, params.range)


async def on_type_formatting(
    server: SqlLanguageServer, params: lsp.DocumentOnTypeFormattingParams
) -> list[lsp.TextEdit] | None:
    view = await _view(server, params.text_document.uri)
    if view is None:
        return None
    return await _edits(server, view, params.options, params.position)


async def _view(server: SqlLanguageServer, uri: str) -> View | None:
    view = await server.session.view(server.opened(uri))
    return view if view is not None and view.kind == "sql" else None


async def _edits(
    server: SqlLanguageServer,
    view: View,
    options: lsp.FormattingOptions,
    where: lsp.Range | lsp.Position | None,
) -> list[lsp.TextEdit] | None:
    document = server.session.document(view.uri)
    project = document.project if document is not None else None
    workspace = project.workspace if project is not None else None
    # A configuration file could ask for any number: the width of a tab is the editor's business.
    indent = " " * max(1, min(options.tab_size, 16)) if options.insert_spaces else "\t"
    positions = view.positions
    place = (
        positions.offset(where)
        if isinstance(where, lsp.Position)
        else positions.span(where)
        if where is not None
        else None
    )
    async with server.progresses.shown("Formatting"):
        found = await in_thread(late_formatting.edits, view, workspace, indent, place)
    return None if found is None else positions.text_edits(found)
