"""codeAction/resolve: the edit of an action that was put off until somebody chose it."""

from lsprotocol import types as lsp

from defog_lsp.lsp.actions import insertion_of_table
from defog_lsp.lsp.language_server import SqlLanguageServer

_NOWHERE = "None of the metadata files that defog.toml names can be added to"


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.CODE_ACTION_RESOLVE)(on_code_action_resolve)


async def on_code_action_resolve(
    server: SqlLanguageServer, action: lsp.CodeAction
) -> lsp.CodeAction:
    """The action again, with its edit. ``data`` says all that it takes."""
    match action.data:
        case {"document": str(uri), "path": [*path], "columns": [*columns]} if path:
            edit = await insertion_of_table(
                server, uri, list(map(str, path)), list(map(str, columns))
            )
            if edit is None:
                server.client.forget_shown(_NOWHERE)
                server.client.show(lsp.MessageType.Warning, _NOWHERE)
            action.edit = edit
    return action
