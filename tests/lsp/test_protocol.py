"""What a client may do wrong, byte by byte, and what it is told."""

import json
from collections.abc import AsyncIterator
from importlib import metadata
from pathlib import Path

import pytest

from defog_lsp import __version__
from tests.lsp.raw import INITIALIZE, RawProcess, framed, raw_server

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED = -32002


@pytest.fixture
async def raw(tmp_path: Path) -> AsyncIterator[RawProcess]:
    async with raw_server(tmp_path) as server:
        yield server


async def test_the_version_is_the_package_s(raw: RawProcess) -> None:
    answer = await raw.greet()
    assert answer["result"]["serverInfo"] == {"name": "defog-lsp", "version": __version__}
    assert __version__ == metadata.version("defog-lsp")


async def test_capabilities(raw: RawProcess) -> None:
    capabilities = (await raw.greet())["result"]["capabilities"]
    assert capabilities["positionEncoding"] == "utf-16"
    assert capabilities["textDocumentSync"] == {"openClose": True, "change": 2, "save": True}
    assert capabilities["completionProvider"] == {
        "triggerCharacters": [".", '"', "`", "[", "'"],
        "resolveProvider": True,
    }
    assert capabilities["hoverProvider"] is True
    assert capabilities["executeCommandProvider"] == {
        "commands": [
            "defog.refreshMetadata",
            "defog.showStatus",
            "defog.applyEdit",
            "defog.describe",
            "defog.generateDdl",
            "defog.createTables",
            "defog.commentDatabase",
            "defog.showUncovered",
            "defog.checkHealth",
            "defog.addConnection",
            "defog.addMetadata",
            "defog.forgetSecrets",
        ],
        "workDoneProgress": True,
    }
    assert capabilities["workspace"]["workspaceFolders"] == {
        "supported": True,
        "changeNotifications": True,
    }


async def test_what_is_no_message(raw: RawProcess) -> None:
    for body, code in [
        (b"{nonsense", PARSE_ERROR),
        (b'"\xff"', PARSE_ERROR),
        (b"[" * 100_000, PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b"7", INVALID_REQUEST),
        (b'{"id": 1, "method": "shutdown"}', INVALID_REQUEST),
    ]:
        raw.send_bytes(framed(body))
        answer = await raw.receive()
        assert (answer["id"], answer["error"]["code"]) == (None, code)
    assert "result" in await raw.greet(), "the session goes on"


async def test_before_initialize(raw: RawProcess) -> None:
    hover = {"textDocument": {"uri": "file:///a.sql"}, "position": {"line": 0, "character": 0}}
    assert (await raw.request("textDocument/hover", hover))["error"]["code"] == NOT_INITIALIZED
    assert (await raw.request("shutdown"))["error"]["code"] == NOT_INITIALIZED
    item = {"uri": "file:///a.sql", "languageId": "sql", "version": 1, "text": "select"}
    raw.notify("textDocument/didOpen", {"textDocument": item})
    assert "result" in await raw.greet()


async def test_initialize_twice(raw: RawProcess) -> None:
    await raw.greet()
    assert (await raw.request("initialize", INITIALIZE))["error"]["code"] == INVALID_REQUEST


async def test_after_shutdown(raw: RawProcess) -> None:
    await raw.greet()
    assert (await raw.request("shutdown"))["result"] is None
    assert (await raw.request("defog/anything"))["error"]["code"] == INVALID_REQUEST
    raw.notify("exit")
    assert await raw.ended() == 0


async def test_exit_without_shutdown(raw: RawProcess) -> None:
    await raw.greet()
    raw.notify("exit")
    assert await raw.ended() == 1


async def test_exit_before_initialize(raw: RawProcess) -> None:
    raw.notify("exit")
    assert await raw.ended() == 1


@pytest.mark.parametrize("greeted", [False, True])
async def test_client_that_dies(raw: RawProcess, greeted: bool) -> None:
    if greeted:
        await raw.greet()
    raw.writer.close()
    assert await raw.ended() == 1


async def test_client_that_dies_in_the_middle_of_a_message(raw: RawProcess) -> None:
    raw.send_bytes(framed(b"{}")[:-1])
    raw.writer.close()
    assert await raw.ended() == 1


@pytest.mark.parametrize(
    "header",
    [b"Content-Length: many\r\n\r\n{}", b"Content-Length: -1\r\n\r\n", b"x" * 100_000 + b"\r\n"],
)
async def test_framing_that_makes_no_sense(raw: RawProcess, header: bytes, tmp_path: Path) -> None:
    raw.send_bytes(header)
    assert await raw.ended() == 1
    assert "no LSP message" in (tmp_path / "stderr.txt").read_text()


async def test_headers_in_any_case_and_order(raw: RawProcess) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE})
    kind = b"content-type: application/vscode-jsonrpc; charset=utf-8\r\n"
    raw.send_bytes(b"%scontent-length:%d\r\n\r\n%s" % (kind, len(body), body.encode()))
    assert "result" in await raw.response(1)


WRONG_PARAMETERS: list[object] = [
    None,
    [],
    {},
    {"textDocument": {"uri": "file:///a.sql"}},
    {"textDocument": {"uri": "file:///a.sql"}, "position": {"line": "zero", "character": 0}},
    {"textDocument": {"uri": "file:///a.sql"}, "position": {"line": -1, "character": 0}},
    {"textDocument": {"uri": "file:///a.sql"}, "position": {"line": 2**40, "character": 0}},
    {"textDocument": 7, "position": {"line": 0, "character": 0}},
]


async def test_wrong_parameters(raw: RawProcess) -> None:
    await raw.greet()
    for params in WRONG_PARAMETERS:
        answer = await raw.request("textDocument/hover", params)
        assert answer["error"]["code"] == INVALID_PARAMS
        assert answer["error"]["message"]
    right = {"textDocument": {"uri": "file:///a.sql"}, "position": {"line": 0, "character": 0}}
    assert (await raw.request("textDocument/hover", right))["result"] is None


async def test_wrong_notifications_are_ignored(raw: RawProcess) -> None:
    await raw.greet()
    raw.notify("textDocument/didOpen", {"textDocument": {"uri": 7}})
    raw.notify("textDocument/didChange", {"textDocument": {"uri": "file:///a.sql"}})
    change = {"textDocument": {"uri": "file:///a.sql", "version": 2}, "contentChanges": []}
    raw.notify("textDocument/didChange", change)
    raw.notify("textDocument/didClose", {"textDocument": {"uri": "file:///a.sql"}})
    raw.notify("textDocument/didSave", {"textDocument": {"uri": "not a uri"}})
    raw.notify("$/cancelRequest", {"id": 99})
    raw.notify("defog/nothing", {"a": 1})
    raw.notify("window/workDoneProgress/cancel", {"token": "unknown"})
    raw.send(id="unasked", result={"a": 1})
    raw.send(id="unasked", error={"code": 1, "message": "no"})
    assert (await raw.request("nothing/here"))["error"]["code"] == METHOD_NOT_FOUND
    assert "result" in await raw.request("shutdown")


async def test_wrong_commands(raw: RawProcess) -> None:
    await raw.greet()
    for command, arguments in [
        ("defog.unknown", []),
        ("defog.refreshMetadata", [1]),
        ("defog.refreshMetadata", ["file:///a", "file:///b"]),
        ("defog.showStatus", [{}]),
        ("defog.applyEdit", []),
        ("defog.applyEdit", ["a label", 1]),
        ("defog.applyEdit", ["a label", {"changes": 1}]),
    ]:
        params = {"command": command, "arguments": arguments}
        answer = await raw.request("workspace/executeCommand", params)
        assert answer["error"]["code"] == INVALID_PARAMS


async def test_printing_does_not_reach_the_client(tmp_path: Path) -> None:
    script = """
import os
from defog_lsp.lsp import server
made = server.create_server
def create():
    print("printed")
    os.system("echo from a child process; cat")
    return made()
server.create_server = create
raise SystemExit(server.start_io())
"""
    async with raw_server(tmp_path, script) as raw:
        assert "result" in await raw.greet()
    assert (tmp_path / "stderr.txt").read_text().split("\n")[:2] == [
        "printed",
        "from a child process",
    ]


async def test_a_client_that_reads_late(raw: RawProcess) -> None:
    """More answers than a pipe holds, all asked for before the first is read."""
    await raw.greet()
    wrong = {"textDocument": {"uri": "file:///" + "x" * 1000}}
    ids = [raw.ask("textDocument/hover", wrong) for _ in range(2000)]
    await raw.writer.drain()
    for message_id in ids:
        assert (await raw.response(message_id))["error"]["code"] == INVALID_PARAMS
