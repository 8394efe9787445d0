"""One VS Code with the extension as it is packaged, and one Neovim for each module that wants it."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.nvim import Neovim
from tests.editors.nvim_shop import make_whole_shop, open_ready, sql_file
from tests.editors.vscode.workbench import (
    SERVER,
    Workbench,
    demo_workspace,
    open_workbench,
    package,
)
from tests.support import tools


@pytest.fixture(scope="session")
def vsix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for tool in ("node", "npm", "chromium", "code-server", "playwright-core", "vscode-extension"):
        tools.require(tool)
    return package(tmp_path_factory.mktemp("vsix"), Path(sys.executable))


@pytest.fixture(scope="session")
def workbench(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    data = tmp_path_factory.mktemp("workbench")
    with open_workbench(data, vsix, {"defog.server.path": str(SERVER)}) as opened:
        yield opened


PICTURES = {
    "hover": "vscode",
    "tree": "vscode-metadata",
    "health": "vscode-health",
    "navigation-peek": "vscode-peek",
    "golden": "vscode-golden",
}
"""The screenshots that the documentation shows, and what they are called there."""


@pytest.fixture
def screenshots() -> Iterator[Path]:
    """Where they can be looked at afterwards; ``make pictures`` puts some into the documentation."""
    folder = tools.TOOLS / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    began = time.time()
    yield folder
    if os.environ.get("UPDATE_SCREENSHOTS") == "1":
        for name, called in PICTURES.items():
            taken = folder / f"{name}.png"
            if taken.exists() and taken.stat().st_mtime >= began:
                shutil.copy(taken, tools.REPOSITORY / f"docs/images/{called}.png")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return demo_workspace(tmp_path / "shop")


AS_FILE_PLUGINS_DO = """
vim.lsp.config('defog', {
  capabilities = { workspace = { fileOperations = { willRename = true, didRename = true } } },
})
"""


@pytest.fixture(scope="module")
def small_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_whole_shop(tmp_path_factory.mktemp("neovim") / "shop")


@pytest.fixture(scope="module")
def started_nvim(small_shop: Path) -> Iterator[Neovim]:
    """A Neovim whose server knows ``small_shop``."""
    editor = Neovim(small_shop.parent)
    try:
        editor.lua(AS_FILE_PLUGINS_DO)
        open_ready(editor, sql_file(small_shop, "select 1\n"))
        yield editor
    finally:
        editor.close()


@pytest.fixture
def nvim(started_nvim: Neovim, small_shop: Path) -> Iterator[Neovim]:
    """The one Neovim of the module, with nothing open, and no file in SQL, from another test."""
    yield started_nvim
    started_nvim.clear()
    for it in small_shop.glob("*.sql"):
        it.unlink()
