"""The index of a mirror: the same answers as from memory, at a cost that does not grow."""

import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import corpus, pruning, warehouse
from defog_metadata.catalog import (
    Catalog,
    Column,
    ForeignKey,
    MemoryTables,
    OverlaidTables,
    Table,
    TableSource,
)
from defog_metadata.catalog.matching import name_words
from defog_metadata.catalog.shapes import table_from_json, write_tables
from defog_metadata.pruning.evidence import Evidence
from defog_metadata.pruning.prune import Pruner
from defog_metadata.spelling import nearest
from defog_metadata.store import generation
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.index.connection import Rows
from defog_metadata.store.mirror import Mirror
from defog_metadata.terms import stems
from tests.catalog.strategies import catalogs

KEY = "1851fb78e0a39e17_postgres_prod"


def mirrored(folder: Path, tables: Sequence[Table]) -> TableSource:
    cache = MetadataCache(cache_dir=folder / "cache")
    cache.set(KEY, write_tables(tables))
    return Mirror(folder / "mirror").build(cache.path(KEY)).source


@pytest.fixture(scope="module")
def made_up() -> list[Table]:
    return [*warehouse.tables(2000)]


@pytest.fixture(scope="module")
def stored(made_up: list[Table], tmp_path_factory: pytest.TempPathFactory) -> TableSource:
    return mirrored(tmp_path_factory.mktemp("stored"), made_up)


@pytest.fixture(scope="module")
def memory(stored: TableSource) -> MemoryTables:
    return MemoryTables(stored.tables())


def beginning(chosen: random.Random, name: str) -> str:
    return name[: chosen.randint(1, len(name))]


def word(chosen: random.Random, name: str) -> str:
    words = name_words(name)
    rest = "_".join(words[chosen.randrange(len(words)) :])
    return rest[: chosen.randint(2, max(len(rest), 2))]


def initials(_: random.Random, name: str) -> str:
    return "".join(it[0] for it in name_words(name))


def abbreviation(chosen: random.Random, name: str) -> str:
    return "".join(it[: chosen.randint(1, 3)] for it in name_words(name))


def part(chosen: random.Random, name: str) -> str:
    start = chosen.randrange(max(len(name) - 2, 1))
    return name[start : start + chosen.randint(3, 8)]


def slip(chosen: random.Random, text: str) -> str:
    place, letter = chosen.randrange(len(text)), chosen.choice("abcdefghijklmnopqrstuvwxyz_")
    before, here, after = text[:place], text[place], text[place + 1 :]
    return chosen.choice(
        [
            before + after,
            before + letter + here + after,
            before + letter + after,
            before + after[:1] + here + after[1:],
        ]
    )


def mistyped(chosen: random.Random, name: str) -> str:
    return slip(chosen, name[: chosen.randint(5, 12)])


@pytest.mark.parametrize("way", [beginning, word, initials, abbreviation, part, mistyped])
def test_whoever_types_a_part_finds_what_a_look_at_every_name_finds(
    way: Callable[[random.Random, str], str], stored: TableSource, memory: MemoryTables
) -> None:
    chosen = random.Random(8)
    names = [it.name for it in memory.tables()]
    for schema in (None, None, "sales", "nope"):
        for _ in range(6):
            typed = way(chosen, chosen.choice(names))
            limit = chosen.choice([5, 100, 500])
            found = stored.matching(typed, schema=schema, limit=limit)
            assert [*found] == [*memory.matching(typed, schema=schema, limit=limit)], typed


def test_whoever_types_a_part_finds_what_is_meant(
    stored: TableSource, made_up: list[Table]
) -> None:
    chosen = random.Random(9)
    for table in chosen.sample(made_up, 25):
        words = name_words(table.name)
        meant = [
            table.name,
            "_".join(words[-2:]),
            table.name[1:],
            table.name[: len(table.name) - 2],
        ]
        if len(table.name) > 8:
            meant.append(
                slip(chosen, table.name[2:]) if len(words) == 1 else slip(chosen, table.name)
            )
        for typed in meant:
            found = stored.matching(typed, limit=300)
            assert table.summary in found, typed


def test_nothing_typed_shows_all(stored: TableSource) -> None:
    assert [*stored.matching("", limit=7)] == [*stored.summaries(limit=7)]
    assert [*stored.matching("", schema="web", limit=7)] == [
        *stored.summaries(schema="web", limit=7)
    ]


def test_the_nearest_name_is_among_the_similar_ones(stored: TableSource) -> None:
    chosen = random.Random(10)
    keys = sorted({it.name.casefold() for it in stored.summaries()})
    missed = []
    for number in range(100):
        typed = slip(chosen, chosen.choice(keys))
        if number % 4 == 0:
            typed = slip(chosen, typed)
        best = nearest(typed, keys, limit=1)
        if best and best[0] not in stored.similar(typed):
            missed.append(typed)
    assert len(missed) <= 1, missed


def test_parts_of_names_are_similar(stored: TableSource) -> None:
    assert "order_lines" in stored.similar("lines")
    assert "orders" in stored.similar("orders_of_today")
    assert "orders" in stored.similar("odrers")


def test_what_refers_to_a_table(stored: TableSource, memory: MemoryTables) -> None:
    counts = set()
    for table in [*memory.tables()][:150]:
        found = stored.referring(table)
        assert [*found] == [*memory.referring(table)]
        assert [*stored.referring(table, limit=1)] == [*found][:1]
        counts.add(len(found))
    assert len(counts) > 3


def test_what_has_a_column(stored: TableSource, memory: MemoryTables) -> None:
    for column in ("order_id", "customer_id", "created_at", "nope", "Order_id"):
        assert [*stored.having(column, limit=300)] == [*memory.having(column, limit=300)]
    assert len(stored.having("created_at", limit=300)) == 300


def test_what_tables_are_about(stored: TableSource, memory: MemoryTables) -> None:
    for question in (
        "customers in a region", "shipments that were delivered late", "mortgage penalty",
        "created", "unheard-of", "", "sap salesforce legacy", "id",
    ):  # fmt: skip
        words = stems(question)
        assert [*stored.about(words, limit=30)] == [*memory.about(words, limit=30)]
    best, *_ = stored.about(stems("orders as placed, cancelled ones"), limit=3)
    assert best.name == "orders"


@settings(max_examples=15)
@given(catalogs, st.text(max_size=4) | st.sampled_from(["order", "cust", "oid", "日"]))
def test_any_catalog_gives_the_same_answers(tables: list[Table], typed: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stored = mirrored(Path(folder), tables)
        memory = MemoryTables(stored.tables())
        assert [*stored.matching(typed, limit=9)] == [*memory.matching(typed, limit=9)]
        assert [*stored.index.lengths] == [*memory.index.lengths]
        for table in memory.tables():
            assert [*stored.referring(table)] == [*memory.referring(table)]
            for limit in (1, 99):
                found = stored.mentioning(table, limit=limit)
                assert len(found) == len(memory.mentioning(table, limit=limit))
            assert {*found} == {*memory.mentioning(table, limit=99)}
            assert table.name.casefold() in stored.similar(table.name.casefold())
            for term in stems(table.description):
                numbers, weights = stored.index.postings(term)
                expected = memory.index.postings(term)
                assert ([*numbers], [*weights]) == ([*expected[0]], [*expected[1]])
            for column in table.columns:
                key = column.name.casefold()
                assert [*stored.having(key, limit=9)] == [*memory.having(key, limit=9)]
                assert [*stored.index.keyed(key, table.schema)] == [
                    *memory.index.keyed(key, table.schema)
                ]


# Pruning

QUESTIONS = (
    "How many orders did each customer place by region?",
    "total amount of payments by method",
    "Which mortgages have an outstanding fee",
    "qty per prod categry",
    "shipmentdate of parcels",
    "",
    "id",
)


def assert_same(stored: TableSource, evidence: Evidence, questions: Sequence[str]) -> None:
    memory = MemoryTables(stored.tables())
    assert [*stored.index.lengths] == [*memory.index.lengths]
    one, other = (
        Pruner(Catalog(it, "postgres", ("public", "sales")), evidence) for it in (stored, memory)
    )
    for question in questions:
        assert one.prune(question) == other.prune(question), question
        few = {"prune_bm25_num_columns": 5, "subtable_pruning": False}
        assert one.prune(question, **few) == other.prune(question, **few)  # type: ignore[arg-type]


def test_pruning_a_mirror_is_pruning_its_tables(tmp_path: Path) -> None:
    glossary = "- revenue is payments.amount\n- orders can be joined to stores on store_id"
    stored = mirrored(tmp_path, [*warehouse.tables(1000)])
    assert_same(stored, Evidence(glossary=glossary), QUESTIONS)


def test_pruning_what_lies_over_a_mirror(tmp_path: Path) -> None:
    lower = mirrored(tmp_path, [*warehouse.tables(400)])
    orders = replace(
        lower.named("orders")[0], description="Everything that was requested", foreign_keys=()
    )
    added = Table(
        "complaints", (Column("complaint_id"), Column("order_id")), "sales",
        description="What customers did not like",
        foreign_keys=(ForeignKey(("order_id",), "orders", ("order_id",)),),
    )  # fmt: skip
    source = OverlaidTables(MemoryTables([orders, added]), lower)
    questions = (*QUESTIONS, "what was requested", "complaints about orders", "placed")
    assert_same(source, Evidence(), questions)
    pruned = Pruner(Catalog(source, "postgres", ("sales",))).prune("complaints by customer")
    assert "complaints" in {it.table.name for it in pruned.tables}


@pytest.mark.parametrize("db", ["academic", "broker", "ewallet", "restaurants"])
def test_pruning_public_schemas(db: str, tmp_path: Path) -> None:
    if not corpus.schemas():
        pytest.skip("the public schemas are not here")
    found = [it for it in pruning.cases() if it.db == db][:8]
    if not found:
        pytest.skip(f"{db} is not among them")
    stored = mirrored(tmp_path, [*found[0].catalog.source.tables()])
    glossary = corpus.schemas()[db][1]
    assert_same(stored, Evidence(glossary=glossary), [it.own.question for it in found])


# Costs


class Meter:
    """Counts the steps of SQLite's virtual machine and the tables that are decoded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = self.decoded = 0
        opened, decode = Rows._opened, table_from_json

        def counted(rows: Rows) -> sqlite3.Connection:
            connection = opened(rows)
            connection.set_progress_handler(self._step, 1)
            return connection

        def counted_decode(data: object) -> Table:
            self.decoded += 1
            return decode(data)

        monkeypatch.setattr(Rows, "_opened", counted)
        monkeypatch.setattr(generation, "table_from_json", counted_decode)

    def _step(self) -> int:
        self.steps += 1
        return 0


SHOP = [*warehouse.tables(10)]
COSTS: dict[str, Callable[[TableSource], object]] = {
    "beginning": lambda it: it.matching("order_lin", limit=100),
    "word": lambda it: it.matching("lines", limit=100),
    "inside": lambda it: it.matching("rder_li", limit=100),
    "slip": lambda it: it.matching("ordre_lines", limit=100),
    "similar": lambda it: it.similar("order_lnes"),
    "referring": lambda it: it.referring(SHOP[1], limit=20),
    "mentioning": lambda it: it.mentioning(SHOP[0], limit=20),
    "having": lambda it: it.having("order_line_id", limit=20),
    "about": lambda it: it.about(stems("placed or cancelled"), limit=10),
}


def costs(folder: Path, count: int) -> Iterator[tuple[str, int, int]]:
    """Of each question, in a catalog with *count* tables beside the shop's."""
    others = (
        Table(
            f"thing_{number:05}", (Column("created_at"), Column(f"key_{number}_id")), f"s{number % 9}",
            description=f"Number {number}",
            definition=f"select key_{number}_id from thing_{number - 1:05}",
        )
        for number in range(count)
    )  # fmt: skip
    seen = Table("seen", kind="view", definition=f"select * from {SHOP[0].name}")
    tables = [*SHOP, seen, *others]
    cache = MetadataCache(cache_dir=folder / "cache")
    cache.set(KEY, write_tables(tables))
    mirror = Mirror(folder / "mirror")
    mirror.build(cache.path(KEY))
    for name, question in COSTS.items():
        with pytest.MonkeyPatch.context() as patch:
            meter = Meter(patch)
            metadata = mirror.open(cache.path(KEY))
            assert metadata is not None
            assert question(metadata.source), name
            yield name, meter.steps, meter.decoded


def test_no_question_costs_more_in_a_large_catalog(tmp_path: Path) -> None:
    small = {name: its for name, *its in costs(tmp_path / "small", 200)}
    for name, steps, decoded in costs(tmp_path / "large", 3000):
        assert decoded == small[name][1] <= 20, name
        assert 0 < steps <= small[name][0] * 1.5 + 500, (name, steps, small[name])


def test_a_pruned_question_reads_few_tables(tmp_path: Path) -> None:
    source = mirrored(tmp_path, [*warehouse.tables(2000)])
    pruner = Pruner(Catalog(source, "postgres", ("sales",)))
    with pytest.MonkeyPatch.context() as patch:
        meter = Meter(patch)
        pruner.prune("How many orders did each customer place by region?")
    # Those that are ranked, and those that ways between them were looked for over.
    assert 60 <= meter.decoded < 500


def test_many_threads_ask_at_once(stored: TableSource, memory: MemoryTables) -> None:
    from concurrent.futures import ThreadPoolExecutor

    typed = ["ord", "cust", "oli", "shipm", "status", "ordes"] * 5
    with ThreadPoolExecutor(12) as pool:
        found = [*pool.map(lambda it: [*stored.matching(it, limit=50)], typed)]
    assert found == [[*memory.matching(it, limit=50)] for it in typed]


def test_a_closed_mirror_answers_nothing(tmp_path: Path) -> None:
    mirrored(tmp_path, SHOP)
    (file,) = tmp_path.glob("mirror/*/*/index.db")
    rows = Rows(file)
    assert rows.select("SELECT count(*) FROM relation") == [(10,)]
    rows.close()
    with pytest.raises(sqlite3.ProgrammingError):
        rows.select("SELECT count(*) FROM relation")
