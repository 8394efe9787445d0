"""The cache's contract: keys, bytes, time to live, and what becomes of broken files."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from defog_metadata.errors import CacheError, ConfigurationError
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.files import FileLock

CREDS: dict[str, object] = {
    "database": "mydb",
    "host": "localhost",
    "password": "p\u00e4ss",
    "port": 5432,
    "user": "postgres",
}
KEY = "1851fb78e0a39e17_postgres_prod"
METADATA = {"orders": {"table_description": "Été", "columns": []}}


@pytest.fixture
def cache(tmp_path: Path) -> MetadataCache:
    return MetadataCache(cache_dir=tmp_path / "defog" / "cache")


def planted(cache: MetadataCache, name: str, content: bytes, *, age: float = 60.0) -> Path:
    """A file that nobody has touched for *age* seconds."""
    path = cache.cache_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def names(folder: Path) -> list[str]:
    return [it.name for it in folder.iterdir()]


def entry(timestamp: float, metadata: object = METADATA) -> bytes:
    document = {"metadata": metadata, "timestamp": timestamp, "db_type": "postgres", "dev": False}
    return json.dumps(document, indent=2).encode()


@pytest.mark.parametrize(
    ("key", "arguments"),
    [
        (KEY, {"db_type": "postgres", "db_creds": CREDS}),
        (KEY, {"db_type": "postgres", "db_creds": dict(reversed(CREDS.items()))}),
        ("1851fb78e0a39e17_postgres_dev", {"db_type": "postgres", "db_creds": CREDS, "dev": True}),
        ("1851fb78e0a39e17_mysql_prod", {"db_type": "mysql", "db_creds": CREDS}),
        ("2c70e12b7a0646f9_postgres_prod", {"db_type": "postgres", "api_key": "key"}),
        (
            "2c70e12b7a0646f9_postgres_prod",
            {"db_type": "postgres", "api_key": "key", "db_creds": CREDS},
        ),
        ("e3b0c44298fc1c14_sqlite_prod", {"db_type": "sqlite", "api_key": ""}),
        ("no_api_key_postgres_prod", {"db_type": "postgres"}),
        ("no_api_key_postgres_prod", {"db_type": "postgres", "db_creds": {}}),
    ],
)
def test_keys(cache: MetadataCache, key: str, arguments: dict[str, object]) -> None:
    assert cache.generate_cache_key(**arguments) == key  # type: ignore[arg-type]


@pytest.mark.parametrize("db_type", ["", "../x", "a/b", ".x", "a b", "a\n"])
def test_a_kind_of_database_that_could_lead_elsewhere_is_refused(
    cache: MetadataCache, db_type: str
) -> None:
    with pytest.raises(ConfigurationError, match="not the name of a kind of database"):
        cache.generate_cache_key(db_type=db_type, db_creds=CREDS)


def test_credentials_that_json_cannot_say_are_refused(cache: MetadataCache) -> None:
    with pytest.raises(ConfigurationError, match="may only contain text"):
        cache.generate_cache_key(db_type="sqlite", db_creds={"database": Path("shop.db")})


@pytest.mark.parametrize("key", ["", "../config", "a/b", ".hidden", "a\\b", "C:x", "a\n"])
def test_keys_that_lead_elsewhere_are_refused(cache: MetadataCache, key: str) -> None:
    for call in (cache.path, cache.get, cache.load, cache.invalidate):
        with pytest.raises(CacheError, match="is not a cache key"):
            call(key)
    with pytest.raises(CacheError, match="is not a cache key"):
        cache.set(key, METADATA)


def test_file_is_exactly_what_the_library_writes(cache: MetadataCache) -> None:
    before = time.time()
    cache.set(KEY, METADATA)
    data = cache.path(KEY).read_bytes()
    document = json.loads(data)
    assert [*document] == ["metadata", "timestamp", "db_type", "dev"]
    assert before <= document["timestamp"] <= time.time()
    assert (document["metadata"], document["db_type"], document["dev"]) == (
        METADATA,
        "postgres",
        False,
    )
    assert data == json.dumps(document, indent=2).encode("ascii")
    assert cache.path(KEY).name == f"{KEY}.json"


def test_the_home_folder_is_the_default(private_home: Path) -> None:
    cache = MetadataCache(ttl_seconds=7200)
    assert cache.cache_dir == private_home / "defog" / "cache"
    cache.set(KEY, METADATA)
    assert cache.get(KEY) == METADATA
    for folder in (cache.cache_dir, cache.cache_dir.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(cache.path(KEY).stat().st_mode) == 0o600


def test_nothing_else_of_ours_is_in_the_folder(cache: MetadataCache) -> None:
    cache.set(KEY, METADATA)
    assert names(cache.cache_dir) == [f"{KEY}.json"]


def test_a_shared_folder_keeps_its_permissions(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o775)
    MetadataCache(cache_dir=shared).set(KEY, METADATA)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o775


@pytest.mark.parametrize(
    ("age", "ttl", "is_valid"),
    [(0, 3600, True), (3599, 3600, True), (3601, 3600, False), (10, 0, False), (-60, 3600, True)],
)
def test_time_to_live_is_the_readers(
    tmp_path: Path, age: float, ttl: float, *, is_valid: bool
) -> None:
    cache = MetadataCache(ttl, tmp_path)
    path = planted(cache, f"{KEY}.json", entry(time.time() - age))
    assert cache.is_valid(KEY) is is_valid
    assert cache.get(KEY) == (METADATA if is_valid else None)
    # Past its time, it still is better than nothing.
    assert path.exists()
    stored = cache.load(KEY)
    assert stored is not None
    assert stored.metadata == METADATA


def test_missing(cache: MetadataCache) -> None:
    assert cache.get(KEY) is None
    assert cache.load(KEY) is None
    assert not cache.is_valid(KEY)
    assert not cache.invalidate(KEY)
    assert cache.clear_all() == 0
    assert cache.entries() == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\0\0\0\0", "is empty"),
        (b"{", "is not valid JSON"),
        (entry(time.time())[:-20], "is not valid JSON"),
        (b'{"metadata": {}, "timestamp": 1} trailing', "is not valid JSON"),
        (b"\xff\xfe\xfa", "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", 'has no object "metadata"'),
        (entry(time.time(), metadata=[]), 'has no object "metadata"'),
        (b'{"metadata": {}}', 'has no number "timestamp"'),
        (b'{"metadata": {}, "timestamp": true}', 'has no number "timestamp"'),
        (b'{"metadata": {}, "timestamp": NaN}', 'has no number "timestamp"'),
        (b'{"metadata": {}, "timestamp": "yesterday"}', 'has no number "timestamp"'),
    ],
)
def test_broken_files_are_named_and_left_alone(
    cache: MetadataCache, content: bytes, problem: str
) -> None:
    path = planted(cache, f"{KEY}.json", content)
    for call in (cache.get, cache.load):
        with pytest.raises(CacheError) as caught:
            call(KEY)
        assert problem in str(caught.value)
        assert str(path) in str(caught.value)
        assert "repair or delete it" in str(caught.value)
    assert not cache.is_valid(KEY)
    (found,) = cache.entries()
    assert problem in found.problem
    assert (found.key, found.db_type, found.size_bytes) == (KEY, "postgres", len(content))
    assert cache.statistics().corrupt == 1
    assert path.read_bytes() == content
    # Only someone who asks for it replaces or deletes it.
    assert cache.invalidate(KEY)


def test_a_broken_file_can_be_replaced(cache: MetadataCache) -> None:
    planted(cache, f"{KEY}.json", b"{")
    cache.set(KEY, METADATA)
    assert cache.get(KEY) == METADATA


def test_what_was_written_without_credentials_belongs_to_no_database(cache: MetadataCache) -> None:
    key = cache.generate_cache_key(db_type="postgres")
    path = planted(cache, f"{key}.json", entry(time.time()))
    assert cache.get(key) is None
    assert cache.load(key) is None
    assert not cache.is_valid(key)
    with pytest.raises(CacheError, match="belongs to no database"):
        cache.set(key, METADATA)
    (found,) = cache.entries()
    assert "written without credentials" in found.problem
    assert path.read_bytes() == entry(json.loads(path.read_bytes())["timestamp"])
    assert cache.invalidate(key)


def test_entries_newest_first_with_whatever_else_lies_there(cache: MetadataCache) -> None:
    now = time.time()
    planted(cache, "aaaaaaaaaaaaaaaa_mysql_dev.json", entry(now - 20).replace(b"false", b"true"))
    planted(cache, f"{KEY}.json", entry(now - 10))
    planted(cache, "notes.json", b'{"todo": []}', age=30)
    planted(cache, "copy of it.json", entry(now - 40))
    planted(cache, "readme.txt", b"")
    (cache.cache_dir / "folder.json").mkdir()
    found = cache.entries()
    assert [(it.key, bool(it.problem)) for it in found] == [
        (KEY, False),
        ("aaaaaaaaaaaaaaaa_mysql_dev", False),
        ("notes", True),
        ("copy of it", True),
    ]
    assert [(it.db_type, it.dev) for it in found[:2]] == [("postgres", False), ("postgres", True)]
    assert found[0].timestamp == pytest.approx(now - 10)
    assert "not named after a connection" in found[3].problem
    statistics = cache.statistics()
    assert (statistics.entries, statistics.valid, statistics.corrupt) == (4, 2, 2)
    assert statistics.total_bytes == sum(it.size_bytes for it in found)


def test_statistics_count_what_get_found(cache: MetadataCache) -> None:
    cache.set(KEY, METADATA)
    cache.get(KEY)
    cache.get(KEY)
    cache.get("bbbbbbbbbbbbbbbb_postgres_prod")
    statistics = cache.statistics()
    assert (statistics.hits, statistics.misses) == (2, 1)
    assert (statistics.entries, statistics.valid, statistics.expired) == (1, 1, 0)
    cache.set(KEY, METADATA, timestamp=time.time() - 7200)
    assert cache.get(KEY) is None
    statistics = cache.statistics()
    assert (statistics.hits, statistics.misses) == (2, 2)
    assert (statistics.entries, statistics.valid, statistics.expired) == (1, 0, 1)


def test_clear_all_removes_json_directly_in_the_folder_and_nothing_else(
    cache: MetadataCache,
) -> None:
    cache.set(KEY, METADATA)
    planted(cache, "broken.json", b"{")
    kept = [planted(cache, it, b"") for it in ("readme.txt", "deeper/x.json", "x.json.bak")]
    assert cache.clear_all() == 2
    assert sorted(it for it in cache.cache_dir.rglob("*") if it.is_file()) == sorted(kept)


def test_a_large_file_tells_its_header_without_being_read(cache: MetadataCache) -> None:
    rows = [{"column_name": f"c{i}", "data_type": '"timestamp": 5, "'} for i in range(30_000)]
    timestamp = 1_700_000_000.25
    cache.set(KEY, {"t": rows}, timestamp=timestamp)
    assert cache.path(KEY).stat().st_size > 1 << 20
    (found,) = cache.entries()
    assert (found.timestamp, found.db_type, found.dev) == (timestamp, "postgres", False)
    assert not found.problem
    # Cut off in the middle, it has no such end, and is read.
    content = cache.path(KEY).read_bytes()
    planted(cache, f"{KEY}.json", content[:-30])
    (found,) = cache.entries()
    assert "is not valid JSON" in found.problem


@pytest.mark.parametrize("metadata", [{"t": {1, 2}}, {"t": object()}])
def test_metadata_that_json_cannot_say_leaves_the_entry_as_it_was(
    cache: MetadataCache, metadata: dict[str, object]
) -> None:
    cache.set(KEY, METADATA)
    before = cache.path(KEY).read_bytes()
    with pytest.raises(CacheError, match="cannot be written as JSON"):
        cache.set(KEY, metadata)
    assert cache.path(KEY).read_bytes() == before
    assert names(cache.cache_dir) == [f"{KEY}.json"]


def test_a_folder_that_cannot_be_made_is_answered_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = MetadataCache(cache_dir=tmp_path / "file" / "cache")
    with pytest.raises(CacheError, match=r"cannot be written .* DEFOG_HOME"):
        cache.set(KEY, METADATA)


def test_a_reader_waits_for_someone_who_writes_in_place(cache: MetadataCache) -> None:
    content = entry(time.time())
    path = cache.path(KEY)
    path.parent.mkdir(parents=True)

    def write_slowly() -> None:
        with path.open("wb") as file:
            for start in range(0, len(content), len(content) // 10):
                file.write(content[start : start + len(content) // 10])
                file.flush()
                time.sleep(0.02)

    path.write_bytes(content[:5])
    writer = threading.Thread(target=write_slowly)
    writer.start()
    try:
        assert cache.get(KEY) == METADATA
    finally:
        writer.join()


def test_a_writer_that_is_killed_leaves_the_old_entry(cache: MetadataCache) -> None:
    cache.set(KEY, METADATA)
    before = cache.path(KEY).read_bytes()
    code = f"""
import os, signal
from defog_metadata.store import cache

def write(file, entry):
    file.write(b"x" * 100_000)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)

cache.write_entry = write
cache.MetadataCache(cache_dir={str(cache.cache_dir)!r}).set({KEY!r}, {{}})
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert cache.path(KEY).read_bytes() == before
    (left,) = cache.cache_dir.glob(".*.tmp")
    assert left.stat().st_size == 100_000
    # The lock died with its holder, and what it left goes when it is old.
    os.utime(left, (time.time() - 7200,) * 2)
    cache.set(KEY, METADATA)
    assert names(cache.cache_dir) == [f"{KEY}.json"]


def test_processes_that_write_at_once_leave_one_whole_entry(cache: MetadataCache) -> None:
    code = """
import sys
from defog_metadata.store.cache import MetadataCache
cache = MetadataCache(cache_dir=sys.argv[1])
rows = [{"column_name": sys.argv[3] * 50, "data_type": "x"} for _ in range(2000)]
for _ in range(5):
    cache.set(sys.argv[2], {"t": rows})
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(cache.cache_dir), KEY, letter])
        for letter in "abc"
    ]
    seen: set[str] = set()
    while any(it.poll() is None for it in writers):
        # A reader never sees a part, nor a mixture.
        metadata = cache.get(KEY)
        if metadata is not None:
            (letters,) = {row["column_name"] for row in metadata["t"]}
            seen.add(letters)
    assert [it.wait() for it in writers] == [0, 0, 0]
    assert seen <= {"a" * 50, "b" * 50, "c" * 50}
    assert cache.is_valid(KEY)
    assert names(cache.cache_dir) == [f"{KEY}.json"]


def test_writers_wait_for_each_other(cache: MetadataCache) -> None:
    cache.set(KEY, METADATA)
    lock = FileLock(cache.cache_dir.with_name(".cache.lock"))
    with lock.held():
        writer = threading.Thread(target=cache.set, args=(KEY, {"t": []}))
        writer.start()
        time.sleep(0.2)
        assert cache.get(KEY) == METADATA
    writer.join(10)
    assert cache.get(KEY) == {"t": []}


def test_change_leaves_when_it_was_read(cache: MetadataCache) -> None:
    cache.set(KEY, {"t": [{"column_name": "c", "data_type": "int"}]}, timestamp=1234.5)
    cache.change(KEY, lambda it: it.update(u=[]))
    entry = cache.load(KEY)
    assert entry is not None
    assert (entry.timestamp, list(entry.metadata)) == (1234.5, ["t", "u"])


def test_change_that_fails_changes_nothing(cache: MetadataCache) -> None:
    with pytest.raises(CacheError, match="no cache file"):
        cache.change(KEY, lambda _: None)
    cache.set(KEY, {"t": []}, timestamp=1234.5)
    before = cache.path(KEY).read_bytes()

    def fail(metadata: dict[str, Any]) -> None:
        metadata.clear()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cache.change(KEY, fail)
    assert cache.path(KEY).read_bytes() == before
