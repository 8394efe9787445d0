"""Opens a connection, as a rule one that can only read, and turns what goes wrong into advice.

Everything secret goes to the driver as an argument, never into a URL: URLs end up in logs.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pymysql.charset import charset_by_name
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from defog_metadata.errors import (
    ConfigurationError,
    ConnectionFailed,
    ExtractionError,
    MissingDriver,
    PermissionDenied,
)
from defog_metadata.extract.credentials import Credentials
from defog_metadata.extract.failures import explain

__all__ = ["IN_MEMORY", "connected", "writable"]

CONNECT_SECONDS = 10
"""How long a server may take to answer; ``connect_timeout`` in the credentials overrides it."""

STATEMENT_SECONDS = 120
"""How long one catalog query may take: 100,000 tables need a tenth of it."""

IN_MEMORY = ":memory:"
"""The ``database`` of a SQLite that is there as long as the connection; only to write into."""

_APPLICATION = "defog-lsp"

Access = Literal["read", "write"]

# What to install for the engines that do not come with the package.
_PACKAGES = {
    "duckdb": "defog-lsp[duckdb]",
    "redshift": "sqlalchemy-redshift redshift-connector",
    "snowflake": "snowflake-sqlalchemy",
    "bigquery": "sqlalchemy-bigquery",
    "databricks": "databricks-sqlalchemy",
    "sqlserver": "pymssql",
}


@contextmanager
def connected(credentials: Credentials) -> Iterator[Connection]:
    """A connection in a read-only transaction, closed on leaving.

    Raises the subclass of ``ExtractionError`` that fits what goes wrong, here or in the body.
    """
    with _session(credentials, "read") as connection:
        _only_read(connection, credentials.engine)
        try:
            yield connection
        except BaseException:
            # A driver would fetch what is left of a result that nobody reads to its end.
            connection.invalidate()
            raise


@contextmanager
def writable(credentials: Credentials) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back on leaving, unless it was committed.

    A SQLite file that is not there is made; MySQL commits each statement of DDL by itself. Raises
    as ``connected`` does.
    """
    with _session(credentials, "write") as connection:
        _wait_longer(connection, credentials.engine)
        if credentials.engine == "sqlite":
            # Python's driver would leave statements of DDL outside of a transaction.
            connection.exec_driver_sql("begin immediate")
        yield connection


@contextmanager
def _session(credentials: Credentials, access: Access) -> Iterator[Connection]:
    try:
        try:
            engine = _engine(credentials, access)
            connection = _opened(engine)
        except (OSError, UnicodeError) as error:
            # Files that cannot be read, and host names that cannot be.
            raise ConnectionFailed(f"Cannot connect: {error}. Check the credentials.") from error
        try:
            with connection:
                yield connection
        finally:
            engine.dispose()
    except SQLAlchemyError as error:
        raise explain(error, credentials) from error


def _opened(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except RuntimeError as error:
        # PyMySQL reports a missing package for an authentication method this way.
        raise MissingDriver(
            f"The server wants a way of logging in that needs another package: {error}. "
            "Install it with: pip install 'pymysql[rsa,ed25519]'"
        ) from error


def _engine(credentials: Credentials, access: Access) -> Engine:
    match credentials.engine:
        case "postgres":
            return _postgres(credentials)
        case "mysql":
            return _mysql(credentials)
        case "sqlite":
            return _sqlite(credentials, access)
        case _:
            return _other(credentials, access)


def _wait_longer(connection: Connection, engine: str) -> None:
    if engine == "mysql":
        driver: Any = connection.connection.driver_connection
        # There is no public way to be more patient with queries than with the greeting.
        driver._read_timeout = STATEMENT_SECONDS  # noqa: SLF001


def _only_read(connection: Connection, engine: str) -> None:
    _wait_longer(connection, engine)
    match engine:
        case "postgres":
            # Each query sees the same moment, so that their rows fit together.
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            connection.exec_driver_sql(
                "select pg_catalog.set_config('statement_timeout', %s, true),"
                " pg_catalog.set_config('jit', 'off', true),"
                # Of a query that is read through a cursor, all rows are wanted, not the first.
                " pg_catalog.set_config('cursor_tuple_fraction', '1', true)",
                (f"{STATEMENT_SECONDS}s",),
            )
        case "mysql":
            connection.exec_driver_sql("set session transaction read only")


def _postgres(credentials: Credentials) -> Engine:
    arguments = {
        **credentials.values,
        "port": credentials.number("port", 5432),
        "dbname": credentials.text("database"),
        "connect_timeout": credentials.number("connect_timeout", CONNECT_SECONDS),
        "application_name": _APPLICATION,
        # Poolers between us and the server do not keep prepared statements.
        "prepare_threshold": None,
    }
    del arguments["database"]
    engine = create_engine("postgresql+psycopg://", connect_args=arguments, poolclass=NullPool)
    event.listen(engine, "handle_error", _close_lost_cursor)
    return engine


def _close_lost_cursor(context: ExceptionContext) -> None:
    # SQLAlchemy leaves it, and a cursor of the server's minds.
    execution = context.execution_context
    if context.is_disconnect and execution is not None and execution.cursor is not None:
        execution.cursor.close()


def _mysql(credentials: Credentials) -> Engine:
    charset = credentials.text("charset", "utf8mb4")
    if charset_by_name(charset) is None:
        raise ConfigurationError(f'MySQL has no charset "{charset}". Leave it out for utf8mb4.')
    authority = str(_existing_file(credentials, "ssl_ca")) if credentials.text("ssl_ca") else None
    patience = credentials.number("connect_timeout", CONNECT_SECONDS)
    arguments = {
        **credentials.values,
        "port": credentials.number("port", 3306),
        # PyMySQL would encode a text as Latin-1; servers compare UTF-8.
        "password": credentials.text("password").encode(),
        "connect_timeout": patience,
        # The server speaks first. What answers at a wrong port may wait for us for ever.
        "read_timeout": patience,
        "charset": charset,
        "program_name": _APPLICATION,
        # A certificate authority that is named is there to be checked.
        "ssl_ca": authority,
        "ssl_verify_cert": True if authority else None,
    }
    return create_engine("mysql+pymysql://", connect_args=arguments, poolclass=NullPool)


def _sqlite(credentials: Credentials, access: Access) -> Engine:
    if access == "read":
        path = _existing_file(credentials, "database")
        uri = f"{path.as_uri()}?{_sqlite_mode(path)}"
    elif credentials.text("database") == IN_MEMORY:
        uri = f"file:{IN_MEMORY}"
    else:
        path = _path(credentials, "database")
        if path.exists():
            _sqlite_mode(_existing_file(credentials, "database"))
        uri = f"{path.as_uri()}?mode=rwc"
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            uri,
            uri=True,
            timeout=CONNECT_SECONDS,
            # Where we write, transactions are begun by ourselves: see `writable`.
            isolation_level="DEFERRED" if access == "read" else None,
        ),
        poolclass=NullPool,
    )


_SQLITE_MAGIC = b"SQLite format 3\0"


def _sqlite_mode(path: Path) -> str:
    try:
        with path.open("rb") as file:
            header = file.read(20)
    except PermissionError as error:
        raise PermissionDenied(f"This user may not read {path}.") from error
    if header and not header.startswith(_SQLITE_MAGIC):
        raise ExtractionError(
            f"{path} is not a SQLite database (or it is encrypted). Check the path."
        )
    # In write-ahead mode even a reader creates two files next to the database and leaves
    # them there. Where there is no such file, nobody has the database open, and the file
    # itself has all there is: it can be read as if on a read-only medium.
    is_write_ahead = header[18:20] == b"\2\2"
    if is_write_ahead and not path.with_name(f"{path.name}-wal").exists():
        return "immutable=1"
    return "mode=ro"


def _path(credentials: Credentials, name: str) -> Path:
    return Path(os.path.expanduser(credentials.text(name))).absolute()  # noqa: PTH111 - never raises


def _existing_file(credentials: Credentials, name: str) -> Path:
    path = _path(credentials, name)
    if path.is_dir():
        raise ConnectionFailed(f"{path} is a folder, not a file. Check the path.")
    if not path.exists():
        raise ConnectionFailed(f"There is no file {path}. Check the path.")
    return path


def _other(credentials: Credentials, access: Access) -> Engine:
    arguments: dict[str, object] = {}
    if credentials.engine == "duckdb" and access == "read":
        arguments["read_only"] = True
    try:
        url = _url(credentials)
        return create_engine(url, connect_args=arguments, poolclass=NullPool)
    except (NoSuchModuleError, ImportError) as error:
        raise MissingDriver(
            f"Reading {credentials.engine} needs a package that is not installed. "
            f"Install it with: pip install '{_PACKAGES[credentials.engine]}'"
        ) from error


def _url(credentials: Credentials) -> URL:
    """The URL that the dialect of an engine beyond our own three expects."""
    text = credentials.text
    match credentials.engine:
        case "duckdb":
            return URL.create("duckdb", database=str(_existing_file(credentials, "database")))
        case "redshift":
            return URL.create(
                "redshift+redshift_connector",
                host=text("host"),
                port=credentials.number("port", 5439),
                database=text("database"),
                username=text("user"),
                password=text("password"),
            )
        case "snowflake":
            return URL.create(
                "snowflake",
                host=text("account"),
                database="/".join(filter(None, (text("database"), text("schema")))) or None,
                username=text("user"),
                password=text("password"),
                query=_given(credentials, "warehouse", "role"),
            )
        case "bigquery":
            key_path = _existing_file(credentials, "json_key_path")
            return URL.create(
                "bigquery",
                host=_bigquery_project(key_path),
                query={"credentials_path": str(key_path)},
            )
        case "databricks":
            return URL.create(
                "databricks",
                host=text("server_hostname"),
                username="token",
                password=text("access_token"),
                query=_given(credentials, "http_path", "catalog", "schema"),
            )
        case _:
            return URL.create(
                "mssql+pymssql",
                host=text("server"),
                port=credentials.number("port", 1433),
                database=text("database"),
                username=text("user"),
                password=text("password"),
            )


def _given(credentials: Credentials, *names: str) -> dict[str, str]:
    return {it: credentials.text(it) for it in names if credentials.text(it)}


def _bigquery_project(key_path: Path) -> str:
    try:
        key = json.loads(key_path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{key_path} is not a readable JSON key file: {error}") from error
    project = key.get("project_id") if isinstance(key, dict) else None
    if not isinstance(project, str):
        raise ConfigurationError(f'{key_path} has no "project_id": is it a service account key?')
    return project
