"""textDocument/prepareRename, textDocument/rename: another name, wherever it is named.

A table or column of the database is renamed in all files of the workspace that are about it.
"""

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp import late_elsewhere
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.edits import FileEdits, workspace_edits
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.late_files import Files
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import uri_of


def register(server: SqlLanguageServer) -> None:
    options = lsp.RenameOptions(prepare_provider=True, work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)(on_prepare_rename)
    server.feature(lsp.TEXT_DOCUMENT_RENAME, options)(on_rename)


async def on_prepare_rename(
    server: SqlLanguageServer, params: lsp.PrepareRenameParams
) -> lsp.PrepareRenamePlaceholder | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None or view.kind not in _WITH_NAMES:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    found = await in_thread(late_elsewhere.renamable, view, offset)
    if isinstance(found, str):
        raise _refusal(found)
    return lsp.PrepareRenamePlaceholder(view.positions.range_(found.span), found.name)


async def on_rename(
    server: SqlLanguageServer, params: lsp.RenameParams
) -> lsp.WorkspaceEdit | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None or view.kind not in _WITH_NAMES:
        return None
    opened = server.session.opened_texts
    documents = (it for it in server.session.documents if it.path)
    versions = {it.path: (it.source.uri, it.source.version) for it in documents}
    project, feed = server.projects.feed_for(view.uri)
    workspace = project.workspace if project else None
    files = Files(workspace, feed.connection, opened) if workspace and feed else None
    # Everything mutable has been read; from here on the documents may change under us.
    offset = view.positions.offset(params.position)
    async with server.progresses.shown("Renaming"):
        found = await in_thread(late_elsewhere.rename, view, offset, params.new_name, files)
    if isinstance(found, str):
        raise _refusal(found)
    edited: list[FileEdits] = []
    for it in found.files:
        if it.path is None:
            edited.append(FileEdits(view.uri, view.version, view.positions, it.edits, it.kind))
        else:
            uri, version = versions.get(it.path) or (uri_of(it.path), None)
            positions = Positions(it.text, server.client.encoding)
            edited.append(FileEdits(uri, version, positions, it.edits, it.kind))
    if found.statement:
        server.client.show(
            lsp.MessageType.Info,
            f"The database still has the old name, until this is run there: {found.statement};",
        )
    groups = _GROUPS if found.is_stored else {}
    return workspace_edits(edited, server.client.capabilities, groups)


def _refusal(message: str) -> JsonRpcException:
    """Shown to the user by editors, as the specification asks for."""
    return JsonRpcException(message, lsp.LSPErrorCodes.RequestFailed)


_WITH_NAMES = ("sql", "glossary", "metadata")
"""Kinds of text that name tables and columns; golden queries are SQL where they do."""


def _group(label: str, *, needs_confirmation: bool = False) -> lsp.ChangeAnnotation:
    return lsp.ChangeAnnotation(label, needs_confirmation, "The database itself is not changed")


_GROUPS = {
    "sql": _group("SQL"),
    "golden queries": _group("Golden queries"),
    # A person has written it for persons.
    "glossary": _group("Glossary", needs_confirmation=True),
    "metadata": _group("Metadata files"),
}
