"""Descriptions written to where they are kept, and what becomes of everything else there."""

import json
import logging
import os
import stat
from pathlib import Path

import pytest

from defog_metadata.catalog import Name
from defog_metadata.errors import CacheError, ConfigurationError, MetadataError
from defog_metadata.store.home import defog_home
from defog_metadata.updates import Updated, target_of, update_metadata, update_table_metadata
from defog_metadata.workspace import Connection, LoadedMetadata, Workspace
from defog_metadata.workspace.databases import extracted_before
from tests.support.shop import copy_examples

UPDATES = {"customers": {"table_description": "Who buys.", "columns": {"email": "Where to write."}}}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The sample workspace, extracted."""
    folder = copy_examples(tmp_path)
    workspace = Workspace.open(folder)
    workspace.refresh(workspace.connections[0])
    return folder


@pytest.fixture
def bare(shop: Path) -> Path:
    """The same without metadata files."""
    (shop / "defog.toml").write_text(
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )
    workspace = Workspace.open(shop)
    workspace.refresh(workspace.connections[0])
    return shop


def opened(folder: Path) -> tuple[Workspace, Connection]:
    workspace = Workspace.open(folder)
    return workspace, workspace.connections[0]


def update(folder: Path, updates: object = UPDATES) -> Updated:
    return update_metadata(*opened(folder), updates)  # type: ignore[arg-type]


def descriptions(loaded: LoadedMetadata, table: str = "customers") -> dict[str, str]:
    found = loaded.catalog.table(Name(table))
    assert found is not None
    return {"": found.description, **{it.name: it.description for it in found.columns}}


def test_the_workspaces_own_file_is_written(shop: Path) -> None:
    path = shop / "metadata" / "descriptions.json"
    before = path.read_text()
    updated = update(shop)
    assert updated.paths == (path,)
    assert descriptions(updated.metadata)["email"] == "Where to write."
    assert descriptions(Workspace.open(shop).metadata(opened(shop)[1]))[""] == "Who buys."
    lines = set(path.read_text().splitlines()) ^ set(before.splitlines())
    assert all("Who buys." in it or "Where to write." in it or it in before for it in lines)
    assert json.loads(path.read_text()).keys() == json.loads(before).keys()


def test_nothing_is_left_beside_the_users_files(shop: Path) -> None:
    before = sorted((shop / "metadata").iterdir())
    update(shop)
    assert sorted((shop / "metadata").iterdir()) == before


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_bytes_around_are_kept(shop: Path, mark: bytes, newline: str) -> None:
    path = shop / "metadata" / "descriptions.json"
    text = '{ "customers" :[ {"column_name":"email", "data_type":"text","column_description":"é"}\n ]\n}\n\n'
    path.write_bytes(mark + text.replace("\n", newline).encode())
    path.chmod(0o640)
    update(shop, {"customers": {"columns": {"email": 'Été "x"'}}})
    expected = text.replace('"é"', '"Été \\"x\\""').replace("\n", newline)
    assert path.read_bytes() == mark + expected.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_stays_one(shop: Path) -> None:
    path = shop / "metadata" / "descriptions.json"
    real = shop / "elsewhere.json"
    path.rename(real)
    path.symlink_to(real)
    assert update(shop).paths == (real,)
    assert path.is_symlink()
    assert "Who buys." in real.read_text()


def test_the_last_file_that_has_the_table(shop: Path) -> None:
    (shop / "metadata" / "z.json").write_text('{"customers": []}')
    (shop / "metadata" / "zz.json").write_text('{"orders": []}')
    workspace, connection = opened(shop)
    table = workspace.metadata(connection).catalog.table(Name("customers"))
    assert table is not None
    assert target_of(workspace, connection, table).path == shop / "metadata" / "z.json"
    assert descriptions(update(shop).metadata)["email"] == "Where to write."


def test_a_table_that_no_file_has_goes_into_the_first(shop: Path) -> None:
    (shop / "metadata" / "descriptions.json").write_text("{}")
    (shop / "metadata" / "a.json").write_text('{"x": []}')
    updated = update(shop)
    assert [it.name for it in updated.paths] == ["a.json"]
    assert descriptions(updated.metadata)["email"] == "Where to write."


def test_several_files_in_one_call(shop: Path) -> None:
    (shop / "metadata" / "descriptions.json").write_text('{"customers": []}')
    (shop / "metadata" / "orders.json").write_text('{"orders": []}')
    updated = update(shop, {**UPDATES, "orders": {"table_description": "What was bought."}})
    assert {it.name for it in updated.paths} == {"descriptions.json", "orders.json"}
    assert descriptions(updated.metadata, "orders")[""] == "What was bought."


def test_a_mistake_changes_nothing(shop: Path) -> None:
    path = shop / "metadata" / "descriptions.json"
    before = path.read_bytes(), path.stat().st_mtime_ns
    with pytest.raises(MetadataError, match="no column emial"):
        update(shop, {**UPDATES, "orders": {"columns": {"emial": "x"}}})
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_one_table(shop: Path) -> None:
    updated = update_table_metadata(*opened(shop), "customers", UPDATES["customers"])
    assert descriptions(updated.metadata)[""] == "Who buys."


def test_nothing_to_do(shop: Path) -> None:
    assert update(shop, {}).paths == ()


def test_a_broken_file_is_not_made_worse(shop: Path) -> None:
    """It is passed over, as it is where it is read; without another, the cache is what is left."""
    path = shop / "metadata" / "descriptions.json"
    path.write_text('{"customers": [')
    updated = update(shop)
    assert path.read_text() == '{"customers": ['
    assert updated.paths[0].parent == defog_home() / "cache"


def test_the_cache_entry_is_described_and_stays_as_old(bare: Path) -> None:
    workspace, connection = opened(bare)
    path = workspace.cache_file(connection)
    assert path is not None
    before = json.loads(path.read_text())
    updated = update(bare)
    after = json.loads(path.read_text())
    assert updated.paths == (path,)
    assert (after["timestamp"], after["db_type"]) == (before["timestamp"], before["db_type"])
    assert list(after) == list(before)
    assert list(after["metadata"]) == list(before["metadata"])
    assert after["metadata"]["customers"]["table_description"] == "Who buys."
    assert descriptions(updated.metadata)["email"] == "Where to write."


def test_an_extraction_keeps_what_was_written(bare: Path) -> None:
    update(bare)
    workspace, connection = opened(bare)
    again = workspace.refresh(connection)
    assert descriptions(again)["email"] == "Where to write."
    assert descriptions(again)[""] == "Who buys."
    # And it is known not to be the database's.
    tables, _ = extracted_before(workspace.cache, workspace.cache_key(connection))
    assert next(it for it in tables if it.name == "customers").description == ""
    back = update(bare, {"customers": {"table_description": ""}})
    assert descriptions(back.metadata)[""] == ""


def test_nowhere_to_write(tmp_path: Path) -> None:
    (tmp_path / "defog.toml").write_text(
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "x.db"\n'
    )
    with pytest.raises(MetadataError, match="no table customers"):
        update(tmp_path)
    (tmp_path / "m").mkdir()
    (tmp_path / "defog.toml").write_text('metadata = ["m/*.json"]\n')
    (tmp_path / "m" / "a.json").write_text('{"customers": []}')
    workspace = Workspace.open(tmp_path)
    table = workspace.metadata(None).catalog.table(Name("customers"))
    assert table is not None
    (tmp_path / "m" / "a.json").unlink()
    with pytest.raises(ConfigurationError, match="nowhere to write"):
        target_of(workspace, None, table)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_folder_that_may_not_be_written(shop: Path) -> None:
    folder = shop / "metadata"
    before = (folder / "descriptions.json").read_bytes()
    folder.chmod(0o500)
    try:
        with pytest.raises(CacheError, match="cannot be written"):
            update(shop)
    finally:
        folder.chmod(0o700)
    assert (folder / "descriptions.json").read_bytes() == before


def test_an_update_is_logged(shop: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "defog_metadata"):
        update(shop)
    assert "descriptions of 1 tables and 1 columns written to" in caplog.text
    assert "Who buys." not in caplog.text
