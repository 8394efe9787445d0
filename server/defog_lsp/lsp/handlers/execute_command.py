"""workspace/executeCommand: the commands, each in a module of its own that is loaded when needed.

Most sessions run none, and a start would pay for all of them.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module
from inspect import isawaitable

from defog_lsp.lsp.actions import APPLY_EDIT, REFRESH_METADATA
from defog_lsp.lsp.language_server import SqlLanguageServer

_COMMANDS = {
    REFRESH_METADATA: "metadata.refresh_metadata",
    "defog.showStatus": "metadata.show_status",
    APPLY_EDIT: "apply_edit.apply_edit",
    "defog.describe": "describe.describe",
    "defog.generateDdl": "generate_ddl.generate_ddl",
    "defog.createTables": "create_tables.create_tables",
    "defog.commentDatabase": "comment_database.comment_database",
    "defog.showUncovered": "show_uncovered.show_uncovered",
    "defog.checkHealth": "check_health.check_health",
    "defog.addConnection": "add_connection.add_connection",
    "defog.addMetadata": "add_metadata.add_metadata",
    "defog.forgetSecrets": "forget_secrets.forget_secrets",
}
"""By their names, the functions of the package ``commands``."""


def register(server: SqlLanguageServer) -> None:
    for name, function in _COMMANDS.items():
        server.command(name)(_loaded_late(function))


def _loaded_late(function: str) -> Callable[..., Awaitable[object]]:
    module, _, name = function.partition(".")

    async def run(server: SqlLanguageServer, *arguments: object) -> object:
        command = getattr(import_module(f"defog_lsp.lsp.commands.{module}"), name)
        answer = command(server, *arguments)
        return await answer if isawaitable(answer) else answer

    return run
