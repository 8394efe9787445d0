"""Ten times the tables take about as much memory: Python hoards a little, up to a limit."""

import gc
import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import pytest

from defog_metadata.extract import extracting, rows, spool
from tests.extract.engines import ENGINES, maker

FEW, MANY = 60, 600
COLUMNS = 24  # of tuples of up to twenty, Python hoards thousands
ROWS_AT_ONCE = 300
"""Fewer than of the real thing, so that the few tables have several times as many."""


def schema(tables: int) -> str:
    columns = ", ".join(f"column_number_{it} varchar(30) not null" for it in range(COLUMNS - 2))
    return "".join(
        # A server has a lock for each table that a transaction makes.
        f"begin; create table table_number_{it} (id int primary key, other int, {columns},"
        f" foreign key (other) references table_number_{max(it - 1, 0)} (id)); commit;"
        for it in range(tables)
    )


def peak(db_type: str, creds: Mapping[str, object], tables: int) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        with extracting(db_type, creds) as found:
            columns = sum(len(it.columns) for it in found.tables)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert columns == COLUMNS * tables


@pytest.mark.parametrize("db_type", ENGINES)
def test_peak_of_memory(
    db_type: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", ROWS_AT_ONCE)
    monkeypatch.setattr(spool, "_BATCH", ROWS_AT_ONCE // COLUMNS)
    make = maker(db_type, request, tmp_path)
    creds = {it: make(f"memory_{it}", schema(it)) for it in (FEW, MANY)}
    peak(db_type, creds[FEW], FEW)  # what is imported and remembered once
    few, many = (peak(db_type, creds[it], it) for it in (FEW, MANY))
    assert many < 2 * few, f"{few:,} and {many:,} bytes"
