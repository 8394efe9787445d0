"""The demo's course: build, start, show, compare, and say how to go on."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from defog_lsp.cli.demo.client import Client, SessionFailed, server_command
from defog_lsp.cli.demo.mistakes import Mistake, declared_mistakes
from defog_lsp.cli.demo.scenes import COMPLETIONS, HOVERS, Scene
from defog_lsp.cli.lines import Lines, excerpt
from defog_lsp.cli.style import Style, style_for
from defog_metadata.errors import ConfigurationError
from defog_metadata.text import Span

__all__ = ["play"]

_REPEATS = 20
_SHOWN_ITEMS = 6


def play(workspace: Path) -> int:
    """Show a session over *workspace*; 0 if everything came that was to come, else 1."""
    script = workspace.parent / "make_shop.py"
    if not script.is_file() or not (workspace / "defog.toml").is_file():
        raise ConfigurationError(
            f"there is no sample in {workspace}: the demo runs in a clone of the repository "
            "(make demo), or name its folder with --workspace"
        )
    _build(script, workspace / "shop.db")
    with tempfile.TemporaryDirectory(prefix="defog-demo-") as private:
        log_path = Path(private) / "server.log"
        with log_path.open("wb") as log:
            # Never the user's own folder: what the demo shows must not depend on it.
            environment = {
                **os.environ,
                "DEFOG_HOME": str(Path(private) / "defog"),
                "DEFOG_CACHE_DIR": str(Path(private) / "mirror"),
            }
            client = Client(server_command(), workspace, environment, log)
            demo = _Demo(client, workspace)
            try:
                asyncio.run(demo.run())
            except (SessionFailed, TimeoutError) as error:
                demo.missing.append(str(error) or "the server did not end")
        if demo.missing:
            said = log_path.read_text(errors="replace").strip()
            demo.conclude_badly(said)
            return 1
    demo.conclude_well()
    return 0


def _build(script: Path, database: Path) -> None:
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own script, with our own Python
        [sys.executable, str(script), "--output", str(database)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ConfigurationError(f"the sample database cannot be built: {done.stderr.strip()}")
    print(f"{done.stdout.strip()} ({_ms(time.perf_counter() - started)})")


class _Demo:
    """What is shown, and what was missing."""

    def __init__(self, client: Client, workspace: Path) -> None:
        self.missing: list[str] = []
        self._client = client
        self._workspace = workspace
        self._style: Style = style_for(sys.stdout)
        self._timings: dict[str, list[float]] = {}
        self._documents = 0

    async def run(self) -> None:
        started = time.perf_counter()
        async with self._client:
            await self._initialize()
            initialized = time.perf_counter() - started
            status = await self._client.heard("defog/status", _is_settled)
            if status["state"] != "ready":
                self.missing.append(f"the metadata did not come: {status['message']}")
                return
            ready = time.perf_counter() - started
            print(
                f"language server ready to talk after {_ms(initialized)}, the metadata of "
                f"{status['tables']} tables read and served after {_ms(ready)}"
            )
            await self._show_mistakes()
            for scene in HOVERS:
                await self._show_hover(scene)
            for scene in COMPLETIONS:
                await self._show_completion(scene)
        if self._client.exit_status != 0:
            self.missing.append(f"the server ended with status {self._client.exit_status}")

    def conclude_well(self) -> None:
        times = ", ".join(
            f"{what} {_ms(median(them))}" for what, them in sorted(self._timings.items())
        )
        self._title("How long an editor waits (median, over stdio)")
        print(f"  {times}")
        self._title("Now in an editor")
        print(_next_steps(self._workspace))
        print(self._style.green("\nEverything the demo promises was delivered."))

    def conclude_badly(self, log: str) -> None:
        print(self._style.red("\nThe demo did not deliver everything:"), file=sys.stderr)
        for it in self.missing:
            print(f"  {it}", file=sys.stderr)
        if log:
            print(f"\nThe server said:\n{log}", file=sys.stderr)

    async def _initialize(self) -> None:
        uri = self._workspace.as_uri()
        await self._client.request(
            "initialize",
            {
                "processId": os.getpid(),
                "clientInfo": {"name": "defog-lsp demo"},
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": self._workspace.name}],
                "capabilities": {
                    "general": {"positionEncodings": ["utf-16"]},
                    "workspace": {"workspaceFolders": True},
                    "textDocument": {"hover": {"contentFormat": ["markdown"]}},
                },
            },
        )
        self._client.notify("initialized", {})

    async def _show_mistakes(self) -> None:
        path = self._workspace / "mistakes.sql"
        text = path.read_text(encoding="utf-8")
        started = time.perf_counter()
        uri = self._open(path, text)
        published = await self._client.heard(
            "textDocument/publishDiagnostics", lambda it: it["uri"] == uri
        )
        self._time("diagnostics of a file", time.perf_counter() - started)
        self._title(f"{path.name}: the mistakes, as the server reports them")
        lines = Lines(text)
        found = {_place(it["range"]): it for it in published["diagnostics"]}
        for mistake in declared_mistakes(text):
            place = _place(_range(lines, mistake))
            self._show_mistake(lines, mistake, found.pop(place, None))
        for extra in found.values():
            self.missing.append(f"a finding that nobody declared: {extra}")

    def _show_mistake(
        self, lines: Lines, mistake: Mistake, diagnostic: dict[str, Any] | None
    ) -> None:
        number = lines.line_of(mistake.span.start) + 1
        if diagnostic is None or diagnostic.get("code") != mistake.code:
            self.missing.append(f"line {number}: {mistake.code} expected, got {diagnostic}")
            return
        source, carets = excerpt(lines, mistake.span)
        print(f"{number:5} {self._style.dim('|')} {source}")
        message = f"{carets} {mistake.code}: {diagnostic['message']}"
        print(f"      {self._style.dim('|')} {self._style.red(message)}")

    async def _show_hover(self, scene: Scene) -> None:
        self._title(f"Hover on {scene.what}")
        params = self._at_caret(scene)
        for _ in range(_REPEATS):
            started = time.perf_counter()
            result = await self._client.request("textDocument/hover", params)
            self._time("hover", time.perf_counter() - started)
        markdown: str = (result or {}).get("contents", {}).get("value", "")
        for line in markdown.splitlines():
            if line and not line.startswith("```"):
                print(f"  {self._style.cyan('│')} {line}")
        for it in scene.expected:
            if it not in markdown:
                self.missing.append(f"hover on {scene.what} lacks {it!r}: {markdown!r}")

    async def _show_completion(self, scene: Scene) -> None:
        self._title(f"Completion {scene.what}")
        params = self._at_caret(scene)
        for _ in range(_REPEATS):
            started = time.perf_counter()
            result = await self._client.request("textDocument/completion", params)
            self._time("completion", time.perf_counter() - started)
        items: list[dict[str, Any]] = result["items"] if isinstance(result, dict) else result or []
        items = sorted(items, key=lambda it: str(it.get("sortText", it["label"])))
        for item in items[:_SHOWN_ITEMS]:
            details = item.get("labelDetails") or {}
            detail = f"{details.get('detail', '')}  {details.get('description', '')}".strip()
            detail = detail or item.get("detail") or ""
            print(f"  {self._style.cyan('│')} {item['label']:20} {self._style.dim(detail)}")
        if len(items) > _SHOWN_ITEMS:
            print(f"  {self._style.dim(f'│ … and {len(items) - _SHOWN_ITEMS} more')}")
        labels = [it["label"] for it in items[: max(_SHOWN_ITEMS, len(scene.expected))]]
        for it in scene.expected:
            if it not in labels:
                self.missing.append(f"completion {scene.what} lacks {it!r} among {labels}")

    def _at_caret(self, scene: Scene) -> dict[str, object]:
        before, _, after = scene.sql.partition("|")
        text = before + after
        lines = Lines(text)
        source, carets = excerpt(lines, Span(len(before), len(before)))
        print(f"  {source}\n  {self._style.red(carets)}")
        self._documents += 1
        uri = self._open(self._workspace / f"scene{self._documents}.sql", text)
        return {"textDocument": {"uri": uri}, "position": lines.position(len(before))}

    def _open(self, path: Path, text: str) -> str:
        document = {"uri": path.as_uri(), "languageId": "sql", "version": 1, "text": text}
        self._client.notify("textDocument/didOpen", {"textDocument": document})
        return path.as_uri()

    def _time(self, what: str, seconds: float) -> None:
        self._timings.setdefault(what, []).append(seconds)

    def _title(self, text: str) -> None:
        print(f"\n{self._style.bold(text)}")


def _is_settled(status: dict[str, Any]) -> bool:
    return status["state"] in ("ready", "error")


def _range(lines: Lines, mistake: Mistake) -> dict[str, dict[str, int]]:
    return {
        "start": lines.position(mistake.span.start),
        "end": lines.position(mistake.span.end),
    }


def _place(range_: dict[str, dict[str, int]]) -> tuple[int, int, int, int]:
    start, end = range_["start"], range_["end"]
    return start["line"], start["character"], end["line"], end["character"]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _next_steps(workspace: Path) -> str:
    """Commands to copy; they start the server that has just been shown."""
    editors = workspace.parent.parent / "editors"
    server = f"{{cmd = {{'{sys.executable}', '-m', 'defog_lsp', 'serve'}}}}"
    return f"""\
  VS Code   (cd "{editors / "vscode"}" && npm ci && npm run package)
            code --install-extension "{editors / "vscode"}"/defog-sql-*.vsix
            code "{workspace}"
            and in the user settings "defog.python.path": "{sys.executable}"
  Neovim    nvim --cmd 'set rtp+={editors / "neovim"}' \\
              -c "lua require('defog').setup({server})" \\
              -c 'edit {workspace / "mistakes.sql"}'
  There, mistakes.sql has the squiggles above; write your own SQL in a new file beside it. The
  server reads shop.db into your own ~/.defog by itself."""
