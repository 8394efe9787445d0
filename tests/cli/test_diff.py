"""``defog-lsp diff``: the database now against what is known of it."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.command import run


def change(shop: Path, *statements: str) -> None:
    connection = sqlite3.connect(shop / "shop.db")
    for it in statements:
        connection.execute(it)
    connection.commit()
    connection.close()


@pytest.fixture
def known(shop: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(capsys, "extract").status == 0
    return shop


def test_nothing_differs(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "diff")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.startswith("shop: no difference since it was read at 20")
    assert json.loads(run(capsys, "diff", "shop", "--format", "json").out) == {
        "added": [],
        "removed": [],
        "changed": [],
    }


def test_what_differs(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(
        known,
        "create table gifts (id integer primary key, wrapped text not null)",
        "alter table customers add column nickname text",
        "drop table reviews",
    )
    ran = run(capsys, "diff")
    assert ran.status == 1
    assert ran.out.splitlines() == [
        "+ main.gifts",
        "- main.reviews",
        "~ main.customers",
        "    + nickname TEXT",
    ]
    assert ran.err.startswith("shop: tables: 1 added, 1 removed, 1 changed since")
    found = json.loads(run(capsys, "diff", "--format", "json").out)
    assert [it["table"] for it in found["added"]] == ["main.gifts"]
    assert found["changed"][0]["added"] == [
        {"column": "nickname", "type": "TEXT", "nullable": True}
    ]
    # Reading for a comparison is no extraction.
    assert run(capsys, "diff").status == 1
    assert run(capsys, "extract").status == 0
    assert run(capsys, "diff").status == 0


def test_a_database_that_was_never_read(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "diff")
    assert ran.status == 2
    assert "never read: run defog-lsp extract" in ran.err


def test_an_unknown_connection(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "diff", "nowhere").status == 2
