"""A mirror that was being built when the process was stopped is finished, not begun again."""

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from defog_metadata.catalog import Column, ForeignKey, Table, TableSource
from defog_metadata.catalog.shapes import write_published, write_seed, write_tables
from defog_metadata.errors import ExtractionCancelled
from defog_metadata.store import building, entry_tables
from defog_metadata.store.building import tables_done
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.fingerprint import Fingerprint
from defog_metadata.store.mirror import Mirror, MirroredMetadata

KEY = "1851fb78e0a39e17_postgres_prod"
COUNT = 1200


def tables(count: int = COUNT) -> Iterator[Table]:
    return (
        Table(
            f"t{it:04}",
            (Column("id"), Column("text", description="x" * 200)),
            f"s{it % 7}",
            foreign_keys=(ForeignKey(("id",), f"t{it // 2:04}", ("id",), f"s{it // 2 % 7}"),),
        )
        for it in range(count)
    )


class Kit:
    """A cache file that looks as if it had been at rest for a while, and its mirror."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.cache = MetadataCache(cache_dir=folder / "cache")
        self.file = self.cache.path(KEY)
        self.mirror = Mirror(folder / "mirror")
        self.store(write_tables(tables(), ["s3", "s1"]))
        patch.setattr(building, "COMMITTED_TABLES", 100)
        patch.setattr(building, "_AT_ONCE", 10)
        patch.setattr(Fingerprint, "is_settled", True)

    def store(self, metadata: dict[str, object]) -> None:
        self.cache.set(KEY, metadata, timestamp=1234.5)

    def begun(self) -> list[Path]:
        return [*self.mirror.folder.glob("*/.building-*")]

    def stopped_at(self, count: int) -> Path:
        """The folder of a build that was cancelled after so many tables."""
        done = 0

        def progress(number: int, total: int | None, what: str) -> None:
            nonlocal done
            done = number

        with pytest.raises(ExtractionCancelled):
            self.mirror.build(self.file, progress=progress, cancelled=lambda: done >= count)
        (folder,) = self.begun()
        return folder

    def built(self) -> tuple[MirroredMetadata, list[int]]:
        """The mirror, and what its progress was."""
        seen: list[int] = []
        metadata = self.mirror.build(self.file, progress=lambda done, *_: seen.append(done))
        return metadata, seen

    def same_as_fresh(self, metadata: MirroredMetadata, fresh: Path) -> bool:
        """Whether *metadata* says what a mirror that was built at once does."""
        expected = Mirror(fresh).build(self.file)
        assert [*metadata.source.tables()] == [*expected.source.tables()]
        assert metadata.source.summaries() == expected.source.summaries()
        assert metadata.source.schemas() == expected.source.schemas()
        for number in range(0, COUNT, 171):
            key = f"t{number:04}"
            assert metadata.source.named(key) == expected.source.named(key)
        (asked,) = metadata.source.named("t0500")
        for source in (metadata.source, expected.source):
            assert len(source.about(["x" * 200], limit=COUNT)) == COUNT
        questions: list[Callable[[TableSource], object]] = [
            lambda it: it.matching("T05", limit=50),
            lambda it: it.similar("t05001"),
            lambda it: it.about(["t0600"], limit=50),
            lambda it: it.having("text", limit=50),
            lambda it: it.referring(asked),
        ]
        for question in questions:
            assert question(metadata.source) == question(expected.source)
        return (metadata.search_path, metadata.glossary) == (
            expected.search_path,
            expected.glossary,
        )


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    return Kit(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "metadata",
    [
        write_tables(tables(), ["s3", "s1"]),
        write_seed(tables()),
        write_published(tables(), "- a statement"),
        {**write_tables(tables(500)), "source": 5, **write_tables(tables(COUNT), ["s1"])},
    ],
)
def test_a_build_that_was_cancelled_goes_on(
    kit: Kit, tmp_path: Path, metadata: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.store(metadata)
    folder = kit.stopped_at(450)
    assert tables_done(folder) == 400
    assert kit.stopped_at(810) == folder
    assert tables_done(folder) == 800
    with monkeypatch.context() as patch:
        # Nor is the file walked over again before.
        patch.setattr(entry_tables, "survey", None)
        metadata_again, seen = kit.built()
    assert seen[0] == 800
    assert seen == sorted(seen)
    assert not kit.begun()
    assert kit.same_as_fresh(metadata_again, tmp_path / "fresh")
    assert kit.mirror.open(kit.file) is not None


BUILD = """
import sys
from pathlib import Path
from defog_metadata.store import building, entry_tables
from defog_metadata.store.fingerprint import Fingerprint
from defog_metadata.store.mirror import Mirror
building.COMMITTED_TABLES, building._AT_ONCE = 100, 10
Fingerprint.is_settled = True
Mirror(Path(sys.argv[1])).build(Path(sys.argv[2]), progress=lambda *it: print(it[0], flush=True))
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_process_that_is_killed_at_any_moment_leaves_what_was_committed(
    kit: Kit, tmp_path: Path, seed: int
) -> None:
    chance, begun_at = random.Random(seed), []
    is_built = False
    while not is_built:
        with subprocess.Popen(
            [sys.executable, "-c", BUILD, str(kit.mirror.folder), str(kit.file)],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            begun_at.append(int(child.stdout.readline()))
            for _ in range(chance.randrange(40)):
                child.stdout.readline()
            time.sleep(chance.random() * 0.02)
            child.kill()
        is_built = kit.mirror.open(kit.file) is not None
        if not is_built:
            # Whatever is there is a part of the whole, or nothing; the next one takes it from there.
            assert max(map(tables_done, kit.begun()), default=0) >= begun_at[-1]
    assert begun_at == sorted(begun_at)
    assert begun_at[0] == 0 < begun_at[-1]
    metadata = kit.mirror.open(kit.file)
    assert metadata is not None
    assert kit.same_as_fresh(metadata, tmp_path / "fresh")


def test_what_was_begun_of_other_contents_is_not_used(kit: Kit, tmp_path: Path) -> None:
    kit.stopped_at(500)
    kit.store(write_tables([Table("other"), *tables()]))
    metadata, seen = kit.built()
    assert seen[0] == 0
    assert kit.same_as_fresh(metadata, tmp_path / "fresh")
    # It goes when it is old.
    assert len(kit.begun()) == 1


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def garbled(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + bytes(reversed(data[4096:])))


def fewer_tables(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM Cache WHERE rowid < 5")
        connection.commit()


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("index.db", emptied),
        ("index.db", garbled),
        ("tables/cache.db", emptied),
        ("tables/cache.db", garbled),
        ("tables/cache.db", fewer_tables),
        ("tables/cache.db", Path.unlink),
        ("tables", shutil.rmtree),
    ],
)
def test_what_was_begun_and_is_damaged_is_begun_again(
    kit: Kit, tmp_path: Path, file: str, damage: Callable[[Path], object]
) -> None:
    damage(kit.stopped_at(500) / file)
    metadata, seen = kit.built()
    assert 0 in seen
    assert kit.same_as_fresh(metadata, tmp_path / "fresh")


def test_nothing_counts_as_done_of_a_file_that_may_have_changed(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fingerprint, "is_settled", False)
    done: list[int] = []
    with pytest.raises(ExtractionCancelled):
        kit.mirror.build(
            kit.file,
            progress=lambda number, *_: done.append(number),
            cancelled=lambda: bool(done) and done[-1] >= 500,
        )
    assert not kit.begun()


def test_a_file_that_settles_while_it_is_read_counts_if_it_is_the_same(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fingerprint, "is_settled", False)

    def settle(number: int, total: int | None, what: str) -> None:
        if number >= 250:
            monkeypatch.setattr(Fingerprint, "is_settled", True)
        if number == 510:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kit.mirror.build(kit.file, progress=settle)
    (folder,) = kit.begun()
    assert tables_done(folder) == 500
