"""Work that takes long: it shows itself with the client's token, and can be stopped."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp import progress
from defog_lsp.lsp.server import create_server
from tests.lsp.editor import Editor, make_database, running
from tests.lsp.person import OURS, Person

FILES = 12
SLOW_FILES = """
import time
from defog_lsp.lsp import late
def slow(path, read=late.file_text):
    time.sleep(0.12 * (path.parent / "slow").exists())
    return read(path)
late.file_text = slow
from defog_lsp.lsp.server import start_io
raise SystemExit(start_io())
"""
"""Reading a file beside one called ``slow`` takes a while; what is read is real."""
SLOW_STATEMENTS = """
import time
from defog_metadata.execution import running
def slow(connection, statement, execute=running.execute):
    time.sleep(0.3)
    execute(connection, statement)
running.execute = slow
from defog_lsp.lsp.server import start_io
raise SystemExit(start_io())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database with orders, files that name them, and a metadata file that plans more tables."""
    root = tmp_path / "shop"
    root.mkdir()
    planned = {f"planned_{it}": [{"column_name": "id", "data_type": "integer"}] for it in range(10)}
    (root / "planned.json").write_text(json.dumps(planned))
    (root / "defog.toml").write_text(
        'metadata = ["planned.json"]\n[connections.shop]\ndb_type = "sqlite"\n'
        'database = "shop.db"\n'
    )
    make_database(root / "shop.db", "create table orders (id integer, total numeric)")
    for it in range(FILES):
        (root / f"{it:02}.sql").write_text(f"select total from orders where id = {it}\n")
    return root


async def opened(editor: Editor, folder: Path) -> str:
    uri = (folder / "00.sql").as_uri()
    editor.open(uri, (folder / "00.sql").read_text())
    await editor.state("ready")
    editor.progress_values.clear()
    editor.progress_tokens.clear()
    return uri


def references(uri: str, **tokens: Any) -> lsp.ReferenceParams:
    where = lsp.TextDocumentIdentifier(uri), lsp.Position(0, 8)
    return lsp.ReferenceParams(lsp.ReferenceContext(include_declaration=True), *where, **tokens)


async def test_what_ends_at_once_makes_no_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    server = create_server()
    monkeypatch.setattr(server.client, "progress", lambda *it: shown.append(it))
    monkeypatch.setattr(progress, "_QUIET_SECONDS", 0.05)
    with progress.asked_with("token"):
        async with server.progresses.shown("quick"):
            pass
        await asyncio.sleep(0.1)
        assert shown == []
        async with server.progresses.shown("slow"):
            await asyncio.sleep(0.1)
        assert len(shown) == 2


async def test_what_takes_long_is_shown_with_the_client_s_token(
    tmp_path: Path, folder: Path
) -> None:
    async with running(tmp_path, folder, can=OURS, script=SLOW_FILES) as editor:
        uri = await opened(editor, folder)
        (folder / "slow").touch()
        found = await editor.text_document_references_async(references(uri, work_done_token=7))
        assert len(found or ()) == FILES
        begin, *reports, end = editor.progress_values
        assert (begin["kind"], begin["cancellable"]) == ("begin", True)
        assert (end["kind"], end["message"]) == ("end", "done")
        percentages = [it["percentage"] for it in reports]
        assert percentages == sorted(percentages)
        assert 0 < percentages[-1] < 100
        assert reports[-1]["message"].endswith(f" of {FILES} files")
        assert editor.progress_tokens == [], "the client knows its own token"

        editor.progress_values.clear()
        await editor.text_document_references_async(references(uri))
        assert editor.progress_values == [], "without a token nobody wants to see it"


async def test_a_request_is_stopped_or_answered_in_parts(tmp_path: Path, folder: Path) -> None:
    (folder / "slow").touch()
    async with running(tmp_path, folder, can=OURS, script=SLOW_FILES) as editor:
        uri = await opened(editor, folder)
        waiting = editor.protocol.send_request_async(
            lsp.TEXT_DOCUMENT_REFERENCES, references(uri, work_done_token="mine")
        )
        await editor.until(lambda: editor.progress_values, "its beginning")
        editor.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams("mine"))
        with pytest.raises(JsonRpcException) as raised:
            await waiting
        assert raised.value.code == lsp.LSPErrorCodes.RequestCancelled
        assert editor.progress_values[-1] == {"kind": "end", "message": "stopped"}

        editor.progress_values.clear()
        rest = await editor.text_document_references_async(
            references(uri, partial_result_token="parts")
        )
        parts = editor.progress_values
        assert not rest
        assert len(parts) > 2
        told = [it["uri"] for part in parts for it in part]
        assert told == [(folder / f"{it:02}.sql").as_uri() for it in range(FILES)]

        editor.progress_values = []
        params = lsp.WorkspaceSymbolParams("c", partial_result_token="names")
        assert not await editor.workspace_symbol_async(params)


async def test_tables_are_created_all_or_none(tmp_path: Path, folder: Path) -> None:
    """Also where the request is cancelled: what came of it is said all the same."""
    async with running(tmp_path, folder, can=OURS, script=SLOW_STATEMENTS) as editor:
        uri = await opened(editor, folder)
        Person(editor, 0, 0)
        asked = {"uri": uri, "tables": [f"planned_{it}" for it in range(10)]}
        params = lsp.ExecuteCommandParams("defog.createTables", [asked])
        waiting = editor.protocol.send_request_async(lsp.WORKSPACE_EXECUTE_COMMAND, params)
        await editor.until(
            lambda: any(it["kind"] == "report" for it in editor.progress_values), "a report"
        )
        assert editor.progress_values[-1]["message"].startswith("CREATE TABLE")
        [token] = editor.progress_tokens
        editor.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams(token))
        assert await waiting is False
        stopped = "Creating tables in shop: stopped. Nothing was changed."
        await editor.until(lambda: stopped in editor.messages, "what came of it")
        editor.messages.clear()
        waiting = editor.protocol.send_request_async(
            lsp.WORKSPACE_EXECUTE_COMMAND, params, msg_id="again"
        )
        await editor.until(lambda: len(editor.progress_tokens) == 2, "its progress")
        editor.cancel_request(lsp.CancelParams("again"))
        with pytest.raises(JsonRpcException):
            await waiting
        await editor.until(lambda: stopped in editor.messages, "what came of it")
        with closing(sqlite3.connect(folder / "shop.db")) as connection:
            assert list(connection.execute("select name from sqlite_schema")) == [("orders",)]
