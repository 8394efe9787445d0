"""The mirror: the same answers as the file, at a cost that does not depend on its size."""

import json
import os
import pickle
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defog_metadata.catalog import Catalog, Column, MemoryTables, Name, Table
from defog_metadata.catalog.shapes import table_from_json, write_published, write_seed, write_tables
from defog_metadata.errors import CacheError, ExtractionCancelled
from defog_metadata.store import generation
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.mirror import Mirror, MirroredMetadata
from tests.catalog.strategies import catalogs

KEY = "1851fb78e0a39e17_postgres_prod"
TABLES = (
    Table("orders", (Column("id", "integer"),), "public", description="What was bought."),
    Table("Orders", (Column("id", "bigint"),), "archive"),
    Table("order_lines", (Column("id", "integer"),), "public", kind="view"),
    Table("customers", (Column("id", "integer"),), "crm"),
)
TICK_SECONDS = 2.5


class Kit:
    """A cache with one entry, and a mirror of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "mirror"
        self.cache = MetadataCache(cache_dir=folder / "cache")
        self.mirror = Mirror(self.folder)
        self.file = self.cache.path(KEY)

    def store(self, *tables: Table) -> None:
        self.cache.set(KEY, write_tables(tables, ["public"]))

    def built(self, *tables: Table) -> MirroredMetadata:
        self.store(*(tables or TABLES))
        return self.mirror.build(self.file)

    def generations(self) -> list[Path]:
        return sorted(it for it in self.folder.glob("*/*") if it.is_dir())

    def settle(self) -> None:
        """Make the cache file look as if it had been at rest for a while."""
        before = time.time() - 60
        os.utime(self.file, (before, before))


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path)


def names(metadata: MirroredMetadata | None) -> list[str]:
    assert metadata is not None
    return [it.qualified_name for it in metadata.source.tables()]


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


# Noticing changes


def rewritten_in_place(kit: Kit) -> None:
    document = json.loads(kit.file.read_bytes())
    document["metadata"] = write_tables([Table("new")])
    kit.file.write_text(json.dumps(document))


def rewritten_by_us(kit: Kit) -> None:
    kit.store(Table("new"))


def rewritten_at_equal_size_and_time(kit: Kit) -> None:
    before = kit.file.stat()
    kit.file.write_bytes(kit.file.read_bytes().replace(b"old", b"new"))
    os.utime(kit.file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("is_settled", [False, True])
@pytest.mark.parametrize(
    "change", [rewritten_in_place, rewritten_by_us, rewritten_at_equal_size_and_time]
)
def test_any_change_is_noticed(
    kit: Kit, change: Callable[[Kit], None], *, is_settled: bool
) -> None:
    kit.store(Table("old"))
    if is_settled:
        time.sleep(TICK_SECONDS)
    assert names(kit.mirror.build(kit.file)) == ["old"]
    change(kit)
    assert kit.mirror.open(kit.file) is None
    assert names(kit.mirror.build(kit.file)) == ["new"]
    assert names(kit.mirror.open(kit.file)) == ["new"]


def test_a_settled_file_is_not_read_to_open_its_mirror(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.store(*TABLES)
    time.sleep(TICK_SECONDS)
    kit.mirror.build(kit.file)

    def read(path: Path) -> str:
        pytest.fail(f"{path} was read")

    monkeypatch.setattr("defog_metadata.store.shelf.content_hash", read)
    assert len(names(kit.mirror.open(kit.file))) == 4


def test_a_mirror_of_a_new_file_settles(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.built()
    time.sleep(TICK_SECONDS)
    # The first opening compares contents for the last time.
    assert kit.mirror.open(kit.file) is not None
    monkeypatch.setattr("defog_metadata.store.shelf.content_hash", None)
    assert kit.mirror.open(kit.file) is not None


def test_a_file_that_was_only_touched_keeps_its_mirror(kit: Kit) -> None:
    kit.built()
    before = kit.generations()
    os.utime(kit.file)
    assert kit.mirror.open(kit.file) is None
    kit.mirror.build(kit.file)
    assert kit.generations() == before
    assert kit.mirror.open(kit.file) is not None


def test_a_file_that_changes_while_it_is_read_is_read_again(kit: Kit) -> None:
    kit.store(*(Table(f"old{number}") for number in range(300)))
    changes = [Table("new")]

    def change(done: int, total: int | None, what: str) -> None:
        if done and changes:
            kit.store(changes.pop())

    assert names(kit.mirror.build(kit.file, progress=change)) == ["new"]
    assert names(kit.mirror.open(kit.file)) == ["new"]


def test_a_file_that_never_rests_is_mirrored_as_it_was(kit: Kit) -> None:
    kit.store(*TABLES)
    count = iter(range(1000))

    def change(done: int, total: int | None, what: str) -> None:
        kit.store(Table(f"t{next(count)}"))

    assert len(names(kit.mirror.build(kit.file, progress=change))) == 1
    assert kit.mirror.open(kit.file) is None


# Bad files


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


# Progress and cancellation


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


# Damage and deletion


def test_folders_are_private_and_hold_no_pickle(kit: Kit) -> None:
    kit.built()
    for folder in (kit.folder, *kit.folder.rglob("*")):
        if folder.is_dir():
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (path,) = kit.folder.rglob("cache.db")
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT raw, mode, filename FROM Cache").fetchall()
        values = connection.execute("SELECT value FROM Settings").fetchall()
    connection.close()
    assert rows == [(1, generation._RAW, None)] * 4
    assert not any(isinstance(value, bytes) for (value,) in values)


class Exploit:
    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return (Path.touch, (self.proof,))


@pytest.mark.parametrize("place", ["value", "file", "key"])
def test_a_planted_pickle_is_never_loaded(kit: Kit, tmp_path: Path, place: str) -> None:
    kit.built()
    proof = tmp_path / "exploited"
    pickled = pickle.dumps(Exploit(proof))
    (path,) = kit.folder.rglob("cache.db")
    connection = sqlite3.connect(path)
    match place:
        case "value":
            connection.execute("UPDATE Cache SET mode = 4, value = ?", (pickled,))
        case "file":
            (path.parent / "planted.val").write_bytes(pickled)
            connection.execute("UPDATE Cache SET mode = 4, value = NULL, filename = 'planted.val'")
        case "key":
            connection.execute("UPDATE Cache SET raw = 0, key = ? WHERE rowid = 1", (pickled,))
    connection.commit()
    connection.close()
    metadata = kit.mirror.open(kit.file)
    assert sorted(names(metadata)) == sorted(it.qualified_name for it in TABLES)
    assert not proof.exists()
    # The plant does explode where it is loaded.
    pickle.loads(pickled)
    assert proof.exists()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def garbled(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def garbled_behind_the_first_page(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + os.urandom(max(0, len(data) - 4096)))


@pytest.mark.parametrize(
    "damage", [truncated, garbled, emptied, garbled_behind_the_first_page, Path.unlink]
)
@pytest.mark.parametrize("file", ["cache.db", "index.db", "current.json", "in-use"])
def test_a_damaged_mirror_is_built_again(
    kit: Kit, file: str, damage: Callable[[Path], None]
) -> None:
    metadata = kit.built()
    del metadata
    (path,) = kit.folder.rglob(file)
    damage(path)
    reopened = kit.mirror.open(kit.file) or kit.mirror.build(kit.file)
    assert len(reopened.source.named("orders")) == 2
    assert sorted(names(reopened)) == sorted(it.qualified_name for it in TABLES)
    assert len(reopened.source.summaries(prefix="order")) == 3
    again = kit.mirror.open(kit.file)
    assert sorted(names(again)) == sorted(names(reopened))


@pytest.mark.parametrize(
    "current",
    [
        "[]",
        "{}",
        '{"generation": "../../elsewhere"}',
        '{"source": "", "generation": 5, "digest": "", "fingerprint": {}, "is_settled": true}',
    ],
)
def test_a_nonsensical_pointer_is_ignored(kit: Kit, current: str) -> None:
    kit.built()
    (path,) = kit.folder.rglob("current.json")
    path.write_text(current)
    assert kit.mirror.open(kit.file) is None
    assert len(kit.mirror.build(kit.file).source) == 4


def in_new_thread(question: Callable[[], object]) -> object:
    """Where nothing has been opened yet."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(question).result()


def test_deleted_while_it_is_read(kit: Kit) -> None:
    metadata = kit.built()
    source = metadata.source
    shutil.rmtree(kit.folder)
    assert len(source.named("orders")) == 2
    assert in_new_thread(lambda: len(source.named("customers"))) == 1
    assert in_new_thread(lambda: sorted(it.name for it in source.tables())) == sorted(
        it.name for it in TABLES
    )
    assert kit.mirror.open(kit.file) is not None


def test_deleted_in_the_middle_of_a_stream(kit: Kit) -> None:
    kit.store(*(Table(f"t{number:04}") for number in range(1000)))
    source = kit.mirror.build(kit.file).source

    def read() -> list[str]:
        found: list[str] = []
        for table in source.tables():
            found.append(table.name)
            if len(found) == 500:
                (path,) = kit.folder.rglob("cache.db")
                with sqlite3.connect(path) as connection:
                    connection.execute("DELETE FROM Cache")
                connection.close()
        return found

    assert in_new_thread(read) == [f"t{number:04}" for number in range(1000)]


def test_deleted_together_with_the_file(kit: Kit) -> None:
    source = kit.built().source
    shutil.rmtree(kit.folder)
    kit.file.unlink()
    # Nothing is known any more: better than an error at every keystroke.
    assert in_new_thread(lambda: source.named("customers")) == ()
    assert in_new_thread(lambda: len(source)) == 0
    assert not Catalog(source, "postgres")


def test_deleted_again_and_again_while_many_threads_read(kit: Kit) -> None:
    kit.store(*(Table(f"t{number}", (Column("id", "integer"),)) for number in range(300)))
    source = kit.mirror.build(kit.file).source
    until = time.monotonic() + 3

    def read(seed: int) -> int:
        count = 0
        while time.monotonic() < until:
            (table,) = source.named(f"t{(seed * 7 + count) % 300}")
            assert table.columns == (Column("id", "integer"),)
            count += 1
        return count

    def delete() -> None:
        while time.monotonic() < until:
            shutil.rmtree(kit.folder, ignore_errors=True)
            time.sleep(0.3)

    deleter = threading.Thread(target=delete)
    deleter.start()
    with ThreadPoolExecutor(6) as pool:
        counts = [*pool.map(read, range(6))]
    deleter.join()
    assert all(counts)


def test_a_folder_that_cannot_be_written_is_no_reason_to_have_no_metadata(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    kit.folder.write_text("in the way")
    kit.cache.set(KEY, write_published(TABLES, "- a statement"))
    metadata = kit.mirror.build(kit.file)
    assert len(metadata.source.named("orders")) == 2
    assert (metadata.glossary, metadata.db_type) == ("- a statement", "postgres")
    assert kit.mirror.open(kit.file) is None


# Several servers


BUILD_AND_READ = """
import sys
from pathlib import Path
from defog_metadata.store.mirror import Mirror
mirror = Mirror(Path(sys.argv[1]))
file = Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    metadata = mirror.open(file) or mirror.build(file)
    assert len(metadata.source) == 500
    for number in range(0, 500, 97):
        (table,) = metadata.source.named(f"t{number}")
        assert table.name == f"t{number}"
    assert len(metadata.source.summaries(prefix="t1", limit=50)) == 50
print("done", flush=True)
"""


def servers(kit: Kit, count: int, rounds: int) -> Iterator[subprocess.Popen[str]]:
    """Processes that all start to build and read at the same moment."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", BUILD_AND_READ, str(kit.folder), str(kit.file), str(rounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    for it in started:
        assert it.stdout is not None
        assert it.stdout.readline() == "ready\n"
    for it in started:
        assert it.stdin is not None
        it.stdin.write("\n")
        it.stdin.flush()
    yield from started


def ended(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out


def test_two_servers_build_and_read_at_once(kit: Kit) -> None:
    kit.store(*(Table(f"t{number}", (Column("id", "integer"),)) for number in range(500)))
    running = [*servers(kit, 2, rounds=20)]
    assert [ended(it) for it in running] == ["done\n", "done\n"]
    # One built it, the other waited for that.
    assert len(kit.generations()) == 1


def test_two_servers_while_the_file_changes(kit: Kit) -> None:
    tables = [Table(f"t{number}", (Column("id", "integer"),)) for number in range(500)]
    kit.store(*tables)
    running = [*servers(kit, 2, rounds=20)]
    for _ in range(5):
        kit.store(*tables)
        time.sleep(0.5)
    assert [ended(it) for it in running] == ["done\n", "done\n"]


def test_a_builder_that_is_killed_leaves_no_half_mirror(kit: Kit) -> None:
    kit.store(*TABLES)
    code = """
import os, signal, sys
from pathlib import Path
from defog_metadata.store.mirror import Mirror
Mirror(Path(sys.argv[1])).build(
    Path(sys.argv[2]), progress=lambda *_: os.kill(os.getpid(), signal.SIGKILL)
)
"""
    subprocess.run(
        [sys.executable, "-c", code, str(kit.folder), str(kit.file)], check=False, timeout=60
    )
    (left,) = kit.generations()
    assert left.name.startswith(".building-")
    assert kit.mirror.open(kit.file) is None
    assert len(kit.mirror.build(kit.file).source) == 4
    # What it left goes at the next build, once it is old.
    os.utime(left, (time.time() - 7200,) * 2)
    kit.store(Table("new"))
    kit.mirror.build(kit.file)
    assert left not in kit.generations()


def test_older_generations_go_when_nobody_reads_them(kit: Kit) -> None:
    first = kit.built(Table("first"))
    second = kit.built(Table("second"))
    # Threads that have not read yet would otherwise find nothing.
    assert len(kit.generations()) == 2
    assert in_new_thread(partial(names, first)) == ["first"]
    assert names(second) == ["second"]
    del first, second
    third = kit.built(Table("third"))
    assert len(kit.generations()) == 1
    assert names(third) == ["third"]


def test_mirrors_of_files_that_are_long_gone_go_too(kit: Kit) -> None:
    kit.built()
    other = kit.cache.path("aaaaaaaaaaaaaaaa_mysql_prod")
    kit.cache.set(other.stem, write_tables(TABLES))
    kit.mirror.build(other)
    (folder,) = (
        it.parent for it in kit.folder.glob("*/current.json") if str(other) in it.read_text()
    )
    other.unlink()
    kit.built(Table("new"))
    assert folder.exists()
    os.utime(folder / "current.json", (time.time() - 40 * 24 * 3600,) * 2)
    kit.built(Table("newer"))
    assert not folder.exists()
    assert kit.mirror.open(kit.file) is not None


# Cost


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
