"""Several processes, one mirror."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.shapes import write_tables
from tests.store.mirror_kit import TABLES, Kit, in_new_thread, kit, names

__all__ = ["kit"]


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
