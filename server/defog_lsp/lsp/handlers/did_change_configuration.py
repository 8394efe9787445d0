"""workspace/didChangeConfiguration: sent with the settings, or only to say that they changed."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.settings import read_settings


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)(on_did_change_configuration)


def on_did_change_configuration(
    server: SqlLanguageServer, params: lsp.DidChangeConfigurationParams
) -> None:
    if params.settings is not None:
        server.given_settings = read_settings(params.settings)
    server.tasks.spawn(server.update_settings(), "asking for settings")
