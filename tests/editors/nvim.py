"""A real Neovim without a window, driven over its own protocol."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pynvim

from tests.support.tools import REPOSITORY, require

__all__ = ["PLUGIN", "Diagnostic", "Neovim"]

PLUGIN = REPOSITORY / "editors/neovim"
_PATIENCE = 30.0  # seconds; a server starts in about one
_PRIVATE = (
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"),
    *("XDG_CACHE_HOME", "DEFOG_HOME"),
)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What Neovim shows: the marked text itself, so that every encoding reads the same."""

    line: int
    marked: str
    code: str
    message: str


class Neovim:
    """Starts Neovim with the module on its runtimepath; close it to end it and its server."""

    def __init__(self, home: Path) -> None:
        # The server of this environment, and no configuration or state of the person's own.
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        private = {it: str(home / it.lower()) for it in _PRIVATE}
        self.defog_home = Path(private["DEFOG_HOME"])
        for folder in private.values():
            Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        arguments = ["--headless", "--embed", "--clean", "-n", "-i", "NONE"]
        for name, value in {"PATH": path, **private}.items():
            arguments += ["--cmd", f"let ${name} = '{value}'"]
        arguments += ["--cmd", f"set runtimepath^={PLUGIN}"]
        self._nvim = pynvim.attach("child", argv=[str(require("nvim")), *arguments])
        self.lua("asks = { vim.notify, vim.ui.select, vim.ui.input }")

    def close(self) -> None:
        """Quit as a person would, and wait until Neovim has gone."""
        with suppress(EOFError, OSError):  # the answer to quitting is that nobody answers
            self._nvim.command("qall!")
        self._nvim.close()

    def clear(self) -> None:
        """Leave every mode, window and buffer, as if nothing had been opened, and ask as before."""
        self._nvim.input("<C-\\><C-n>")
        self._nvim.command("silent tabonly | silent only! | enew! | silent bufdo bwipeout!")
        self._nvim.command("call setqflist([], 'f')")
        self.lua("vim.notify, vim.ui.select, vim.ui.input = unpack(asks)")

    def show(self) -> None:
        """Draw what a person would see; see ``screen``."""
        self._nvim.ui_attach(100, 24, rgb=True)

    def screen(self) -> list[str]:
        """The lines that are drawn."""
        self._nvim.command("redraw")
        drawn = """
            local lines = {}
            for row = 1, vim.o.lines do
              lines[row] = ''
              for column = 1, vim.o.columns do
                lines[row] = lines[row] .. vim.fn.screenstring(row, column)
              end
            end
            return lines
            """
        return [it.rstrip() for it in self.lua(drawn)]

    def lua(self, code: str, *arguments: Any) -> Any:
        """Run *code*, which sees *arguments* as ``...``; what it returns."""
        return self._nvim.exec_lua(code, *arguments)

    def command(self, command: str) -> str:
        """Run an Ex command; what it prints."""
        return str(self._nvim.command_output(command))

    def open(self, path: Path) -> None:
        self._nvim.command(f"edit {path}")

    def type(self, keys: str) -> None:
        """Keys as a person presses them, such as ``ihello<Esc>``."""
        self._nvim.input(keys)

    def lines(self) -> list[str]:
        return list(self._nvim.current.buffer[:])

    def edit(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Replace from *start* to *end*, each a line and a byte in it, from 0."""
        self._nvim.current.buffer.api.set_text(*start, *end, text.split("\n"))

    def caret_on(self, text: str) -> None:
        """Move the caret to the first character of the first *text* in the buffer."""
        for number, line in enumerate(self.lines(), 1):
            before, found, _ = line.partition(text)
            if found:
                self._nvim.current.window.cursor = (number, len(before.encode()))
                return
        raise AssertionError(f"{text!r} is not in the buffer")

    def wait(self, code: str, *arguments: Any) -> Any:
        """The first true value that *code* returns; fails with Neovim's messages if none comes."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            value = self.lua(code, *arguments)
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"never true: {code}\n{self.command('messages')}")

    def diagnostics(self) -> list[Diagnostic]:
        """What is marked in the current buffer now, in the order of the text."""
        lines = self.lines()
        found = self.lua("return vim.diagnostic.get(0)")
        return [
            Diagnostic(
                it["lnum"],
                _marked(lines, (it["lnum"], it["col"]), (it["end_lnum"], it["end_col"])),
                str(it["code"]),
                it["message"],
            )
            for it in sorted(found, key=lambda it: (it["lnum"], it["col"]))
        ]

    def wait_for_marks(self, *expected: tuple[int, str, str]) -> list[Diagnostic]:
        """Wait until exactly these lines, texts and codes are marked, no more and no fewer."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            found = self.diagnostics()
            if [(it.line, it.marked, it.code) for it in found] == list(expected):
                return found
            time.sleep(0.05)
        raise AssertionError(f"marked: {found}\nexpected: {expected}\n{self.command('messages')}")


def _marked(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """The marked text; marks that are older than the last edit may cut or miss it."""
    raw = [it.encode() for it in lines[start[0] : end[0] + 1]] or [b""]
    raw[-1] = raw[-1][: end[1]]
    raw[0] = raw[0][start[1] :]
    return b"\n".join(raw).decode(errors="replace")
