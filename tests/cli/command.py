"""Running ``defog-lsp``: in this process where that is enough, as a program where it is not."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from defog_lsp.cli.main import main

__all__ = ["Ran", "program", "run"]


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Ran:
    capsys.readouterr()
    try:
        status = main([str(it) for it in arguments])
    except SystemExit as end:  # argparse ends the process itself
        status = int(end.code or 0)
    out, err = capsys.readouterr()
    return Ran(status, out, err)


def program(
    *arguments: str | Path,
    folder: Path,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "defog_lsp", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
