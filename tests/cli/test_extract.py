"""``defog-lsp extract`` and ``defog-lsp cache``."""

import json
from pathlib import Path

import pytest

from defog_metadata import MetadataCache
from tests.cli.command import run


def entries(home: Path) -> list[Path]:
    return sorted((home / "defog" / "cache").glob("*.json"))


def test_extract_fills_the_shared_cache(
    capsys: pytest.CaptureFixture[str], shop: Path, private_home: Path
) -> None:
    shown = run(capsys, "extract")
    (path,) = entries(private_home)
    assert shown.status == 0
    assert shown.out.startswith("shop: 12 tables in ")
    assert shown.out.endswith(f" s, kept in {path}\n")
    assert shown.err == ""
    creds = {"database": str(shop / "shop.db")}
    assert path.stem == MetadataCache().generate_cache_key(db_type="sqlite", db_creds=creds)
    assert json.loads(path.read_text())["db_type"] == "sqlite"


def test_a_connection_is_chosen_by_name(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    assert run(capsys, "extract", "shop").status == 0
    shown = run(capsys, "extract", "shpo")
    assert shown.status == 2
    assert shown.err == "defog-lsp: there is no connection 'shpo'; there is: shop\n"


def test_nothing_to_connect_to(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run(capsys, "extract")
    assert shown.status == 2
    assert "write a defog.toml with a section [connections.NAME]" in shown.err


def test_a_database_that_is_not_there(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "shop.db").unlink()
    shown = run(capsys, "extract")
    assert shown.status == 2
    assert "defog.toml:8:12: warning configuration there is no file" in shown.err
    assert shown.err.splitlines()[-1].startswith("defog-lsp: ")
    assert not (shop / "shop.db").exists()


def test_a_corrupt_entry_is_replaced_only_when_told(
    capsys: pytest.CaptureFixture[str], shop: Path, private_home: Path
) -> None:
    run(capsys, "extract")
    (path,) = entries(private_home)
    path.write_bytes(b"\x00")
    shown = run(capsys, "extract")
    assert shown.status == 2
    assert "defog-lsp extract --force" in shown.err
    assert path.read_bytes() == b"\x00"
    assert run(capsys, "extract", "--force").status == 0
    assert len(json.loads(path.read_text())["metadata"]) == 12


def test_the_list_names_every_entry_and_what_uses_it(
    capsys: pytest.CaptureFixture[str], shop: Path, private_home: Path
) -> None:
    assert run(capsys, "cache", "list").err == "the cache is empty\n"
    run(capsys, "extract")
    (path,) = entries(private_home)
    (path.parent / "broken_mysql_prod.json").write_text("{")
    shown = run(capsys, "cache", "list")
    lines = {it.split()[0]: it for it in shown.out.splitlines()}
    assert set(lines) == {path.stem, "broken_mysql_prod"}
    assert "  valid  (used for connection shop)" in lines[path.stem]
    assert "  unusable: " in lines["broken_mysql_prod"]
    (shop / "defog.toml").unlink()
    assert (
        "  valid  (used for this folder, as the newest entry)" in run(capsys, "cache", "list").out
    )


def test_stale_entries_are_called_so(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    with (shop / "defog.toml").open("a") as file:
        file.write("[cache]\nttl_seconds = 0\n")
    assert "  stale  " in run(capsys, "cache", "list").out


def test_stats(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    shown = run(capsys, "cache", "stats")
    assert shown.status == 0
    lines = shown.out.splitlines()
    assert lines[1:5] == ["entries: 1", "valid: 1", "stale: 0", "unusable: 0"]


def test_invalidate_and_clear(
    capsys: pytest.CaptureFixture[str], shop: Path, private_home: Path
) -> None:
    run(capsys, "extract")
    (path,) = entries(private_home)
    assert run(capsys, "cache", "invalidate").out == f"removed {path.stem}\n"
    assert run(capsys, "cache", "invalidate", "shop").out == f"there was no entry {path.stem}\n"
    assert run(capsys, "cache", "invalidate", "nope").status == 2
    run(capsys, "extract")
    assert run(capsys, "cache", "invalidate", path.stem).out == f"removed {path.stem}\n"
    run(capsys, "extract")
    assert run(capsys, "cache", "clear").out == "removed 1 entry\n"
    assert entries(private_home) == []
