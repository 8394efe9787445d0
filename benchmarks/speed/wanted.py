"""The numbers that are wanted, each computed from one run."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.speed.contenders import FLOOR, IN_PROCESS, OURS
from benchmarks.speed.measure import MEMORY, START, edit_to_diagnostics
from benchmarks.speed.questions import COMPLETIONS

__all__ = ["WANTED_TEXT", "Wanted", "wanted"]

_WITHOUT_SERVER = frozenset({"pgcli", "mycli"})

WANTED_TEXT = """\
The floor is a bare pygls server that answers the same requests with as many constant items, and
each edit with as many constant diagnostics. Medians are compared."""

_SMALL, _MIDDLE, _LARGE = 10, 1_000, 100_000
_OF_FLOOR, _OF_EACH_OTHER, _EDIT_OF_FLOOR, _START_OF_FLOOR = 2.5, 1.3, 5.0, 1.3
_MORE_MIB = 60.0
_LONG_FILE = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One wanted number."""

    what: str
    measured: str
    limit: str
    met: bool | None
    """``None`` where it was not measured."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def wanted(document: Mapping[str, Any]) -> Iterator[Wanted]:
    """All of them, from the results as JSON."""
    run = _Run(document)
    for question in COMPLETIONS:
        for tables in (_MIDDLE, _LARGE):
            what = f"completion {question.name}, {tables:,} tables / floor"
            ours, floor = (run.median(it, tables, question.name) for it in (OURS, FLOOR))
            yield _ratio(what, ours, floor, _OF_FLOOR)
    for question in COMPLETIONS:
        what = f"completion {question.name}, {_MIDDLE:,} and {_LARGE:,} tables"
        pair = [run.median(OURS, it, question.name) for it in (_MIDDLE, _LARGE)]
        known = sorted(it for it in pair if it is not None)
        slower, faster = (known[1], known[0]) if len(known) == len(pair) else (None, None)
        yield _ratio(what, slower, faster, _OF_EACH_OTHER)
    for peer, tables, asked, median in run.peers():
        what = f"completion {asked}, {tables:,} tables / {peer}"
        if peer in _WITHOUT_SERVER:
            ours = run.median(IN_PROCESS, tables, asked)
            yield _ratio(f"{what}, both in process", ours, median, 1.0)
            what += " in process"
        yield _ratio(what, run.median(OURS, tables, asked), median, 1.0)
    edit = edit_to_diagnostics(_LONG_FILE)
    for tables in (_SMALL, _MIDDLE, _LARGE):
        ours, floor = (run.median(it, tables, edit) for it in (OURS, FLOOR))
        yield _ratio(f"{edit}, {tables:,} tables / floor", ours, floor, _EDIT_OF_FLOOR)
    for tables in (_SMALL, _MIDDLE, _LARGE):
        ours, floor = (run.median(it, tables, START) for it in (OURS, FLOOR))
        yield _ratio(f"{START}, {tables:,} tables / floor", ours, floor, _START_OF_FLOOR)
    small, large = (run.memory(it) for it in (_SMALL, _LARGE))
    more = None if small is None or large is None else large - small
    yield Wanted(
        f"memory at {_LARGE:,} tables above that at {_SMALL}",
        "" if more is None else f"{more:.1f} MiB",
        f"{_MORE_MIB:.0f} MiB",
        None if more is None else more <= _MORE_MIB,
    )


class _Run:
    """The results, asked for single numbers."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._cells = {(it["contender"], it["tables"], it["what"]): it for it in document["cells"]}
        self._memory = {
            (it["contender"], it["tables"]): float(it["resident_mib"])
            for it in document["memory"]
            if it["when"] == MEMORY
        }

    def median(self, contender: str, tables: int, what: str) -> float | None:
        """In milliseconds; ``None`` where there was no right answer."""
        cell = self._cells.get((contender, tables, what))
        return None if cell is None or cell["problem"] else cell["median_ms"]

    def memory(self, tables: int) -> float | None:
        return self._memory.get((OURS, tables))

    def peers(self) -> Iterator[tuple[str, int, str, float]]:
        """Peers that completed right: with the size, the question, and the median."""
        questions = {it.name for it in COMPLETIONS}
        for contender, tables, what in self._cells:
            if what in questions and contender not in {OURS, IN_PROCESS, FLOOR}:
                median = self.median(contender, tables, what)
                if median is not None and (OURS, tables, what) in self._cells:
                    yield contender, tables, what, median


def _ratio(what: str, ours: float | None, other: float | None, limit: float) -> Wanted:
    if not ours or not other:
        return Wanted(what, "", f"{limit:g}", None)
    return Wanted(what, f"{ours / other:.2f}", f"{limit:g}", ours / other <= limit)
