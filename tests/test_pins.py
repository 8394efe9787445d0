"""The pinned requirements: complete, hashed, and what pyproject.toml asks for."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.tools import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
DEPENDENCIES: list[str] = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["build-system"]["requires"],  # the environment is made without build isolation
]
EXTRAS: list[str] = [
    it for extra in PROJECT["project"]["optional-dependencies"].values() for it in extra
]
PIN_FILES = (
    "requirements.txt",
    "requirements-dev.txt",
    "benchmarks/peers/python.txt",
    "tests/support/neovim.txt",
    "tests/support/node.txt",
    "tests/support/upstream-defog.txt",
)


def pins(name: str) -> dict[str, list[str]]:
    """The pinned versions of each distribution; several where they differ by Python version."""
    found: dict[str, list[str]] = {}
    for line in (REPOSITORY / name).read_text().splitlines():
        if match := re.match(r"([\w.-]+)==([^\s;\\]+)", line):
            found.setdefault(canonicalize_name(match[1]), []).append(match[2])
    return found


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("requirements.txt", DEPENDENCIES), ("requirements-dev.txt", [*DEPENDENCIES, *EXTRAS])],
)
def test_the_pins_are_what_the_project_asks_for(name: str, wanted: list[str]) -> None:
    pinned = pins(name)
    unmet = [
        written
        for written in wanted
        for requirement in [Requirement(written)]
        if not (versions := pinned.get(canonicalize_name(requirement.name)))
        or not all(requirement.specifier.contains(it) for it in versions)
    ]
    assert unmet == [], "run `make pins`"


def test_both_environments_have_the_same_versions() -> None:
    everything = pins("requirements-dev.txt")
    runtime = pins("requirements.txt")
    assert {it: everything.get(it) for it in runtime} == runtime


@pytest.mark.parametrize("name", PIN_FILES)
def test_every_pin_has_a_hash(name: str) -> None:
    text = (REPOSITORY / name).read_text()
    entries = re.split(r"\n(?=[\w])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    assert len(entries) == sum(map(len, pins(name).values()))
    assert [it for it in entries if "--hash=sha256:" not in it] == []


@pytest.mark.parametrize("folder", ["benchmarks/peers", "tests/editors", "editors/vscode"])
def test_every_npm_package_has_a_hash_and_no_host(folder: str) -> None:
    lock: Path = REPOSITORY / folder / "package-lock.json"
    packages: dict[str, dict[str, object]] = json.loads(lock.read_text())["packages"]
    installed = {name: it for name, it in packages.items() if name and not it.get("link")}
    assert len(installed) > 10
    assert [name for name, it in installed.items() if not it.get("integrity")] == []
    assert [name for name, it in installed.items() if "resolved" in it] == []
