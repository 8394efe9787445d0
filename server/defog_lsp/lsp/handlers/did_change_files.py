"""workspace/didCreateFiles, didRenameFiles, didDeleteFiles: reasons to look now.

As ``didChangeWatchedFiles``, also for clients that watch nothing.
"""

from lsprotocol import types as lsp

from defog_lsp.lsp.file_operations import FILES
from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.WORKSPACE_DID_CREATE_FILES, FILES)(on_did_change_files)
    server.feature(lsp.WORKSPACE_DID_RENAME_FILES, FILES)(on_did_change_files)
    server.feature(lsp.WORKSPACE_DID_DELETE_FILES, FILES)(on_did_change_files)


def on_did_change_files(
    server: SqlLanguageServer,
    _params: lsp.CreateFilesParams | lsp.RenameFilesParams | lsp.DeleteFilesParams,
) -> None:
    server.session.changes.fire()
    server.watcher.look()
