"""``check --fix``: what it writes, where, and what it leaves alone."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from defog_lsp.cli import checker
from defog_lsp.cli.fixing import fixed
from defog_metadata.rules import Finding, Fix, Severity
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Edit, Span
from tests.cli.command import program, run


def misspelled(text: str) -> list[Finding]:
    """A rule of our own: ``teh`` is ``the`` and a new line, and ``maybe`` is two things."""

    def found() -> Iterator[Finding]:
        for at in (it for it in range(len(text)) if text.startswith("teh", it)):
            edit = Edit(Span(at, at + 3), "the\n")
            fix = Fix("Write the", (edit,), is_certain=True)
            yield Finding(Span(at, at + 3), "unknown-column", "error", "teh", (fix,))
        for at in (it for it in range(len(text)) if text.startswith("maybe", it)):
            fixes = tuple(Fix(it, (Edit(Span(at, at + 5), it),)) for it in ("yes", "no"))
            yield Finding(Span(at, at + 5), "unknown-table", "error", "maybe", fixes)

    return list(found())


@pytest.fixture
def _our_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def diagnostics(snapshot: Snapshot, severities: Mapping[str, Severity]) -> list[Finding]:
        return misspelled(snapshot.text)

    monkeypatch.setattr(checker, "diagnostics", diagnostics)


@pytest.mark.usefixtures("_our_rule")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"select teh, maybe", b"select the\n, maybe"),
        (b"\xef\xbb\xbfselect teh", b"\xef\xbb\xbfselect the\n"),
        (b"select\r\nteh\r\n", b"select\r\nthe\r\n\r\n"),
        (b"a\nteh", b"a\nthe\n"),
        ("select 'é😀', teh, teh".encode(), "select 'é😀', the\n, the\n".encode()),
    ],
)
def test_files_are_mended_and_otherwise_as_they_were(
    capsys: pytest.CaptureFixture[str], shop: Path, before: bytes, after: bytes
) -> None:
    path = shop / "a.sql"
    path.write_bytes(before)
    path.chmod(0o640)
    shown = run(capsys, "check", "a.sql", "--offline", "--fix")
    assert path.read_bytes() == after
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert shown.out.count("a.sql: fixed unknown-column teh (Write the)") == before.count(b"teh")
    assert shown.status == (1 if b"maybe" in before else 0)
    assert f"{before.count(b'teh')} fixed, " in shown.err
    again = run(capsys, "check", "a.sql", "--offline", "--fix")
    assert path.read_bytes() == after
    assert "fixed" not in again.out + again.err


@pytest.mark.usefixtures("_our_rule")
def test_what_needs_no_mend_is_not_written(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "a.sql").write_text("select maybe")
    os.utime(shop / "a.sql", (1, 1))
    assert run(capsys, "check", "a.sql", "--offline", "--fix").status == 1
    assert (shop / "a.sql").stat().st_mtime == 1
    assert [it.name for it in shop.iterdir() if it.name.startswith(".a.sql")] == []


@pytest.mark.usefixtures("_our_rule")
def test_a_link_stays_a_link(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "real").mkdir()
    (shop / "real" / "a.sql").write_text("teh")
    (shop / "b.sql").symlink_to("real/a.sql")
    assert run(capsys, "check", "b.sql", "--offline", "--fix").status == 0
    assert (shop / "b.sql").is_symlink()
    assert (shop / "real" / "a.sql").read_text() == "the\n"


@pytest.mark.usefixtures("_our_rule")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_folder_that_may_not_be_written(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "locked").mkdir()
    (shop / "locked" / "a.sql").write_text("teh")
    (shop / "locked").chmod(0o500)
    try:
        shown = run(capsys, "check", "locked", "--offline", "--fix")
    finally:
        (shop / "locked").chmod(0o700)
    assert shown.status == 1
    assert "cannot be written: Permission denied" in shown.out


def test_bytes_that_are_no_utf_8_stay(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "a.sql").write_bytes(b"select '\xe9' from")
    assert run(capsys, "check", "a.sql", "--offline", "--fix").status == 1
    assert (shop / "a.sql").read_bytes() == b"select '\xe9' from"


def test_standard_input_is_mended_to_standard_output(shop: Path) -> None:
    script = (
        "from defog_lsp.cli import checker; from defog_lsp.cli.main import main\n"
        "from tests.cli.test_fix import misspelled\n"
        "checker.diagnostics = lambda snapshot, _: misspelled(snapshot.text)\n"
        "raise SystemExit(main(['check', '--fix', '--offline', '-']))"
    )
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", script],
        input=b"\xef\xbb\xbfteh\r\nmaybe",
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.stdout == b"\xef\xbb\xbfthe\r\n\r\nmaybe"
    assert b"<stdin>:3:1: error unknown-table maybe" in done.stderr
    assert done.returncode == 1
    unchanged = program("check", "--fix", "-", folder=shop, stdin=b"select 1\n")
    assert (unchanged.status, unchanged.out) == (0, "select 1\n")


def test_a_mend_may_lay_bare_another_mistake_but_not_for_ever() -> None:
    def grows(text: str) -> list[Finding]:
        fix = Fix("Add", (Edit(Span(len(text), len(text)), "x"),), is_certain=True)
        return [Finding(Span(0, 1), "unknown-column", "error", "m", (fix,))]

    assert len(fixed("a", grows).text) < 100

    def next_letter(text: str) -> list[Finding]:
        if text == "d":
            return []
        fix = Fix("Next", (Edit(Span(0, 1), chr(ord(text) + 1)),), is_certain=True)
        return [Finding(Span(0, 1), "unknown-column", "error", text, (fix,))]

    mended = fixed("a", next_letter)
    assert (mended.text, mended.findings) == ("d", [])
    assert [it.message for it in mended.made] == ["a", "b", "c"]
