"""The machinery of ``make bench``, in its smallest form: that it measures, not what."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.speed import catalogs
from benchmarks.speed.__main__ import run, write_report
from benchmarks.speed.client import Client, NoAnswer
from benchmarks.speed.contenders import FLOOR, IN_PROCESS, OURS
from benchmarks.speed.measure import FIRST_COMPLETION, START, Plan, edit_to_diagnostics
from benchmarks.speed.processes import memory_of
from benchmarks.speed.questions import COMPLETIONS, EDITED_LINES, HOVER, edited, file_text, misspelt
from benchmarks.speed.report import as_markdown
from benchmarks.speed.samples import Cell, WrongAnswer, in_turns
from benchmarks.speed.wanted import wanted
from tests.support.tools import REPOSITORY

ONCE = Plan(starts=1, requests=3, edits=3, budget=60, ignored=1, lines=(100,))


def test_ours_and_the_floor_are_measured_and_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogs, "KEPT", tmp_path / "kept")
    document = run((10,), ONCE, peer_sizes=(), place=tmp_path)

    cells = {(it["contender"], it["what"]): it for it in document["cells"]}
    requests = {it.name for it in COMPLETIONS} | {HOVER.name, edit_to_diagnostics(100)}
    for contender in (OURS, FLOOR):
        for what in requests:
            assert cells[contender, what]["samples"] == 3
        assert cells[contender, START]["samples"] == 1
        assert cells[contender, FIRST_COMPLETION]["samples"] == 1
    assert all(cells[IN_PROCESS, it.name]["samples"] == 3 for it in COMPLETIONS)
    assert [it for it in document["cells"] if it["problem"]] == []
    # What the floor is told to answer with.
    assert document["items"]["10"][COMPLETIONS[0].file] == 7

    text = as_markdown(json.loads(json.dumps(document)))
    assert f"| {OURS} " in text
    assert f"| {FLOOR} " in text


_LEAVES_ONE_BEHIND = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
sys.stderr.write("started")
sys.stderr.flush()
sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells them")
def test_what_a_server_leaves_behind_is_counted_and_ended(tmp_path: Path) -> None:
    command = (sys.executable, "-c", _LEAVES_ONE_BEHIND)
    mark = f"test-{tmp_path.name}-{os.getpid()}"
    client = Client(command, folder=tmp_path, environment=os.environ, mark=mark)
    try:
        wait_until(lambda: "started" in next(tmp_path.glob("*.stderr")).read_text())
        memory = memory_of(mark)
        assert memory is not None
        assert memory.processes == 2
        assert 0 < memory.proportional <= memory.resident
    finally:
        client.close(limit=0.5)
    wait_until(lambda: memory_of(mark) is None)


def wait_until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_the_misspelt_column_is_in_the_statement_that_is_edited() -> None:
    for lines in EDITED_LINES:
        text = file_text(lines).splitlines()
        assert lines - 8 <= len(text) <= lines
        [line] = [number for number, it in enumerate(text) if misspelt(0) in it]
        assert line in edited(lines)


def test_turns() -> None:
    order: list[str] = []
    now = 0.0

    def slow(_: int) -> float:
        nonlocal now
        now += 5.0
        order.append("slow")
        return 4.0

    def wrong(number: int) -> float:
        order.append("wrong")
        if number == 3:
            raise WrongAnswer(0.5, "it is wrong")
        return 0.5

    def silent(_: int) -> float:
        order.append("silent")
        raise NoAnswer("it is silent")

    cells = [Cell(it, 10, "asked") for it in ("slow", "wrong", "silent")]
    samples = zip(cells, (slow, wrong, silent), strict=True)
    in_turns(samples, rounds=5, budget=7.0, ignored=1, clock=lambda: now)

    slow_cell, wrong_cell, silent_cell = cells
    # The first is not counted, unless it alone is slow; then there are no more than three.
    assert slow_cell.seconds == [4.0] * 3
    assert (wrong_cell.seconds, wrong_cell.problem) == ([0.5] * 5, "it is wrong")
    assert (silent_cell.seconds, silent_cell.problem) == ([], "it is silent")
    assert order.count("silent") == 1
    assert {order[0], order[1], order[2]} == {"slow", "wrong", "silent"}
    assert (wrong_cell.median, wrong_cell.p95) == (0.5, 0.5)


def test_wanted_numbers_are_ratios_of_right_answers() -> None:
    question = COMPLETIONS[0].name

    def cell(contender: str, tables: int, median: float, problem: str = "") -> dict[str, object]:
        return {
            "contender": contender, "tables": tables, "what": question,
            "median_ms": median, "problem": problem,
        }  # fmt: skip

    document = {
        "cells": [
            cell(OURS, 1_000, 2.0), cell(OURS, 100_000, 3.0),
            cell(FLOOR, 1_000, 1.0), cell(FLOOR, 100_000, 1.0),
            cell("other", 1_000, 4.0), cell("another", 1_000, 0.1, "it is wrong"),
        ],
        "memory": [
            {"contender": OURS, "tables": it, "when": "after all requests", "resident_mib": mib}
            for it, mib in ((10, 90.0), (100_000, 151.5))
        ],
    }  # fmt: skip
    found = {it.what: (it.measured, it.met) for it in wanted(document) if it.measured}
    assert found == {
        f"completion {question}, 1,000 tables / floor": ("2.00", True),
        f"completion {question}, 100,000 tables / floor": ("3.00", False),
        f"completion {question}, 1,000 and 100,000 tables": ("1.50", False),
        f"completion {question}, 1,000 tables / other": ("0.50", True),
        "memory at 100,000 tables above that at 10": ("61.5 MiB", False),
    }


def test_the_page_keeps_what_is_around_its_tables(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Ours\n\n<!-- make bench: start -->\nold\n<!-- make bench: end -->\n\nMore\n")
    document = {
        "date": "2026-01-01", "versions": {"Python": "3"}, "missing": {"peer": "no network"},
        "machine": {"processor": "p", "cores": 2, "memory_gib": 8, "system": "s"},
        "cells": [], "memory": [], "wanted": [],
    }  # fmt: skip
    write_report(document, page)
    text = page.read_text()
    assert text.startswith("# Ours\n\n<!-- make bench: start -->\n")
    assert text.endswith("\n<!-- make bench: end -->\n\nMore\n")
    assert "old" not in text
    assert "Not measured: peer (no network)." in text
    write_report(document, page)
    assert page.read_text() == text


def test_the_page_has_its_markers() -> None:
    text = (REPOSITORY / "docs/performance.md").read_text()
    assert text.count("<!-- make bench: start -->\n") == 1
    assert text.count("<!-- make bench: end -->\n") == 1
    assert text.index("<!-- make bench: start -->") < text.index("<!-- make bench: end -->")
