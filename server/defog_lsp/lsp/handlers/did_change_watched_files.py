"""workspace/didChangeWatchedFiles: a hint to look; what has changed is found by looking."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)(on_did_change_watched_files)


def on_did_change_watched_files(
    server: SqlLanguageServer, _params: lsp.DidChangeWatchedFilesParams
) -> None:
    server.session.changes.fire()
    server.watcher.look()
