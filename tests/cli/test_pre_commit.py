"""The hooks for pre-commit: what it would run on the files that it would pass."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.command import Ran, run
from tests.support.tools import REPOSITORY

HOOKS: dict[str, dict[str, Any]] = {
    it["id"]: it for it in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
}


def committed(capsys: pytest.CaptureFixture[str], hook: str, *files: str) -> Ran:
    """What *hook* says of *files*, those of them that it is about."""
    command, *arguments = shlex.split(HOOKS[hook]["entry"])
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert command in project["scripts"]
    passed = [it for it in files if re.search(HOOKS[hook]["files"], it)]
    return run(capsys, *arguments, *HOOKS[hook]["args"], *passed)


def test_the_hooks() -> None:
    assert list(HOOKS) == ["defog-lsp-check", "defog-lsp-fix"]
    for hook in HOOKS.values():
        assert {"id", "name", "entry", "language", "types_or", "files"} <= hook.keys()
        assert hook["language"] == "python"


def test_checking(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    (shop / "a.SQL").write_text("select nope from products")
    (shop / "README.md").write_text("select nope from products")
    files = ("a.SQL", "README.md", "metadata/descriptions.json", "shop.db")
    shown = committed(capsys, "defog-lsp-check", *files)
    assert shown.status == 1
    assert shown.out.startswith("a.SQL:1:8: error unknown-column ")
    # The metadata file that the configuration names is looked at, too.
    assert shown.err.endswith("1 error in 2 files\n")
    good = sorted(it.relative_to(shop).as_posix() for it in (shop / "queries").iterdir())
    assert committed(capsys, "defog-lsp-check", "defog.toml", *good).status == 0


def test_a_configuration_alone(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "defog.toml").write_text("nope = 1\n")
    shown = committed(capsys, "defog-lsp-check", "defog.toml")
    assert shown.status == 2
    assert shown.out.startswith("defog.toml:1:1: error configuration ")


def test_what_a_configuration_names(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    path = shop / "golden_queries.json"
    assert committed(capsys, "defog-lsp-check", path.name).status == 0
    path.write_text('[{"question": "a", "sql": "select nope from products"}]')
    shown = committed(capsys, "defog-lsp-check", path.name)
    assert shown.status == 1
    assert shown.out.startswith("golden_queries.json:1:35: error golden-invalid ")


def test_nothing_is_asked_of_a_database(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "shop.db").unlink()
    (shop / "a.sql").write_text("select nope from products")
    assert committed(capsys, "defog-lsp-check", "a.sql").status == 0


def test_mending(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    run(capsys, "extract")
    (shop / "a.sql").write_bytes(b"select nope from products\r\n")
    assert committed(capsys, "defog-lsp-fix", "a.sql").status == 1
    assert (shop / "a.sql").read_bytes() == b"select nope from products\r\n"
