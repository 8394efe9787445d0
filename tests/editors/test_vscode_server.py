"""Which language server the VS Code extension starts, and what it says when there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.editors.vscode.workbench import READY, SERVER, open_workbench
from tests.support import tools

# The first of them may build the extension.
pytestmark = pytest.mark.timeout(600)


def test_a_server_that_does_not_start(
    vsix: Path, tmp_path: Path, shop: Path, screenshots: Path
) -> None:
    """What leads nowhere is said, with what to do about it; the next good setting is taken at once."""
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\necho 'no module named defog_lsp' >&2\nexit 3\n")
    failing.chmod(0o755)
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec /bin/sleep 600\n")
    silent.chmod(0o755)
    on_path = tmp_path / "bin"  # without any Python
    on_path.mkdir()
    (on_path / "node").symlink_to(tools.require("node"))

    def try_server(path: Path | None, name: str, matching: str) -> list[dict[str, Any]]:
        return [
            {"step": "setting", "name": "defog.server.path", "value": str(path or "")},
            {"step": "status", "as": name, "matching": matching},
        ]

    path = {"PATH": str(on_path)}
    with open_workbench(tmp_path / "data", vsix, {}, path) as workbench:
        seen = workbench.drive(
            {
                "folder": str(shop),
                "screenshots": str(screenshots),
                "picture": "no-python",
                "message": "needs Python 3.11 or later",
            },
            "drive_message.cjs",
        )
        done = workbench.run_suite(
            shop,
            [
                *try_server(tmp_path / "absent", "absent", "absent, which"),
                *try_server(failing, "failing", r"\(error\)"),
                *try_server(None, "no Python", r"needs Python"),
                *try_server(silent, "silent", "starting"),
                *try_server(SERVER, "server", READY),
            ],
        )
    assert seen["buttons"] == ["Select Python…", "Get Python", "Try Again", "Show Output"]
    assert "absent, which is not an executable file" in plain(done["absent"])
    assert "ended with status 3 while it was starting" in plain(done["failing"])
    assert "no module named defog_lsp" in plain(done["failing"])
    assert "needs Python 3.11 or later, and none was found" in plain(done["no Python"])
    assert "command:defog.restartServer" in done["no Python"]["tooltip"]
    assert "the setting defog.server.path" in plain(done["server"])


def test_nothing_of_an_untrusted_workspace_is_run(
    vsix: Path, tmp_path: Path, shop: Path, screenshots: Path
) -> None:
    """Neither its settings nor its .venv choose a program, and no database is asked."""
    marker = tmp_path / "was-run"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {marker}\nexit 1\n")
    trap.chmod(0o755)
    (shop / ".vscode").mkdir()
    (shop / ".vscode/settings.json").write_text(
        f'{{"defog.server.path": "{trap}", "defog.python.path": "{trap}"}}'
    )
    (shop / ".venv/bin").mkdir(parents=True)
    shutil.copy(trap, shop / ".venv/bin/python")
    settings = {
        "security.workspace.trust.enabled": True,
        "security.workspace.trust.startupPrompt": "never",
    }
    on_path = {"PATH": f"{SERVER.parent}{os.pathsep}{tools.environment()['PATH']}"}
    with open_workbench(tmp_path / "data", vsix, settings, on_path) as workbench:
        done = workbench.run_suite(
            shop,
            [
                {"step": "trust"},
                {"step": "status", "matching": "shop: 12 tables.*not trusted"},
                {"step": "diagnostics", "path": "mistakes.sql", "atLeast": 1},
            ],
        )
        before = (shop / "defog.toml").read_bytes()
        workbench.drive(
            {
                "folder": str(shop),
                "screenshots": str(screenshots),
                "picture": "untrusted",
                "command": "Defog SQL: Set Up a Database",
                "message": "A database is set up in a trusted workspace only",
                "press": "Manage Workspace Trust",
                "after": "You are in Restricted Mode",
            },
            "drive_message.cjs",
        )
    assert (shop / "defog.toml").read_bytes() == before
    assert done["trust"] is False
    assert "defog-lsp on the PATH" in plain(done["status"])
    assert not marker.exists()


def test_the_extension_installs_its_own_server(
    vsix: Path, tmp_path: Path, shop: Path, screenshots: Path
) -> None:
    """Where there is only a Python: an environment is made from the wheel in the VSIX, once.

    It takes the place of those of other versions. What is being made is given up where a person
    says so, and for a server that is named meanwhile.
    """
    require_registry(tmp_path)
    # Python 3.11 or later, without the server; nothing of this environment is on the PATH.
    settings = {"defog.python.path": getattr(sys, "_base_executable", sys.executable)}
    node = tools.require("node")
    on_path = {"PATH": f"{node.parent}{os.pathsep}{os.defpath}"}
    mine = f"{READY}.*extension's own environment"
    ready = [{"step": "status", "matching": mine, "timeoutMs": 180_000}]
    chosen = [
        {"step": "status", "as": "installing", "matching": "starting"},
        {"step": "setting", "name": "defog.server.path", "value": str(SERVER)},
        {"step": "status", "as": "chosen", "matching": f"{READY}.*the setting"},
        {"step": "setting", "name": "defog.server.path", "value": ""},
    ]
    with open_workbench(tmp_path / "data", vsix, settings, on_path) as workbench:
        storage = tmp_path / "data/user/User/globalStorage/defog.defog-sql/environments"
        (storage / "0123456789abcdef-3.11.0/bin").mkdir(parents=True)
        seen = workbench.drive(
            {
                "folder": str(shop),
                "screenshots": str(screenshots),
                "picture": "installing",
                "message": "setting up the language server",
                "press": "Cancel",
                "after": "The installation of the language server was cancelled.",
            },
            "drive_message.cjs",
        )
        assert "creating an environment with Python" in seen["text"]
        workbench.run_suite(shop, [*chosen, *ready])
        [made] = storage.iterdir()
        before = made.stat()
        workbench.run_suite(shop, ready)
        assert made.stat() == before, "the second window uses it as it is"


def require_registry(folder: Path) -> None:
    """Skip the test where pip can download nothing."""
    quick = ["--quiet", "--disable-pip-version-check", "--timeout", "10", "--retries", "0"]
    download = ["download", *quick, "--no-deps", "--dest", str(folder / "download"), "rank-bm25"]
    done = subprocess.run([sys.executable, "-m", "pip", *download], check=False)
    if done.returncode:
        reason = "pip cannot reach a package index"
        if tools.in_ci():
            pytest.fail(reason)
        pytest.skip(reason)


def plain(view: dict[str, Any]) -> str:
    """The tooltip without the backslashes of Markdown."""
    assert isinstance(view["tooltip"], str)
    return view["tooltip"].replace("\\", "")
