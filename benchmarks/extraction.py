"""How long reading a database takes, and how much memory: from its catalog to the cache file.

Starts PostgreSQL and MariaDB servers of its own (free ports, private folders), fills them with
tables of twenty columns, and lets a process for each database read it as the server does.

``python -m benchmarks.extraction``; ``--postgres 100000`` and the like choose how many tables
(none: ``--mariadb`` alone), ``--json PATH`` writes the numbers, too.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from benchmarks.extraction_run import Measured
from benchmarks.table import print_table
from tests.support.databases import running_mariadb, running_postgres
from tests.support.tools import find

__all__ = ["main"]

_TYPES = (
    *("integer", "varchar(20)", "numeric(10, 2)", "date", "bigint", "timestamp") * 3,
)  # 18: with a key and a reference, twenty columns
_HEADER = (
    *("engine", "tables", "columns", "queries", "read s", "in all s"),
    *("MiB before", "MiB peak", "spool MiB", "file MiB"),
)
_AT_ONCE = 500
"""Tables a transaction: PostgreSQL keeps locks for some thousand."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for engine, sizes in (("postgres", [1_000, 5_000, 20_000]), ("mariadb", [5_000])):
        parser.add_argument(f"--{engine}", type=int, nargs="*", default=sizes, metavar="TABLES")
    parser.add_argument("--sqlite", type=int, nargs="*", default=[20_000], metavar="TABLES")
    parser.add_argument("--json", type=Path, metavar="PATH")
    given = parser.parse_args(arguments)
    measured = [
        *_in_postgres(given.postgres),
        *_in_mariadb(given.mariadb),
        *_in_sqlite(given.sqlite),
    ]
    print_table(
        _HEADER,
        (
            (
                it.engine,
                f"{it.tables:,}",
                f"{it.columns:,}",
                it.queries,
                f"{it.seconds_to_read:.1f}",
                f"{it.seconds:.1f}",
                *(
                    f"{number:.0f}"
                    for number in (it.started_mib, it.peak_mib, it.spool_mib, it.cache_file_mib)
                ),
            )
            for it in measured
        ),
    )
    if given.json:
        given.json.write_text(json.dumps([asdict(it) for it in measured], indent=2) + "\n")


def _in_postgres(sizes: Sequence[int]) -> Iterator[Measured]:
    if not sizes or not _is_there("postgres"):
        return
    with running_postgres() as server:
        for tables in sizes:
            name = f"tables_{tables}"
            creds = server.create_database(name)
            with closing(server.postgres(name)) as connection:
                for script in _scripts(tables):
                    connection.execute(f"begin; {script} commit".encode())
            yield _measured("postgres", creds)


def _in_mariadb(sizes: Sequence[int]) -> Iterator[Measured]:
    if not sizes or not _is_there("mariadb"):
        return
    with running_mariadb() as server:
        for tables in sizes:
            creds = server.create_database(f"tables_{tables}")
            for script in _scripts(tables):
                server.execute(script, f"tables_{tables}")
            yield _measured("mysql", creds)


def _in_sqlite(sizes: Sequence[int]) -> Iterator[Measured]:
    for tables in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tables.db"
            with closing(sqlite3.connect(path)) as connection:
                for script in _scripts(tables):
                    connection.executescript(f"begin; {script} commit")
            yield _measured("sqlite", {"database": str(path)})


def _is_there(tool: str) -> bool:
    if find(tool) is None:
        print(f"{tool} is not installed: run `make tools`", file=sys.stderr)
        return False
    return True


def _scripts(tables: int) -> Iterator[str]:
    columns = ", ".join(f"column_{number} {it}" for number, it in enumerate(_TYPES))
    for start in range(0, tables, _AT_ONCE):
        yield "".join(
            f"create table table_{number} (id integer primary key, other integer, {columns},"
            f" foreign key (other) references table_{max(number - 1, 0)} (id));"
            for number in range(start, min(start + _AT_ONCE, tables))
        )


def _measured(db_type: str, creds: Mapping[str, object]) -> Measured:
    with tempfile.TemporaryDirectory() as home:
        asked = json.dumps({"db_type": db_type, "creds": dict(creds)})
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.extraction_run"],
            input=asked,
            env={**os.environ, "DEFOG_HOME": home, "DEFOG_CACHE_DIR": f"{home}/cache"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return Measured(**json.loads(done.stdout))


if __name__ == "__main__":
    main()
