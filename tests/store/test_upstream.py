"""Living in one folder with the published library: what either writes, the other reads."""

import importlib.util
import json
import time
from pathlib import Path
from typing import Any

import pytest

from defog_metadata.catalog import Column, ForeignKey, Table
from defog_metadata.catalog.shapes import (
    read_metadata,
    write_columns,
    write_published,
    write_seed,
    write_tables,
)
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.mirror import Mirror
from tests.support.tools import require

CREDS = {
    "database": "mydb",
    "host": "localhost",
    "password": "p\u00e4ss",
    "port": 5432,
    "user": "postgres",
}
ARGUMENTS: list[dict[str, Any]] = [
    {"db_type": "postgres", "db_creds": CREDS},
    {"db_type": "postgres", "db_creds": CREDS, "dev": True},
    {"db_type": "mysql", "api_key": "key"},
    {"db_type": "mysql", "api_key": "", "db_creds": CREDS},
    {"db_type": "bigquery", "db_creds": {"json_key_path": "schlüssel.json"}},
]
TABLES = [
    Table(
        "customers",
        (
            Column("id", "integer", nullable=False),
            Column("mood", "mood", enum_values=("ok", "sad")),
        ),
        "public",
        description="Kunden, für die wir liefern",
        primary_key=("id",),
    ),
    Table(
        "orders",
        (
            Column("id", "integer", default="0", description="Number."),
            Column("customer", "integer"),
            Column("channel", "text", common_values=("shop", "web")),
        ),
        "sales",
        foreign_keys=(ForeignKey(("customer",), "customers", ("id",), "public", "of"),),
        row_estimate=12,
    ),
    Table("recent", (Column("id", "integer"),), "sales", kind="view", definition="SELECT 1 AS id"),
]
SHAPES = {
    "seed": write_seed(TABLES),
    "columns": write_columns(TABLES, ["public"]),
    "tables": write_tables(TABLES, ["public"]),
    "published": write_published(TABLES, "- an order is not a sale", ["public"]),
}


class Both:
    """Our cache and the library's, in one folder."""

    def __init__(self, folder: Path) -> None:
        path = require("upstream-defog") / "defog" / "metadata_cache.py"
        # By its location: the package itself imports what is not installed here.
        spec = importlib.util.spec_from_file_location("upstream_metadata_cache", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self._module = module
        self.folder = folder
        self.ours = MetadataCache(3600, folder)

    def theirs(self, ttl: int = 3600) -> Any:
        """A new one each time: the library remembers what it has written."""
        return self._module.MetadataCache(str(self.folder), ttl)


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path / "cache")


def upstream(arguments: dict[str, Any]) -> dict[str, Any]:
    return {"api_key": None, **arguments}


@pytest.mark.parametrize("arguments", [*ARGUMENTS, {"db_type": "postgres"}])
def test_keys_are_the_same(both: Both, arguments: dict[str, Any]) -> None:
    assert both.ours.generate_cache_key(**arguments) == both.theirs()._get_cache_key(
        **upstream(arguments)
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_what_they_write_we_read(both: Both, arguments: dict[str, Any], shape: str) -> None:
    both.theirs().set(metadata=SHAPES[shape], **upstream(arguments))
    key = both.ours.generate_cache_key(**arguments)
    found = both.ours.get(key)
    assert found == SHAPES[shape]
    metadata = read_metadata(found)
    assert metadata.shape == shape
    assert [it.name for it in metadata.tables] == ["customers", "orders", "recent"]
    mirrored = Mirror(both.folder.parent / "mirror").build(both.ours.path(key))
    assert tuple(mirrored.source.tables()) == metadata.tables
    (entry,) = both.ours.entries()
    assert (entry.key, entry.db_type, entry.problem) == (key, arguments["db_type"], "")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_what_we_write_they_read(both: Both, arguments: dict[str, Any], shape: str) -> None:
    both.ours.set(both.ours.generate_cache_key(**arguments), SHAPES[shape])
    assert both.theirs().get(**upstream(arguments)) == SHAPES[shape]


def test_both_write_the_same_bytes(both: Both) -> None:
    (arguments, *_) = ARGUMENTS
    path = both.ours.path(both.ours.generate_cache_key(**arguments))
    both.theirs().set(metadata=SHAPES["tables"], **upstream(arguments))
    theirs = path.read_bytes()
    timestamp = json.loads(theirs)["timestamp"]
    both.ours.set(path.stem, SHAPES["tables"], timestamp=timestamp)
    assert path.read_bytes() == theirs


def test_what_extraction_caches_survives_a_trip_through_the_library(both: Both) -> None:
    (arguments, *_) = ARGUMENTS
    key = both.ours.generate_cache_key(**arguments)
    both.ours.set(key, write_tables(TABLES, ["public"]))
    theirs = both.theirs()
    theirs.set(metadata=theirs.get(**upstream(arguments)), **upstream(arguments))
    found = both.ours.get(key)
    metadata = read_metadata(found)
    assert list(metadata.tables) == TABLES
    assert metadata.search_path == ("public",)


def test_what_the_library_extracts_we_understand(both: Both) -> None:
    # As its generate_schema module makes it of a PostgreSQL database.
    labels = {"custom_type_labels": ["ok", "sad"]}
    rows = [
        {"column_name": "id", "data_type": "integer", "column_description": ""}
        | {"custom_type_labels": []},
        {"column_name": "mood", "data_type": "mood", "column_description": "How."} | labels,
    ]
    metadata = {"visits": {"table_description": "Visits.", "columns": rows}}
    both.theirs().set(metadata=metadata, api_key=None, db_type="postgres", db_creds=CREDS)
    found = both.ours.get(both.ours.generate_cache_key(db_type="postgres", db_creds=CREDS))
    assert read_metadata(found).tables == (
        Table(
            "visits",
            (
                Column("id", "integer"),
                Column("mood", "mood", description="How.", enum_values=("ok", "sad")),
            ),
            description="Visits.",
        ),
    )


def test_expired_for_one_is_expired_for_the_other(both: Both) -> None:
    (arguments, *_) = ARGUMENTS
    key = both.ours.generate_cache_key(**arguments)
    both.ours.set(key, SHAPES["tables"], timestamp=time.time() - 4000)
    assert both.ours.get(key) is None
    assert both.theirs(ttl=5000).get(**upstream(arguments)) == SHAPES["tables"]
    # We keep it to serve while a new one is made; the library deletes it.
    assert both.ours.load(key) is not None
    assert both.theirs().get(**upstream(arguments)) is None
    assert both.ours.load(key) is None


def test_invalidating_works_across(both: Both) -> None:
    (arguments, *_) = ARGUMENTS
    key = both.ours.generate_cache_key(**arguments)
    both.ours.set(key, SHAPES["tables"])
    both.theirs().invalidate(**upstream(arguments))
    assert both.ours.get(key) is None
    both.theirs().set(metadata=SHAPES["tables"], **upstream(arguments))
    assert both.ours.invalidate(key)
    assert both.theirs().get(**upstream(arguments)) is None


def test_their_clearing_leaves_us_working(both: Both) -> None:
    (arguments, *_) = ARGUMENTS
    key = both.ours.generate_cache_key(**arguments)
    both.ours.set(key, SHAPES["tables"])
    mirror = Mirror(both.folder.parent / "mirror")
    mirrored = mirror.build(both.ours.path(key))
    both.theirs().clear_all()
    assert both.ours.get(key) is None
    assert mirror.open(both.ours.path(key)) is None
    assert len(mirrored.source.named("orders")) == 1
    both.ours.set(key, SHAPES["tables"])
    assert both.theirs().get(**upstream(arguments)) == SHAPES["tables"]


def test_metadata_without_credentials_stays_theirs(both: Both) -> None:
    theirs = both.theirs()
    theirs.set(metadata=SHAPES["tables"], api_key=None, db_type="postgres")
    assert both.ours.get(both.ours.generate_cache_key(db_type="postgres")) is None
    assert both.theirs().get(api_key=None, db_type="postgres") == SHAPES["tables"]
