"""The house rules that no linter checks: contracts, names in the documents, sizes, leaks."""

import fnmatch
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.tools import REPOSITORY

PACKAGES = ("server/defog_lsp", "metadata/defog_metadata")
LONGEST_MODULE = 400  # lines


def tracked(suffix: str = "") -> list[Path]:
    """The files under version control whose names end in *suffix*."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of tracked files")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    paths = (REPOSITORY / it for it in listed.stdout.split("\0") if it.endswith(suffix))
    return [it for it in paths if it.is_file()]


def shown(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def test_import_contracts() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-logo", "--no-cache"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_has_a_place_in_the_layers() -> None:
    """A package that no contract names could import anything."""
    configuration = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    contracts = configuration["tool"]["importlinter"]["contracts"]
    layers = next(it["layers"] for it in contracts if it["type"] == "layers")
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    present = {
        f"{Path(package).name}.{entry.stem}"
        for package in PACKAGES
        for entry in (REPOSITORY / package).iterdir()
        if entry.suffix == ".py" or (entry / "__init__.py").exists()
    }
    assert placed == present - {f"{Path(it).name}.__init__" for it in PACKAGES}


def test_paths_named_in_the_architecture_exist() -> None:
    named = _paths((REPOSITORY / "ARCHITECTURE.md").read_text())
    assert len(named) > 10, "too few: does the pattern still fit the document?"
    present = {
        shown(it) for path in tracked() for it in (path, *path.parents) if REPOSITORY in it.parents
    }
    # A table may name what lies in the folder that it is about.
    missing = [it for it in named if not fnmatch.filter(present, it)]
    assert [it for it in missing if not fnmatch.filter(present, f"*/{it}")] == []


def test_relative_links_in_the_documents_lead_somewhere() -> None:
    broken = [
        f"{shown(document)}: {target}"
        for document in tracked(".md")
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text())
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []


def test_modules_are_short() -> None:
    """Tables of test cases may be longer."""
    modules = [it for it in tracked(".py") if not it.name.startswith("test_")]
    lengths = {shown(it): len(it.read_text().splitlines()) for it in modules}
    assert {it: length for it, length in lengths.items() if length > LONGEST_MODULE} == {}


# The brackets keep this file from naming what it forbids.
FORBIDDEN = re.compile(
    rb"py[p]i\.|python[h]osted|npm[j]s\.|deb[i]an\.org|/wor[k]/|/roo[t]/|/far[m]/"
)


def test_no_index_host_and_no_path_of_one_machine() -> None:
    found = [
        f"{shown(path)}:{number}: {match[0].decode()}"
        for path in tracked()
        for number, line in enumerate(path.read_bytes().splitlines(), 1)
        if (match := FORBIDDEN.search(line))
    ]
    assert found == []


_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"^( *)([\w.*/-]+(?:/|\.\w+))(?:\s|$)")


def _paths(document: str) -> list[str]:
    """Every path in *document*: in backticks, or as a tree of indented names in a code block.

    A path has a slash in it and ends in one, or in a suffix; so ``defog.toml`` (a user's) and
    ``textDocument/hover`` (a method) are none.
    """
    inline = re.findall(
        r"(?<!`)`([\w.*-]+(?:/[\w.*-]+)*(?:/|\.\w+))`(?!`)", _FENCE.sub("", document)
    )
    return [it.rstrip("/") for it in (*filter(lambda it: "/" in it, inline), *_tree(document))]


def _tree(document: str) -> list[str]:
    found: list[str] = []
    for block in _FENCE.findall(document):
        above: list[tuple[int, str]] = []
        for line in block.splitlines():
            if match := _ENTRY.match(line):
                depth, name = len(match[1]), match[2]
                above = [it for it in above if it[0] < depth]
                found.append("/".join((*(it[1].rstrip("/") for it in above), name)))
                above.append((depth, name))
    return found
