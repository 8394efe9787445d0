"""A password that ``defog.toml`` leaves to whoever uses it, in the terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import program, run
from tests.support.databases import Server

OTHERWISE = 'write password = { env = "VARIABLE" } in defog.toml'


def workspace(folder: Path, server: Server, database: str) -> None:
    creds = server.credentials(database)
    lines = [f"{key} = {value!r}" for key, value in creds.items() if key != "password"]
    toml = ["[connections.dwh]", 'db_type = "postgres"', *lines, "password = { ask = true }"]
    (folder / "defog.toml").write_text("\n".join(toml) + "\n")


def typed(folder: Path, *arguments: str, answer: str) -> tuple[int, str]:
    """The status, and all that is seen in a terminal in which *answer* is typed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "defog_lsp", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        start_new_session=True,
    )
    os.close(theirs)
    seen, has_answered = b"", False
    try:
        while data := os.read(ours, 4096):
            seen += data
            if not has_answered and seen.endswith(b": "):
                has_answered = True
                os.write(ours, f"{answer}\n".encode())
    except OSError:
        pass  # what Linux says at the end of a terminal
    os.close(ours)
    return process.wait(), seen.decode()


def test_it_is_typed_unseen(tmp_path: Path, private_home: Path, postgres_server: Server) -> None:
    postgres_server.create_database("typed", "create table orders (id int)")
    workspace(tmp_path, postgres_server, "typed")
    status, seen = typed(tmp_path, "extract", answer=postgres_server.password)
    assert status == 0, seen
    assert "Password of postgres for dwh on 127.0.0.1: " in seen
    assert "dwh: 1 tables in " in seen
    assert postgres_server.password not in seen
    kept = [it for it in private_home.rglob("*") if it.is_file()]
    assert kept
    assert not [it for it in kept if postgres_server.password.encode() in it.read_bytes()]
    # What was read is there for whoever has no password, and without one being asked for.
    assert program("ddl", "orders", folder=tmp_path).out.count("CREATE TABLE") == 1


def test_a_wrong_one(tmp_path: Path, postgres_server: Server) -> None:
    workspace(tmp_path, postgres_server, "postgres")
    status, seen = typed(tmp_path, "extract", answer="no such thing")
    assert status == 2
    assert 'refused user "postgres"' in seen


@pytest.mark.parametrize("command", ["extract", "diff", "health"])
def test_nobody_is_there(
    tmp_path: Path, postgres_server: Server, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, command: str,
) -> None:  # fmt: skip
    workspace(tmp_path, postgres_server, "postgres")
    monkeypatch.chdir(tmp_path)
    shown = run(capsys, command)
    assert shown.status == 2
    expected = "the database was never read" if command == "diff" else OTHERWISE
    assert expected in shown.err
