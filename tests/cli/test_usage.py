"""Help, version, wrong usage, and what a command may load."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.command import program, run

COMMANDS = [
    ["serve"], ["extract"], ["check"], ["health"], ["ddl"], ["create-tables"], ["describe"], ["vet"], ["prune"], ["diff"], ["schema"], ["cache"], ["demo"], ["cache", "list"], ["cache", "stats"], ["cache", "clear"], ["cache", "invalidate"],
]  # fmt: skip


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run(capsys, "--version")
    assert (shown.status, shown.out) == (0, f"defog-lsp {version('defog-lsp')}\n")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run(capsys, "--help")
    assert shown.status == 0
    for command, *_ in COMMANDS:
        assert re.search(rf"\n    {command}\s", shown.out)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_has_help(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    shown = run(capsys, *command, "--help")
    assert shown.status == 0
    assert shown.out.startswith(f"usage: defog-lsp {' '.join(command)}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "COMMAND"),
        (["chekc"], "chekc"),
        (["check", "--format", "xml"], "xml"),
        (["check", "--fail-on", "never"], "never"),
        (["serve", "--tcp", "nowhere"], "is not HOST:PORT"),
        (["serve", "--tcp", "127.0.0.1:99999"], "is not HOST:PORT"),
        (["serve", "--tcp", "127.0.0.1:1", "--stdio"], "not allowed"),
        (["prune"], "QUESTION"),
        (["prune", "why", "--max-tokens", "few"], "is not a whole number"),
        (["prune", "why", "--columns", "0"], "is not a whole number"),
        (["cache"], "ACTION"),
        (["ddl", "--format", "xml"], "xml"),
    ],
)
def test_wrong_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    shown = run(capsys, *arguments)
    assert shown.status == 2
    assert message in shown.err


def test_only_the_server_loads_the_protocol(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select 1")
    code = (
        "import sys; from defog_lsp.cli.main import main; status = main(['check']); "
        "loaded = {it.partition('.')[0] for it in sys.modules}; "
        "print(status, loaded & {'pygls', 'lsprotocol', 'sqlalchemy', 'psycopg', 'numpy'})"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert shown.stdout == "0 set()\n"


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    for number in range(2000):
        (tmp_path / f"{number}.sql").write_text("select from (")
    code = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-m', 'defog_lsp', 'check'], stdout=subprocess.PIPE, stderr=subprocess.PIPE); p.stdout.readline(); p.stdout.close(); print(p.stderr.read().decode(), p.wait())"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "Traceback" not in shown.stdout
    assert "BrokenPipe" not in shown.stdout


def test_the_command_runs_as_a_module(tmp_path: Path) -> None:
    assert program("--version", folder=tmp_path).out == f"defog-lsp {version('defog-lsp')}\n"


def test_serving_starts_without_what_other_commands_need(tmp_path: Path) -> None:
    code = (
        "import sys; from defog_lsp.cli.main import main\n"
        "try: main(['serve', '--help'])\n"
        "except SystemExit: pass\n"
        "loaded = {it.partition('.')[0] for it in sys.modules}\n"
        "print(loaded & {'sqlglot', 'cattrs', 'diskcache', 'sqlalchemy', 'numpy'})"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert shown.stdout.endswith("\nset()\n")


def test_letters_that_the_terminal_lacks_do_not_stop_the_command(tmp_path: Path) -> None:
    (tmp_path / "ü.sql").write_text("select (a from 漢字", encoding="utf-8")
    shown = program("check", folder=tmp_path, environment={"PYTHONIOENCODING": "ascii"})
    assert shown.status == 1
    assert r"\xfc.sql:1:8: error syntax-error" in shown.out
