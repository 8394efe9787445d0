"""What writing the cache file and building its mirror take: time and memory, by the catalog's size.

Each step is a process of its own, whose peak of resident memory the system tells; beside it stand
that of a process that has only imported what the step needs, and of one that makes the tables up,
which takes memory that is no part of writing them. ``python -m benchmarks.mirror`` needs
a gigabyte on disk for the largest size, in a folder that is gone afterwards.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.table import print_table
from benchmarks.warehouse import CREDENTIALS, tables
from defog_metadata.catalog.shapes.own_descriptions import OwnDescriptions, describe_entry
from defog_metadata.errors import ExtractionCancelled
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.mirror import Mirror

__all__ = ["SIZES", "STEPS", "main", "measured"]

SIZES = (10, 1_000, 100_000)
_MIB = 1 << 20
# What is imported late is no part of what a step takes.
_LATE = ("defog_metadata.store.entry_writing", "defog_metadata.store.surveys")
# Linux counts in KiB, macOS in bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1 << 10


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mirror", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="how many tables")
    parser.add_argument("--json", type=Path, help="write the numbers there as well")
    chosen = parser.parse_args(arguments)
    found = {size: measured(size) for size in chosen.sizes}
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n")
    print_table(
        ["tables", "step", "seconds", "CPU seconds", "peak MiB", "above imports"],
        [
            (
                f"{size:,}",
                step,
                f"{it['seconds']:.3f}",
                f"{it['cpu_seconds']:.3f}",
                f"{it['peak_bytes'] / _MIB:.1f}",
                f"{(it['peak_bytes'] - steps['import']['peak_bytes']) / _MIB:.1f}",
            )
            for size, steps in found.items()
            for step, it in steps.items()
        ],
    )
    print()
    print_table(
        ["tables", "cache file MiB", "mirror MiB"],
        [
            (f"{size:,}", *(f"{it['build'][name] / _MIB:.1f}" for name in ("file", "mirror")))
            for size, it in found.items()
        ],
    )


def measured(size: int) -> dict[str, dict[str, float]]:
    """What each step takes in front of a warehouse of *size* tables."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for step in STEPS:
            done = subprocess.run(
                [sys.executable, "-m", __spec__.name, "--step", step, folder, str(size)],
                check=True,
                stdout=subprocess.PIPE,
            )
            found[step] = json.loads(done.stdout)
    return found


class _Place:
    """A warehouse in a folder."""

    def __init__(self, folder: Path, size: int) -> None:
        self.size = size
        self.cache = MetadataCache(cache_dir=folder / "cache")
        self.key = self.cache.generate_cache_key(db_type="postgres", db_creds=CREDENTIALS)
        self.file = self.cache.path(self.key)
        self.mirror = Mirror(folder / "mirror")
        self.second = Mirror(folder / "second mirror")

    def make_up(self) -> None:
        """What the tables take by themselves, before anything is done with them."""
        deque(tables(self.size), maxlen=0)

    def write(self) -> None:
        self.cache.set_tables(self.key, tables(self.size))

    def describe(self) -> None:
        """One description of somebody's own, with which the next writer has more to do."""
        self.cache.change(self.key, _describe_first)

    def build(self) -> dict[str, int]:
        self.mirror.build(self.file)
        mirrored = sum(it.stat().st_size for it in self.mirror.folder.rglob("*") if it.is_file())
        return {"file": self.file.stat().st_size, "mirror": mirrored}

    def open(self) -> None:
        assert self.mirror.open(self.file) is not None

    def build_half(self) -> None:
        done = 0

        def progress(number: int, _: int | None, what: str) -> None:
            nonlocal done
            done = number if what == "Indexing tables" else 0

        with suppress(ExtractionCancelled):
            self.second.build(self.file, progress=progress, cancelled=lambda: done > self.size // 2)

    def build_rest(self) -> None:
        self.second.build(self.file)


def _describe_first(metadata: dict[str, Any]) -> None:
    key = next(iter(metadata))
    name = (metadata[key]["table_schema"], metadata[key]["table_name"])
    describe_entry(key, metadata[key], {("", *name): OwnDescriptions("Mine.")})


STEPS: Mapping[str, Callable[[_Place], dict[str, int] | None]] = {
    "import": lambda _: None,
    "make up": _Place.make_up,
    "write": _Place.write,
    "describe": _Place.describe,
    "write again": _Place.write,
    "build": _Place.build,
    "open": _Place.open,
    "build half": _Place.build_half,
    "build rest": _Place.build_rest,
}


def _step(step: str, folder: Path, size: int) -> None:
    for it in _LATE:
        import_module(it)
    place = _Place(folder, size)
    started = time.perf_counter(), time.process_time()
    more = STEPS[step](place)
    seconds, cpu_seconds = time.perf_counter() - started[0], time.process_time() - started[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT
    found = {"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_bytes": peak, **(more or {})}
    print(json.dumps(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        _step(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main(sys.argv[1:])
