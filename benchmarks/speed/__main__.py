"""What a user waits for, beside the floor and the peers: ``python -m benchmarks.speed [--small]``.

In full it takes about a quarter of an hour and writes ``docs/performance/results.json``, the plots
beside it, and the tables of ``docs/performance.md``. ``--small`` takes two minutes and only prints.
"""

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.speed.catalogs import KEPT, cache_home
from benchmarks.speed.contenders import Completer, Server, floor, in_process, ours
from benchmarks.speed.measure import Plan, measure, say
from benchmarks.speed.peers import PYTHON_OF_PEERS, Peers, gather, install_peers
from benchmarks.speed.report import as_json, as_markdown
from tests.support import tools
from tests.support.databases import running_postgres

__all__ = ["FULL", "SMALL", "main", "run", "write_report"]

FULL = Plan(starts=5, requests=40, edits=30, budget=8.0)
SMALL = Plan(starts=3, requests=10, edits=5, budget=2.0, lines=(100, 1_000))
_SIZES, _SMALL_SIZES = (10, 1_000, 100_000), (10, 1_000)
_PEER_SIZES, _SMALL_PEER_SIZES = (1_000, 100_000), (1_000,)
_PAGE = tools.REPOSITORY / "docs/performance.md"
_FOLDER = tools.REPOSITORY / "docs/performance"
_START, _END = "<!-- make bench: start -->\n", "<!-- make bench: end -->\n"


def run(
    sizes: Sequence[int], plan: Plan, *, peer_sizes: Sequence[int], place: Path
) -> dict[str, Any]:
    """The results as JSON; no peers where there are no *peer_sizes*."""
    peers = install_peers() if peer_sizes else Peers()
    begun = time.monotonic()
    servers: list[Server] = []
    completers: list[Completer] = []
    for size in sizes:
        say(f"a cache file of {size:,} tables, unless it is kept from before")
        home, mirrors = cache_home(size), place / "mirrors"
        servers += [ours(size, home, mirrors), floor(size)]
        completers.append(in_process(size, home, mirrors, place))
    with running_postgres() if peer_sizes and tools.find("postgres") else nullcontext() as postgres:
        if peer_sizes:
            gather(peers, peer_sizes, postgres)
        started = [*completers, *peers.completers]
        results = measure([*servers, *peers.servers], started, place, plan)
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "machine": _machine(),
        "versions": {**_versions(), **peers.versions},
    }
    return as_json(results, about=about, missing=peers.missing)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.speed", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a quick look; nothing is written")
    parser.add_argument("--report", action="store_true", help="only write the page anew")
    chosen = parser.parse_args()
    if chosen.report:
        _write(json.loads((_FOLDER / "results.json").read_text(encoding="utf-8")))
        return
    sizes = _SMALL_SIZES if chosen.small else _SIZES
    peer_sizes = _SMALL_PEER_SIZES if chosen.small else _PEER_SIZES
    plan = SMALL if chosen.small else FULL
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT, prefix="run-") as place:
        document = run(sizes, plan, peer_sizes=peer_sizes, place=Path(place))
    if chosen.small:
        print(as_markdown(document))
    else:
        _write(document)


def _write(document: Mapping[str, Any]) -> None:
    """Results, plots, and the part of the page between its markers."""
    _FOLDER.mkdir(exist_ok=True)
    path = _FOLDER / "results.json"
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    script = Path(__file__).with_name("plots.py")
    command = (sys.executable, "-P", script, path, _FOLDER)
    drawn = subprocess.run(command, env={**os.environ, **PYTHON_OF_PEERS}, check=False)
    if drawn.returncode:
        print("The plots could not be drawn; they are as they were.", file=sys.stderr)
    write_report(document, _PAGE)
    print(
        f"written: {_PAGE.relative_to(tools.REPOSITORY)}, {_FOLDER.relative_to(tools.REPOSITORY)}/"
    )


def write_report(document: Mapping[str, Any], page: Path) -> None:
    """Put the tables between the markers of *page*."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(_START)
    behind = rest.split(_END)[1]
    page.write_text(
        f"{before}{_START}\n{as_markdown(document)}\n\n{_END}{behind}", encoding="utf-8"
    )


def _machine() -> dict[str, object]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [it.partition(":")[2].strip() for it in lines if it.startswith("model name")]
    except OSError:
        names = []
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(pages / (1 << 30)),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _versions() -> dict[str, str]:
    packages = ("defog-lsp", "pygls", "lsprotocol", "sqlglot")
    found = {it: version(it) for it in packages}
    return {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version, **found}


if __name__ == "__main__":
    main()
