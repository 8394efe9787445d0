"""codeAction/resolve: the edit of an action that was put off until somebody chose it."""

from lsprotocol import types as lsp

from defog_lsp.lsp.additions import read_addition
from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.CODE_ACTION_RESOLVE)(on_code_action_resolve)


async def on_code_action_resolve(
    server: SqlLanguageServer, action: lsp.CodeAction
) -> lsp.CodeAction:
    """The action again, with its edit. ``data`` says all that it takes."""
    addition = read_addition(action.data)
    if addition is not None:
        action.edit = await addition.edit(server)
        if action.edit is None:
            server.dialogue.say(lsp.MessageType.Warning, addition.refusal)
    return action
