"""Asking before something is done to a database, and for what that takes."""

import getpass
import sys

from defog_metadata.errors import ConfigurationError
from defog_metadata.workspace import Connection
from defog_metadata.workspace.asking import Question, answered

__all__ = ["agreed", "with_secrets"]


def agreed(what: str, connection: Connection, otherwise: str) -> bool:
    """Ask on the terminal whether to do *what*, which ends before the name of the connection.

    Raises ``ConfigurationError`` where nobody can be asked; *otherwise* says what to write then.
    """
    if not sys.stdin.isatty():
        raise ConfigurationError(f"nobody is there to be asked: {otherwise}")
    database = connection.creds.get("database", "")
    shown = f" ({connection.db_type} {database})" if isinstance(database, str) else ""
    print(f"{what} {connection.name}{shown}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def with_secrets(connection: Connection) -> Connection:
    """*connection* with the secrets that its ``defog.toml`` leaves to whoever uses it.

    They are typed, unseen. Raises ``ConfigurationError`` where nobody can be asked.
    """
    return answered(connection, _typed)


def _typed(question: Question) -> str | None:
    if not sys.stdin.isatty():
        raise ConfigurationError(
            f"connection {question.connection}: nobody is there to be asked for the "
            f'{question.noun}: write {question.field} = {{ env = "VARIABLE" }} in defog.toml'
        )
    try:
        return getpass.getpass(f"{question.title}: ") or None
    except EOFError:
        return None
