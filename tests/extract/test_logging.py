"""What reading a database leaves in the log, and that no secret does."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.shapes import write_seed
from defog_metadata.errors import ConnectionFailed
from defog_metadata.execution import create_tables
from defog_metadata.extract import extract_metadata_from_db
from defog_metadata.store.logs import configure_logging
from defog_metadata.workspace import Workspace
from tests.support.shop import copy_examples

SECRET = "correct-horse"


@pytest.fixture
def log() -> Iterator[Path]:
    root = logging.getLogger()
    before = [*root.handlers]
    yield configure_logging()
    for it in [it for it in root.handlers if it not in before]:
        root.removeHandler(it)
        it.close()
    for name in ("defog_metadata", "defog_lsp"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def messages(log: Path) -> list[tuple[str, str]]:
    lines = [json.loads(it) for it in log.read_text("utf-8").splitlines()]
    return [(it["level"], it["message"]) for it in lines]


def test_a_database_that_is_read(log: Path, tmp_path: Path) -> None:
    shop = copy_examples(tmp_path)
    extract_metadata_from_db("sqlite", {"database": str(shop / "shop.db")})
    ((level, message),) = messages(log)
    assert level == "info"
    assert message.startswith("read 12 tables of a sqlite database in ")


def test_one_that_is_not_there(log: Path) -> None:
    creds = {
        "host": "127.0.0.1",
        "port": 1,
        "database": "d",
        "user": "u",
        "password": SECRET,
    }
    with pytest.raises(ConnectionFailed):
        extract_metadata_from_db("postgres", creds)
    ((level, message),) = messages(log)
    assert level == "warning"
    assert message.startswith("a postgres database cannot be read: ")
    assert SECRET not in log.read_text()


def test_what_a_connection_has_used_is_hidden_wherever_it_stands(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", SECRET)
    (tmp_path / "defog.toml").write_text(
        '[connections.w]\ndb_type = "postgres"\nhost = "h"\ndatabase = "d"\nuser = "u"\n'
        'password = { env = "SHOP_PASSWORD" }\n'
    )
    (connection,) = Workspace.open(tmp_path).connections
    assert connection.resolved_creds()["password"] == SECRET
    logging.getLogger("some.driver").warning("login of u with %s refused", SECRET)
    assert messages(log) == [("warning", "login of u with *** refused")]


def test_tables_that_are_created(log: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    table = Table("t", (Column("id", "integer"),))
    create_tables("sqlite", {"database": str(tmp_path / "empty.db")}, write_seed([table]))
    ((level, message),) = messages(log)
    assert (level, message) == ("info", "created 1 tables in a sqlite database")
