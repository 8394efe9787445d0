"""A password that ``defog.toml`` leaves to people: who is asked, when, and where it gets to."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, capabilities, make_database, running
from tests.support.asking import asking_section, asking_workspace, files_with
from tests.support.databases import Server

SQL = "select o.id from orders as o\n"
CAN = attrs.evolve(capabilities(), experimental={"defog": {"secret": True}})
WRONG = "n0t the passw0rd"
SHOP = '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'

# What others could see of a process that is given the password.
SEEN = """
import json, os, sys
if "defog_lsp.background" in sys.orig_argv:
    with open({path!r}, "a") as file:
        print(json.dumps([sys.orig_argv, dict(os.environ)]), file=file)
"""


class Keeper:
    """Gives *answers* in turn to whoever asks for a password; the last one again and again."""

    def __init__(self, editor: Editor, *answers: str | None) -> None:
        self.asked: list[dict[str, Any]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        waiting = list(answers)

        async def secret(params: Any) -> str | None:
            self.asked.append(params._asdict())
            await self.may_answer.wait()
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

        editor.feature("defog/secret")(secret)


@pytest.fixture
def dwh(tmp_path: Path, postgres_server: Server) -> Path:
    return asking_workspace(tmp_path / "dwh", postgres_server)


def opened(editor: Editor, folder: Path, name: str = "a.sql", text: str = SQL) -> str:
    uri = (folder / name).as_uri()
    editor.open(uri, text)
    return uri


async def test_it_is_asked_for_once_and_is_nowhere_but_in_memory(
    tmp_path: Path, dwh: Path, postgres_server: Server
) -> None:
    secret, seen = postgres_server.password, tmp_path / "seen.jsonl"
    patch = SEEN.format(path=str(seen))
    async with running(tmp_path, dwh, can=CAN, patch=patch) as editor:
        keeper = Keeper(editor, secret)
        uri = opened(editor, dwh)
        await editor.state("ready", tables=1)
        assert keeper.asked == [
            {
                "connection": "dwh",
                "folder": dwh.as_uri(),
                "user": "postgres",
                "host": "127.0.0.1",
                "title": "Password of postgres for dwh on 127.0.0.1",
                "wrong": False,
            }
        ]
        hover = await editor.hover(uri, 0, 9)
        assert hover is not None
        [status] = await editor.command("defog.refreshMetadata", dwh.as_uri())
        assert status["state"] == "ready"
        assert len(keeper.asked) == 1, "it is remembered for the session"
        said = json.dumps([editor.statuses, editor.messages, editor.logged])
        assert secret not in said
        assert json.dumps(secret).strip('"') not in said
    processes = [json.loads(it) for it in seen.read_text().splitlines()]
    assert len(processes) == 2, "the process that reads the database was looked at"
    assert not files_with(secret, tmp_path)


async def test_what_was_read_before_needs_no_password(
    tmp_path: Path, dwh: Path, postgres_server: Server
) -> None:
    async with running(tmp_path, dwh, can=CAN) as editor:
        Keeper(editor, postgres_server.password)
        opened(editor, dwh)
        await editor.state("ready", tables=1)
    async with running(tmp_path, dwh, can=CAN) as editor:
        keeper = Keeper(editor, None)
        opened(editor, dwh)
        await editor.state("ready", tables=1)
        assert keeper.asked == []
        # Who then does not give it keeps what there is.
        [status] = await editor.command("defog.refreshMetadata")
        assert (status["state"], status["tables"]) == ("stale", 1)
        assert len(keeper.asked) == 1
    async with running(tmp_path, dwh, can=CAN, options={"trusted": False}) as editor:
        keeper = Keeper(editor, postgres_server.password)
        opened(editor, dwh)
        await editor.state("ready", tables=1)
        [status] = await editor.command("defog.refreshMetadata")
        assert (status["state"], status["tables"]) == ("stale", 1)
        assert "not trusted" in status["message"]
        assert keeper.asked == []


async def test_a_wrong_one_is_asked_for_again_but_not_for_ever(
    tmp_path: Path, dwh: Path, postgres_server: Server
) -> None:
    async with running(tmp_path, dwh, can=CAN) as editor:
        keeper = Keeper(editor, WRONG, WRONG, WRONG, postgres_server.password)
        opened(editor, dwh)
        status = await editor.state("error")
        assert 'refused user "postgres"' in status["message"]
        assert len(keeper.asked) == 3
        # A person may try again.
        [status] = await editor.command("defog.refreshMetadata")
        assert status["state"] == "ready"
        assert [it["wrong"] for it in keeper.asked] == [False, True, True, True]
    assert not files_with(WRONG, tmp_path)


async def test_nobody_has_to_answer(tmp_path: Path, dwh: Path, postgres_server: Server) -> None:
    async with running(tmp_path, dwh, can=CAN) as editor:
        keeper = Keeper(editor, None, postgres_server.password)
        opened(editor, dwh)
        asks_again = "No password was given. Refreshing the metadata asks for it again."
        await editor.state("none", message=asks_again)
        # Neither another document nor a changed file is a reason to ask again.
        (dwh / "defog.toml").write_text((dwh / "defog.toml").read_text() + "# changed\n")
        opened(editor, dwh, "b.sql")
        await editor.command("defog.showStatus")
        assert len(keeper.asked) == 1
        [status] = await editor.command("defog.refreshMetadata")
        assert (status["state"], status["tables"]) == ("ready", 1)
        assert [it["wrong"] for it in keeper.asked] == [False, False]


async def test_everything_else_goes_on_meanwhile(
    tmp_path: Path, dwh: Path, postgres_server: Server
) -> None:
    make_database(dwh / "shop.db")
    rule = '[[files]]\ninclude = ["shop*.sql"]\nconnection = "shop"\n'
    toml = (
        asking_section("dwh", postgres_server)
        + asking_section("other", postgres_server)
        + SHOP
        + rule
    )
    toml += '[[files]]\ninclude = ["other*.sql"]\nconnection = "other"\n'
    (dwh / "defog.toml").write_text('metadata = ["*.json"]\n' + toml)
    described = {"orders": [{"column_name": "id", "data_type": "int", "column_description": "A"}]}
    (dwh / "m.json").write_text(json.dumps(described))
    async with running(tmp_path, dwh, can=CAN) as editor:
        keeper = Keeper(editor, postgres_server.password)
        keeper.may_answer.clear()
        uri = opened(editor, dwh)
        opened(editor, dwh, "other.sql")
        await editor.until(lambda: keeper.asked, "a question")
        # Another database is read, and files that change are read again.
        opened(editor, dwh, "shop.sql", "select u.id from users as u\n")
        await editor.until(is_in(editor, "shop", "ready"), "the other database")
        described["orders"][0]["column_description"] = "What it is called by."
        (dwh / "m.json").write_text(json.dumps(described))

        async def hovers() -> bool:
            hover = await editor.hover(uri, 0, 9)
            return hover is not None and "called by" in str(hover.contents)

        for _ in range(100):
            if await hovers():
                break
            await asyncio.sleep(0.1)
        assert await hovers()
        assert len(keeper.asked) == 1, "one question at a time"
        keeper.may_answer.set()
        await editor.until(is_in(editor, "dwh", "ready"), "the database")
        await editor.until(is_in(editor, "other", "ready"), "its other connection")
        assert sorted(it["connection"] for it in keeper.asked) == ["dwh", "other"]


def is_in(editor: Editor, connection: str | None, state: str) -> Callable[[], bool]:
    def last() -> bool:
        of = [it for it in editor.statuses if it["connection"] == connection]
        return bool(of) and of[-1]["state"] == state

    return last


async def test_an_editor_that_cannot_ask(tmp_path: Path, dwh: Path) -> None:
    async with running(tmp_path, dwh) as editor:
        opened(editor, dwh)
        status = await editor.state("error")
        assert 'write password = { env = "VARIABLE" } in defog.toml' in status["message"]
        assert editor.messages == [status["message"]]


@pytest.mark.parametrize("answer", [True, False])
async def test_commands_that_change_a_database(
    tmp_path: Path, dwh: Path, postgres_server: Server, *, answer: bool
) -> None:
    planned = {"visits": [{"column_name": "id", "data_type": "integer"}]}
    (dwh / "planned.json").write_text(json.dumps(planned))
    (dwh / "defog.toml").write_text(
        'metadata = ["*.json"]\n' + asking_section("dwh", postgres_server)
    )
    async with running(tmp_path, dwh, can=CAN) as editor:
        keeper = Keeper(editor, None, postgres_server.password if answer else None)

        def agree(params: lsp.ShowMessageRequestParams) -> lsp.MessageActionItem:
            return (params.actions or ())[0]

        editor.feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)(agree)
        uri = opened(editor, dwh, text="select v.id from visits v\n")
        await editor.until(is_in(editor, "dwh", "stale"), "the files alone")
        await editor.until(lambda: keeper.asked, "a question")
        asked = {"uri": uri, "tables": ["visits"]}
        assert await editor.command("defog.createTables", asked) is answer
        with postgres_server.postgres("asked") as connection:
            found = connection.execute("select to_regclass('visits') is not null").fetchone()
        assert found == (answer,)
        expected = "dwh (postgres) has" if answer else "No password was given for dwh"
        await editor.until(
            lambda: any(it.startswith(expected) for it in editor.messages), "a message"
        )
