"""The mirror: the same answers as the file, at a cost that does not depend on its size."""

import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defog_metadata.catalog import Catalog, Column, MemoryTables, Name, Table
from defog_metadata.catalog.shapes import table_from_json, write_published, write_seed, write_tables
from defog_metadata.errors import CacheError, ExtractionCancelled
from defog_metadata.store import generation
from defog_metadata.store.mirror import MirroredMetadata
from tests.catalog.strategies import catalogs
from tests.store.mirror_kit import KEY, TABLES, Kit, kit

__all__ = ["kit"]


def test_everything_the_file_says(kit: Kit) -> None:
    kit.cache.set(KEY, write_tables(TABLES, ["public"]), timestamp=1_700_000_000.5)
    assert kit.mirror.open(kit.file) is None
    for metadata in (kit.mirror.build(kit.file), kit.mirror.open(kit.file)):
        assert metadata is not None
        assert metadata.search_path == ("public",)
        assert (metadata.db_type, metadata.timestamp) == ("postgres", 1_700_000_000.5)
        source = metadata.source
        assert len(source) == 4
        assert source.schemas() == ("archive", "crm", "public")
        assert {it.qualified_name for it in source.named("orders")} == {
            "public.orders",
            "archive.Orders",
        }
        assert source.named("nope") == ()
        assert sorted(source.tables(), key=repr) == sorted(TABLES, key=repr)
        catalog = Catalog(source, "postgres", metadata.search_path)
        assert catalog.table(Name("orders")) == TABLES[0]
        assert catalog.table(Name("customers")) is None


@pytest.mark.parametrize("write", [write_seed, write_tables])
def test_any_shape(kit: Kit, write: Callable[[tuple[Table, ...]], dict[str, object]]) -> None:
    kit.cache.set(KEY, write(TABLES))
    assert tuple(kit.mirror.build(kit.file).source.tables()) == TABLES


def test_glossary(kit: Kit) -> None:
    kit.cache.set(KEY, write_published(TABLES, "- gross is net and tax"))
    assert kit.mirror.build(kit.file).glossary == "- gross is net and tax"


PREFIXES = st.one_of(st.just(""), st.sampled_from(["o", "order", "a.", "日"]), st.text(max_size=2))


@settings(max_examples=30)
@given(catalogs, PREFIXES, st.none() | st.integers(0, 4))
def test_answers_are_those_of_tables_in_memory(
    found: list[Table], prefix: str, limit: int | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kit = Kit(Path(folder))
        kit.cache.set(KEY, write_seed(found))
        mirrored, memory = kit.mirror.build(kit.file).source, MemoryTables(found)
        assert tuple(mirrored.tables()) == tuple(memory.tables())
        assert len(mirrored) == len(memory)
        assert [*mirrored.schemas()] == [*memory.schemas()]
        for key in {"orders", *(it.name.casefold() for it in found)}:
            assert tuple(mirrored.named(key)) == tuple(memory.named(key))
        for schema in (None, "nope", *memory.schemas()):
            asked = {"prefix": prefix.casefold(), "schema": schema, "limit": limit}
            assert [*mirrored.summaries(**asked)] == [*memory.summaries(**asked)]  # type: ignore[arg-type]
        assert mirrored.column_count() == memory.column_count()
        named = [*memory.column_names(prefix.casefold(), limit=limit or 9)]
        assert [*mirrored.column_names(prefix.casefold(), limit=limit or 9)] == named
        for typed in (prefix, "i", "cus", "mer_", "cid", "%"):
            meant = [*memory.columns_matching(typed, limit=limit or 9)]
            assert [*mirrored.columns_matching(typed, limit=limit or 9)] == meant
        for column in memory.column_names(limit=9):
            nearest = [*memory.similar_columns(column.casefold(), limit=1)]
            assert [*mirrored.similar_columns(column.casefold(), limit=1)] == nearest


def test_names_with_lone_surrogates(kit: Kit) -> None:
    (table,) = kit.built(Table("a\ud800b", (Column("\udfff"),))).source.tables()
    assert table == Table("a\ud800b", (Column("\udfff"),))
    metadata = kit.mirror.open(kit.file)
    assert metadata is not None
    assert [*metadata.source.named("a\ud800b")] == [table]
    assert [it.name for it in metadata.source.summaries(prefix="a\ud800")] == ["a?b"]


def test_a_missing_file(kit: Kit) -> None:
    assert kit.mirror.open(kit.file) is None
    with pytest.raises(CacheError, match=r"There is no cache file .*: refresh the metadata"):
        kit.mirror.build(kit.file)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "is not valid JSON"),
        ('{"metadata": {"t": 5}, "timestamp": 1}', "not metadata in a known shape"),
        (
            '{"metadata": {"t": [{"column_name": 5, "data_type": ""}]}, "timestamp": 1}',
            "t[0].column_name: expected text, found a number",
        ),
    ],
)
def test_an_unusable_file_is_named_and_left_alone(kit: Kit, content: str, problem: str) -> None:
    kit.cache.cache_dir.mkdir()
    kit.file.write_text(content)
    kit.settle()
    with pytest.raises(CacheError) as caught:
        kit.mirror.build(kit.file)
    assert problem in str(caught.value)
    assert str(kit.file) in str(caught.value)
    assert kit.file.read_text() == content
    assert kit.generations() == []


def test_progress(kit: Kit) -> None:
    kit.store(*(Table(f"t{number}") for number in range(600)))
    seen: list[tuple[int, int | None, str]] = []
    kit.mirror.build(kit.file, progress=lambda *it: seen.append(it))
    assert [it[0] for it in seen] == sorted(it[0] for it in seen)
    assert {it[1:] for it in seen} == {(600, "Indexing tables")}
    assert (seen[0][0], seen[-1][0]) == (0, 600)


def test_cancelling_leaves_nothing(kit: Kit) -> None:
    kit.store(*(Table(f"t{number}") for number in range(600)))
    answers = iter([False, True])
    with pytest.raises(ExtractionCancelled):
        kit.mirror.build(kit.file, cancelled=lambda: next(answers))
    assert kit.generations() == []
    assert len(kit.mirror.build(kit.file).source) == 600


class Meter:
    """Counts what SQLite does (steps of its virtual machine) and which tables are decoded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = self.decoded = 0
        connect, decode = sqlite3.connect, table_from_json

        def counted(*args: object, **kwargs: object) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **kwargs)  # type: ignore[call-overload]
            connection.set_progress_handler(self._step, 1)
            return connection

        def counted_decode(data: object) -> Table:
            self.decoded += 1
            return decode(data)

        # The one connection function of both SQLite users, ours and diskcache's.
        monkeypatch.setattr(sqlite3, "connect", counted)
        monkeypatch.setattr(generation, "table_from_json", counted_decode)

    def _step(self) -> int:
        self.steps += 1
        return 0


def cost(kit: Kit, tables: int) -> dict[str, tuple[int, int]]:
    """Steps and decoded tables of each lookup in a catalog of that many."""
    kit.store(
        *(
            Table(f"t{number:06}", (Column("id", "integer"),), f"s{number % 10}")
            for number in range(tables)
        )
    )
    kit.mirror.build(kit.file)
    lookups: dict[str, Callable[[MirroredMetadata], object]] = {
        "open": lambda _: None,
        "len": lambda it: len(it.source),
        "named": lambda it: it.source.named("t000123"),
        "missing": lambda it: it.source.named("nope"),
        "schemas": lambda it: it.source.schemas(),
        "prefix": lambda it: it.source.summaries(prefix="t0001", limit=50),
        "schema": lambda it: it.source.summaries(schema="s3", limit=50),
        "both": lambda it: it.source.summaries(prefix="t0001", schema="s3", limit=5),
        "all": lambda it: it.source.summaries(limit=50),
        "columns": lambda it: it.source.column_names("i", limit=50),
        "fuzzy columns": lambda it: it.source.columns_matching("cid", limit=9),
        "near columns": lambda it: it.source.similar_columns("idd"),
    }
    found = {}
    for name, lookup in lookups.items():
        with pytest.MonkeyPatch.context() as patch:
            meter = Meter(patch)
            metadata = kit.mirror.open(kit.file)
            assert metadata is not None
            lookup(metadata)
            found[name] = (meter.steps, meter.decoded)
    return found


def test_no_lookup_costs_more_in_a_large_catalog(tmp_path: Path) -> None:
    small, large = cost(Kit(tmp_path / "small"), 200), cost(Kit(tmp_path / "large"), 20_000)
    for name, (steps, decoded) in large.items():
        assert decoded == small[name][1] == (1 if name == "named" else 0), name
        # A page more or less of the index, never the catalog.
        assert steps <= small[name][0] * 1.2 + 50, name
    # The meter measures.
    assert min(steps for steps, _ in large.values()) > 100
