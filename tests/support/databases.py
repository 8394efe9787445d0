"""Private database servers: on a free port, in a folder of their own, gone after the tests.

``postgres_server``, ``mariadb_server`` and ``defog_databases`` are fixtures for every test;
the context managers below are for those who need a server without pytest.
"""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest
from psycopg import sql as composed
from pymysql.constants.CLIENT import MULTI_STATEMENTS

from tests.support.tools import REPOSITORY, require

__all__ = [
    "PUBLISHED",
    "Server",
    "apply_published_descriptions",
    "connected",
    "defog_databases",
    "mariadb_server",
    "postgres_server",
    "published_schema",
    "running_mariadb",
    "running_postgres",
]

PUBLISHED = REPOSITORY.parent / "shared" / "data" / "defog"
"""The public data sets, beside the repository; read where they are, never copied."""

_START_SECONDS = 90
_HOST = "127.0.0.1"


def connected(creds: Mapping[str, object]) -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection to the PostgreSQL database of *creds* that commits each statement at once."""
    return psycopg.connect(
        host=str(creds["host"]),
        port=int(str(creds["port"])),
        dbname=str(creds["database"]),
        user=str(creds["user"]),
        password=str(creds["password"]),
        autocommit=True,
    )


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. ``user`` may do everything."""

    db_type: str
    port: int
    user: str
    password: str = field(repr=False)

    def credentials(self, database: str) -> dict[str, object]:
        """The library's ``db_creds`` for *database*."""
        return {
            "host": _HOST,
            "port": self.port,
            "database": database,
            "user": self.user,
            "password": self.password,
        }

    def postgres(self, database: str) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection to *database* of a PostgreSQL that commits each statement at once."""
        return connected(self.credentials(database))

    def mysql(
        self, database: str | None, *, client_flag: int = 0
    ) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        """The same for a MariaDB."""
        return pymysql.connect(
            host=_HOST,
            port=self.port,
            database=database,
            user=self.user,
            # PyMySQL would take a text for Latin-1.
            password=self.password.encode(),
            client_flag=client_flag,
            autocommit=True,
            charset="utf8mb4",
        )

    def execute(self, script: str, database: str | None = None) -> None:
        """Run *script*, statements divided by semicolons, each committed at once."""
        if self.db_type == "postgres":
            with closing(self.postgres(database or "postgres")) as connection:
                connection.execute(script.encode())
            return
        with (
            closing(self.mysql(database, client_flag=MULTI_STATEMENTS)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(script)
            while cursor.nextset():
                pass

    def create_database(self, name: str, script: str = "") -> dict[str, object]:
        """A new database filled by *script*; its credentials."""
        self.execute(f"create database {name}")
        if script:
            self.execute(script, name)
        return self.credentials(name)


@contextmanager
def running_postgres() -> Iterator[Server]:
    """A PostgreSQL server that asks for a password."""
    programs = require("postgres")
    password = "pässwörd"
    with _folder("postgres") as (folder, user):
        password_file = folder / "password"
        password_file.write_text(password, encoding="utf-8")
        initdb = (programs / "initdb", "-D", folder / "data", "-U", "postgres", "--no-sync")
        options = ("-A", "scram-sha-256", "--pwfile", password_file, "-E", "UTF8")
        _run([*initdb, *options, "--locale=C.UTF-8"], user)

        def command(port: int) -> Sequence[str | Path]:
            settings = (
                f"listen_addresses={_HOST}",
                f"unix_socket_directories={folder}",
                "fsync=off",
                "max_connections=50",
            )
            start = (programs / "postgres", "-D", folder / "data", "-p", str(port))
            return [*start, *(word for it in settings for word in ("-c", it))]

        # SIGINT: end now, without waiting for connections that are still open.
        with _started(
            lambda port: Server("postgres", port, "postgres", password),
            command,
            folder / "log",
            user,
            signal.SIGINT,
        ) as server:
            yield server


@contextmanager
def running_mariadb() -> Iterator[Server]:
    """A MariaDB server whose all-powerful user has a password."""
    program = require("mariadb")
    installer = shutil.which("mariadb-install-db") or "mariadb-install-db"
    with _folder("mysql") as (folder, user):
        places = ["--no-defaults", f"--datadir={folder / 'data'}"]
        _run(
            [
                installer,
                *places,
                *("--auth-root-authentication-method=normal", "--skip-test-db"),
                *([f"--user={user}"] if user else []),
            ],
            None,
        )

        def command(port: int) -> Sequence[str | Path]:
            return [
                program,
                *places,
                *(f"--bind-address={_HOST}", f"--port={port}"),
                *(f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}"),
                "--innodb-flush-log-at-trx-commit=0",
            ]

        with _started(
            lambda port: Server("mysql", port, "root", ""),
            command,
            folder / "log",
            user,
            signal.SIGTERM,
        ) as server:
            # The euro sign, because a driver may take passwords for Latin-1.
            password = "pä€sswörd"
            server.execute(
                f"create user admin identified by '{password}';"
                "grant all on *.* to admin with grant option"
            )
            yield Server("mysql", server.port, "admin", password)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    with running_mariadb() as server:
        yield server


@pytest.fixture(scope="session")
def defog_databases(postgres_server: Server) -> Mapping[str, dict[str, object]]:
    """The 11 published databases with their rows, in PostgreSQL: credentials by name."""
    scripts = sorted((PUBLISHED / "sql").glob("*.sql"))
    if not scripts:
        pytest.skip("the public data sets are not beside the repository")
    return {
        it.stem: postgres_server.create_database(it.stem, it.read_text(encoding="utf-8"))
        for it in scripts
    }


def published_schema(name: str) -> dict[str, object]:
    """What a real PostgreSQL shows of the published database *name*, with its descriptions."""
    path = PUBLISHED / "schemas" / f"{name}.json"
    schema: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def apply_published_descriptions(creds: Mapping[str, object], name: str) -> None:
    """Store the published descriptions of *name* as comments: its SQL has none."""
    tables = published_schema(name)["table_metadata"]
    assert isinstance(tables, list)
    statements = [
        composed.SQL("comment on column {}.{}.{} is {}").format(
            composed.Identifier(table["table_schema"]),
            composed.Identifier(table["table_name"]),
            composed.Identifier(column["column_name"]),
            composed.Literal(column["column_description"]),
        )
        for table in tables
        for column in table["column_metadata"]
        if column["column_description"]
    ]
    with psycopg.connect(
        host=str(creds["host"]),
        port=int(str(creds["port"])),
        dbname=str(creds["database"]),
        user=str(creds["user"]),
        password=str(creds["password"]),
    ) as connection:
        connection.execute(composed.SQL(";").join(statements))


@contextmanager
def _folder(account: str) -> Iterator[tuple[Path, str | None]]:
    """A folder for a server, and the account to run it as: root's own is refused by servers."""
    user = account if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="defog-"))
    try:
        folder.chmod(0o755)
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        yield folder, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: Sequence[str | Path], user: str | None) -> None:
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
    assert done.returncode == 0, done.stdout


@contextmanager
def _started(
    server_at: Callable[[int], Server],
    command: Callable[[int], Sequence[str | Path]],
    log: Path,
    user: str | None,
    end: signal.Signals,
) -> Iterator[Server]:
    server = server_at(_free_port())
    with log.open("w+") as output:
        process = subprocess.Popen(
            command(server.port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
        try:
            _wait_for(server, process, log)
            yield server
        finally:
            process.send_signal(end)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.execute("select 1")
        except (psycopg.OperationalError, pymysql.OperationalError) as error:
            if process.poll() is not None or time.monotonic() > give_up:
                pytest.fail(f"{server.db_type} did not start: {error}\n{log.read_text()}")
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
