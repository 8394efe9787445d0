"""What the questions to a catalog cost, by its size: ``TableSource`` read from a mirror.

The warehouse of ``benchmarks.warehouse`` is mirrored at each size; each question is asked of a
mirror that is open, with words that differ each time. Times are milliseconds.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.memory import peak_memory
from benchmarks.table import print_table
from benchmarks.warehouse import tables, write_cache_file
from defog_metadata.catalog import TableSource
from defog_metadata.catalog.matching import name_words
from defog_metadata.spelling import nearest
from defog_metadata.store.mirror import Mirror
from defog_metadata.terms import stems

__all__ = ["main"]

_Question = Callable[[TableSource, random.Random], object]
_SHOP = [*tables(10)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, nargs="*", default=[10, 1_000, 100_000])
    parser.add_argument("--repeat", type=int, default=100, help="so often each is asked")
    parser.add_argument("--home", type=Path, help="where the warehouses are kept, as DEFOG_HOMEs")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the results there too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = arguments.home or Path(temporary)
        found = {
            size: measured(home / str(size), Path(temporary), size, arguments.repeat)
            for size in arguments.tables
        }
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2))
    print_table(
        ("question", *(f"{size:,} tables: {it}" for size in found for it in ("median", "p95"))),
        (
            (name, *(f"{it[name][which]:.2f}" for it in found.values() for which in _SHOWN))
            for name in next(iter(found.values()))
        ),
    )


_SHOWN = ("median", "p95")


def measured(home: Path, folder: Path, size: int, repeat: int) -> dict[str, dict[str, float]]:
    """Median and p95 in milliseconds, by question."""
    path = write_cache_file(home / "cache", size)
    mirror = Mirror(folder / f"mirror-{size}")
    started = time.perf_counter()
    mirror.build(path)
    print(f"{size:,} tables: mirror built in {time.perf_counter() - started:.1f} s", end=", ")
    before = peak_memory()
    metadata = mirror.open(path)
    assert metadata is not None
    found = {name: _times(metadata.source, it, repeat) for name, it in QUESTIONS.items()}
    print(f"at most {peak_memory() - before:.0f} MiB more while questions were asked")
    return found


def _times(source: TableSource, question: _Question, repeat: int) -> dict[str, float]:
    chosen = random.Random(4)
    times = []
    for _ in range(repeat + 1):
        started = time.perf_counter()
        question(source, chosen)
        times.append(1000 * (time.perf_counter() - started))
    # The first one opens what the others find open.
    quantiles = statistics.quantiles(times[1:], n=20)
    return {"first": times[0], "median": statistics.median(times[1:]), "p95": quantiles[18]}


def _name(chosen: random.Random) -> str:
    return chosen.choice(_SHOP).name


def _slip(chosen: random.Random, name: str) -> str:
    place = chosen.randrange(1, len(name))
    return name[:place] + chosen.choice("aeiou") + name[place + 1 :]


_WORDS = stems("customer order payment shipment region mortgage invoice budget driver refund")
QUESTIONS: dict[str, _Question] = {
    "named": lambda source, chosen: source.named(_name(chosen)),
    "matching, 1 letter": lambda source, chosen: source.matching(_name(chosen)[:1], limit=100),
    "matching, 3 letters": lambda source, chosen: source.matching(_name(chosen)[:3], limit=100),
    "matching, a name": lambda source, chosen: source.matching(_name(chosen), limit=100),
    "matching, a name, 500": lambda source, chosen: source.matching(_name(chosen), limit=500),
    "matching, of a schema": lambda source, chosen: source.matching(
        _name(chosen)[:3], schema="sales", limit=100
    ),
    "matching, inside": lambda source, chosen: source.matching(_name(chosen)[1:6], limit=100),
    "matching, initials": lambda source, chosen: source.matching(
        "".join(it[:2] for it in name_words(_name(chosen) + "_line_tag")), limit=100
    ),
    "matching, misspelt": lambda source, chosen: source.matching(
        _slip(chosen, _name(chosen)), limit=100
    ),
    "similar": lambda source, chosen: source.similar(_slip(chosen, _name(chosen))),
    "similar, the nearest": lambda source, chosen: nearest(
        typed := _slip(chosen, _name(chosen)), source.similar(typed)
    ),
    "referring": lambda source, chosen: source.referring(chosen.choice(_SHOP), limit=50),
    "about, 1 word": lambda source, chosen: source.about(chosen.sample(_WORDS, 1), limit=20),
    "about, 3 words": lambda source, chosen: source.about(chosen.sample(_WORDS, 3), limit=20),
    "having": lambda source, chosen: source.having(
        chosen.choice(chosen.choice(_SHOP).columns).name, limit=50
    ),
}


if __name__ == "__main__":
    main()
