"""A folder's metadata: at hand, refreshed, overlaid, missing, broken."""

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from defog_metadata.catalog import Name
from defog_metadata.errors import (
    CacheError,
    ConfigurationError,
    ExtractionCancelled,
    ExtractionError,
)
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.home import cache_home
from defog_metadata.workspace import LoadedMetadata, Workspace
from tests.support.shop import copy_examples

PUBLISHED_SHAPE = {"table_metadata": {"t": [{"column_name": "c", "data_type": "int"}]}}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return copy_examples(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder without a configuration."""
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"


def descriptions(loaded: LoadedMetadata, table: str) -> list[str]:
    found = loaded.catalog.table(Name(table))
    assert found is not None
    return [found.description, *(it.description for it in found.columns)]


def names(loaded: LoadedMetadata) -> list[str]:
    return [it.name for it in loaded.catalog.source.summaries()]


def messages(loaded: LoadedMetadata) -> list[tuple[str, str, str]]:
    return [(it.path.name, it.severity, it.message) for it in loaded.problems]


def test_refreshed_metadata_is_overlaid_and_then_at_hand(shop: Path) -> None:
    workspace = Workspace.open(shop)
    assert workspace.problems == ()
    connection = workspace.connection_for(shop / "queries" / "low_stock.sql")
    assert connection is not None
    before = workspace.metadata(connection)
    assert (before.timestamp, before.is_stale) == (None, True)
    assert before.catalog.is_partial
    seen: list[str] = []
    loaded = workspace.refresh(connection, progress=lambda _done, _total, what: seen.append(what))
    assert seen
    assert loaded.timestamp is not None
    assert not loaded.catalog.is_partial
    assert len(loaded.catalog.source) == 12
    assert loaded.origin == "connection shop"
    assert loaded.problems == ()
    table = loaded.catalog.table(Name("order_items"))
    assert table is not None
    # From the database and from the workspace's descriptions.
    assert table.primary_key == ("order_id", "line_no")
    assert table.columns[4].type == "DECIMAL(10, 2)"
    assert table.columns[4].description.startswith("Price of one piece on the day of the order")
    again = Workspace.open(shop).metadata(connection)
    assert not again.is_stale
    assert names(again) == names(loaded)
    assert workspace.dialect_for(shop / "x.sql") == again.catalog.dialect == "sqlite"


def test_a_refresh_goes_on_with_one_that_ended_early(
    shop: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace.open(shop)
    connection = workspace.connections[0]
    told: list[str] = []
    with pytest.raises(ExtractionCancelled):
        workspace.refresh(
            connection,
            progress=lambda _done, _total, what: told.append(what),
            cancelled=lambda: told[-1:] == ["indexes"],
        )
    ended = time.time()
    [kept] = (cache_home() / "extraction").iterdir()
    assert kept.stat().st_mode & 0o077 == kept.parent.stat().st_mode & 0o077 == 0
    caplog.set_level(logging.INFO)
    loaded = workspace.refresh(connection)
    assert "columns, columns of views, foreign keys, tables are not read again" in caplog.text
    assert len(loaded.catalog.source) == 12
    assert loaded.timestamp is not None
    assert loaded.timestamp < ended, "they are as old as the oldest of them"
    assert not kept.exists()


def test_where_the_cache_file_cannot_be_written_what_was_read_is_kept(
    shop: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace.open(shop)
    connection = workspace.connections[0]
    path = workspace.cache_file(connection)
    assert path is not None
    path.mkdir(parents=True)  # a folder in its place
    with pytest.raises(CacheError):
        workspace.refresh(connection, replace_unreadable=True)
    path.rmdir()
    caplog.set_level(logging.INFO)
    assert len(workspace.refresh(connection).catalog.source) == 12
    assert "foreign keys, indexes, tables are not read again" in caplog.text


def test_metadata_past_its_time_is_served_and_says_so(shop: Path) -> None:
    workspace = Workspace.open(shop)
    connection = workspace.connections[0]
    workspace.refresh(connection)
    path = workspace.cache_file(connection)
    assert path is not None
    entry = json.loads(path.read_text())
    entry["timestamp"] = time.time() - 4000
    path.write_text(json.dumps(entry))
    loaded = workspace.metadata(connection)
    assert loaded.is_stale
    assert len(loaded.catalog.source) == 12
    patient = Workspace.open(shop, overrides={"cache": {"ttlSeconds": 5000}})
    assert not patient.metadata(connection).is_stale


def test_metadata_files_stand_alone(folder: Path) -> None:
    (folder / "defog.toml").write_text('dialect = "postgres"\nmetadata = ["md/*"]')
    (folder / "md").mkdir()
    (folder / "md" / "a.json").write_text(json.dumps(PUBLISHED_SHAPE))
    (folder / "md" / "b.csv").write_text(
        "table_name,column_name,data_type,column_description\nu,c,int,What c is.\n"
    )
    workspace = Workspace.open(folder)
    assert workspace.connection_for(folder / "x.sql") is None
    loaded = workspace.metadata(None)
    assert names(loaded) == ["t", "u"]
    assert (loaded.origin, loaded.is_stale) == ("the metadata files", False)
    assert not loaded.catalog.is_partial
    assert descriptions(loaded, "u") == ["", "What c is."]


def test_a_bad_metadata_file_costs_only_itself(folder: Path) -> None:
    (folder / "defog.toml").write_text('metadata = ["*.json", "none/*.csv", "gone.json"]')
    (folder / "a.json").write_text(json.dumps(PUBLISHED_SHAPE))
    (folder / "b.json").write_text('{"table_metadata": [')
    (folder / "c.json").write_text('{"table_metadata": [{"table_name": 5}]}')
    (folder / "d.json").write_bytes(b'{"caf\xe9": []}')
    again = {"t": [{"column_name": "c", "data_type": "int", "column_description": "Said later."}]}
    (folder / "e.json").write_text(json.dumps(again))
    workspace = Workspace.open(folder)
    text = workspace.text
    assert [(text[it.span.start : it.span.end], it.severity) for it in workspace.problems] == [
        ('"none/*.csv"', "warning"),
        ('"gone.json"', "error"),
    ]
    loaded = workspace.metadata(None)
    assert descriptions(loaded, "t") == ["", "Said later."]
    b, c, d, e = messages(loaded)
    assert b == ("b.json", "error", "not used: not JSON: Expecting value at line 1, column 21")
    assert c[:2] == ("c.json", "error")
    assert "table_metadata[0].table_name" in c[2]
    assert d[2] == "not used: not UTF-8: byte 0xe9 at offset 5; save the file as UTF-8"
    assert e[:2] == ("e.json", "information")
    assert e[2] == "t is defined in a.json already; what is said here lies over it"


def test_files_choose_their_connection(folder: Path) -> None:
    (folder / "defog.toml").write_text(
        """
[connections.shop]
db_type = "sqlite"
database = "shop.db"
[connections.dwh]
db_type = "postgres"
host = "h"
database = "d"
user = "u"
[[files]]
include = ["warehouse/**", "*.dwh.sql"]
connection = "dwh"
"""
    )
    workspace = Workspace.open(folder / "deeper" / "still")
    chosen = {
        it: found.name if (found := workspace.connection_for(folder / it)) else None
        for it in ("a.sql", "warehouse/b/c.sql", "a.dwh.sql", "b/a.dwh.sql", "../a.sql")
    }
    assert chosen == {
        "a.sql": "shop", "warehouse/b/c.sql": "dwh", "a.dwh.sql": "dwh", "b/a.dwh.sql": "shop",
        "../a.sql": "shop",
    }  # fmt: skip
    assert workspace.dialect_for(folder / "warehouse" / "x.sql") == "postgres"
    path = workspace.connections[0].resolved_creds()["database"]
    assert path == str(folder.resolve() / "shop.db")


def test_without_a_configuration_the_stored_connection_is_used(
    folder: Path, shop: Path, private_home: Path
) -> None:
    home = private_home / "defog"
    home.mkdir(parents=True, exist_ok=True)
    database = str(shop / "shop.db")
    (home / "connection.json").write_text(
        json.dumps({"api_key": "", "db_type": "sqlite", "db_creds": {"database": database}})
    )
    workspace = Workspace.open(folder)
    connection = workspace.connection_for(folder / "x.sql")
    assert connection is not None
    assert connection.resolved_creds() == {"database": database}
    assert workspace.refresh(connection).origin == "connection.json"
    # The same file, whoever names the database.
    configured = Workspace.open(shop)
    assert workspace.cache_key(connection) == configured.cache_key(configured.connections[0])


def test_without_any_connection_the_newest_cache_entry_is_used(
    folder: Path, private_home: Path
) -> None:
    cache = MetadataCache()
    for key, table, age in (
        ("aaaaaaaaaaaaaaaa_mysql_prod", "old", 100),
        ("bbbbbbbbbbbbbbbb_postgres_prod", "new", 50),
    ):
        columns = [{"column_name": "c", "data_type": "int"}]
        cache.set(key, {table: columns}, timestamp=time.time() - age)
    # As the library writes it when it has no credentials: whose it is, nobody knows.
    nobody = {"metadata": {}, "timestamp": time.time(), "db_type": "mysql", "dev": False}
    cache.path("no_api_key_mysql_prod").write_text(json.dumps(nobody))
    loaded = Workspace.open(folder).metadata(None)
    assert names(loaded) == ["new"]
    assert loaded.origin == "cache entry bbbbbbbbbbbbbbbb_postgres_prod, the newest of 2"
    assert loaded.catalog.dialect == "postgres"
    assert not loaded.is_stale


def test_without_anything_there_is_an_empty_catalog(folder: Path) -> None:
    workspace = Workspace.open(folder)
    loaded = workspace.metadata(workspace.connection_for(folder / "x.sql"))
    assert (bool(loaded.catalog), loaded.origin, loaded.problems) == (False, "no metadata", ())
    assert workspace.dialect_for(folder / "x.sql") == ""


def test_a_corrupt_cache_file_is_reported_and_left_alone(shop: Path) -> None:
    workspace = Workspace.open(shop)
    connection = workspace.connections[0]
    path = workspace.cache_file(connection)
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    broken = b'{"metadata": {"customers": [{"column_na'
    path.write_bytes(broken)
    loaded = workspace.metadata(connection)
    assert [(it.path, it.severity) for it in loaded.problems] == [(path, "error")]
    # What the workspace itself defines is still there.
    assert len(loaded.catalog.source) == 12
    with pytest.raises(CacheError, match="defog-lsp extract --force"):
        workspace.refresh(connection)
    assert path.read_bytes() == broken
    assert not workspace.refresh(connection, replace_unreadable=True).problems


@pytest.mark.parametrize(
    "spoil",
    [Path.unlink, lambda it: it.write_bytes(b"not a database" * 100)],
    ids=["absent", "no database"],
)
def test_an_unreadable_database_keeps_what_is_at_hand(
    shop: Path, spoil: Callable[[Path], None]
) -> None:
    workspace = Workspace.open(shop)
    connection = workspace.connections[0]
    workspace.refresh(connection)
    path = workspace.cache_file(connection)
    assert path is not None
    kept = path.read_bytes()
    spoil(shop / "shop.db")
    with pytest.raises(ExtractionError, match=r"shop\.db"):
        workspace.refresh(connection)
    assert path.read_bytes() == kept
    assert len(workspace.metadata(connection).catalog.source) == 12


def test_surroundings_are_checked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_VARIABLE", raising=False)
    (folder / "defog.toml").write_text(
        """
[connections.shop]
db_type = "sqlite"
database = "nowhere.db"
[connections.dwh]
db_type = "postgres"
host = "h"
database = "d"
user = "u"
password = { env = "NO_SUCH_VARIABLE" }
"""
    )
    workspace = Workspace.open(folder)
    text = workspace.text
    assert [
        (text[it.span.start : it.span.end], it.severity, it.message) for it in workspace.problems
    ] == [
        ('"nowhere.db"', "warning", f"there is no file {folder.resolve() / 'nowhere.db'}"),
        (
            '{ env = "NO_SUCH_VARIABLE" }',
            "warning",
            "the environment variable NO_SUCH_VARIABLE is not set: set it where the editor or "
            "the command is started",
        ),
    ]
    dwh = workspace.connections[1]
    assert workspace.cache_file(dwh) is None
    (problem,) = workspace.metadata(dwh).problems
    assert problem.path == folder / "defog.toml"
    assert "NO_SUCH_VARIABLE is not set" in problem.message
    with pytest.raises(ConfigurationError, match="NO_SUCH_VARIABLE is not set"):
        workspace.refresh(dwh)


def test_problems_have_the_severities_that_the_rules_say(folder: Path) -> None:
    def severities(overrides: Mapping[str, object]) -> list[str]:
        return [it.severity for it in Workspace.open(folder, overrides=overrides).problems]

    text = """
[connections.dwh]
db_type = "postgres"
host = "h"
database = "d"
user = "u"
password = "plain"
"""
    (folder / "defog.toml").write_text(text)
    assert severities({}) == ["warning"]
    assert severities({"rules": {"plain-text-password": "error"}}) == ["error"]
    (folder / "defog.toml").write_text(text + '[rules]\nplain-text-password = "off"\n')
    assert severities({}) == []
    assert severities({"rules": {"plain-text-password": "hint"}}) == ["hint"]


def test_a_configuration_that_is_not_utf_8_is_used_as_far_as_it_goes(folder: Path) -> None:
    (folder / "defog.toml").write_bytes(b'# caf\xe9\ndialect = "mysql"\n')
    workspace = Workspace.open(folder)
    assert workspace.configuration.dialect == "mysql"
    (problem,) = workspace.problems
    assert workspace.text[problem.span.start : problem.span.end] == "\ufffd"
    assert problem.message.startswith("not UTF-8: byte 0xe9 at offset 5")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_configuration_that_may_not_be_read_is_reported(folder: Path) -> None:
    (folder / "defog.toml").touch(mode=0)
    (problem,) = Workspace.open(folder).problems
    assert problem.message == "the configuration cannot be read: Permission denied"


def test_a_named_configuration_must_be_there(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no configuration file"):
        Workspace.open(folder, configuration_path=folder / "other.toml")
    (folder / "other.toml").write_text('dialect = "mysql"')
    workspace = Workspace.open(folder, configuration_path=folder / "other.toml")
    assert workspace.configuration.dialect == "mysql"


def test_a_broken_stored_connection_is_reported(folder: Path, private_home: Path) -> None:
    path = private_home / "defog" / "connection.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{")
    workspace = Workspace.open(folder)
    loaded = workspace.metadata(workspace.connection_for(folder / "x.sql"))
    assert not loaded.catalog
    assert [it.severity for it in loaded.problems] == ["error"]
    assert path.read_text() == "{"
