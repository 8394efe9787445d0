"""shutdown: all work ends; what is only half done is dropped."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.SHUTDOWN)(on_shutdown)


def on_shutdown(server: SqlLanguageServer, _params: None) -> None:
    server.end()
