"""Nothing holds up the event loop, whatever is opened, edited, loaded or checked.

Held against are the turns of the loop by their own (thread) time, which other programs do not
change, in units of a fixed amount of work that the same process does. Full garbage collections hold
up every thread, and are counted.
"""

import asyncio
import gc
from pathlib import Path

import pytest

from benchmarks.loop import Seen, watch_checks, watch_editing
from defog_lsp.lsp.interpreter import collect_when_quiet
from tests.support.loop_watch import reference

MOST_UNITS = 12
"""Ten of 0.5 ms on an ordinary machine are 5 ms; what is over is for processors that are shared."""


def told(seen: Seen) -> str:
    turns = "; ".join(f"{it.own / seen.unit:.1f} {it.what}" for it in seen.turns)
    return f"{seen.load}: {turns}; {seen.full_collections} full collections"


def held_up(found: list[Seen]) -> list[str]:
    return [told(it) for it in found if it.turn > MOST_UNITS * it.unit or it.full_collections]


async def test_while_files_are_edited_and_metadata_is_loaded(tmp_path: Path) -> None:
    found = await watch_editing(tmp_path)
    assert {it.load for it in found} >= {"start", "open 10,000 lines", "edit 10,000 lines"}
    assert all(it.lags for it in found), "it was watched"
    assert held_up(found) == []


async def test_while_a_workspace_is_checked(tmp_path: Path) -> None:
    found = await watch_checks(tmp_path, files=60)
    assert all(it.lags for it in found), "it was watched"
    assert held_up(found) == []


def test_what_a_unit_is() -> None:
    """A limit that nothing could reach would prove nothing: a millisecond of work is about two."""
    units = sorted(reference() for _ in range(9))
    assert 0 < units[4] < 3 * units[0]


async def test_garbage_is_collected_when_nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("defog_lsp.lsp.interpreter._LOOK_SECONDS", 0.01)
    monkeypatch.setattr("defog_lsp.lsp.interpreter._WORTH", 0)
    collections: list[int] = []

    def count(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            collections.append(1)

    quiet = False
    gc.callbacks.append(count)
    gc.disable()  # others are not what is counted
    collecting = asyncio.ensure_future(collect_when_quiet(lambda: quiet))
    try:
        await asyncio.sleep(0.1)
        assert collections == []
        quiet = True
        await asyncio.sleep(0.5)
        assert collections
    finally:
        collecting.cancel()
        gc.enable()
        gc.callbacks.remove(count)
