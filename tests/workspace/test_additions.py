"""What a ``defog.toml`` gets to say, and what is refused before anything is written."""

from pathlib import Path
from typing import Any

import pytest

from defog_metadata.errors import ConfigurationError
from defog_metadata.rules.fixes import applied
from defog_metadata.workspace.additions import connection_added, metadata_added, start_metadata
from defog_metadata.workspace.asking import questions
from defog_metadata.workspace.configuration import read_configuration
from defog_metadata.workspace.secret import Secret

ROOT = Path("/somewhere/shop")
FILE = ROOT / "defog.toml"
DWH = {"host": "db", "port": 5432, "database": "dwh", "user": "me", "password": {"ask": True}}
SECTION = """[connections.dwh]
db_type = "postgres"
host = "db"
database = "dwh"
user = "me"
port = 5432
password = { ask = true }
"""


def after(text: str, *args: Any, **options: Any) -> str:
    edit = connection_added(text, FILE, *args, **options).edit
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def test_a_first_connection() -> None:
    assert after("", "postgresql", DWH) == SECTION
    added = connection_added("", FILE, "postgres", DWH).connection
    assert (added.name, added.db_type, added.unusable) == ("dwh", "postgres", "")
    assert added.creds["password"] == Secret("ask", "")


def test_another_connection_gets_another_name() -> None:
    text = f"# ours\n{SECTION}"
    again = after(text, "postgres", DWH)
    assert again == f"{text}\n" + SECTION.replace("connections.dwh", "connections.dwh-2")
    assert after(again, "postgres", DWH, name="other").endswith(
        SECTION.replace("connections.dwh", "connections.other")
    )


@pytest.mark.parametrize(
    ("database", "name", "written"),
    [
        (str(ROOT / "data" / "my shop.db"), "my_shop", "data/my shop.db"),
        ("/elsewhere/shop.sqlite", "shop", "/elsewhere/shop.sqlite"),
        (r"C:\\data\\Läden.db", "L_den", r"C:\\data\\Läden.db"),
        ("...", "main", "..."),
    ],
)
def test_files(database: str, name: str, written: str) -> None:
    added = connection_added("", FILE, "sqlite", {"database": database})
    assert added.connection.name == name
    escaped = written.replace("\\", "\\\\")
    assert added.edit.text == f'[connections.{name}]\ndb_type = "sqlite"\ndatabase = "{escaped}"\n'


def test_what_is_missing_can_be_left_to_be_filled_in() -> None:
    text = after("", "snowflake", {}, is_unfinished=True)
    assert text == (
        '[connections.snowflake]\ndb_type = "snowflake"\naccount = ""\nwarehouse = ""\n'
        'user = ""\npassword = { ask = true }\n'
    )


@pytest.mark.parametrize(
    ("text", "args", "expected"),
    [
        ("", ("postgras", DWH), "there is no db_type 'postgras'; there is: postgres, mysql"),
        ("", ("sqlite", {"host": "x"}), "a sqlite connection has no host"),
        ("", ("postgres", {"host": "x"}), "needs database"),
        ("", ("postgres", {**DWH, "port": "many"}), "port must be a number, not text"),
        ("", ("postgres", {**DWH, "password": "s3cret"}), "the password is not written into"),
        ("a = 1\nx = [\n", ("postgres", DWH), "correct defog.toml first: line 2 is not valid"),
        ("connections = {}\n", ("postgres", DWH), "nothing can be added to: add it by hand"),
        ("connections = 1\n", ("postgres", DWH), "add it by hand"),
    ],
)
def test_what_is_refused(text: str, args: Any, expected: str) -> None:
    with pytest.raises(ConfigurationError, match=expected) as caught:
        connection_added(text, FILE, *args)
    assert "s3cret" not in str(caught.value)


def test_a_name_that_is_taken() -> None:
    with pytest.raises(ConfigurationError, match="has a connection 'dwh' already"):
        connection_added(SECTION, FILE, "postgres", DWH, name="dwh")


def test_what_was_left_to_be_filled_in_is_told() -> None:
    """Where an engine's client knows no better: PostgreSQL's takes the socket, say."""
    empty = read_configuration(after("", "snowflake", {}, is_unfinished=True), FILE)
    [connection] = empty[0].connections
    assert connection.unusable == "connections.snowflake.account is empty: fill it in"
    with pytest.raises(ConfigurationError, match="account is empty"):
        questions(connection)
    text = after("", "postgres", {**DWH, "host": ""}, is_unfinished=True)
    assert 'host = ""' in text
    assert not read_configuration(text, FILE)[1]


def test_metadata_files(tmp_path: Path) -> None:
    file = tmp_path / "defog.toml"
    text = applied(SECTION, metadata_added(SECTION, file, "mysql"))
    assert text == f'dialect = "mysql"\nmetadata = ["metadata/*.json"]\n\n{SECTION}'
    assert metadata_added(text, file, "postgres") == []
    made = start_metadata(text, file)
    assert made == tmp_path / "metadata/tables.json"
    assert start_metadata(text, file) == made
    # What is named stays, and is enough as soon as it is there.
    ours = 'metadata = ["ours/*.json"]  # ours\n'
    both = 'metadata = ["ours/*.json", "metadata/*.json"]  # ours\ndialect = "mysql"\n'
    assert applied(ours, metadata_added(ours, file, "mysql")) == both
    assert start_metadata(ours, file) == made
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/all.json").write_text("{}")
    assert metadata_added(ours, file) == []
    assert start_metadata(ours, file) == tmp_path / "ours/all.json"
    with pytest.raises(ConfigurationError, match="are no list"):
        metadata_added('metadata = "ours.json"\n', file)
