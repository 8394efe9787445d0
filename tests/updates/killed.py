"""Runs an update in a forked child that is killed at every point where it calls the system.

``python -m tests.updates.killed FOLDER TARGET``: *TARGET* is the file that the update of the workspace
in *FOLDER* writes. Prints one JSON object: how often it was killed and what was found afterwards.
"""

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.guarded import rewrite
from defog_metadata.updates import update_metadata
from defog_metadata.workspace import Workspace

UPDATES = {"customers": {"table_description": "Who buys.", "columns": {"email": "Where to."}}}

# C functions whose calls and returns are points to be killed at: all that files are changed with.
POINTS = frozenset(
    "open close write flush fsync replace rename chmod unlink remove flock read truncate".split()
)
# What runs from before a file is locked until it is unlocked.
WRITING = (rewrite.__code__, MetadataCache.change.__code__)
# Of the many calls of one function in a row only some are tried.
MOST_ALIKE = 12


class Points:
    """Counts the points of writing, and ends the process at the one numbered *at*."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.count = 0
        self._writing = False
        self._last = ""
        self._alike = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        if event in ("call", "return"):
            if frame.f_code in WRITING:
                self._writing = event == "call"
            return
        name = getattr(argument, "__name__", "")
        if not self._writing or name not in POINTS:
            return
        self._alike = self._alike + 1 if name == self._last else 0
        self._last = name
        if self._alike >= MOST_ALIKE:
            return
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def update(folder: Path) -> None:
    workspace = Workspace.open(folder)
    connection = workspace.connections[0] if workspace.connections else None
    update_metadata(workspace, connection, UPDATES)


def run(folder: Path, at: int | None) -> tuple[int, int]:
    """The child's signal (0 for none), and how many points it had come to if it was not killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        points = Points(at)
        sys.setprofile(points)
        update(folder)
        sys.setprofile(None)
        os.write(writing, str(points.count).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        count = int(pipe.read() or b"0")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status), count


def main(folder: Path, target: Path) -> dict[str, Any]:
    old = target.read_bytes()
    status, points = run(folder, None)
    assert status == 0, status
    new = target.read_bytes()
    assert new != old
    found = {"points": points, "killed": 0, "old": 0, "new": 0, "broken": 0, "stuck": 0}
    for at in range(1, points + 1):
        target.write_bytes(old)
        status, _ = run(folder, at)
        assert status in (0, signal.SIGKILL), (at, status)
        found["killed"] += status == signal.SIGKILL
        after = target.read_bytes()
        found["old" if after == old else "new" if after == new else "broken"] += 1
        # Whoever comes next is not kept out, and finishes what was begun.
        target.write_bytes(old)
        status, _ = run(folder, None)
        found["stuck"] += status != 0 or target.read_bytes() != new
    return found


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
