"""Who is measured, and how each is started: a process in a folder of its own."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import warehouse
from benchmarks.speed.client import Client
from benchmarks.speed.sessions import CompleterSession, Judges

__all__ = [
    "COMPLETERS",
    "FLOOR",
    "IN_PROCESS",
    "OURS",
    "Completer",
    "Server",
    "floor",
    "in_process",
    "ours",
]

OURS, IN_PROCESS, FLOOR = "defog-lsp", "defog-lsp in process", "floor"
_HERE = Path(__file__).resolve().parent
COMPLETERS = _HERE / "completers.py"


@dataclass(frozen=True, slots=True)
class Server:
    """A language server over a catalog of so many tables; 0 where it knows none."""

    name: str
    tables: int
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """Its configuration: the texts of files in the folder that it works in."""
    hasty: Mapping[str, str] = field(default_factory=dict)
    """What takes their place where it shall answer an edit without waiting for the next."""
    settings: Mapping[str, Any] | None = None
    """What the client says where it asks for its configuration."""
    judges: Judges = "names"
    """What its diagnostics are about."""

    @property
    def mark(self) -> str:
        """What its processes are known by: nobody else's have it."""
        return f"{self.name}-{self.tables}-{os.getpid()}"

    def start(self, place: Path, *, is_hasty: bool = False) -> Client:
        """Its process, in a folder below *place* that is its home as well."""
        folder = place / f"{self.name}-{self.tables}{'-hasty' if is_hasty else ''}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {**self.files, **(self.hasty if is_hasty else {})}.items():
            (folder / name).write_text(text, encoding="utf-8")
        return Client(
            self.command,
            folder=folder,
            environment={**os.environ, **self.environment, "HOME": str(folder)},
            mark=self.mark,
            settings=dict(self.settings) if self.settings is not None else None,
        )


@dataclass(frozen=True, slots=True)
class Completer:
    """A completer that is no server."""

    name: str
    tables: int
    command: Sequence[str | Path]
    environment: Mapping[str, str]

    def start(self, place: Path) -> CompleterSession:
        log = place / f"{self.name}-{self.tables}.stderr"
        environment = {**os.environ, **self.environment, "HOME": str(place)}
        return CompleterSession(self.command, environment=environment, log=log)


def ours(tables: int, home: Path, mirrors: Path) -> Server:
    """Ours over the cache file in *home*, with its mirror below *mirrors*."""
    return Server(
        OURS,
        tables,
        (sys.executable, "-m", "defog_lsp", "serve"),
        environment={"DEFOG_HOME": str(home), "DEFOG_CACHE_DIR": str(mirrors)},
        files={"defog.toml": warehouse.CONFIGURATION},
        hasty={"defog.toml": f"{warehouse.CONFIGURATION}\n[diagnostics]\ndebounce_ms = 0\n"},
    )


def in_process(tables: int, home: Path, mirrors: Path, place: Path) -> Completer:
    """The completion of the same without a server, to stand beside completers that have none."""
    server = ours(tables, home, mirrors)
    folder = place / f"in-process-{tables}"
    folder.mkdir()
    for name, text in server.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = (sys.executable, "-P", COMPLETERS, OURS, folder)
    return Completer(IN_PROCESS, tables, command, server.environment)


def floor(tables: int) -> Server:
    """The floor that stands beside ours over so many tables."""
    # -P: the modules beside it are none that it may import.
    return Server(FLOOR, tables, (sys.executable, "-P", _HERE / "floor.py"), judges="nothing")
