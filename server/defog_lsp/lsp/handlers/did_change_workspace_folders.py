"""workspace/didChangeWorkspaceFolders: their projects come and go."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import Folder
from defog_lsp.lsp.uris import path_of


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(on_did_change_workspace_folders)


def on_did_change_workspace_folders(
    server: SqlLanguageServer, params: lsp.DidChangeWorkspaceFoldersParams
) -> None:
    for removed in params.event.removed:
        server.session.folders.pop(removed.uri, None)
    for added in params.event.added:
        if (path := path_of(added.uri)) is not None:
            server.session.folders[added.uri] = Folder(added.uri, path)
    server.tasks.spawn(server.update_settings(), "asking for settings")
