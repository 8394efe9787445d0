"""The measurements: starts, requests, edits, memory; everybody in turns."""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.speed.client import Client, NoAnswer
from benchmarks.speed.contenders import FLOOR, OURS, Completer, Server
from benchmarks.speed.processes import Memory, memory_of
from benchmarks.speed.questions import COMPLETIONS, EDITED_LINES, HOVER
from benchmarks.speed.samples import Cell, Sample, WrongAnswer, in_turns
from benchmarks.speed.sessions import LIMIT, EditedFile, ServerSession

__all__ = [
    "FIRST_COMPLETION",
    "FIRST_EVER",
    "MEMORY",
    "MEMORY_OF_FIRST",
    "START",
    "Plan",
    "Results",
    "edit_to_diagnostics",
    "measure",
    "say",
]

START = "start to initialize"
FIRST_COMPLETION = "start to the first right completion"
FIRST_EVER = "the same with a catalog that is new"
MEMORY = "after all requests"
MEMORY_OF_FIRST = "after the first start with a catalog that is new"
_FIRST_LIMIT = 600.0
"""For a catalog that is new: ours has to be made before everybody else is measured."""
_ASK_AGAIN = 0.02
_FIRST_NUMBER = 1_000_000
"""Far from the numbers of the measured requests."""


def edit_to_diagnostics(lines: int) -> str:
    return f"edit to diagnostics, {lines:,} lines"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    starts: int
    requests: int
    edits: int
    budget: float
    """Seconds after which a cell gets no more samples than a few."""
    ignored: int = 3
    """Requests that come first and are not counted."""
    lines: Sequence[int] = EDITED_LINES


@dataclass
class Results:
    """What was measured."""

    cells: list[Cell] = field(default_factory=list)
    memory: dict[tuple[str, int, str], Memory] = field(default_factory=dict)
    """By contender, size of its catalog, and when."""
    items: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many items ours answered with, and so the floor: by tables and file."""

    def cell(self, server: Server | Completer, what: str) -> Cell:
        found = Cell(server.name, server.tables, what)
        self.cells.append(found)
        return found

    def remember_memory(self, server: Server, when: str) -> None:
        memory = memory_of(server.mark)
        if memory is not None:
            self.memory[server.name, server.tables, when] = memory

    def problem(self, server: Server) -> str:
        """Why it has never completed right; empty where it has."""
        problems = (
            it.problem
            for it in self.cells
            if (it.contender, it.tables) == (server.name, server.tables)
            and it.what in {START, FIRST_COMPLETION}
        )
        return next(filter(None, problems), "")


def measure(
    servers: Sequence[Server], completers: Sequence[Completer], place: Path, plan: Plan
) -> Results:
    """Everything of the *plan*, with folders for the processes below *place*.

    Each of ours among the *servers* has a floor for the same number of tables behind it.
    """
    results = Results()
    for server in servers:
        if server.name == OURS:
            say(f"first start over {server.tables:,} tables")
            _first_ever(results, server, place)
    say("starts")
    _starts(results, servers, place, plan)
    say("completion and hover")
    _requests(results, servers, completers, place, plan)
    say("edits")
    _edits(results, servers, place, plan)
    return results


def _first_ever(results: Results, server: Server, place: Path) -> None:
    cell = results.cell(server, FIRST_EVER)
    with closing(server.start(place)) as client:
        client.initialize(LIMIT)
        _wait_until_right(ServerSession(client), client.started + _FIRST_LIMIT)
        cell.seconds.append(time.perf_counter() - client.started)
        client.settle(0.5)
        results.remember_memory(server, MEMORY_OF_FIRST)


def _starts(results: Results, servers: Sequence[Server], place: Path, plan: Plan) -> None:
    def sample(server: Server, first: Cell, _: int) -> float:
        with closing(server.start(place)) as client:
            seconds = client.initialize(LIMIT)
            if first.problem:
                return seconds
            try:
                _wait_until_right(_session(server, client), client.started + LIMIT)
                first.seconds.append(time.perf_counter() - client.started)
            except NoAnswer as error:
                first.problem, first.seconds = str(error), []
            return seconds

    samples: list[tuple[Cell, Sample]] = []
    for server in servers:
        first = results.cell(server, FIRST_COMPLETION)
        samples.append((results.cell(server, START), partial(sample, server, first)))
    in_turns(samples, rounds=plan.starts, budget=plan.budget)


def _requests(
    results: Results,
    servers: Sequence[Server],
    completers: Sequence[Completer],
    place: Path,
    plan: Plan,
) -> None:
    with ExitStack() as stack:
        samples: list[tuple[Cell, Sample]] = []
        sessions = _open(results, servers, stack, place)
        for server, session in sessions:
            asked: dict[str, Sample] = {
                it.name: partial(session.complete, it) for it in COMPLETIONS
            }
            asked[HOVER.name] = session.hover
            problem = results.problem(server)
            for what, sample in asked.items():
                cell = results.cell(server, what)
                cell.problem = problem
                if not problem:
                    samples.append((cell, sample))
        for completer in completers:
            cells = [results.cell(completer, it.name) for it in COMPLETIONS]
            try:
                started = stack.enter_context(closing(completer.start(place)))
            except NoAnswer as error:
                for cell in cells:
                    cell.problem = str(error)
                continue
            for cell, question in zip(cells, COMPLETIONS, strict=True):
                samples.append((cell, partial(started.complete, question)))
        in_turns(samples, rounds=plan.requests, budget=plan.budget, ignored=plan.ignored)
        for server, session in sessions:
            session.client.settle(0.5)
            results.remember_memory(server, MEMORY)


def _edits(results: Results, servers: Sequence[Server], place: Path, plan: Plan) -> None:
    with ExitStack() as stack:
        sessions = _open(results, _of_edits(servers), stack, place, is_hasty=True)
        for lines in plan.lines:
            samples: list[tuple[Cell, Sample]] = []
            files: list[EditedFile] = []
            for server, session in sessions:
                cell = results.cell(server, edit_to_diagnostics(lines))
                file = EditedFile(session, lines, judged_by=server.judges)
                files.append(file)
                try:
                    file.opened()
                except NoAnswer as error:
                    cell.problem = str(error)
                else:
                    samples.append((cell, file.edit))
                _tell_floors(sessions)
            in_turns(samples, rounds=plan.edits, budget=plan.budget, ignored=1)
            for file in files:
                file.close()


def _of_edits(servers: Sequence[Server]) -> list[Server]:
    """Ours and the floor with every catalog, the others with their smallest."""
    smallest: dict[str, int] = {}
    for it in servers:
        smallest[it.name] = min(it.tables, smallest.get(it.name, it.tables))
    return [it for it in servers if it.name in {OURS, FLOOR} or it.tables == smallest[it.name]]


def _open(
    results: Results,
    servers: Sequence[Server],
    stack: ExitStack,
    place: Path,
    *,
    is_hasty: bool = False,
) -> list[tuple[Server, ServerSession]]:
    """Those of the servers that start, ready to be asked if they ever are."""
    sessions = []
    for server in servers:
        client = stack.enter_context(closing(server.start(place, is_hasty=is_hasty)))
        session = _session(server, client)
        try:
            client.initialize(LIMIT)
            if not results.problem(server):
                _wait_until_right(session, client.started + LIMIT)
        except NoAnswer as error:
            say(f"{server.name}, {server.tables:,} tables: {error}")
            continue
        if server.name == OURS:
            _ask_everything(session)
            results.items[str(server.tables)] = dict(session.counts)
        sessions.append((server, session))
    _tell_floors(sessions)
    return sessions


def _session(server: Server, client: Client) -> ServerSession:
    return ServerSession(client, is_judged=server.judges != "nothing")


def _wait_until_right(session: ServerSession, give_up: float) -> None:
    """Ask until the answer is right; raises ``NoAnswer`` when it is not by *give_up*."""
    for number in count(_FIRST_NUMBER):
        try:
            session.complete(COMPLETIONS[0], number)
        except WrongAnswer as error:
            if time.perf_counter() > give_up:
                raise NoAnswer("no right answer in time") from error
            session.client.settle(_ASK_AGAIN)
        else:
            return


def _ask_everything(session: ServerSession) -> None:
    """Have it count its answers; whether they are right is asked later."""
    for question in COMPLETIONS:
        with suppress(WrongAnswer):
            session.complete(question, _FIRST_NUMBER)
    with suppress(WrongAnswer):
        session.hover(_FIRST_NUMBER)


def _tell_floors(sessions: Sequence[tuple[Server, ServerSession]]) -> None:
    """Have each floor answer as much as ours over the same number of tables."""
    for server, ours in sessions:
        if server.name != OURS:
            continue
        files = [
            {
                "name": name,
                "items": 0 if name[0].isdigit() else number,
                "diagnostics": number if name[0].isdigit() else 0,
                "hover": "",
            }
            for name, number in ours.counts.items()
        ]
        files.append({"name": HOVER.file, "items": 0, "diagnostics": 0, "hover": ours.hover_text})
        for other, session in sessions:
            if other.name == FLOOR and other.tables == server.tables:
                session.client.notify("bench/constants", {"files": files})


def say(what: str) -> None:
    """Tell how far it has come."""
    print(f"bench: {what}", file=sys.stderr, flush=True)
