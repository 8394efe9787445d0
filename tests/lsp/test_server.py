"""The process: what it loads, how it is cancelled, how it ends."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp.markup import plain
from defog_lsp.lsp.settings import read_settings
from defog_lsp.lsp.uris import path_of, uri_of
from tests.lsp.editor import environment, running
from tests.lsp.raw import INITIALIZE, Raw, framed, raw_server

SLOW_HOVER = """
import time
from defog_lsp.lsp import late
real = late.hover
def slow(snapshot, offset):
    if offset == 0:
        time.sleep(30)
    return real(snapshot, offset)
late.hover = slow
from defog_lsp.lsp.server import start_io
raise SystemExit(start_io())
"""
# What takes long to import and what initialize has no use for.
HEAVY = {"sqlalchemy", "psycopg", "pymysql", "numpy", "rank_bm25", "sqlglot", "diskcache"}
LISTED = """
import sys
from defog_lsp.lsp import protocol, server
send = protocol.SqlProtocol._send_response
def listing(self, *arguments, **options):
    send(self, *arguments, **options)
    print("LOADED", *sorted(sys.modules), file=sys.stderr)
protocol.SqlProtocol._send_response = listing
raise SystemExit(server.start_io())
"""


async def test_initialize_is_answered_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    async with raw_server(tmp_path, LISTED) as raw:
        await raw.greet()
        await raw.request("shutdown")
    listed = (tmp_path / "stderr.txt").read_text().split("\n")[0].split()
    assert listed[0] == "LOADED"
    assert HEAVY.isdisjoint(listed)
    assert not [it for it in listed if it.startswith(("defog_lsp.ide", "defog_metadata.sql"))]


async def test_initialize_touches_no_file(tmp_path: Path) -> None:
    async with raw_server(tmp_path) as raw:
        await raw.request("initialize", INITIALIZE)
        assert [it.name for it in tmp_path.iterdir()] == ["stderr.txt"]


async def test_cancelled_request_is_answered_while_it_still_runs(tmp_path: Path) -> None:
    async with running(tmp_path, script=SLOW_HOVER) as editor:
        editor.open("file:///a.sql", "select count(*) from")
        params = lsp.HoverParams(lsp.TextDocumentIdentifier("file:///a.sql"), lsp.Position(0, 0))
        began = time.monotonic()
        # More than any pool has threads: what nobody waits for must not be in the way.
        slow = [
            editor.protocol.send_request(lsp.TEXT_DOCUMENT_HOVER, params, msg_id=f"slow{it}")
            for it in range(40)
        ]
        await editor.codes("file:///a.sql", ["syntax-error"])
        assert await editor.hover("file:///a.sql", 0, 3) is None
        assert not any(it.done() for it in slow)
        for number in range(40):
            editor.cancel_request(lsp.CancelParams(f"slow{number}"))
        await editor.hover("file:///a.sql", 0, 3)
        for it in slow:
            with pytest.raises(JsonRpcException) as raised:
                it.result(timeout=0)
            assert raised.value.code == lsp.LSPErrorCodes.RequestCancelled
        await editor.leave()
        assert time.monotonic() - began < 30, "neither answers nor the end wait for it"


async def test_failing_feature_is_an_error_and_not_the_end(tmp_path: Path) -> None:
    script = """
from defog_lsp.lsp import late
def fails(view, *_):
    raise ZeroDivisionError(view.snapshot.text)
late.hover = late.findings_by_section = fails
from defog_lsp.lsp.server import start_io
raise SystemExit(start_io())
"""
    async with raw_server(tmp_path, script) as raw:
        await raw.greet()
        item = {"uri": "file:///a.sql", "languageId": "sql", "version": 1, "text": "secret text"}
        raw.notify("textDocument/didOpen", {"textDocument": item})
        where = {"textDocument": {"uri": "file:///a.sql"}, "position": {"line": 0, "character": 0}}
        assert (await raw.request("textDocument/hover", where))["error"]["code"] == -32603
        assert (await raw.request("textDocument/completion", where))["result"] is not None
        await raw.request("shutdown")
        raw.notify("exit")
        assert await raw.ended() == 0
    told = [it["params"]["message"] for it in raw.heard if it["method"] == "window/logMessage"]
    # Diagnostics may run once before the metadata is there and once after.
    assert len({it.partition(":")[0] for it in told if "ZeroDivisionError" in it}) == 2
    logs = [it.read_text() for it in (tmp_path / "defog/logs").iterdir()]
    logs.append((tmp_path / "stderr.txt").read_text())
    assert "secret text" not in "".join([*told, *logs]), "what users write stays with them"


async def test_parent_that_ends_without_a_word(tmp_path: Path) -> None:
    """The pipe may stay open in another process."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import time; time.sleep(60)"
    )
    async with raw_server(tmp_path) as raw:
        await raw.request("initialize", {**INITIALIZE, "processId": parent.pid})
        raw.notify("initialized", {})
        parent.kill()
        await parent.wait()
        assert await raw.ended() == 1


TCP = """
from defog_lsp.lsp.server import start_tcp
def tell(host, port):
    print(host, port, flush=True)
raise SystemExit(start_tcp("127.0.0.1", 0, on_listening=tell))
"""


@asynccontextmanager
async def listening(home: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", TCP, stdout=asyncio.subprocess.PIPE, env=environment(home)
    )
    try:
        assert process.stdout is not None
        host, port = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()
        assert host == "127.0.0.1"
        yield process, int(port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def connected(port: int) -> Raw:
    return Raw(*await asyncio.open_connection("127.0.0.1", port))


async def test_tcp(tmp_path: Path) -> None:
    async with listening(tmp_path) as (process, port):
        raw = await connected(port)
        await raw.greet()
        item = {"uri": "file:///a.sql", "languageId": "sql", "version": 1, "text": "select from"}
        raw.notify("textDocument/didOpen", {"textDocument": item})
        while (message := await raw.receive()).get("method") != "textDocument/publishDiagnostics":
            pass
        assert message["params"]["uri"] == "file:///a.sql"
        assert (await raw.request("shutdown"))["result"] is None
        raw.notify("exit")
        assert await asyncio.wait_for(process.wait(), 30) == 0
        raw.writer.close()


async def test_tcp_client_that_dies(tmp_path: Path) -> None:
    async with listening(tmp_path) as (process, port):
        raw = await connected(port)
        await raw.greet()
        raw.send_bytes(framed(b"half of a message")[:-3])
        raw.writer.transport.abort()
        assert await asyncio.wait_for(process.wait(), 30) == 1


async def test_tcp_clients_have_sessions_of_their_own(tmp_path: Path) -> None:
    async with listening(tmp_path) as (process, port):
        curious = await connected(port)
        curious.writer.close()
        one, two = await connected(port), await connected(port)
        await one.greet()
        assert (await two.request("textDocument/hover"))["error"]["code"] == -32002
        await two.greet()
        await one.request("shutdown")
        one.notify("exit")
        assert await one.reader.read() is not None
        assert "result" in await two.request("shutdown")
        two.notify("exit")
        assert await asyncio.wait_for(process.wait(), 30) == 0
        one.writer.close()
        two.writer.close()


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.sql", "/a/b.sql"),
        ("file:///a%20b/%C3%BC.sql", "/a b/ü.sql"),
        ("file:///a;b.sql", "/a;b.sql"),
        ("file:///a#b?c.sql", "/a#b?c.sql"),
        ("file:///100%25.sql", "/100%.sql"),
        ("file://localhost/a.sql", "/a.sql"),
        ("untitled:Untitled-1", None),
        ("vscode-remote://host/a.sql", None),
        ("file:", None),
        ("", None),
        ("no uri", None),
    ],
)
def test_paths_of_uris(uri: str, path: str | None) -> None:
    assert path_of(uri) == (None if path is None else Path(path))


def test_uris_of_paths() -> None:
    for path in (Path("/a b/ü#?;%.sql"), Path("/")):
        assert path_of(uri_of(path)) == path


@pytest.mark.parametrize(
    ("value", "overrides", "configuration", "problems"),
    [
        (None, {}, "", 0),
        ({}, {}, "", 0),
        ({"dialect": "mysql"}, {"dialect": "mysql"}, "", 0),
        ({"defog": {"dialect": "mysql"}}, {"dialect": "mysql"}, "", 0),
        ({"configuration": "a.toml", "dialect": ""}, {"dialect": ""}, "a.toml", 0),
        ({"configuration": None}, {}, "", 0),
        ({"configuration": ["a"]}, {}, "", 1),
        ("mysql", {}, "", 1),
        ([], {}, "", 1),
    ],
)
def test_settings(value: object, overrides: object, configuration: str, problems: int) -> None:
    settings = read_settings(value)
    assert settings.overrides == overrides
    assert settings.configuration == configuration
    assert len(settings.problems) == problems


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("", ""),
        ("**bold** and *slanted* and `code`", "bold and slanted and code"),
        ("a * b * c, snake_case_name", "a * b * c, snake_case_name"),
        ("```sql\nselect *\nfrom t -- **no**\n```\n\nAfter", "select *\nfrom t -- **no**\n\nAfter"),
        ("# Title\n\n---\n\n- item [text](https://example.org)", "Title\n\n- item text"),
        (r"1 \* 2 \_ 3", "1 * 2 _ 3"),
        ("```sql\nnever closed", "never closed"),
    ],
)
def test_plain_text_of_markdown(markdown: str, text: str) -> None:
    assert plain(markdown) == text
