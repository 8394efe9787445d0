"""The processes of a server: those that it has started, too, even if they have left it since."""

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MARK", "Memory", "end_all", "memory_of"]

MARK = "DEFOG_BENCH_CONTENDER"
"""The environment variable that tells whose process one is: children inherit it."""

_PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Memory:
    """In bytes, summed over the processes."""

    resident: int
    proportional: int
    """What they share with others counts in part."""
    processes: int


def memory_of(mark: str) -> Memory | None:
    """Of all processes whose environment has *mark*; ``None`` where the system does not tell."""
    resident = proportional = processes = 0
    for process in _marked(mark):
        try:
            sizes = _sizes(process / "smaps_rollup")
        except OSError:
            continue  # over
        resident += sizes.get("Rss", 0)
        proportional += sizes.get("Pss", 0)
        processes += 1
    return Memory(resident, proportional, processes) if processes else None


def end_all(mark: str) -> None:
    """End those that are left: a server that answers the next client would not be started anew."""
    for process in _marked(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(process.name), signal.SIGKILL)


def _marked(mark: str) -> Iterator[Path]:
    wanted = f"{MARK}={mark}\0".encode()
    for process in _PROCESSES.glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes():
                yield process
        except OSError:
            continue  # somebody else's, or over


def _sizes(path: Path) -> dict[str, int]:
    """The lines of *path* that are sizes, in bytes."""
    found = {}
    for line in path.read_text(encoding="ascii").splitlines():
        match line.split():
            case [name, number, "kB"]:
                found[name.rstrip(":")] = int(number) * 1024
    return found
