"""A query that takes long ends when the extraction is cancelled, not when it is done."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from defog_metadata.errors import ExtractionCancelled, ExtractionError
from defog_metadata.extract import extract, postgres, sqlite
from tests.support.databases import Server

FOR_EVER = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


class Stop:
    """Cancels half a second after the step *what* has begun."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._stop = threading.Event()

    def progress(self, _done: int, _total: int | None, what: str) -> None:
        if what == self._what:
            threading.Timer(0.5, self._stop.set).start()

    def __call__(self) -> bool:
        return self._stop.is_set()


def test_postgres(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    creds = postgres_server.create_database("stopped", "create table t (id int)")
    monkeypatch.setattr(postgres, "_COLUMNS", "select pg_sleep(100)")
    stop = Stop("columns")
    began = time.monotonic()
    with pytest.raises(ExtractionCancelled):
        extract("postgres", creds, progress=stop.progress, cancelled=stop)
    assert time.monotonic() - began < 50
    with postgres_server.postgres("stopped") as connection:
        running = "select count(*) from pg_stat_activity where query like '%pg_sleep(100)%'"
        running += " and pid <> pg_backend_pid()"
        assert connection.execute(running.encode()).fetchone() == (0,), "nor does the server go on"


def test_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("create table t (id int)")
    for name, step in (("_INDEXES", "indexes"), ("_DEPENDENT", "columns of views")):
        query = FOR_EVER if name == "_INDEXES" else f"({FOR_EVER}) > 0"
        with monkeypatch.context() as patch:
            patch.setattr(sqlite, name, query)
            stop = Stop(step)
            with pytest.raises(ExtractionCancelled):
                extract(
                    "sqlite",
                    {"database": str(tmp_path / "a.db")},
                    progress=stop.progress,
                    cancelled=stop,
                )


def test_a_query_that_fails_is_not_a_cancelled_one(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    creds = postgres_server.create_database("failing")
    monkeypatch.setattr(postgres, "_COLUMNS", "select 1 / 0")
    with pytest.raises(ExtractionError, match="division by zero") as caught:
        extract("postgres", creds, cancelled=lambda: False)
    assert not isinstance(caught.value, ExtractionCancelled)
