"""workspace/executeCommand: the commands, each in a module of its own."""

from defog_lsp.lsp.commands import (
    add_connection,
    add_metadata,
    apply_edit,
    check_health,
    comment_database,
    create_tables,
    describe,
    forget_secrets,
    generate_ddl,
    metadata,
    show_uncovered,
)
from defog_lsp.lsp.language_server import SqlLanguageServer

_COMMANDS = (
    metadata,
    apply_edit,
    describe,
    generate_ddl,
    create_tables,
    comment_database,
    show_uncovered,
    check_health,
    add_connection,
    add_metadata,
    forget_secrets,
)


def register(server: SqlLanguageServer) -> None:
    for command in _COMMANDS:
        command.register(server)
