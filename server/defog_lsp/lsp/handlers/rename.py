"""textDocument/prepareRename, textDocument/rename: another name, wherever it is named."""

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    options = lsp.RenameOptions(prepare_provider=True, work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)(on_prepare_rename)
    server.feature(lsp.TEXT_DOCUMENT_RENAME, options)(on_rename)


async def on_prepare_rename(
    server: SqlLanguageServer, params: lsp.PrepareRenameParams
) -> lsp.PrepareRenamePlaceholder | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None or view.kind != "sql":
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    found = await in_thread(late_navigation.renamable, view, offset)
    if isinstance(found, str):
        raise _refusal(found)
    return lsp.PrepareRenamePlaceholder(view.positions.range_(found.span), found.name)


async def on_rename(
    server: SqlLanguageServer, params: lsp.RenameParams
) -> lsp.WorkspaceEdit | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None or view.kind != "sql":
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    async with server.progresses.shown("Renaming"):
        found = await in_thread(late_navigation.rename, view, offset, params.new_name)
    if isinstance(found, str):
        raise _refusal(found)
    edits = view.positions.text_edits(found)
    if not server.client.capabilities.document_changes:
        return lsp.WorkspaceEdit(changes={view.uri: edits})
    document = lsp.OptionalVersionedTextDocumentIdentifier(view.uri, view.version)
    return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(document, edits)])


def _refusal(message: str) -> JsonRpcException:
    """Shown to the user by editors, as the specification asks for."""
    return JsonRpcException(message, lsp.LSPErrorCodes.RequestFailed)
