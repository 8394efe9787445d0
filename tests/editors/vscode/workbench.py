"""A VS Code server of its own for a test, and the scripts that use it through a browser."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import tools

__all__ = [
    "EXTENSION",
    "READY",
    "SERVER",
    "Workbench",
    "demo_workspace",
    "open_workbench",
    "package",
]

EXTENSION = tools.REPOSITORY / "editors/vscode"
SERVER = Path(sys.executable).with_name("defog-lsp")
READY = r"^\$\(database\) shop: 12 tables$"
"""The status of the sample workspace, once its database was read."""
_HARNESS = Path(__file__).parent / "harness"
_TIMEOUT_SECONDS = 120
_PATIENCE_MS = 40_000
"""For one step in the browser. What comes sooner is not waited for."""
_SUITE_MS = 240_000
"""For a whole suite in the extension host; its steps have a patience of their own."""

_SETTINGS = {
    "security.workspace.trust.enabled": False,
    "files.autoSave": "off",
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoCheckUpdates": False,
    "workbench.enableExperiments": False,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.reduceMotion": "on",
    "editor.minimap.enabled": False,
    "git.enabled": False,
}


def package(target: Path, python: Path) -> Path:
    """The VSIX, built in *target* from this repository, its wheel by *python*."""
    npm = str(tools.require("npm"))
    environment = {**tools.environment(), "PYTHON": str(python)}
    vsix = target / "defog-sql.vsix"
    _run([npm, "run", "--silent", "package", "--", "--out", str(vsix)], environment, EXTENSION)
    return vsix


def demo_workspace(target: Path) -> Path:
    """A copy of the sample workspace with a database of its own."""
    examples = tools.REPOSITORY / "examples"
    shutil.copytree(examples / "shop", target, ignore=shutil.ignore_patterns("*.db"))
    script = ["examples/make_shop.py", "--output", str(target / "shop.db")]
    _run([sys.executable, *script], os.environ, tools.REPOSITORY)
    return target


@dataclass(frozen=True)
class Workbench:
    """A running VS Code server with the extension installed."""

    url: str
    data: Path
    environment: Mapping[str, str]

    def drive(self, options: Mapping[str, Any], script: str = "drive.cjs") -> dict[str, Any]:
        """What *script* saw. Its screenshots are in ``options["screenshots"]``."""
        found = self._play(script, options)
        assert isinstance(found, dict)
        return found

    def run_suite(self, folder: Path, todo: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The results of steps of ``suite.cjs``, by their names, run in the extension host."""
        output = self.data / "suite-result.json"
        self.suite_file.write_text(json.dumps({"todo": todo, "output": str(output)}))
        options = {
            "folder": str(folder),
            "harness": str(_HARNESS),
            "suite": str(_HARNESS / "suite.cjs"),
            "screenshots": str(self.data),
            "timeoutMs": _SUITE_MS,
        }
        self._play("run_suite.cjs", options)
        found = json.loads(output.read_text())
        assert isinstance(found, dict)
        assert "error" not in found, f"{found['error']}\n{self.server_log()}"
        return found

    def server_log(self) -> str:
        """The last of what the server logged, to be shown when a test fails."""
        logs = (self.data / "defog/logs").glob("*.jsonl")
        entries = [json.loads(line) for it in logs for line in it.read_text().splitlines()]
        return "\n".join(f"{it['level']}: {it['message']}" for it in entries[-5:])

    @property
    def suite_file(self) -> Path:
        return Path(self.environment["DEFOG_TEST_SUITE"])

    def _play(self, script: str, options: Mapping[str, Any]) -> Any:
        options_file, output = self.data / "play.json", self.data / "played.json"
        output.unlink(missing_ok=True)
        common = {
            "url": self.url,
            "chromium": str(tools.require("chromium")),
            "output": str(output),
            "timeoutMs": _PATIENCE_MS,
        }
        options_file.write_text(json.dumps({**common, **options}))
        playwright = tools.require("playwright-core")
        environment = {**tools.environment(), "NODE_PATH": str(playwright.parent)}
        node = str(tools.require("node"))
        _run([node, str(_HARNESS / script), str(options_file)], environment, self.data)
        outcome = json.loads(output.read_text())
        assert "error" not in outcome, f"{outcome['error']}\n{self.server_log()}"
        return outcome.get("result")


@contextmanager
def open_workbench(
    data: Path,
    vsix: Path,
    settings: Mapping[str, Any],
    environment: Mapping[str, str] | None = None,
) -> Iterator[Workbench]:
    """VS Code on a free port, with *vsix* installed and *settings* set, all of it under *data*.

    The extension's server gets a defog folder and caches of its own there.
    """
    code_server = tools.require("code-server")
    node = str(tools.require("node"))
    # Settings about programs are those of the machine: VS Code drops them from the person's own as
    # soon as it has heard of the extension, which is before or after that has started.
    for kind, values in (("User", {**_SETTINGS, **settings}), ("Machine", settings)):
        (data / "user" / kind).mkdir(parents=True)
        (data / "user" / kind / "settings.json").write_text(json.dumps(values))
    inherited = {
        **tools.environment(),
        "DEFOG_HOME": str(data / "defog"),
        "XDG_CACHE_HOME": str(data / "caches"),
        "EXTENSIONS_GALLERY": "{}",  # or it would ask a marketplace for updates
        "DEFOG_TEST_SUITE": str(data / "suite.json"),
        **(environment or {}),
    }
    command = [
        node,
        str(code_server / "lib/vscode/out/server-main.js"),
        "--accept-server-license-terms",
        *("--server-data-dir", str(data)),
        *("--user-data-dir", str(data / "user")),
        *("--extensions-dir", str(data / "extensions")),
    ]
    _run([*command, "--install-extension", str(vsix)], inherited, data)
    port = _free_port()
    serve = ["--host", "127.0.0.1", "--port", str(port), "--without-connection-token"]
    # The environment is the one given here, not what a login shell would make of it.
    quiet = ["--telemetry-level", "off", "--enable-smoke-test-driver", "--force-disable-user-env"]
    with (data / "server.log").open("wb") as log:
        # A session of its own: its extension hosts and their servers end with it.
        server = subprocess.Popen(
            [*command, *serve, *quiet],
            env=inherited,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}/"
            _wait_for(url, server, data / "server.log")
            yield Workbench(url, data, inherited)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _TIMEOUT_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"VS Code does not listen:\n{log.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> str:
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_TIMEOUT_SECONDS * 2,
    )
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}"
    return done.stdout
