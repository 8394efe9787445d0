"""What all engines have in common: progress, cancellation, the documented shape, async."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing

import pytest

from defog_metadata.errors import ExtractionCancelled
from defog_metadata.extract import (
    extract,
    extract_metadata_from_db,
    extract_metadata_from_db_async,
)
from defog_metadata.extract.readers import reader_of
from tests.support.databases import Server

SCRIPT = (
    "create table people (id integer primary key, name varchar(50) not null default 'x');"
    "create table pets (owner integer references people(id));"
)


@pytest.fixture(scope="module", params=["sqlite", "postgres", "mysql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Mapping[str, object]]:
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("sqlite") / "shop.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(SCRIPT)
        return "sqlite", {"database": str(path)}
    fixture = {"postgres": "postgres_server", "mysql": "mariadb_server"}[request.param]
    server: Server = request.getfixturevalue(fixture)
    return server.db_type, server.create_database("common", SCRIPT)


def test_progress_counts_to_the_announced_total(
    database: tuple[str, Mapping[str, object]],
) -> None:
    told: list[tuple[int, int | None, str]] = []
    extract(*database, progress=lambda done, total, what: told.append((done, total, what)))
    total = reader_of(database[0]).steps + 1
    assert [it[0] for it in told] == list(range(total + 1))
    assert {it[1] for it in told} == {total}
    assert (told[0][2], told[-1]) == ("connecting", (total, total, "done"))


@pytest.mark.parametrize("stop_at", [0, 1, 3, 5])
def test_cancelling_stops_at_the_next_step(
    database: tuple[str, Mapping[str, object]], stop_at: int
) -> None:
    told: list[int] = []
    with pytest.raises(ExtractionCancelled):
        extract(
            *database,
            progress=lambda done, _total, _what: told.append(done),
            cancelled=lambda: len(told) > stop_at,
        )
    assert told == list(range(stop_at + 1))


def test_the_documented_shape(database: tuple[str, Mapping[str, object]]) -> None:
    metadata = extract_metadata_from_db(db_type=database[0], db_creds=database[1])
    people, pets = metadata["table_metadata"]
    assert people["table_name"] == "people"
    assert people["table_schema"] in ("main", "public", database[1]["database"])
    name = people["column_metadata"][1]
    assert (name["column_name"], name["is_nullable"]) == ("name", "NO")
    assert "'x'" in name["column_default"]
    assert pets["column_metadata"][0]["foreign_key"]


async def test_async_gives_the_same(database: tuple[str, Mapping[str, object]]) -> None:
    threads: set[threading.Thread] = set()

    def progress(_done: int, _total: int | None, _what: str) -> None:
        threads.add(threading.current_thread())

    found = await extract_metadata_from_db_async(*database, progress=progress)
    assert found == extract_metadata_from_db(*database)
    await asyncio.sleep(0)
    assert threads == {threading.main_thread()}


async def test_cancelling_the_task_stops_the_worker(
    database: tuple[str, Mapping[str, object]],
) -> None:
    connecting, go_on, ended = threading.Event(), threading.Event(), threading.Event()
    steps: list[int] = []

    def cancelled() -> bool:
        # Called by the worker between its queries: hold it before the first.
        steps.append(len(steps))
        connecting.set()
        go_on.wait(30)
        if len(steps) > 1:
            ended.set()
        return False

    task = asyncio.create_task(extract_metadata_from_db_async(*database, cancelled=cancelled))
    await asyncio.to_thread(connecting.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    # Nothing asks again: the worker knows by itself that it is to stop.
    assert not await asyncio.to_thread(ended.wait, 0.5)


def test_importing_the_front_door_loads_no_driver() -> None:
    script = (
        "import sys, defog_metadata.extract\n"
        "heavy = {'sqlalchemy', 'psycopg', 'pymysql'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
