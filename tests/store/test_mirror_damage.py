"""Whatever happens to a mirror, it is built again, and nothing in it is ever run."""

import os
import pickle
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.catalog.shapes import write_published
from defog_metadata.store import generation
from tests.store.mirror_kit import KEY, TABLES, Kit, in_new_thread, kit, names

__all__ = ["kit"]


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
