"""Whatever happens to a file, its mirror is that of what it is now."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import write_tables
from tests.store.mirror_kit import TABLES, TICK_SECONDS, Kit, kit, names

__all__ = ["kit"]


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
