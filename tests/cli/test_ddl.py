"""``defog-lsp ddl`` and ``defog-lsp create-tables``."""

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import run


@pytest.fixture
def extracted(capsys: pytest.CaptureFixture[str], shop: Path) -> Path:
    with (shop / "defog.toml").open("a") as file:
        file.write('[connections.copy]\ndb_type = "sqlite"\ndatabase = "copy.db"\n')
    assert run(capsys, "extract", "shop").status == 0
    return shop


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("select name from sqlite_master where type = 'table'")
        return [it for (it,) in found if not it.startswith("sqlite_")]


def columns(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"select * from pragma_table_info('{table}')").fetchall()


def test_all_tables(capsys: pytest.CaptureFixture[str], extracted: Path) -> None:
    shown = run(capsys, "ddl")
    assert shown.status == 0
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(shown.out)
        made = connection.execute("select count(*) from sqlite_master where type = 'table'")
        assert made.fetchone() == (len(names(extracted / "shop.db")),)


def test_a_choice_in_another_dialect_as_json(
    capsys: pytest.CaptureFixture[str], extracted: Path
) -> None:
    arguments = ["ddl", "customers", "--dialect", "postgresql", "--format", "json"]
    shown = run(capsys, *arguments, "--if-not-exists")
    assert shown.status == 0
    found = json.loads(shown.out)
    assert found["dialect"] == "postgres"
    (created,) = [it for it in found["statements"] if "CREATE TABLE" in it]
    assert created.startswith("CREATE TABLE IF NOT EXISTS public.customers (")
    assert any(it.startswith("COMMENT ON COLUMN public.customers.") for it in found["statements"])


def test_into_a_file(capsys: pytest.CaptureFixture[str], extracted: Path) -> None:
    shown = run(capsys, "ddl", "--output", "made.sql")
    assert (shown.status, shown.out) == (0, "")
    assert (extracted / "made.sql").read_text(encoding="utf-8") == run(capsys, "ddl").out
    assert run(capsys, "ddl", "--output", "nowhere/made.sql").status == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["custmers"], "there is no table 'custmers'; did you mean 'customers'?"),
        (["--schema", "man"], "there is no schema 'man'; did you mean 'main'?"),
        (["--dialect", "prql"], "prql has no CREATE TABLE"),
        (["--dialect", "nope"], 'There is no dialect "nope"'),
        (["--connection", "nope"], "there is no connection 'nope'; there is: shop, copy"),
    ],
)
def test_what_cannot_be_written(
    capsys: pytest.CaptureFixture[str], extracted: Path, arguments: list[str], message: str
) -> None:
    shown = run(capsys, "ddl", *arguments)
    assert (shown.status, shown.out) == (2, "")
    assert message in shown.err


def test_without_metadata(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run(capsys, "ddl")
    assert shown.status == 2
    assert "no table is known: read the database with defog-lsp extract" in shown.err


def create(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    shown = run(
        capsys, "create-tables", "--metadata-of", "shop", "--connection", "copy", *arguments
    )
    return shown.status, shown.out, shown.err


def test_tables_are_created_once(capsys: pytest.CaptureFixture[str], extracted: Path) -> None:
    status, out, _ = create(capsys, "--yes")
    assert status == 0
    assert sorted(names(extracted / "copy.db")) == sorted(names(extracted / "shop.db"))
    assert columns(extracted / "copy.db", "customers") == columns(
        extracted / "shop.db", "customers"
    )
    assert "created customers\n" in out
    status, out, err = create(capsys, "--yes")
    assert (status, out) == (1, "")
    assert "already exists. Nothing was changed." in err
    status, out, _ = create(capsys, "customers", "--yes", "--if-not-exists")
    assert (status, out) == (0, "exists customers\n")


def test_nothing_is_done_unasked(
    capsys: pytest.CaptureFixture[str], extracted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, err = create(capsys)
    assert (status, out) == (2, "")
    assert "nobody is there to be asked: say --yes" in err
    monkeypatch.setattr("sys.stdin", Terminal("\n"))
    status, out, err = create(capsys, "customers")
    assert (status, out) == (1, "")
    assert err.endswith(f"Create 1 table in copy (sqlite {extracted / 'copy.db'})? [y/N] ")
    assert not (extracted / "copy.db").exists()
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert create(capsys, "customers")[:2] == (0, "created customers\n")


def test_a_dry_run(capsys: pytest.CaptureFixture[str], extracted: Path) -> None:
    status, out, _ = create(capsys, "--dry-run")
    assert status == 0
    # A view is not empty, so it is not among them.
    tables, view, _ = run(capsys, "ddl", "--connection", "shop").out.partition("\nCREATE VIEW ")
    assert out == tables
    assert view
    assert not (extracted / "copy.db").exists()


def test_what_was_created_as_json(capsys: pytest.CaptureFixture[str], extracted: Path) -> None:
    status, out, _ = create(capsys, "customers", "--dry-run", "--format", "json")
    looked = json.loads(out)
    assert (status, looked["created"], looked["existing"]) == (0, [], [])
    status, out, _ = create(capsys, "customers", "--yes", "--format", "json")
    made = json.loads(out)
    assert (status, made["created"], made["existing"]) == (0, ["customers"], [])
    assert made["statements"] == looked["statements"]
    status, out, _ = create(capsys, "customers", "--yes", "--if-not-exists", "--format", "json")
    assert json.loads(out) == {"created": [], "existing": ["customers"], "statements": []}
