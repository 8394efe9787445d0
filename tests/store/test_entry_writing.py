"""Cache files written table by table: the bytes of the whole document, in memory for one table."""

import json
import tempfile
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.shapes import write_published, write_seed, write_tables
from defog_metadata.catalog.shapes.own_descriptions import OwnDescriptions, describe
from defog_metadata.errors import CacheError, ConnectionFailed
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.files import FileLock
from tests.catalog.strategies import catalogs

KEY = "1851fb78e0a39e17_postgres_prod"
OTHER = "1851fb78e0a39e17_postgres_dev"
TABLES = [
    Table("orders", (Column("id", "integer"), Column("été", "text")), "public", description="Ü."),
    Table("orders", (Column("id", "bigint"),), "archive"),
]


@pytest.fixture
def cache(tmp_path: Path) -> MetadataCache:
    return MetadataCache(cache_dir=tmp_path / "cache")


def both(cache: MetadataCache, tables: Iterable[Table], search_path: list[str]) -> tuple[str, str]:
    """What is there after ``set``, and after ``set_tables``, where the same was there before."""
    before = cache.path(KEY).read_bytes() if cache.path(KEY).exists() else None
    tables = sorted(tables, key=lambda it: (*search_path, it.schema).index(it.schema))
    cache.set(KEY, write_tables(tables, search_path), timestamp=1234.5)
    expected = cache.path(KEY).read_text("ascii")
    cache.invalidate(KEY)
    if before is not None:
        cache.path(KEY).write_bytes(before)
    cache.set_tables(KEY, iter(tables), search_path, timestamp=1234.5)
    return expected, cache.path(KEY).read_text("ascii")


@settings(max_examples=50)
@given(catalogs, st.lists(st.sampled_from(["public", "sales", "a.b", "x#2"]), max_size=3))
def test_bytes_are_those_of_the_whole_document(tables: list[Table], search_path: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        expected, found = both(MetadataCache(cache_dir=folder), tables, search_path)
        assert found == expected
        assert json.loads(found)["timestamp"] == 1234.5


@pytest.mark.parametrize("is_seed", [True, False])
def test_descriptions_of_somebodys_own_are_kept(
    cache: MetadataCache, caplog: pytest.LogCaptureFixture, *, is_seed: bool
) -> None:
    old = [*TABLES, Table("gone", (Column("id"),), "public")]
    document = write_seed(old) if is_seed else write_published(old, "- one")
    describe(
        document,
        {
            ("", "public", "orders"): OwnDescriptions(
                None if not is_seed else "Mine.", {"id": "My."}
            ),
            ("", "public", "gone"): OwnDescriptions(None, {"id": "Lost."}),
        },
    )
    cache.set(KEY, document)
    expected, found = both(cache, TABLES, ["public"])
    assert found == expected
    assert '"My."' in found
    assert ('"Mine."' in found) is is_seed
    assert "Lost." not in found
    assert [it.message for it in caplog.records] == [
        "Descriptions of tables that are gone are dropped: public.gone"
    ] * 2


def test_nothing_is_left_of_an_extraction_that_fails(cache: MetadataCache) -> None:
    cache.set(KEY, {"t": []})
    before = cache.path(KEY).read_bytes()

    def failing() -> Iterator[Table]:
        yield TABLES[0]
        raise ConnectionFailed("gone")

    with pytest.raises(ConnectionFailed, match="gone"):
        cache.set_tables(KEY, failing())
    assert cache.path(KEY).read_bytes() == before
    assert [it.name for it in cache.cache_dir.iterdir()] == [f"{KEY}.json"]


@pytest.mark.parametrize("key", ["x", "no_api_key_postgres_prod"])
def test_keys_that_belong_to_nobody_are_refused_before_anything_is_read(
    cache: MetadataCache, key: str
) -> None:
    def unread() -> Iterator[Table]:
        yield pytest.fail("read")

    with pytest.raises(CacheError):
        cache.set_tables(key, unread())
    assert not cache.cache_dir.exists()


def test_other_writers_do_not_wait_for_the_tables(cache: MetadataCache) -> None:
    lock = FileLock(cache.cache_dir.with_name(".cache.lock"))

    def slow() -> Iterator[Table]:
        for table in TABLES:
            with lock.held(timeout=0):
                yield table
        # What is written into the entry meanwhile is kept all the same.
        document = write_tables(TABLES, ["public"])
        describe(document, {("", "public", "orders"): OwnDescriptions("Late.")})
        cache.set(KEY, document)

    cache.set_tables(KEY, slow(), ["public"], timestamp=time.time())
    found = cache.get(KEY)
    assert found is not None
    assert found["orders"]["table_description"] == "Late."


def peak_bytes(cache: MetadataCache, count: int) -> int:
    """The most memory that writing *count* tables takes, over a file with somebody's own text."""
    tables = [*many(count)]
    described = {("", "s", "t0"): OwnDescriptions("Mine.")}
    document = write_tables(tables)
    describe(document, described)
    cache.set(OTHER, document)
    del tables, document
    tracemalloc.start()
    cache.set_tables(OTHER, many(count))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "Mine." in cache.path(OTHER).read_text("ascii")
    return peak


def many(count: int) -> Iterator[Table]:
    columns = (Column("id", "integer"), Column("text", "text", description="x" * 1000))
    return (Table(f"t{it}", columns, "s") for it in range(count))


def test_memory_does_not_grow_with_the_number_of_tables(cache: MetadataCache) -> None:
    cache.set_tables(KEY, many(1))  # imports
    small, large = peak_bytes(cache, 500), peak_bytes(cache, 5000)
    assert cache.path(OTHER).stat().st_size > 5 * large
    assert large < 1.5 * small
