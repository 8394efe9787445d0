"""Asking before something is done to a database."""

import sys

from defog_metadata.errors import ConfigurationError
from defog_metadata.workspace import Connection

__all__ = ["agreed"]


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
