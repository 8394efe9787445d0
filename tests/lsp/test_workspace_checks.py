"""Checks of a whole workspace: they give way, show where they are, and go on where they stopped."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp.giving_way import GivingWay
from defog_metadata.progress import Stop, Stopped, check_stopped, stopping
from tests.lsp.editor import Editor, running
from tests.lsp.test_pull import WRONG, describe, pulling

FILES = 30

# A server that writes down which files it looks at, each for a while, and hovers slowly.
SLOW = """
import time
from defog_lsp.lsp import late
findings = late.findings
def slow_findings(view):
    with open({log!r}, "a") as log:
        log.write(view.path.name + "\\n")
    time.sleep({seconds})
    return findings(view)
def slow_hover(view, offset):
    time.sleep(1)
late.findings, late.hover = slow_findings, slow_hover
from defog_lsp.lsp.server import start_io
raise SystemExit(start_io())
"""


class Kit:
    """A workspace of many files, and a server that tells which of them it looks at."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "folder"
        self.folder.mkdir()
        (self.folder / "defog.toml").write_text(
            'metadata = ["metadata.json"]\ndialect = "postgres"\n'
        )
        describe(self.folder, "id", "email")
        for it in range(FILES):
            (self.folder / f"{it:03}.sql").write_text(WRONG)
        self._log = tmp_path / "looked.txt"
        self._log.touch()

    def script(self, seconds: float) -> str:
        return SLOW.format(log=str(self._log), seconds=seconds)

    def looked(self) -> list[str]:
        return [it for it in self._log.read_text().split() if it.endswith(".sql")]


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path)


async def soon(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


def begin(editor: Editor, name: str, **tokens: str) -> "asyncio.Future[object]":
    params = lsp.WorkspaceDiagnosticParams([], **tokens)
    method = lsp.WORKSPACE_DIAGNOSTIC
    return editor.protocol.send_request_async(method, params, msg_id=name)  # type: ignore[no-any-return]


@pytest.mark.parametrize("tokens", [{}, {"partial_result_token": "parts"}], ids=["whole", "parts"])
async def test_a_check_that_is_cancelled_is_gone_on_with(
    tmp_path: Path, kit: Kit, tokens: dict[str, str]
) -> None:
    async with running(tmp_path, kit.folder, can=pulling(), script=kit.script(0.1)) as editor:
        await editor.state("ready")
        waiting = begin(editor, "first", **tokens)
        await soon(lambda: len(kit.looked()) > 5)
        editor.cancel_request(lsp.CancelParams("first"))
        with pytest.raises(JsonRpcException) as raised:
            await waiting
        assert raised.value.code == lsp.LSPErrorCodes.RequestCancelled
        before = len(kit.looked())
        assert before < FILES, "it was not awaited"
        reports = await editor.pull_workspace()
        found = {it.uri.rpartition("/")[2]: it for it in reports}
        assert all(found[f"{it:03}.sql"].items[0].code == "unknown-column" for it in range(FILES))
        twice = [name for name, times in Counter(kit.looked()).items() if times > 1]
        assert len(twice) <= 1, "only what was being looked at when it was cancelled"
        await editor.pull_workspace()
        assert len(kit.looked()) >= 2 * FILES, "what has been told is not kept"


async def test_a_file_that_has_changed_since_is_looked_at_again(tmp_path: Path, kit: Kit) -> None:
    async with running(tmp_path, kit.folder, can=pulling(), script=kit.script(0.05)) as editor:
        await editor.state("ready")
        waiting = begin(editor, "first")
        await soon(lambda: len(kit.looked()) > 3)
        editor.cancel_request(lsp.CancelParams("first"))
        with pytest.raises(JsonRpcException):
            await waiting
        (kit.folder / "000.sql").write_text("select id from users")
        found = {it.uri.rpartition("/")[2]: it for it in await editor.pull_workspace()}
        assert not found["000.sql"].items
        assert kit.looked().count("000.sql") == 2


async def test_somebody_who_waits_goes_first(tmp_path: Path, kit: Kit) -> None:
    for it in range(FILES, 400):
        (kit.folder / f"{it:03}.sql").write_text(WRONG)
    async with running(tmp_path, kit.folder, can=pulling(), script=kit.script(0.01)) as editor:
        await editor.state("ready")
        uri = (kit.folder / "open.sql").as_uri()
        editor.open(uri, "select id from users")
        waiting = begin(editor, "all")
        await soon(lambda: len(kit.looked()) > 20)
        before = len(kit.looked())
        await editor.hover(uri, 0, 8)  # takes a second, in which a hundred could be looked at
        during = len(kit.looked()) - before
        assert not waiting.done()
        await waiting
        assert during < 15
        assert len(kit.looked()) >= 400


async def test_where_it_is_can_be_seen(tmp_path: Path, kit: Kit) -> None:
    async with running(tmp_path, kit.folder, can=pulling(), script=kit.script(0.05)) as editor:
        await editor.state("ready")
        editor.progress_values.clear()
        await begin(editor, "shown", work_done_token="shown")
        assert "shown" not in editor.progress_tokens, "the client knows its own token"
        begun, *reports, end = editor.progress_values
        assert (begun["kind"], end["kind"]) == ("begin", "end")
        assert reports
        percentages = [it["percentage"] for it in reports]
        assert percentages == sorted(percentages)
        assert 0 < percentages[-1] <= 100
        assert reports[-1]["message"].endswith(f" of {FILES + 1} files")


def test_giving_way() -> None:
    busy, stop = threading.Event(), Stop()
    busy.set()
    way = GivingWay(busy.is_set)
    asked: list[float] = []

    def work() -> None:
        with stopping(way), stopping(stop):
            check_stopped()
            asked.append(time.monotonic())
            busy.set()
            stop.set()
            with pytest.raises(Stopped):
                check_stopped()
            asked.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.05)
    assert asked == []
    let_go = time.monotonic()
    busy.clear()
    thread.join(timeout=30)
    assert asked[0] >= let_go
    assert len(asked) == 2, "where somebody always waits, it goes on all the same"
