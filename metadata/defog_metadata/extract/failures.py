"""From what a driver says to what the user can do about it."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from defog_metadata.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    ExtractionError,
    PasswordRefused,
    PermissionDenied,
)
from defog_metadata.extract.credentials import Credentials

__all__ = ["explain", "is_lost", "said"]


@dataclass(frozen=True, slots=True)
class _Advice:
    """``{user}``, ``{where}`` and ``{database}`` in ``text`` are filled from the credentials."""

    kind: type[ExtractionError]
    text: str


_WRONG_PASSWORD = _Advice(
    PasswordRefused,
    'The {where} refused user "{user}". Check "user" and "password".',
)
_NOT_LET_IN = _Advice(
    AuthenticationFailed,
    'The {where} does not let user "{user}" in from this machine. Ask its administrator, '
    "or connect with encryption.",
)
_NO_RIGHT_TO_CONNECT = _Advice(
    PermissionDenied,
    'User "{user}" may not use database "{database}" on the {where}. '
    "Ask its administrator for the right to read it.",
)
_NO_RIGHT_TO_READ = _Advice(
    PermissionDenied,
    'User "{user}" may not read the catalog of database "{database}" on the {where}. '
    "Ask its administrator for the right to read it.",
)
_NO_DATABASE = _Advice(
    ConnectionFailed,
    'There is no database "{database}" on the {where}. Check "database".',
)
_NO_HOST = _Advice(
    ConnectionFailed,
    'The {where} cannot be found. Check "host", and that the network (or VPN) is up.',
)
_UNREACHABLE = _Advice(
    ConnectionFailed,
    'No answer from the {where}. Check "host" and "port", that the server runs, and that no '
    "firewall is in between.",
)
_NO_ENCRYPTION = _Advice(
    ConnectionFailed,
    "The encrypted connection to the {where} failed. "
    "Check the encryption settings in the credentials.",
)
_FULL = _Advice(ConnectionFailed, "The {where} takes no more connections. Try again later.")
_LOST = _Advice(
    ConnectionFailed,
    'The connection to the {where} was lost. Try again; if it happens at once, check "port".',
)
_SILENT = _Advice(
    ConnectionFailed,
    'The {where} did not answer in time. Check "host" and "port", and that the server is not too '
    "busy.",
)
_SLOW = _Advice(
    ExtractionError,
    'Reading the catalog of "{database}" on the {where} took too long. Try again when '
    "the server is less busy, or read fewer schemas with schema_whitelist.",
)
_OTHER = _Advice(ExtractionError, 'Cannot read the catalog of "{database}" on the {where}.')
_CANNOT_CONNECT = _Advice(ConnectionFailed, "Cannot connect to the {where}.")


def explain(error: SQLAlchemyError, credentials: Credentials) -> ExtractionError:
    """The exception to raise for *error*."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if credentials.engine == "sqlite":
        return _sqlite(original, credentials)
    match credentials.engine:
        case "postgres":
            advice = _postgres(original)
        case "mysql":
            advice = _mysql(original)
        case _:
            advice = _OTHER
    message = advice.text.format(
        user=credentials.text("user"),
        where=_where(credentials),
        database=credentials.text("database"),
    )
    return advice.kind(message + _detail(_gist(original), credentials))


def said(error: BaseException, credentials: Credentials) -> str:
    """What the database itself said in *error*, in a line; without secrets, possibly empty."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = _gist(original)
    return "" if any(it in text for it in credentials.secrets) else text


def is_lost(error: SQLAlchemyError) -> bool:
    """Whether *error* is about the connection, and not about the statement."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _where(credentials: Credentials) -> str:
    text = credentials.text
    socket = text("unix_socket")
    host = socket or text("host") or text("server") or text("account") or text("server_hostname")
    port = text("port") or {"postgres": "5432", "mysql": "3306"}.get(credentials.engine, "")
    server = f"{credentials.engine} server"
    if not host:
        return server
    return f"{server} at {host}" + (f", port {port}" if port and not socket else "")


def _detail(text: str, credentials: Credentials) -> str:
    """What the driver said, unless that would give a secret away."""
    if not text or any(it in text for it in credentials.secrets):
        return ""
    return f" ({text})"


# What drivers put around the one thing they have to say.
_PREAMBLE = re.compile(r"^.*\b(?:(?:FATAL|ERROR):|(?:connection|port \d+) failed:)\s*")
_ADDITION = re.compile(r"^(?:DETAIL|HINT|LINE \d+):|^Is the server running|^\^$")


def _gist(error: BaseException) -> str:
    # PyMySQL's arguments are a number and a text; others have the text alone. A text of
    # several lines lists the addresses that were tried: the last is as good as any.
    text = str(error.args[-1]) if error.args else ""
    lines = [it.strip() for it in text.splitlines()]
    lines = [it for it in lines if it and not _ADDITION.search(it)]
    return _PREAMBLE.sub("", lines[-1]) if lines else ""


# libpq gives no code for a failed connection, only text. The server's part of it may be in
# another language; then the advice is general and the text itself is all there is.
_POSTGRES_TEXTS: Sequence[tuple[str, _Advice]] = (
    (r"permission denied for database", _NO_RIGHT_TO_CONNECT),
    (r"database .* does not exist", _NO_DATABASE),
    (r"authentication failed|no password supplied", _WRONG_PASSWORD),
    (r"role .* (does not exist|is not permitted to log in)", _WRONG_PASSWORD),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects", _NOT_LET_IN),
    (r"could not translate host name|failed to resolve host|name or service", _NO_HOST),
    (r"connection refused|timeout|timed out|unreachable|no route|no such file", _UNREACHABLE),
    (r"\bssl\b|certificate", _NO_ENCRYPTION),
    (r"too many (clients|connections)|connection slots", _FULL),
)
_POSTGRES_STATES = {
    "42501": _NO_RIGHT_TO_READ,
    "57014": _SLOW,
    "57P01": _LOST,
    "57P02": _LOST,
    "53300": _FULL,
}


def _postgres(error: BaseException) -> _Advice:
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _POSTGRES_STATES.get(state, _OTHER)
    text = str(error)
    for pattern, advice in _POSTGRES_TEXTS:
        if re.search(pattern, text, re.IGNORECASE):
            return advice
    return _CANNOT_CONNECT


# The numbers of MySQL's and MariaDB's servers (1xxx) and clients (2xxx).
_MYSQL_CANNOT_CONNECT = 2003
_MYSQL_LOST = 2013
_MYSQL_NUMBERS = {
    1040: _FULL,
    1044: _NO_RIGHT_TO_CONNECT,
    1045: _WRONG_PASSWORD,
    1049: _NO_DATABASE,
    1130: _NOT_LET_IN,
    1142: _NO_RIGHT_TO_READ,
    1143: _NO_RIGHT_TO_READ,
    1203: _FULL,
    1227: _NO_RIGHT_TO_READ,
    1251: _NOT_LET_IN,
    1698: _WRONG_PASSWORD,
    1969: _SLOW,
    2006: _LOST,
    _MYSQL_LOST: _LOST,
    2026: _NO_ENCRYPTION,
    3024: _SLOW,
    3159: _NOT_LET_IN,
}


def _mysql(error: BaseException) -> _Advice:
    number = error.args[0] if error.args else None
    if number == _MYSQL_CANNOT_CONNECT:
        text = str(error).lower()
        no_host = ("getaddrinfo", "name or service", "nodename", "name resolution")
        return _NO_HOST if any(it in text for it in no_host) else _UNREACHABLE
    if number == _MYSQL_LOST and "timed out" in str(error):
        return _SILENT
    return _MYSQL_NUMBERS.get(number, _OTHER) if isinstance(number, int) else _OTHER


def _sqlite(error: BaseException, credentials: Credentials) -> ExtractionError:
    path = credentials.text("database")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            message = (
                f"{path} is not a SQLite database, or is damaged or encrypted. Check the path; "
                "if it is the right file, restore it from a backup."
            )
            kind: type[ExtractionError] = ExtractionError
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            message = f"{path} is locked by another program. Try again when it has finished."
            kind = ConnectionFailed
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            message = f"{path} cannot be opened. Check the rights on the file and its folder."
            kind = PermissionDenied
        case _:
            message = f"Cannot read the schema of {path}."
            kind = ExtractionError
    return kind(message + _detail(_gist(error), credentials))
