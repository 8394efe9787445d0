"""Results as JSON, and as the tables of ``docs/performance.md``.

Everything is made from the JSON, so what is told is what was stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.speed.contenders import FLOOR, IN_PROCESS, OURS
from benchmarks.speed.measure import (
    FIRST_COMPLETION,
    FIRST_EVER,
    MEMORY,
    MEMORY_OF_FIRST,
    START,
    Results,
    edit_to_diagnostics,
)
from benchmarks.speed.questions import COMPLETIONS, EDITED_LINES, HOVER
from benchmarks.speed.wanted import WANTED_TEXT, wanted
from benchmarks.table import table

__all__ = ["as_json", "as_markdown"]

Json = dict[str, Any]
_MIB = 1 << 20
_THOUSANDTH = 1000
_HAS_NO = "has no "


def as_json(results: Results, *, about: Mapping[str, object], missing: Mapping[str, str]) -> Json:
    """*about*: machine and versions; *missing*: peers that were not measured, and why."""
    document: Json = {
        **about,
        "missing": dict(missing),
        "cells": [
            {
                "contender": it.contender,
                "tables": it.tables,
                "what": it.what,
                "median_ms": _milliseconds(it.median),
                "p95_ms": _milliseconds(it.p95),
                "fastest_ms": _milliseconds(min(it.seconds, default=None)),
                "samples": len(it.seconds),
                "problem": it.problem,
            }
            for it in results.cells
        ],
        "memory": [
            {
                "contender": contender,
                "tables": tables,
                "when": when,
                "resident_mib": round(it.resident / _MIB, 1),
                "proportional_mib": round(it.proportional / _MIB, 1),
                "processes": it.processes,
            }
            for (contender, tables, when), it in results.memory.items()
        ],
        "items": results.items,
    }
    document["wanted"] = [it.as_json() for it in wanted(document)]
    return document


def as_markdown(document: Mapping[str, Any]) -> str:
    """The tables, to stand between the markers of the page."""
    return "\n\n".join(_parts(document))


def _parts(document: Mapping[str, Any]) -> Iterator[str]:
    yield _introduction(document)
    yield "### What is wanted"
    yield WANTED_TEXT
    rows = [
        (
            it["what"],
            it["measured"],
            it["limit"],
            {True: "yes", False: "**no**", None: ""}[it["met"]],
        )
        for it in document["wanted"]
    ]
    yield table(("ratio or difference, in this run", "measured", "at most", "met"), rows)
    yield "### Completion and hover"
    yield "Milliseconds from an edit to the answer: median (95th percentile)."
    yield (
        "pgcli's and mycli's completers are no servers: theirs is the time of the call alone,"
        " without protocol and edit; ours *in process* is measured in the same way."
    )
    yield from _times(document, {it.name: it.name for it in (*COMPLETIONS, HOVER)})
    yield "![Completion by the number of tables](performance/completion.svg)"
    yield "### Edit to diagnostics"
    yield (
        "Milliseconds from an edit in the middle of a file to its diagnostics: median (95th"
        " percentile), by the lines of the file."
    )
    yield from _times(document, {edit_to_diagnostics(it): f"{it:,} lines" for it in EDITED_LINES})
    yield "![Edit to diagnostics by the lines of the file](performance/edits.svg)"
    yield "### Start"
    yield "Milliseconds from the start of the process: median (95th percentile)."
    yield from _times(
        document,
        {
            START: "`initialize` is answered",
            FIRST_COMPLETION: "first right completion",
            FIRST_EVER: "the same, catalog new",
        },
    )
    yield "### Memory"
    yield ("MiB of all processes of a server: resident, and their own part where pages are shared.")
    yield table(
        ("", "tables", "when", "resident", "own part", "processes"),
        [
            (
                it["contender"],
                _tables(it["tables"]),
                it["when"],
                f"{it['resident_mib']:.1f}",
                f"{it['proportional_mib']:.1f}",
                it["processes"],
            )
            for when in (MEMORY, MEMORY_OF_FIRST)
            for it in _ordered(document["memory"])
            if it["when"] == when
        ],
    )
    yield "![Start and memory by the number of tables](performance/start.svg)"


def _introduction(document: Mapping[str, Any]) -> str:
    machine, versions = document["machine"], document["versions"]
    measured = (
        f"Measured on {document['date']} with {machine['cores']} cores ({machine['processor']}),"
        f" {machine['memory_gib']} GiB, {machine['system']}:"
        f" {', '.join(f'{name} {version}' for name, version in versions.items())}."
    )
    missing = [f"Not measured: {name} ({why})." for name, why in document["missing"].items()]
    lines = [measured, *missing]
    return "\n".join(lines)


def _times(document: Mapping[str, Any], columns: Mapping[str, str]) -> Iterator[str]:
    """A row for each contender and size that has any of the *columns*, then what went wrong."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    problems: dict[str, list[str]] = {}
    for it in _ordered(document["cells"]):
        what = it["what"]
        if what not in columns:
            continue
        name, tables, problem = it["contender"], _tables(it["tables"]), it["problem"]
        rows.setdefault((name, tables), {})[what] = _time(it)
        if problem and not problem.startswith(_HAS_NO):
            place = f"{name}{f' over {tables} tables' if tables else ''}"
            problems.setdefault(f"{place}: `{problem}`", []).append(columns[what])
    texts = [
        (*key, *(row.get(it, "") for it in columns))
        for key, row in rows.items()
        if any(row.values())
    ]
    yield table(("", "tables", *columns.values()), texts)
    if problems:
        yield "\n".join(f"- {what}, {', '.join(where)}" for what, where in problems.items())


def _ordered(found: Sequence[Json]) -> list[Json]:
    """Ours first, then the floor, then the peers as they come."""
    order = {OURS: 0, IN_PROCESS: 1, FLOOR: 2}
    return sorted(found, key=lambda it: order.get(it["contender"], 3))


def _time(cell: Json) -> str:
    median, problem = cell["median_ms"], cell["problem"]
    if problem.startswith(_HAS_NO):
        return ""
    if median is None:
        return "no answer"
    if problem:
        return f"wrong ({_number(median)})"
    if cell["samples"] == 1:
        return _number(median)
    return f"{_number(median)} ({_number(cell['p95_ms'])})"


def _number(milliseconds: float) -> str:
    return f"{milliseconds:,.{1 if milliseconds < 100 else 0}f}"


def _tables(number: int) -> str:
    return f"{number:,}" if number else ""


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * _THOUSANDTH, 3)
