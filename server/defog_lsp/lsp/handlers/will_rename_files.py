"""workspace/willRenameFiles: ``defog.toml`` goes on naming its files, SQL files those they read."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_moves
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.edits import FileEdits, workspace_edits
from defog_lsp.lsp.file_operations import FILES
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import path_of, uri_of


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.WORKSPACE_WILL_RENAME_FILES, FILES)(on_will_rename_files)


async def on_will_rename_files(
    server: SqlLanguageServer, params: lsp.RenameFilesParams
) -> lsp.WorkspaceEdit | None:
    moves = [
        (old, new)
        for it in params.files
        if (old := path_of(it.old_uri)) is not None and (new := path_of(it.new_uri)) is not None
    ]
    projects = [*server.session.projects.values()]
    workspaces = [it.workspace for it in projects if it.workspace is not None]
    configurations = [path for it in projects if (path := it.location.configuration) is not None]
    documents = {it.path: it for it in server.session.documents if it.path is not None}
    texts = {path: it.source.source for path, it in documents.items()}
    versions = {path: it.source.version for path, it in documents.items()}
    # Everything mutable has been read; from here on documents may change under us.
    found = await in_thread(late_moves.edits_for_moves, configurations, workspaces, texts, moves)
    if not found:
        return None
    files = [
        FileEdits(
            documents[path].uri if path in documents else uri_of(path),
            versions.get(path),
            Positions(text, server.client.encoding),
            edits,
        )
        for path, text, edits in found
    ]
    return workspace_edits(files, server.client.capabilities)
