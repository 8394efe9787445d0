"""``defog-lsp check``: which files, which metadata, which format, which exit status."""

import json
import os
from pathlib import Path

import pytest

from defog_lsp.cli import parallel
from defog_lsp.cli.demo.mistakes import declared_mistakes
from defog_lsp.cli.lines import Lines
from defog_metadata.rules import DEFAULT_SEVERITIES
from tests.cli.command import program, run
from tests.workspace.test_configuration import annotations


def test_good_files_are_good_and_a_new_connection_is_extracted(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    shown = run(capsys, "check", "queries")
    assert (shown.status, shown.out) == (0, "")
    assert shown.err.splitlines() == [
        "defog-lsp: connection shop was never extracted, doing it now",
        "no problems in 4 files",
    ]
    assert run(capsys, "check", "queries").err == "no problems in 4 files\n"


def test_the_declared_mistakes_are_found_as_text(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    shown = run(capsys, "check", "mistakes.sql")
    assert shown.status == 1
    text = (shop / "mistakes.sql").read_text()
    lines = Lines(text)
    mistakes = declared_mistakes(text)
    assert len(mistakes) == 9
    heads = [it for it in shown.out.splitlines() if it.startswith("mistakes.sql:")]
    assert [it.partition(" ")[0] for it in heads] == [
        f"mistakes.sql:{lines.line_of(it.span.start) + 1}:{lines.column(it.span.start) + 1}:"
        for it in mistakes
    ]
    assert [it.split()[1:3] for it in heads] == [["error", it.code] for it in mistakes]
    first = shown.out.splitlines()[1:3]
    assert first == [
        "    5 | SELECT p.name, p.prise FROM products AS p;",
        "      |                  ^^^^^",
    ]
    assert shown.err.endswith("9 errors in 1 file\n")


def test_json_is_one_array_of_diagnostics(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "wide.sql").write_text("select '😀', nope from products")
    shown = run(capsys, "check", "wide.sql", "--format", "json")
    assert shown.status == 1
    (found,) = json.loads(shown.out)
    message = found.pop("message")
    assert "nope" in message
    assert found == {
        "path": "wide.sql",
        "range": {"start": {"line": 0, "character": 13}, "end": {"line": 0, "character": 17}},
        "severity": 1,
        "code": "unknown-column",
        "source": "defog",
    }
    assert run(capsys, "check", "queries", "--format", "json").out == "[]\n"


def test_standard_input(shop: Path) -> None:
    shown = program("check", "-", folder=shop, stdin=b"select nope from products")
    assert shown.status == 1
    assert shown.out.startswith("<stdin>:1:8: error unknown-column ")
    assert program("check", "-", folder=shop, stdin=b"select name from products").status == 0


def test_standard_input_stands_for_a_file(shop: Path) -> None:
    (shop / "other").mkdir()
    (shop / "other" / "defog.toml").write_text('metadata = ["t.json"]\ndialect = "postgres"')
    table = {"alone": [{"column_name": "here", "data_type": "int"}]}
    (shop / "other" / "t.json").write_text(json.dumps(table))
    arguments = ("check", "-", "--offline", "--stdin-filename", "other/new.sql")
    shown = program(*arguments, folder=shop, stdin=b"select here from alone")
    assert (shown.status, shown.out) == (0, "")
    shown = program(*arguments, folder=shop, stdin=b"select nope from alone")
    assert shown.out.startswith("other/new.sql:1:8: error unknown-column ")
    shown = program(*arguments, "--format", "json", folder=shop, stdin=b"select nope from alone")
    assert [it["path"] for it in json.loads(shown.out)] == ["other/new.sql"]


def test_several_processes_find_the_same_in_the_same_order(
    capsys: pytest.CaptureFixture[str], shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        folder = shop / "many" / f"{number % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.sql").write_text(f"select nope{number} from products;\n" * number)
    (shop / "many" / "3" / "locked.sql").write_bytes(b"'\xe9'")
    run(capsys, "extract")
    alone = run(capsys, "check", "--format", "json")
    monkeypatch.setattr(parallel, "_WORTH_BYTES", 1)
    monkeypatch.setattr(parallel, "_CHUNK_BYTES", 2_000)
    monkeypatch.setattr(parallel, "_cores", lambda: 2)
    together = run(capsys, "check", "--format", "json")
    assert together == alone
    assert len(json.loads(alone.out)) > 700
    monkeypatch.setattr(parallel, "_cores", lambda: 1)
    assert run(capsys, "check", "--format", "json") == alone


def test_a_few_files_are_not_worth_another_process(
    capsys: pytest.CaptureFixture[str], shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "_cores", lambda: 8)
    monkeypatch.delattr(parallel, "_in_processes")
    assert run(capsys, "check", "queries").status == 0


@pytest.mark.parametrize("arguments", [(), ("--format", "json")])
def test_the_severity_of_every_rule_can_be_set(
    capsys: pytest.CaptureFixture[str], shop: Path, arguments: tuple[str, ...]
) -> None:
    """A rule that does not exist would be a mistake in the configuration."""
    text, _, _ = (shop / "defog.toml").read_text().partition("[rules]")
    rules = "".join(f'{it} = "warning"\n' for it in DEFAULT_SEVERITIES)
    (shop / "defog.toml").write_text(f"{text}\n[rules]\n{rules}")
    assert run(capsys, "check", "queries", *arguments).status == 0
    assert run(capsys, "check", "mistakes.sql", *arguments).status == 0
    assert run(capsys, "check", "mistakes.sql", "--fail-on", "warning", *arguments).status == 1


def test_folders_are_searched_but_not_hidden_ones(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    for name in ("b/c/x.sql", "b/Y.SQL", ".hidden/z.sql", "node_modules/z.sql", "b/note.txt"):
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text("select nope from products")
    shown = run(capsys, "check", "b", "b/Y.SQL", ".", "--format", "json")
    paths = [it["path"] for it in json.loads(shown.out)]
    assert sorted({it for it in paths if it != "mistakes.sql"}) == ["b/Y.SQL", "b/c/x.sql"]
    assert len(paths) == 2 + 9


@pytest.mark.parametrize(
    ("level", "status"), [("error", 0), ("warning", 0), ("information", 0), ("hint", 1)]
)
def test_the_level_that_fails(
    capsys: pytest.CaptureFixture[str], shop: Path, level: str, status: int
) -> None:
    with (shop / "defog.toml").open("a") as file:
        file.write('unknown-column = "hint"\n')
    (shop / "a.sql").write_text("select nope from products")
    shown = run(capsys, "check", "a.sql", "--fail-on", level)
    assert (shown.status, "hint unknown-column" in shown.out) == (status, True)


def test_a_rule_that_is_off_is_silent(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    with (shop / "defog.toml").open("a") as file:
        file.write('unknown-column = "off"\n')
    (shop / "a.sql").write_text("select nope from products")
    assert run(capsys, "check", "a.sql").status == 0


def test_a_file_may_be_in_another_dialect(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    query = "select `name` from Products limit 1, 2;\nselect nope from products\n"
    (shop / "mysql.sql").write_text(f"-- defog: dialect mysql\n{query}")
    (shop / "postgres.sql").write_text(f"-- defog: dialect postgres\n{query}")
    shown = run(capsys, "check", "mysql.sql")
    heads = [it.split()[:3] for it in shown.out.splitlines() if it.startswith("mysql.sql:")]
    assert heads == [["mysql.sql:3:8:", "error", "unknown-column"]]
    assert "postgres.sql:2:" in run(capsys, "check", "postgres.sql").out, "what MySQL takes"


def test_each_file_has_the_configuration_above_it(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    (shop / "other").mkdir()
    (shop / "other" / "defog.toml").write_text('metadata = ["t.json"]\ndialect = "postgres"')
    table = {"alone": [{"column_name": "here", "data_type": "int"}]}
    (shop / "other" / "t.json").write_text(json.dumps(table))
    (shop / "other" / "a.sql").write_text("select here from alone; select name from products")
    (shop / "a.sql").write_text("select name from products")
    shown = run(capsys, "check", "a.sql", "other", "--format", "json")
    assert [(it["path"], it["code"]) for it in json.loads(shown.out)] == [
        ("other/a.sql", "unknown-table")
    ]
    config = run(capsys, "check", "a.sql", "--config", "other/defog.toml", "--format", "json")
    assert [it["code"] for it in json.loads(config.out)] == ["unknown-table"]


def test_without_metadata_only_the_syntax_is_checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.sql").write_text("select a from b where c = 1")
    assert run(capsys, "check").status == 0
    (tmp_path / "a.sql").write_text("select (a from b")
    assert "syntax-error" in run(capsys, "check").out


def test_offline_never_connects(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "shop.db").unlink()
    shown = run(capsys, "check", "queries")
    assert shown.status == 2
    assert "shop.db" in shown.err
    shown = run(capsys, "check", "queries", "--offline")
    assert shown.status == 0
    assert "defog.toml:8:12: warning configuration there is no file" in shown.out


# --- bad input ---


def test_a_typo_in_the_configuration_is_shown_at_its_place(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    (shop / "defog.toml").write_text(
        """
  [connections.shop]
  db_type = "sqlite"
  databse = "shop.db"
# ^^^^^^^ error: unknown key connections.shop.databse; did you mean database?
"""
    )
    text = (shop / "defog.toml").read_text()
    ((span, _, message),) = annotations(text)
    shown = run(capsys, "check", "queries")
    assert shown.status == 2
    assert f"defog.toml:4:3: error configuration {message}" in shown.out
    shown = run(capsys, "check", "queries", "--format", "json")
    assert shown.status == 2
    ranges = [it["range"]["start"] for it in json.loads(shown.out) if it["message"] == message]
    assert ranges == [Lines(text).position(span.start)]


def test_a_configuration_is_checked_without_any_sql(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a" / "b").mkdir(parents=True)
    path = tmp_path / "a" / "b" / "defog.toml"
    path.write_text("[cache]\nttl = 5\n")
    for arguments in ([], ["a"], ["a/b/defog.toml"]):
        shown = run(capsys, "check", *arguments)
        assert shown.status == 2
        assert shown.out.startswith("a/b/defog.toml:2:1: error configuration unknown key cache.ttl")


def test_a_file_that_is_not_utf_8_does_not_stop_the_others(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    (shop / "a.sql").write_bytes(b"select 'caf\xc3\xa9',\n '\xe9' from products")
    (shop / "b.sql").write_text("select nope from products")
    shown = run(capsys, "check", "a.sql", "b.sql")
    assert shown.status == 1
    assert (
        "a.sql:2:3: error unreadable-file not UTF-8: byte 0xe9 at offset 18; "
        "save the file as UTF-8\n" in shown.out
    )
    assert "b.sql:1:8: error unknown-column" in shown.out


def test_a_mark_at_the_start_is_no_error(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "a.sql").write_bytes(b"\xef\xbb\xbfselect nope from products")
    assert "a.sql:1:8: error unknown-column" in run(capsys, "check", "a.sql").out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "locked.sql").touch(mode=0)
    shown = run(capsys, "check", "locked.sql")
    assert (shown.status, "cannot be read: Permission denied" in shown.out) == (1, True)
    (shop / "locked").mkdir(mode=0)
    try:
        shown = run(capsys, "check")
    finally:
        (shop / "locked").chmod(0o700)
    assert shown.status == 2
    assert "cannot be read: Permission denied" in shown.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "there is no file or folder nowhere"),
        (["--config", "nowhere.toml"], "there is no configuration file"),
    ],
)
def test_what_is_not_there(
    capsys: pytest.CaptureFixture[str], shop: Path, arguments: list[str], message: str
) -> None:
    shown = run(capsys, "check", *arguments)
    assert shown.status == 2
    assert message in shown.err


def test_a_corrupt_cache_file_says_what_to_do(
    capsys: pytest.CaptureFixture[str], shop: Path, private_home: Path
) -> None:
    run(capsys, "extract")
    (path,) = (private_home / "defog" / "cache").glob("*.json")
    path.write_bytes(b'{"metadata": {')
    shown = run(capsys, "check", "queries")
    assert shown.status == 2
    assert str(path) in shown.err
    assert "defog-lsp extract --force" in shown.err
    assert path.read_bytes() == b'{"metadata": {'


def test_a_bad_metadata_file_is_a_problem_of_its_own(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    (shop / "metadata" / "bad.json").write_text("[1")
    shown = run(capsys, "check", "queries")
    assert shown.status == 1
    assert "metadata/bad.json:1:1: error configuration not used: not JSON: " in shown.out
