"""What users read when a real server, or the file system, says no."""

import os
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from defog_metadata.errors import (
    AuthenticationFailed,
    ConfigurationError,
    ConnectionFailed,
    ExtractionError,
    MissingDriver,
    PasswordRefused,
    PermissionDenied,
)
from defog_metadata.extract import extract
from defog_metadata.extract.credentials import read_credentials
from defog_metadata.extract.failures import explain
from tests.support.databases import Server

SECRET = "correct horse"

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUTjgEqpNERtQxPoxJB+DuW/vfoyIwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjMxNDQyMzlaGA8yMTI2MTAzMDE0NDIz
OVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOkr
1GCWHCSsAUEP/unQ4PqzzrnDepel73NJzaIW2p80fKGyovpyuFfx+tM35rZSvQiX
S3oP+BihkDyuVh5zGRijUzBRMB0GA1UdDgQWBBQw3odF/I1o6wAWxTm9ROc4c5Qd
yzAfBgNVHSMEGDAWgBQw3odF/I1o6wAWxTm9ROc4c5QdyzAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIFSUXrOAa9idWwWPdB70WwzMMByynqEQgoz1
A/usvwKbAiEA3Ny+eplVRe4gBsVAKL4mKxZOI4zVVpKR0acCpE0lwOY=
-----END CERTIFICATE-----
"""
"""An authority that has signed nothing."""


def refused(
    db_type: str, creds: Mapping[str, object], kind: type[ExtractionError], *words: str
) -> None:
    """Extraction raises exactly *kind*, with *words* and without the password."""
    with pytest.raises(ExtractionError) as caught:
        extract(db_type, creds)
    message = str(caught.value)
    assert type(caught.value) is kind, message
    for word in words:
        assert word in message
    assert not creds.get("password") or str(creds["password"]) not in message


@contextmanager
def port_that(*, listens: bool) -> Iterator[int]:
    """A port where nothing listens, or where something does but never speaks."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        if listens:
            held.listen()
        yield held.getsockname()[1]


@pytest.fixture(params=["postgres", "mysql"])
def server(request: pytest.FixtureRequest) -> Server:
    name = "postgres_server" if request.param == "postgres" else "mariadb_server"
    found: Server = request.getfixturevalue(name)
    return found


@pytest.fixture
def creds(server: Server) -> Iterator[dict[str, object]]:
    yield server.create_database("refusing")
    server.execute("drop database refusing")


def test_wrong_password(server: Server, creds: dict[str, object]) -> None:
    refused(
        server.db_type,
        {**creds, "password": SECRET},
        PasswordRefused,
        f'user "{server.user}"',
        'Check "user" and "password"',
    )


def test_no_password(server: Server, creds: dict[str, object]) -> None:
    del creds["password"]
    refused(server.db_type, creds, PasswordRefused, f'user "{server.user}"')


def test_unknown_user(server: Server, creds: dict[str, object]) -> None:
    refused(server.db_type, {**creds, "user": "nobody"}, PasswordRefused, 'user "nobody"')


def test_unknown_database(server: Server, creds: dict[str, object]) -> None:
    refused(
        server.db_type,
        {**creds, "database": "nowhere"},
        ConnectionFailed,
        'There is no database "nowhere"',
        f"127.0.0.1, port {server.port}",
    )


def test_nothing_listens(server: Server, creds: dict[str, object]) -> None:
    with port_that(listens=False) as port:
        refused(
            server.db_type, {**creds, "port": port}, ConnectionFailed, f"127.0.0.1, port {port}"
        )


def test_something_else_listens(server: Server, creds: dict[str, object]) -> None:
    with port_that(listens=True) as port:
        patient = {**creds, "port": port, "connect_timeout": 2}
        refused(server.db_type, patient, ConnectionFailed, 'Check "host" and "port"')


def test_unknown_host(server: Server, creds: dict[str, object]) -> None:
    refused(
        server.db_type,
        {**creds, "host": "no-such-host.invalid"},
        ConnectionFailed,
        "no-such-host.invalid",
        'Check "host"',
    )


def test_a_host_that_cannot_be_one(server: Server, creds: dict[str, object]) -> None:
    refused(server.db_type, {**creds, "host": f"{'a' * 64}.example"}, ConnectionFailed)


def test_no_right_to_the_database(server: Server, creds: dict[str, object]) -> None:
    create = {
        "postgres": "create role {0} login password '{1}';"
        "revoke connect on database refusing from public",
        "mysql": "create user {0} identified by '{1}'",
    }[server.db_type]
    server.execute(create.format("stranger", SECRET))
    try:
        refused(
            server.db_type,
            {**creds, "user": "stranger", "password": SECRET},
            PermissionDenied,
            'User "stranger" may not use database "refusing"',
            "Ask its administrator",
        )
    finally:
        server.execute(
            "drop role stranger" if server.db_type == "postgres" else "drop user stranger"
        )


def test_no_right_to_the_catalog(postgres_server: Server) -> None:
    creds = postgres_server.create_database("closed")
    postgres_server.execute(
        f"create role blind login password '{SECRET}';"
        "revoke select on pg_catalog.pg_namespace from public",
        "closed",
    )
    refused(
        "postgres",
        {**creds, "user": "blind", "password": SECRET},
        PermissionDenied,
        'may not read the catalog of database "closed"',
    )


def test_encryption_that_the_server_does_not_have(server: Server, tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text(CERTIFICATE)
    field = {"postgres": {"sslmode": "require"}, "mysql": {"ssl_ca": str(authority)}}
    creds = {**server.credentials("postgres"), **field[server.db_type]}
    refused(server.db_type, creds, ConnectionFailed, "encrypted connection", "failed")


def test_a_certificate_that_is_none(mariadb_server: Server, tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text("not a certificate")
    creds = {**mariadb_server.credentials("mysql"), "ssl_ca": str(authority)}
    refused("mysql", creds, ConnectionFailed, "Cannot connect", "Check the credentials")


def test_a_certificate_that_is_not_there(mariadb_server: Server, tmp_path: Path) -> None:
    creds = {**mariadb_server.credentials("mysql"), "ssl_ca": str(tmp_path / "ca.pem")}
    refused("mysql", creds, ConnectionFailed, f"There is no file {tmp_path}")


def test_a_slow_query_is_given_more_time_than_a_connection(mariadb_server: Server) -> None:
    from sqlalchemy import text

    from defog_metadata.extract.connect import connected

    creds = {**mariadb_server.credentials("mysql"), "connect_timeout": 1}
    with connected(read_credentials("mysql", creds)) as connection:
        assert connection.execute(text("select sleep(1.5)")).scalar() == 0


def test_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "missing.db"
    refused("sqlite", {"database": str(path)}, ConnectionFailed, f"There is no file {path}")
    assert not path.exists()


@pytest.mark.parametrize("name", ["x" * 5000, "~no-such-user/shop.db", ":memory:"])
def test_a_path_that_cannot_be_one(name: str) -> None:
    refused("sqlite", {"database": name}, ConnectionFailed, name[:100])


def test_a_folder(tmp_path: Path) -> None:
    refused("sqlite", {"database": str(tmp_path)}, ConnectionFailed, "is a folder")


@pytest.mark.parametrize(
    "content", [b"id,name\n1,Ada\n", b"SQLite format 3\0" + b"\xff" * 4096, b"\0" * 100]
)
def test_not_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    refused("sqlite", {"database": str(path)}, ExtractionError, f"{path} is not a SQLite")
    assert path.read_bytes() == content


def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "private.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table t (a)")
    path.chmod(0)
    with ordinary_user(tmp_path):
        refused("sqlite", {"database": str(path)}, PermissionDenied, f"may not read {path}")


def test_a_file_that_another_program_has_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("defog_metadata.extract.connect.CONNECT_SECONDS", 0.1)
    path = tmp_path / "busy.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("create table t (a)")
        writer.execute("begin exclusive")
        refused("sqlite", {"database": str(path)}, ConnectionFailed, "is locked by another")


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Without the superuser's right to read everything; *folder* stays reachable."""
    if os.geteuid() != 0:
        yield
        return
    changed = [it for it in (folder, *folder.parents) if it.stat().st_mode & 0o5 != 0o5]
    modes = {it: it.stat().st_mode for it in changed}
    for it in changed:
        it.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for it, mode in modes.items():
            it.chmod(mode)


@pytest.mark.parametrize(
    ("db_type", "creds", "package"),
    [
        (
            "snowflake",
            {"account": "a", "warehouse": "w", "user": "u", "password": SECRET},
            "snowflake-sqlalchemy",
        ),
        (
            "databricks",
            {"server_hostname": "h", "access_token": SECRET, "http_path": "p"},
            "databricks-sqlalchemy",
        ),
        (
            "sqlserver",
            {"server": "s", "database": "d", "user": "u", "password": SECRET},
            "pymssql",
        ),
    ],
)
def test_a_driver_that_is_not_installed(
    db_type: str, creds: Mapping[str, object], package: str
) -> None:
    refused(db_type, creds, MissingDriver, f"pip install '{package}'")


@pytest.mark.parametrize(
    ("content", "problem"), [("{", "not a readable JSON"), ("[]", 'no "project_id"')]
)
def test_a_key_file_that_is_none(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=problem):
        extract("bigquery", {"json_key_path": str(path)})


@pytest.mark.parametrize(
    ("db_type", "error", "kind", "words"),
    [
        # A server that speaks another language: its own words are all there is.
        (
            "postgres",
            Exception("connection failed: FATAL:  Passwort-Authentifizierung fehlgeschlagen"),
            ConnectionFailed,
            "Cannot connect to the postgres server at db, port 5432. (Passwort-Authentifizierung",
        ),
        (
            "postgres",
            Exception('FATAL:  no pg_hba.conf entry for host "10.0.0.1"'),
            AuthenticationFailed,
            "from this machine",
        ),
        ("mysql", Exception(1040, "Too many connections"), ConnectionFailed, "Try again later"),
        ("mysql", Exception(1969, "timeout exceeded"), ExtractionError, "schema_whitelist"),
        ("mysql", Exception(9999, "Something new"), ExtractionError, "(Something new)"),
        # A driver that gives the password away is not quoted.
        ("mysql", Exception(9999, f"using '{SECRET}'"), ExtractionError, 'catalog of "shop"'),
    ],
)
def test_what_a_test_cannot_make_a_server_say(
    db_type: str, error: Exception, kind: type[ExtractionError], words: str
) -> None:
    credentials = read_credentials(
        db_type, {"host": "db", "database": "shop", "user": "ada", "password": SECRET}
    )
    found = explain(OperationalError(None, None, error), credentials)
    assert type(found) is kind
    assert words in str(found)
    assert SECRET not in str(found)


def test_an_error_of_sqlalchemy_itself() -> None:
    credentials = read_credentials("duckdb", {"database": "a.db"})
    assert str(explain(SQLAlchemyError("odd"), credentials)).endswith("(odd)")
