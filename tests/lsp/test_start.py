"""The start: what is loaded and read before ``initialize`` is answered, and what that costs."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.lsp.editor import environment
from tests.lsp.raw import framed

RUNS = 15
FLOOR = "from pygls.lsp.server import LanguageServer; LanguageServer('floor', '1').start_io()"
"""The least that any server on pygls does."""
OURS = "from defog_lsp.__main__ import main; main(['serve'])"
# Tells, when the first bytes are about to be sent, what is loaded and which files were opened.
TOLD = """
import json, sys
opened = []
sys.addaudithook(lambda name, its: opened.append(str(its[0])) if name == "open" else None)
def told(write):
    def tell(self, data):
        modules = sorted(sys.modules)
        with open({path!r}, "w") as file:
            json.dump({{"modules": modules, "opened": opened}}, file)
        type(self).write = write
        write(self, data)
    return tell
from {module} import {writer} as Writer
Writer.write = told(Writer.write)
"""


def initialize(folder: Path) -> bytes:
    params: dict[str, object] = {
        "processId": None,
        "rootUri": folder.as_uri(),
        "capabilities": {},
        "workspaceFolders": [{"uri": folder.as_uri(), "name": "folder"}],
    }
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    return framed(json.dumps(message).encode())


def answered(script: str, home: Path, folder: Path) -> float:
    """The seconds of processor time that a server takes until it has answered ``initialize``."""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(home), cwd=folder,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        process.stdin.write(initialize(folder))
        process.stdin.flush()
        assert process.stdout.readline().startswith(b"Content-Length")
        process.kill()
        if os.name != "posix":
            process.wait()
            return 0.0
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return usage.ru_utime + usage.ru_stime


def loaded(tmp_path: Path, server: str, module: str, writer: str) -> Mapping[str, list[str]]:
    folder = workspace(tmp_path)
    path = tmp_path / "told.json"
    answered(TOLD.format(path=str(path), module=module, writer=writer) + server, tmp_path, folder)
    told: Mapping[str, list[str]] = json.loads(path.read_text())
    return told


def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir(exist_ok=True)
    (folder / "defog.toml").write_text('metadata = ["metadata.json"]\ndialect = "postgres"\n')
    (folder / "metadata.json").write_text("{}")
    return folder


def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    floor = loaded(tmp_path, FLOOR, "pygls.io_", "StdoutWriter")
    ours = loaded(tmp_path, OURS, "defog_lsp.lsp.transport", "QueuedWriter")
    more = set(ours["modules"]) - set(floor["modules"])
    packages = {"defog_lsp", "defog_metadata"}
    assert "pygls.lsp.server" in floor["modules"]
    assert "defog_lsp.lsp.handlers.completion" in more, "it was our server that answered"
    # Of other packages nothing but what pygls needs itself.
    assert {it.partition(".")[0] for it in more} - packages <= sys.stdlib_module_names
    # Of the standard library what reads the command line, and what is small.
    assert {it for it in more if it.partition(".")[0] not in packages} <= {
        "argparse", "gettext", "locale", "shutil", "gc",
        "bz2", "_bz2", "lzma", "_lzma", "zlib", "_compression",  # shutil's
        "bisect", "_bisect",
    }  # fmt: skip
    # Of ours the editor's side, and what it names of the rest.
    own = {it for it in more if it.partition(".")[0] in packages}
    assert {it for it in own if not it.startswith("defog_lsp.lsp")} == {
        "defog_lsp", "defog_lsp.__main__", "defog_lsp.cli", "defog_lsp.cli.arguments",
        "defog_lsp.cli.main", "defog_lsp.cli.serve", "defog_lsp.snippet_text", "defog_lsp.stdio",
        "defog_metadata", "defog_metadata.errors", "defog_metadata.lazy", "defog_metadata.progress",
        "defog_metadata.text",
    }  # fmt: skip


def test_no_file_is_read_before_it_is_needed(tmp_path: Path) -> None:
    """So that a start costs the same in front of any catalog."""
    told = loaded(tmp_path, OURS, "defog_lsp.lsp.transport", "QueuedWriter")
    files = [it for it in told["opened"] if it.startswith(str(tmp_path))]
    assert files == [str(tmp_path / "told.json")]


@pytest.mark.skipif(os.name != "posix", reason="asks for the processor time of a child")
def test_a_start_costs_little_more_than_that_of_any_server(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    pairs = [[answered(it, tmp_path, folder) for it in (OURS, FLOOR)] for _ in range(RUNS)]
    ours, floor = map(statistics.median, zip(*pairs, strict=True))
    assert ours < 1.3 * floor
