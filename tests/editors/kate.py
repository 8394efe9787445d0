"""A real Kate on a screen that nobody sees, and what it and the server say to each other."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.tools import require

__all__ = ["Kate", "open_kate"]

_PATIENCE = 60.0
_REST = 2.0
"""Longer than Kate waits before it asks what the pointer rests on."""
_MESSAGE = re.compile(rb"Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n")


class Kate:
    """*home* is what it has for everything; its server's traffic is recorded there."""

    def __init__(self, home: Path, display: str) -> None:
        self._home = home
        programs = home / "bin"
        programs.mkdir()
        server = programs / "defog-lsp"
        real = Path(sys.executable).with_name("defog-lsp")
        server.write_text(
            f'#!/bin/sh\ntee "{home}/sent" | "{real}" "$@" 2>"{home}/stderr" | tee "{home}/heard"\n'
        )
        server.chmod(0o755)
        folders = {
            it: home / it.lower()
            for it in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
        }
        for folder in folders.values():
            folder.mkdir(mode=0o700)
        self._settings = folders["XDG_CONFIG_HOME"] / "kate/lspclient/settings.json"
        self._settings.parent.mkdir(parents=True)
        # Kate asks once whether it may start a server; here it has been told that it may.
        (folders["XDG_CONFIG_HOME"] / "katerc").write_text(
            "[Kate Plugins]\nlspclientplugin=true\n\n"
            f"[lspclient]\nAllowedServerCommandLines={server} serve\n"
        )
        self._environ = {
            **os.environ,
            **{key: str(it) for key, it in folders.items()},
            "HOME": str(home),
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "PATH": os.pathsep.join((str(programs), os.environ.get("PATH", os.defpath))),
            # A person's own Kate would be asked to open the file.
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/no-bus",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def open(self, path: Path, settings: str) -> None:
        """Start it with *settings* as those of the user for servers."""
        self._settings.write_text(settings)
        with (self._home / "kate.txt").open("wb") as output:
            self._process = subprocess.Popen(
                [require("kate"), "--new", path],
                env=self._environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip

    def close(self) -> None:
        """Ask it to end, as a session that ends does."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def sent(self, method: str) -> list[Any]:
        """What Kate has sent to the server under *method*, whole messages."""
        return [it for it in self._messages("sent") if it.get("method") == method]

    def published(self) -> list[Any]:
        """The last diagnostics that the server has published."""
        told = [
            it["params"]["diagnostics"]
            for it in self._messages("heard")
            if it.get("method") == "textDocument/publishDiagnostics"
        ]
        return told[-1] if told else []

    def answered(self, method: str) -> Any:
        """The answer to the last request of *method*, once it is there."""
        asked = self.sent(method)
        if not asked:
            return None
        found = [it for it in self._messages("heard") if "method" not in it]
        return next((it["result"] for it in found if it["id"] == asked[-1]["id"]), None)

    def type(self, text: str) -> None:
        self._do("type", "--delay", "40", text)

    def press(self, *keys: str) -> None:
        self._do("key", *keys)

    def focus(self) -> None:
        self._do("windowfocus", "--sync", self.windows()[0])

    def place_of_list(self) -> tuple[int, int]:
        """The left upper corner of what pops up: below the text that is completed."""
        shown = self._do("getwindowgeometry", "--shell", self.windows()[-1])
        found = dict(it.split("=") for it in shown.split())
        return int(found["X"]), int(found["Y"])

    def hover(self, x: int, y: int) -> Any:
        """Rest the pointer there; what the server has to say of it."""

        def rested() -> Any:
            self._do("mousemove", str(x), str(y))
            self._do("mousemove_relative", "1", "0")
            end = time.monotonic() + _REST
            while time.monotonic() < end and not self.answered("textDocument/hover"):
                time.sleep(0.05)
            return self.answered("textDocument/hover")

        return self.until(rested, "hover")

    def windows(self) -> list[str]:
        """Those that can be seen: the main one, and what pops up over it."""
        assert self._process is not None
        search = ["search", "--onlyvisible", "--pid", str(self._process.pid)]
        return self._do(*search, may_fail=True).split()

    def until(self, true: Callable[[], Any], what: str) -> Any:
        end = time.monotonic() + _PATIENCE
        while not (found := true()):
            if time.monotonic() > end:
                output = (self._home / "kate.txt").read_text(errors="replace")
                raise AssertionError(f"waited for {what}; Kate says:\n{output}")
            time.sleep(0.05)
        return found

    def _messages(self, file: str) -> list[Any]:
        path = self._home / file
        data = path.read_bytes() if path.exists() else b""
        found, at = [], 0
        while (header := _MESSAGE.search(data, at)) is not None:
            at = header.end() + int(header[1])
            if at > len(data):
                break  # is being written
            found.append(json.loads(data[header.end() : at]))
        return found

    def _do(self, *command: str, may_fail: bool = False) -> str:
        done = subprocess.run(
            ["xdotool", *command], env=self._environ, capture_output=True, text=True, check=False
        )
        assert may_fail or done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def open_kate(home: Path) -> Iterator[Kate]:
    require("kate")
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1200x800x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            display = told.readline().strip()
        assert display, "Xvfb has not started"
        kate = Kate(home, f":{display}")
        try:
            yield kate
        finally:
            kate.close()
    finally:
        screen.terminate()
        screen.wait()
