"""The process that does what would keep a server from answering: its jobs, its end, its reports."""

import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import pytest

from defog_lsp.background import BackgroundFailed, Job, run
from defog_lsp.background.reports import (
    Done,
    Failed,
    Logged,
    Report,
    Started,
    Step,
    read_report,
    write_report,
)
from defog_metadata import errors
from defog_metadata.errors import (
    AuthenticationFailed,
    CacheError,
    ConfigurationError,
    DefogError,
    ExtractionCancelled,
    MetadataError,
)
from defog_metadata.workspace import Workspace
from tests.lsp.editor import make_database

PATIENCE = 30.0


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace folder with a database and the ``defog.toml`` that names it."""
    folder = tmp_path / "shop"
    folder.mkdir()
    make_database(folder / "shop.db")
    (folder / "defog.toml").write_text(
        '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
    )
    return folder


def job(folder: Path, work: Literal["prepare", "refresh"] = "refresh") -> Job:
    return Job(work, folder, folder / "defog.toml", {}, "shop")


class Heard:
    """What a job tells whoever runs it."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int | None, str]] = []
        self.logged: list[tuple[int, str]] = []
        self.stop = threading.Event()

    def run(self, job: Job) -> None:
        run(
            job,
            progress=lambda *step: self.steps.append(step),
            cancelled=self.stop.is_set,
            on_logged=lambda *logged: self.logged.append(logged),
        )


def patched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patch: str) -> None:
    """Run *patch* where processes that are started from now on begin."""
    folder = tmp_path / "patches"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(patch)
    monkeypatch.syspath_prepend(folder)


def extracting(body: str) -> str:
    """A patch by which reading a database is *body*."""
    lines = "\n".join(f"    {it}" for it in body.splitlines())
    return (
        "import os, sys, time\nfrom defog_metadata import errors, extract\n"
        f"def slow(*_arguments, progress, cancelled, **_options):\n{lines}\nextract.extracting = slow\n"
    )


def test_a_database_is_read_by_another_process(shop: Path) -> None:
    heard = Heard()
    heard.run(job(shop))
    assert heard.steps, "it says what it does"
    assert heard.logged == []
    workspace = Workspace.open(shop)
    connection = workspace.connection("shop")
    assert workspace.unprepared(connection) is None, "the mirror is there as well"
    loaded = workspace.metadata(connection)
    assert [it.name for it in loaded.catalog.source.summaries()] == ["users"]


def test_a_mirror_is_built_by_another_process(shop: Path, private_home: Path) -> None:
    workspace = Workspace.open(shop)
    connection = workspace.connection("shop")
    assert connection is not None
    workspace.prepare(connection)  # nothing was read yet: nothing to do
    metadata = {"users": [{"column_name": "id", "data_type": "int"}]}
    workspace.cache.set(workspace.cache_key(connection), metadata)
    assert workspace.unprepared(connection) == workspace.cache_file(connection)
    assert len(workspace.metadata(connection, builds=False).catalog.source) == 0
    Heard().run(job(shop, "prepare"))
    assert workspace.unprepared(connection) is None
    assert len(workspace.metadata(connection, builds=False).catalog.source) == 1


def test_an_older_mirror_serves_until_there_is_a_new_one(shop: Path) -> None:
    workspace = Workspace.open(shop)
    connection = workspace.connection("shop")
    assert connection is not None
    key = workspace.cache_key(connection)
    for names in (["users"], ["users", "orders"]):
        column = [{"column_name": "id", "data_type": "int"}]
        workspace.cache.set(key, dict.fromkeys(names, column))
        served = workspace.metadata(connection, builds=False)
        assert len(served.catalog.source) == len(names) - 1
        workspace.prepare(connection)
        assert len(workspace.metadata(connection, builds=False).catalog.source) == len(names)


@pytest.mark.parametrize("kind", ["AuthenticationFailed", "MissingDriver", "ExtractionCancelled"])
def test_an_error_is_raised_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Path, kind: str
) -> None:
    patched(tmp_path, monkeypatch, extracting(f"raise errors.{kind}('Give “another” one.')"))
    with pytest.raises(getattr(errors, kind), match=r"^Give “another” one\.$") as caught:
        Heard().run(job(shop))
    assert type(caught.value).__name__ == kind


def test_a_job_without_its_configuration(shop: Path) -> None:
    (shop / "defog.toml").unlink()
    with pytest.raises(ConfigurationError, match=r"defog\.toml"):
        Heard().run(job(shop))


def test_what_drivers_print_is_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    body = "print('hello')\nos.write(1, b'[\"done\"]\\n')\nassert sys.stdin.read() == ''\n"
    patched(tmp_path, monkeypatch, extracting(body + "raise errors.PermissionDenied('no')"))
    with pytest.raises(errors.PermissionDenied):
        Heard().run(job(shop))
    assert "hello" in capfd.readouterr().err


def test_warnings_are_passed_on_and_logged_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Path, private_home: Path
) -> None:
    body = (
        "import logging\nlogger = logging.getLogger('defog_metadata.extract')\n"
        "logger.info('quietly')\nlogger.warning('password=hunter22 is weak')\n"
        "raise errors.PermissionDenied('no')"
    )
    patched(tmp_path, monkeypatch, extracting(body))
    heard = Heard()
    with pytest.raises(errors.PermissionDenied):
        heard.run(job(shop))
    assert heard.logged == [(logging.WARNING, "password=*** is weak")]
    log = (private_home / "defog/logs/defog-lsp.jsonl").read_text()
    assert "quietly" in log
    assert "hunter22" not in log


@pytest.mark.parametrize(
    "body",
    [
        "while not cancelled():\n    progress(1, 2, 'waiting')\n    time.sleep(0.05)\n"
        "raise errors.ExtractionCancelled('stopped')",
        "progress(1, 2, 'waiting')\ntime.sleep(3600)",
    ],
    ids=["listens", "is deaf"],
)
def test_cancelling_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Path, body: str
) -> None:
    pid = tmp_path / "pid"
    patch = extracting(f"open({str(pid)!r}, 'w').write(str(os.getpid()))\n{body}")
    patched(tmp_path, monkeypatch, patch)
    heard = Heard()

    def cancel() -> None:
        until(lambda: any(it[2] == "waiting" for it in heard.steps))
        heard.stop.set()

    threading.Thread(target=cancel, daemon=True).start()
    with pytest.raises(ExtractionCancelled):
        heard.run(job(shop))
    assert not is_running(int(pid.read_text()))


@pytest.mark.skipif(os.name != "posix", reason="signals and niceness are POSIX'")
def test_it_is_nice_and_ends_with_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Path
) -> None:
    told = tmp_path / "told"
    body = f"open({str(told)!r}, 'w').write(f'{{os.getpid()}} {{os.nice(0)}}')\ntime.sleep(3600)"
    patched(tmp_path, monkeypatch, extracting(body))
    script = (
        "import sys\nfrom defog_lsp.background import Job, run\n"
        "run(Job.from_json(sys.stdin.read()), progress=print, cancelled=bool, on_logged=print)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    server = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, text=True, env=environment
    )
    assert server.stdin is not None
    server.stdin.write(job(shop).to_json())
    server.stdin.close()
    until(lambda: told.exists() and told.read_text())
    pid, niceness = map(int, told.read_text().split())
    assert niceness >= os.nice(0) + 10
    server.send_signal(signal.SIGKILL)
    server.wait()
    until(lambda: not is_running(pid))


def test_a_process_that_crashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Path
) -> None:
    patched(tmp_path, monkeypatch, extracting("os._exit(7)"))
    with pytest.raises(BackgroundFailed, match="exit code 7"):
        Heard().run(job(shop))


def test_an_error_nobody_expected_is_logged_without_its_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Path, private_home: Path
) -> None:
    patched(
        tmp_path,
        monkeypatch,
        extracting("raise KeyError(' '.join(('what', 'a', 'user', 'wrote')))"),
    )
    heard = Heard()
    with pytest.raises(BackgroundFailed, match="see the log"):
        heard.run(job(shop))
    [(level, message)] = heard.logged
    assert level == logging.ERROR
    assert "KeyError" in message
    log = (private_home / "defog/logs/defog-lsp.jsonl").read_text()
    assert "KeyError" in log
    assert "what a user wrote" not in message + log


@pytest.mark.parametrize("how", ["frozen", "refused", "broken"])
def test_without_a_process_it_is_done_here(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shop: Path,
    caplog: pytest.LogCaptureFixture,
    how: str,
) -> None:
    if how == "frozen":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    elif how == "refused":
        monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    else:
        patched(tmp_path, monkeypatch, "import os; os._exit(3)")
    heard = Heard()
    heard.run(job(shop))
    assert heard.steps
    assert "No background process" in caplog.text
    assert len(Workspace.open(shop).metadata(Workspace.open(shop).connection()).catalog.source) == 1


def test_nothing_is_imported_from_the_folder_it_starts_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Path
) -> None:
    (shop / "sqlalchemy.py").write_text(f"open({str(tmp_path / 'proof')!r}, 'w')")
    monkeypatch.chdir(shop)
    Heard().run(job(shop))
    assert not (tmp_path / "proof").exists()


@pytest.mark.parametrize("overrides", [{}, {"connections": {"a": {"password": "é"}}}])
def test_a_job_is_one_line(tmp_path: Path, overrides: Mapping[str, object]) -> None:
    for given in (
        Job("refresh", tmp_path, tmp_path / "a\nb.toml", overrides, "shop"),
        Job("prepare", tmp_path, None, overrides, None),
    ):
        line = given.to_json()
        assert len(line.splitlines()) == 1
        assert Job.from_json(line) == given


@pytest.mark.parametrize(
    "report",
    [
        Started(),
        Step(1, None, "tables"),
        Logged(logging.ERROR, "two\nlines"),
        Failed("CacheError", "no"),
        Done(),
    ],
)
def test_a_report_is_one_line(report: Report) -> None:
    line = write_report(report)
    assert len(io.BytesIO(line).readlines()) == 1
    assert read_report(line) == report


@pytest.mark.parametrize("line", [b"hello", b'["nothing"]', b'["step", 1]', b"[]", b"7", b"{}"])
def test_what_is_no_report(line: bytes) -> None:
    with pytest.raises(ValueError, match="no report"):
        read_report(line)


def test_errors_that_carry_more_than_a_message_keep_the_message() -> None:
    told = Failed.of(MetadataError("tables[3]", "no name"))
    assert str(told.error) == "tables[3]: no name"
    assert type(told.error) is DefogError
    assert type(Failed.of(AuthenticationFailed("a")).error) is AuthenticationFailed
    assert type(Failed.of(CacheError("a")).error) is CacheError
    assert type(Failed("__all__", "a").error) is DefogError


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    if os.name == "posix":
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    stat = Path(f"/proc/{pid}/stat")
    # One whose parent has been killed waits as a zombie for somebody to ask for its exit code.
    return not stat.exists() or " Z " not in stat.read_text()


def test_the_module_is_what_the_process_runs(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "defog_lsp.background"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process, process.stdin, process.stdout:
        # Open until the end: it would take the end of stdin for that of its server.
        process.stdin.write(Job("prepare", tmp_path, None, {}, None).to_json().encode() + b"\n")
        process.stdin.flush()
        assert [read_report(it) for it in process.stdout] == [Started(), Done()]
    assert process.returncode == 0
