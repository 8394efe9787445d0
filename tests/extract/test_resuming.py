"""An extraction that ends early is gone on with, and never mixed with another one."""

import json
import logging
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from defog_metadata.catalog import Table
from defog_metadata.errors import ConnectionFailed, ExtractionCancelled, ExtractionError
from defog_metadata.extract import Extraction, extract, extracting, steps
from defog_metadata.extract.readers import reader_of
from tests.extract.engines import ENGINES, Database, interrupted, maker, read, sent
from tests.support.databases import Server

SCRIPT = (
    "create table people (id int primary key, name varchar(50) not null unique, boss int,"
    " foreign key (boss) references people (id));"
    "create table pets (number int, owner int, kind varchar(9) check (kind in ('cat', 'dog')),"
    " foreign key (owner) references people (id));"
    "create index by_kind on pets (kind, owner);"
    "create view names as select name from people;"
)
STEPS = {
    "sqlite": ["tables", "columns", "columns of views", "foreign keys", "indexes"],
    "postgres": ["types", "tables", "columns", "keys", "indexes", "statistics"],
    "mysql": ["tables", "columns", "views", "indexes", "foreign keys", "checks"],
}
CONSTANT = {"sqlite": 1, "postgres": 2, "mysql": 2}
"""Statements that are sent whatever is known: which database it is, and how to read it."""


@pytest.fixture(scope="module", params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Database:
    make = maker(request.param, request, tmp_path_factory.mktemp("resumed"))
    return request.param, make("resumed", SCRIPT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "extraction"


def kept(folder: Path) -> list[Path]:
    return list(folder.glob("*"))


def test_what_whole_steps_have_found_is_not_read_again(
    database: Database, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    db_type, _ = database
    whole = extract(*database)
    caplog.set_level(logging.INFO)
    for number, step in enumerate(STEPS[db_type]):
        interrupted(database, folder, step)
        caplog.clear()
        with sent() as statements:
            assert read(database, folder) == whole
        assert len(statements) == CONSTANT[db_type] + len(STEPS[db_type]) - number, statements
        resumed = [it for it in caplog.messages if "ended early" in it]
        assert len(resumed) == (number > 0)
        assert all(it in "".join(resumed) for it in STEPS[db_type][:number])
        assert kept(folder) == []


def test_half_a_step_is_none(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = extract(*database)
    monkeypatch.setattr(steps, "ROWS_AT_ONCE", 2)
    told: list[str] = []
    with pytest.raises(ExtractionCancelled):
        read(
            database,
            folder,
            progress=lambda _done, _total, what: told.append(what),
            cancelled=lambda: told[-1:] != [] and told[-1].startswith("columns: "),
        )
    assert told[-1] in ("columns: 1 of 3 tables", "columns: 2 of 3 tables")
    with sent() as statements:
        assert read(database, folder) == whole
    done = STEPS[database[0]].index("columns")
    assert len(statements) == CONSTANT[database[0]] + len(STEPS[database[0]]) - done


class Unwritable(Exception):
    pass


def write_the_first_of(tables: Iterator[Table]) -> None:
    raise Unwritable(next(tables))


def test_when_all_is_read_but_not_used_nothing_is_read_again(
    database: Database, folder: Path
) -> None:
    """Such as where the cache file cannot be written."""
    with pytest.raises(Unwritable), extracting(*database, keep_in=folder) as found:
        write_the_first_of(found.tables)
    before = time.time()
    whole = extract(*database)
    with sent() as statements, extracting(*database, keep_in=folder) as found:
        assert found.started < before
        assert tuple(found.tables) == whole.tables
    assert len(statements) == CONSTANT[database[0]]


KILLED = """
import json, os, signal, sys
from pathlib import Path
from defog_metadata.extract import extracting, steps
steps.ROWS_AT_ONCE = 2
db_type, creds, folder, at = json.loads(sys.argv[1])
def progress(done, total, what):
    if what.startswith(at):
        os.kill(os.getpid(), signal.SIGKILL)
with extracting(db_type, creds, keep_in=Path(folder), progress=progress) as found:
    list(found.tables)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize(
    ("at", "step"),
    [
        ("columns", "columns"),
        ("columns: ", "columns"),
        ("indexes", "indexes"),
        ("tables, one by one", None),
    ],
)
def test_a_killed_process(database: Database, folder: Path, at: str, step: str | None) -> None:
    db_type, creds = database
    arguments = json.dumps([db_type, dict(creds), str(folder), at])
    done = subprocess.run([sys.executable, "-c", KILLED, arguments], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with sent() as statements:
        found = read(database, folder)
    assert found == extract(*database)
    steps = STEPS[db_type]
    left = len(steps) - steps.index(step) if step else 0
    assert len(statements) == CONSTANT[db_type] + left
    assert kept(folder) == []


@pytest.mark.parametrize("db_type", ["postgres", "mysql"])
def test_a_connection_that_breaks(
    db_type: str, request: pytest.FixtureRequest, tmp_path: Path, folder: Path
) -> None:
    creds = maker(db_type, request, tmp_path)(f"broken_{db_type}", SCRIPT)
    server: Server = request.getfixturevalue(
        {"postgres": "postgres_server", "mysql": "mariadb_server"}[db_type]
    )

    def end(_done: int, _total: int | None, what: str) -> None:
        if what != "indexes":
            return
        if db_type == "postgres":
            server.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                f" where datname = 'broken_{db_type}' and application_name = 'defog-lsp'"
            )
            return
        with closing(server.mysql(None)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "select id from information_schema.processlist where db = 'broken_mysql'"
            )
            for (number,) in cursor.fetchall():
                cursor.execute(f"kill {number}")

    with pytest.raises(ConnectionFailed):
        read((db_type, creds), folder, progress=end)
    with sent() as statements:
        assert read((db_type, creds), folder).tables
    assert len(statements) == CONSTANT[db_type] + len(STEPS[db_type]) - STEPS[db_type].index(
        "indexes"
    )


@pytest.mark.parametrize("db_type", ["postgres", "mysql"])
def test_tables_that_come_and_go_meanwhile(
    db_type: str, request: pytest.FixtureRequest, tmp_path: Path, folder: Path
) -> None:
    creds = maker(db_type, request, tmp_path)(f"moving_{db_type}", SCRIPT)
    server: Server = request.getfixturevalue(
        {"postgres": "postgres_server", "mysql": "mariadb_server"}[db_type]
    )
    interrupted((db_type, creds), folder, "columns")
    server.execute("create table late (id int); drop table pets", f"moving_{db_type}")
    found = {it.name: it for it in read((db_type, creds), folder).tables}
    assert set(found) == {"people", "pets", "names"}
    assert found["pets"].columns == ()
    assert len(found["people"].columns) == 3
    # The next one is of one moment again.
    assert {it.name for it in read((db_type, creds), folder).tables} == {"people", "late", "names"}


def test_a_file_that_has_changed_is_read_anew(tmp_path: Path, folder: Path) -> None:
    database = "sqlite", {"database": str(tmp_path / "a.db")}
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.executescript(SCRIPT)
        interrupted(database, folder, "columns")
        connection.executescript("create table late (id int)")
    assert read(database, folder) == extract(*database)


@pytest.mark.parametrize("db_type", ["sqlite", "duckdb"])
def test_a_file_that_is_another_one_is_read_anew(
    db_type: str, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "a.db"
    for name in ("one", "two"):
        path.unlink(missing_ok=True)
        if db_type == "sqlite":
            with closing(sqlite3.connect(path)) as connection:
                connection.execute(f"create table {name} (id int)")
        else:
            pytest.importorskip("duckdb_sqlalchemy", reason="the duckdb extra is not installed")
            with import_module("duckdb").connect(str(path)) as connection:
                connection.execute(f"create table {name} (id int)")
        if name == "one":
            last = {"sqlite": "indexes", "duckdb": "comments"}[db_type]
            interrupted((db_type, {"database": str(path)}), folder, last)
    found = read((db_type, {"database": str(path)}), folder)
    assert [it.name for it in found.tables] == ["two"]


def test_a_database_made_anew_is_another_one(postgres_server: Server, folder: Path) -> None:
    creds = postgres_server.create_database("anew", SCRIPT)
    interrupted(("postgres", creds), folder, "columns")
    postgres_server.execute("drop database anew")
    postgres_server.create_database("anew", "create table other (id int)")
    assert [it.name for it in read(("postgres", creds), folder).tables] == ["other"]


def test_another_user_or_choice_is_another_extraction(
    postgres_server: Server, folder: Path
) -> None:
    creds = postgres_server.create_database("chosen", SCRIPT + "create schema more")
    postgres_server.execute("create role reader login password 'secret'")
    database = "postgres", creds
    interrupted(database, folder, "columns")
    others: list[tuple[Mapping[str, object], dict[str, Any]]] = [
        ({**creds, "user": "reader", "password": "secret"}, {}),
        (creds, {"schema_whitelist": ["public"]}),
        (creds, {"schema_blacklist": ["more"]}),
        (creds, {"frequent_values": False}),
    ]
    for number, (other, options) in enumerate(others, start=2):
        with sent() as statements:
            interrupted(("postgres", other), folder, "columns", **options)
        assert any("pg_class" in it for it in statements), "it reads the tables for itself"
        assert len(kept(folder)) == number


def test_only_its_owner_may_read_it_and_no_secret_is_in_it(
    postgres_server: Server, folder: Path
) -> None:
    creds = postgres_server.create_database("private", SCRIPT)
    interrupted(("postgres", creds), folder, "keys")
    [path] = kept(folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert str(creds["password"]).encode() not in path.read_bytes()


def aged(folder: Path, seconds: float) -> None:
    for it in kept(folder):
        os.utime(it, (time.time() - seconds,) * 2)


def test_after_some_minutes_it_starts_anew(database: Database, folder: Path) -> None:
    for seconds, is_gone in ((300, False), (900, True)):
        interrupted(database, folder, "columns")
        aged(folder, seconds)
        with sent() as statements:
            assert read(database, folder).tables
        all_steps = CONSTANT[database[0]] + len(STEPS[database[0]])
        assert (len(statements) == all_steps) == is_gone


def test_old_ones_of_others_are_deleted(tmp_path: Path, folder: Path) -> None:
    for name in "ab":
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as connection:
            connection.executescript(SCRIPT)
    a, b = (("sqlite", {"database": str(tmp_path / f"{it}.db")}) for it in "ab")
    interrupted(a, folder, "columns")
    aged(folder, 900)
    interrupted(b, folder, "columns")
    assert len(kept(folder)) == 1
    aged(folder, 900)
    read(a, folder)
    assert kept(folder) == []


def test_two_at_once_do_not_disturb_each_other(database: Database, folder: Path) -> None:
    whole = extract(*database)
    found: list[Extraction] = []

    def second(_done: int, _total: int | None, what: str) -> None:
        if what == "columns":
            aged(folder, 900)  # however long the first one takes
            found.append(read(database, folder))

    assert read(database, folder, progress=second) == whole
    assert found == [whole]
    assert kept(folder) == []


@pytest.mark.parametrize("data", [b"no database at all" * 300, b"SQLite format 3\0" + b"\1" * 5000])
def test_a_damaged_file_is_thrown_away(database: Database, folder: Path, data: bytes) -> None:
    whole = extract(*database)
    interrupted(database, folder, "columns")
    [path] = kept(folder)
    path.write_bytes(data)
    assert read(database, folder) == whole
    assert read(database, folder) == whole
    assert kept(folder) == []


def test_a_folder_that_cannot_be_used_is_no_reason_to_fail(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert read(database, tmp_path / "file" / "extraction") == extract(*database)
    assert "will start anew" in caplog.text


@pytest.mark.parametrize("stop_at", [0, 1, 2])
def test_tables_are_checked_between(
    tmp_path: Path, stop_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.executescript("".join(f"create table t{it} (id int);" for it in range(7)))
    monkeypatch.setattr(steps, "_TABLES_AT_ONCE", 2)
    seen: list[Table] = []
    with (
        pytest.raises(ExtractionCancelled),
        extracting(
            "sqlite",
            {"database": str(tmp_path / "a.db")},
            cancelled=lambda: len(seen) > 2 * stop_at,
        ) as found,
    ):
        seen.extend(found.tables)
    assert len(seen) == 2 * stop_at + 2


def test_progress_never_goes_back(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(steps, "_TABLES_AT_ONCE", 1)
    told: list[tuple[int, int | None, str]] = []
    extract(*database, progress=lambda *it: told.append(it))
    total = reader_of(database[0]).steps + 1
    assert {it[1] for it in told} == {total}
    assert [it[0] for it in told] == sorted(it[0] for it in told)
    assert "columns: 2 of 3 tables" in [it[2] for it in told]
    assert "2 of 3 tables" in [it[2] for it in told]
    assert told[-1] == (total, total, "done")


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.executescript(
            "".join(f"create table t{it} (id int, {'x' * 200}{it} text);" for it in range(300))
        )

    class Small(sqlite3.Connection):
        def __init__(self, database: Any, **options: Any) -> None:
            super().__init__(database, **options)
            if not isinstance(database, str) or not database:  # else it is the one that is read
                self.execute("pragma max_page_count = 12")

    monkeypatch.setattr(sqlite3, "connect", Small)
    folder = tmp_path / "extraction"
    for keep_in in (None, folder):
        with (
            pytest.raises(ExtractionError, match=r"full.* Make room"),
            extracting("sqlite", {"database": str(tmp_path / "a.db")}, keep_in=keep_in) as found,
        ):
            list(found.tables)
    assert kept(folder) == []
