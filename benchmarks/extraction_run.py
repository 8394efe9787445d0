"""One extraction, from credentials on standard input to a cache file, measured from within.

A process of its own for ``benchmarks.extraction``: its memory is that of nothing else.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from defog_metadata.catalog import Table
from defog_metadata.extract import connect, extracting, readers
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.home import cache_home

__all__ = ["Measured"]

_DRIVERS = connect, readers
"""Loaded late elsewhere: here their memory belongs to what there was before."""


@dataclass(frozen=True, slots=True)
class Measured:
    engine: str
    tables: int
    columns: int
    queries: int
    seconds_to_read: float
    """Until every query is answered, and what they said is on disk."""
    seconds: float
    """Until the cache file is written."""
    started_mib: float
    """Of the process, before it reads anything, with the drivers loaded."""
    peak_mib: float
    spool_mib: float
    cache_file_mib: float


def read(db_type: str, creds: Mapping[str, Any]) -> Measured:
    sent: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda *it: sent.append(it[2]))
    before, began = _peak_mib(), time.monotonic()
    cache = MetadataCache()
    key = cache.generate_cache_key(db_type=db_type, db_creds=creds)
    folder = cache_home()
    tables = columns = 0
    with extracting(db_type, creds, keep_in=folder) as found:
        answered = time.monotonic() - began
        spool = sum(it.stat().st_size for it in folder.iterdir())

        def counted() -> Iterator[Table]:
            nonlocal tables, columns
            for it in found.tables:
                tables += 1
                columns += len(it.columns)
                yield it

        cache.set_tables(key, counted(), found.search_path)
    return Measured(
        db_type,
        tables,
        columns,
        # Without the one that makes a connection read only.
        sum("select" in it and "set_config" not in it for it in sent),
        answered,
        time.monotonic() - began,
        before,
        _peak_mib(),
        spool / 2**20,
        cache.path(key).stat().st_size / 2**20,
    )


if sys.platform == "win32":

    def _peak_mib() -> float:
        raise NotImplementedError("Python has no way to ask this system for it")

else:
    import resource

    def _peak_mib() -> float:
        """The most memory that this process has had so far."""
        status = Path("/proc/self/status")
        if status.exists():  # what the system says otherwise may be the parent's
            [line] = [it for it in status.read_text().splitlines() if it.startswith("VmHWM")]
            return int(line.split()[1]) / 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    print(json.dumps(asdict(read(**json.load(sys.stdin)))))
