"""initialize, initialized: the first answers at once, the second begins what takes time."""

from collections.abc import Mapping

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import Folder
from defog_lsp.lsp.settings import read_settings
from defog_lsp.lsp.uris import path_of


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.INITIALIZE)(on_initialize)
    server.feature(lsp.INITIALIZED)(on_initialized)


def on_initialize(server: SqlLanguageServer, params: lsp.InitializeParams) -> None:
    server.meet(params)
    options = params.initialization_options
    server.given_settings = read_settings(options)
    if isinstance(options, Mapping) and options.get("trusted") is False:
        server.metadata.may_connect = False
    folders = {it.uri: it.uri for it in params.workspace_folders or []}
    if not folders and server.documents.root_uri:
        folders = {server.documents.root_uri: server.documents.root_uri}
    for uri in folders:
        if (path := path_of(uri)) is not None:
            server.session.folders[uri] = Folder(uri, path)


def on_initialized(server: SqlLanguageServer, _params: lsp.InitializedParams) -> None:
    server.tasks.spawn(server.begin(), "beginning")
