"""Every request of the protocol that the server answers, with valid, stale and absurd parameters.

Whatever is sent, the answer has the shape that the specification gives it (lsprotocol's converter,
on the client's side, is the judge), an error is one for which the parameters are to blame, and the
session goes on.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.protocol import default_converter

from defog_lsp.lsp.server import create_server
from tests.lsp.raw import RawProcess, raw_server

INVALID_PARAMS, METHOD_NOT_FOUND = -32602, -32601
REQUEST_FAILED, REQUEST_CANCELLED = -32803, -32800
SQL = "with c as (select id, email as m from users)\nselect * from c where c.m = 'é🙂' order by 1\n"
CONVERTER = default_converter()  # type: ignore[no-untyped-call]
# What the server sends, and what ends or begins a session, is tested elsewhere.
_ELSEWHERE = frozenset((lsp.INITIALIZE, lsp.INITIALIZED, lsp.SHUTDOWN))


def requests() -> list[str]:
    """The methods of requests that the server has a handler for."""
    features = create_server().protocol.fm.features
    return sorted(
        it
        for it in features
        if it not in _ELSEWHERE and it in lsp.METHOD_TO_TYPES and lsp.METHOD_TO_TYPES[it][1]
    )


def notifications() -> list[str]:
    """The methods of notifications that the server has a handler for."""
    features = create_server().protocol.fm.features
    return sorted(
        it
        for it in features
        if it not in _ELSEWHERE and it in lsp.METHOD_TO_TYPES and not lsp.METHOD_TO_TYPES[it][1]
    )


@pytest.fixture
async def raw(tmp_path: Path) -> AsyncIterator[RawProcess]:
    folder = tmp_path / "folder"
    folder.mkdir()
    columns = [
        {"column_name": "id", "data_type": "int"},
        {"column_name": "email", "data_type": "text"},
    ]
    (folder / "users.json").write_text(json.dumps({"users": {"columns": columns}}))
    (folder / "defog.toml").write_text('metadata = ["users.json"]\ndialect = "postgres"\n')
    async with raw_server(tmp_path) as server:
        everything = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": True}},
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
                "definition": {"linkSupport": True},
            },
            "workspace": {
                "workspaceEdit": {"documentChanges": True},
                "fileOperations": {"willRename": True},
            },
        }
        root = {"processId": None, "rootUri": folder.as_uri(), "capabilities": everything}
        await server.request("initialize", root)
        server.notify("initialized", {})
        uri = (folder / "a.sql").as_uri()
        item = {"uri": uri, "languageId": "sql", "version": 3, "text": SQL}
        server.notify("textDocument/didOpen", {"textDocument": item})
        yield server


def uri_in(folder: Path) -> str:
    return (folder / "folder" / "a.sql").as_uri()


def parameters(uri: str, line: int, character: int) -> dict[str, Any]:
    """All that any request asks for; each takes what it knows."""
    position = {"line": line, "character": character}
    range_ = {"start": {"line": 0, "character": 0}, "end": position}
    return {
        "textDocument": {"uri": uri},
        "position": position,
        "positions": [position],
        "range": range_,
        "context": {
            "includeDeclaration": True,
            "diagnostics": [],
            "triggerKind": 1,
            "isRetrigger": False,
        },
        "newName": "other",
        "previousResultId": "1",
        "previousResultIds": [],
        "query": "us",
        "uri": "defog:/-/-/users.sql",
        "command": "defog.showStatus",
        "arguments": [],
        "options": {"tabSize": 2, "insertSpaces": True},
        "ch": ";",
        "label": "id",
        "title": "mend",
        "kind": 9,
        "name": "users",
        "location": {"uri": uri},
        "files": [{"oldUri": uri, "newUri": f"{uri}.old"}],
        "workDoneToken": "work",
        "item": {
            "name": "users",
            "kind": 5,
            "uri": uri,
            "range": range_,
            "selectionRange": range_,
            "data": {
                "uri": uri,
                "kind": ("table", "cte")[line % 2],
                "name": ("users", "c")[line % 2],
            },
        },
    }


def places() -> Iterator[tuple[int, int]]:
    """Names, ends, behind the end of lines and of the text, inside a character of two units."""
    yield from ((0, 5), (0, 18), (0, 30), (0, 39), (1, 7), (1, 14), (1, 26), (1, 33), (2, 0))
    yield from ((0, 10_000), (99, 0), (2**31 - 1, 2**31 - 1))


async def test_valid_and_stale(raw: RawProcess, tmp_path: Path) -> None:
    gone = (tmp_path / "folder" / "gone.sql").as_uri()
    uris = (uri_in(tmp_path), gone, "untitled:x", "defog:/-/users.sql", "nonsense")
    for method, uri in product(requests(), uris):
        for line, character in places():
            params = parameters(uri, line, character)
            if method != lsp.WORKSPACE_EXECUTE_COMMAND:
                del params["command"]  # which is something else in others
            answer = await raw.request(method, params)
            # A name that cannot be another is refused with the reason.
            check(method, answer, (REQUEST_FAILED,) if "ename" in method else ())
    await goes_on(raw, tmp_path)


async def test_parts_and_what_is_cancelled_at_once(raw: RawProcess, tmp_path: Path) -> None:
    for method in requests():
        params = parameters(uri_in(tmp_path), 0, 18) | {"partialResultToken": f"p:{method}"}
        if method == lsp.WORKSPACE_DIAGNOSTIC:
            continue  # is answered when there is something new; see test_workspace_checks
        if method != lsp.WORKSPACE_EXECUTE_COMMAND:
            del params["command"]
        asked = raw.ask(method, params)
        raw.notify("$/cancelRequest", {"id": asked})
        check(method, await raw.response(asked), (REQUEST_CANCELLED, REQUEST_FAILED))
        answer = await raw.request(method, params)
        check(method, answer, (REQUEST_FAILED,) if "ename" in method else ())
        parts = [
            it["params"]["value"]
            for it in raw.heard
            if it.get("method") == "$/progress" and it["params"]["token"] == f"p:{method}"
        ]
        assert not (parts and answer["result"]), f"{method} is told in parts or as a whole"
        for part in parts:
            check(method, {**answer, "result": part}, ())
    assert any(it.get("method") == "$/progress" for it in raw.heard), "references, at least"
    await goes_on(raw, tmp_path)


async def test_notifications_that_make_no_sense(raw: RawProcess, tmp_path: Path) -> None:
    for method in notifications():
        for params in (*ABSURD.values(), parameters("untitled:x", 3, 4)):
            raw.notify(method, params)
    raw.notify("workspace/didChangeWatchedFiles", FLOOD)
    await goes_on(raw, tmp_path)


FLOOD = {"changes": [{"uri": f"file:///repo/.git/objects/{it}", "type": 1} for it in range(10_000)]}
ABSURD: Mapping[str, object] = {
    "nothing": None,
    "a list": [],
    "a number": 7,
    "no members": {},
    "null members": dict.fromkeys(parameters("", 0, 0)),
    "text for all": dict.fromkeys(parameters("", 0, 0), "x"),
    "numbers for all": dict.fromkeys(parameters("", 0, 0), -1),
    "negative": parameters("file:///a.sql", -1, -5),
    "fractions": {**parameters("file:///a.sql", 0, 0), "position": {"line": 0.5, "character": 1}},
    "half a character": parameters("file:///\ud800.sql", 0, 0),
}


async def test_absurd(raw: RawProcess, tmp_path: Path) -> None:
    for method, (name, params) in product(requests(), ABSURD.items()):
        answer = await raw.request(method, params)
        assert "result" in answer or "error" in answer, (method, name)
        check(method, answer, (INVALID_PARAMS, REQUEST_FAILED))
    await goes_on(raw, tmp_path)


def check(method: str, answer: Any, allowed: tuple[int, ...]) -> None:
    if "error" in answer:
        assert answer["error"]["code"] in allowed, (method, answer["error"])
        return
    response = lsp.METHOD_TO_TYPES[method][1]
    assert response is not None
    CONVERTER.structure(answer, response)


async def goes_on(raw: RawProcess, folder: Path) -> None:
    hover = await raw.request("textDocument/hover", parameters(uri_in(folder), 0, 38))
    assert "users" in json.dumps(hover["result"])
    failures = [
        it["params"]["message"]
        for it in raw.heard
        if it.get("method") == "window/logMessage" and "failed" in it["params"]["message"]
    ]
    assert failures == []
