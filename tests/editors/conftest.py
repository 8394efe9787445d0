"""One VS Code with the extension as it is packaged, for all tests that want it."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

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
