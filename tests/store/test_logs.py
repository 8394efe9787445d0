"""The log: JSON lines, rotated by size, shared by processes, without secrets."""

import json
import logging
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from defog_metadata.store.logs import configure_logging
from defog_metadata.store.redaction import Secrets, redacted

logger = logging.getLogger("defog_metadata.tests")


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers = [*root.handlers]
    yield
    for it in [it for it in root.handlers if it not in handlers]:
        root.removeHandler(it)
        it.close()
    for name in ("defog_metadata", "defog_lsp"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(it) for it in path.read_text("utf-8").splitlines()]


def test_json_lines_with_timestamps(private_home: Path) -> None:
    path = configure_logging()
    assert path == private_home / "defog" / "logs" / "defog-lsp.jsonl"
    logger.info("extracted %d tables\nof %s", 5, "größe")
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logger.exception("impossible")
    first, second = lines(path)
    assert first["message"] == "extracted 5 tables\nof größe"
    assert (first["level"], first["logger"]) == ("info", "defog_metadata.tests")
    assert first["process"] == os.getpid()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", str(first["timestamp"]))
    assert "ZeroDivisionError" in str(second["exception"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_levels(tmp_path: Path) -> None:
    path = configure_logging("WARNING", tmp_path)
    logger.info("ours, but not asked for")
    logger.warning("ours")
    logging.getLogger("sqlalchemy.engine").info("SELECT 1")
    logging.getLogger("sqlalchemy.engine").warning("theirs")
    assert [it["message"] for it in lines(path)] == ["ours", "theirs"]


def test_configuring_again_replaces(tmp_path: Path) -> None:
    before = configure_logging(home=tmp_path / "before")
    after = configure_logging(logging.DEBUG, tmp_path / "after")
    logger.debug("once")
    assert lines(before) == []
    assert [it["message"] for it in lines(after)] == ["once"]


def test_rotation_by_size(tmp_path: Path) -> None:
    path = configure_logging(home=tmp_path, max_bytes=1000)
    for number in range(100):
        logger.info("message %d", number)
    files = sorted(path.parent.glob("defog-lsp.jsonl*"))
    assert [it.name for it in files] == [path.name, *(f"{path.name}.{n}" for n in range(1, 6))]
    for it in files:
        assert it.stat().st_size <= 1000
        assert lines(it)
        assert stat.S_IMODE(it.stat().st_mode) == 0o600
    assert lines(path)[-1]["message"] == "message 99"


def test_processes_share_a_log(tmp_path: Path) -> None:
    code = """
import logging, sys
from pathlib import Path
from defog_metadata.store.logs import configure_logging
configure_logging(home=Path(sys.argv[1]), max_bytes=20_000)
for number in range(200):
    logging.getLogger("defog_lsp").info("%s %d", sys.argv[2], number)
"""
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in "ab"]
    assert [it.wait(60) for it in writers] == [0, 0]
    files = [*(tmp_path / "logs").glob("defog-lsp.jsonl*")]
    assert len(files) > 1
    found = [str(line["message"]) for it in files for line in lines(it)]
    assert sorted(found) == sorted(f"{name} {number}" for name in "ab" for number in range(200))


def test_a_plain_file_of_the_folders_name_is_the_users(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("written by an older version\n")
    path = configure_logging(home=tmp_path)
    logger.info("beside it")
    assert path == tmp_path / "logs.d" / "defog-lsp.jsonl"
    assert len(lines(path)) == 1
    assert (tmp_path / "logs").read_text() == "written by an older version\n"


def test_a_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    path = configure_logging(home=tmp_path / "file" / "home")
    logger.info("into the void")
    assert f"no log in {path}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password=geheim host=h", "password=*** host=h"),
        ("PGPASSWORD='ge heim' psql", "PGPASSWORD=*** psql"),
        ('{"password": "ge\\"heim", "port": 1}', '{"password": ***, "port": 1}'),
        ("{'db_password': 'geheim', 'user': 'u'}", "{'db_password': ***, 'user': 'u'}"),
        ("postgresql://u:ge:heim@h:5432/d", "postgresql://u:***@h:5432/d"),
        ("mysql+pymysql://u:geheim@h/d", "mysql+pymysql://u:***@h/d"),
        ("access_token: abc.def", "access_token: ***"),
        ("api-key=abc", "api-key=***"),
        ("https://example.org/a:b", "https://example.org/a:b"),
        ("select password from users", "select password from users"),
        ("the password is wrong", "the password is wrong"),
    ],
)
def test_redaction(text: str, expected: str) -> None:
    assert redacted(text) == expected


def test_known_secrets_are_hidden_wherever_they_stand(tmp_path: Path) -> None:
    secrets = Secrets()
    path = configure_logging(home=tmp_path, secrets=secrets)
    secrets.add("geheim")
    secrets.add("geheimnis")
    secrets.add("a")  # would hide half of every message
    logger.warning("user %s, connecting with password=%s", "geheimnis", "offen")
    try:
        int("geheim")
    except ValueError:
        logger.exception("failed")
    assert "geheim" not in path.read_text()
    assert lines(path)[0]["message"] == "user ***, connecting with password=***"
    assert "'***'" in str(lines(path)[1]["exception"])
