"""A database for a folder that has none: tried, written down and read, or nothing at all."""

import asyncio
import socket
import tomllib
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.editor import make_database, running
from tests.lsp.person import OURS, Person
from tests.lsp.test_secrets import CAN, WRONG, Keeper, is_in
from tests.support.asking import files_with
from tests.support.databases import Server

SQL = "select u.email from users as u\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a query and a database, and nothing that says so."""
    root = tmp_path / "folder"
    root.mkdir()
    (root / "a.sql").write_text(SQL)
    make_database(root / "data.db")
    return root


def sqlite(folder: Path, file: Path | str, **more: object) -> dict[str, object]:
    return {
        "folder": folder.as_uri(),
        "db_type": "sqlite",
        "fields": {"database": str(file)},
    } | more


def postgres(folder: Path, server: Server, **more: object) -> dict[str, object]:
    fields = {**server.credentials("postgres"), "password": {"ask": True}}
    return {"folder": folder.as_uri(), "db_type": "postgres", "fields": fields} | more


async def test_a_file_becomes_the_database_of_the_folder(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder) as editor:
        uri = (folder / "a.sql").as_uri()
        editor.open(uri, SQL)
        await editor.settled()
        answer = await editor.command("defog.addConnection", sqlite(folder, folder / "data.db"))
        status = answer.pop("status")
        assert answer == {
            "uri": (folder / "defog.toml").as_uri(),
            "folder": folder.as_uri(),
            "connection": "data",
            "error": "",
            "wrong": False,
            "saved": True,
        }
        assert (status["connection"], status["state"], status["tables"]) == ("data", "ready", 1)
        assert (folder / "defog.toml").read_text() == (
            '[connections.data]\ndb_type = "sqlite"\ndatabase = "data.db"\n'
        )
        hover = await editor.hover(uri, 0, 10)
        assert hover is not None
        assert "email" in str(hover.contents)


async def test_nothing_is_written_before_the_database_answers(
    tmp_path: Path, folder: Path, postgres_server: Server
) -> None:
    async with running(tmp_path, folder, can=CAN) as editor:
        keeper = Keeper(editor, WRONG, None, postgres_server.password)
        asked = postgres(folder, postgres_server, name="dwh")
        answer = await editor.command("defog.addConnection", asked)
        assert answer["wrong"]
        assert 'refused user "postgres"' in answer["error"]
        answer = await editor.command("defog.addConnection", asked)
        assert (answer["error"], answer["wrong"]) == ("No password was given", False)
        missing = sqlite(folder, "nowhere.db")
        assert "There is no file" in (await editor.command("defog.addConnection", missing))["error"]
        assert not (folder / "defog.toml").exists()
        answer = await editor.command("defog.addConnection", asked)
        assert answer["error"] == ""
        assert answer["status"]["state"] == "ready"
        assert [(it["wrong"], it["connection"]) for it in keeper.asked] == [
            (False, "dwh"),
            (True, "dwh"),
            (True, "dwh"),
        ]
        await editor.command("defog.forgetSecrets")
        await editor.command("defog.refreshMetadata")
        assert [it["wrong"] for it in keeper.asked[3:]] == [False], "as if for the first time"
    written = tomllib.loads((folder / "defog.toml").read_text())["connections"]["dwh"]
    assert written["password"] == {"ask": True}
    assert not files_with(postgres_server.password, tmp_path)


async def test_a_database_that_does_not_answer_is_given_up(tmp_path: Path, folder: Path) -> None:
    """At once: nobody has to wait for the time that it is given."""
    asked = {"folder": folder.as_uri(), "db_type": "mysql"}
    async with running(tmp_path, folder) as editor:
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            port = deaf.getsockname()[1]
            fields = {"host": "127.0.0.1", "port": port, "database": "x", "user": "x"}
            params = lsp.ExecuteCommandParams("defog.addConnection", [{**asked, "fields": fields}])
            waiting = editor.protocol.send_request_async(
                lsp.WORKSPACE_EXECUTE_COMMAND, params, msg_id="mine"
            )
            accepted, _ = await asyncio.to_thread(deaf.accept)
            with accepted:
                editor.cancel_request(lsp.CancelParams("mine"))
                with pytest.raises(JsonRpcException) as raised:
                    await waiting
            assert raised.value.code == lsp.LSPErrorCodes.RequestCancelled
    assert not (folder / "defog.toml").exists()


async def test_what_is_there_stays(tmp_path: Path, folder: Path) -> None:
    """Also where the file is further up, is open, or is not saved."""
    before = '# Ours\r\n[rules]\r\nselect-star = "hint"  # for now\r\n'
    (folder / "defog.toml").write_text(before, newline="")
    (folder / "sub").mkdir()
    added = '\r\n[connections.data]\r\ndb_type = "sqlite"\r\ndatabase = "data.db"\r\n'
    async with running(tmp_path, folder, can=OURS) as editor:
        person = Person(editor)
        asked = sqlite(folder / "sub", folder / "data.db")
        assert (await editor.command("defog.addConnection", asked))["saved"]
        assert (folder / "defog.toml").read_bytes().decode() == before + added
        # Open, and saved.
        uri = (folder / "defog.toml").as_uri()
        person.open_file(uri, before + added, "toml")
        answer = await editor.command("defog.addConnection", asked)
        assert (answer["connection"], answer["saved"]) == ("data-2", True)
        assert answer["status"]["state"] == "ready"
        assert person.saved == [uri]
        # Open, with something that nobody has saved.
        text = person.text(uri) + "# not yet\r\n"
        person.open[uri] = 9, text
        editor.change(uri, 9, text)
        answer = await editor.command("defog.addConnection", asked)
        assert (answer["connection"], answer["saved"], answer["status"]) == ("data-3", False, None)
        assert "# not yet" in person.text(uri)
        assert "connections.data-3" in person.text(uri)
        assert person.saved == [uri]


async def test_what_is_missing_is_left_to_a_person(tmp_path: Path, folder: Path) -> None:
    asked = {"folder": folder.as_uri(), "db_type": "snowflake", "fields": {}, "unchecked": True}
    async with running(tmp_path, folder) as editor:
        answer = await editor.command("defog.addConnection", asked)
        assert (answer["error"], answer["connection"]) == ("", "snowflake")
        assert 'account = ""' in (folder / "defog.toml").read_text()


async def test_an_untrusted_workspace_gets_none(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, options={"trusted": False}) as editor:
        answer = await editor.command("defog.addConnection", sqlite(folder, folder / "data.db"))
        assert "not trusted" in answer["error"]
    assert not (folder / "defog.toml").exists()


async def test_files_alone(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder) as editor:
        asked = {"folder": folder.as_uri(), "dialect": "mysql"}
        answer = await editor.command("defog.addMetadata", asked)
        file = folder / "metadata" / "tables.json"
        assert answer == {
            "uri": (folder / "defog.toml").as_uri(),
            "file": file.as_uri(),
            "error": "",
            "saved": True,
        }
        text = 'dialect = "mysql"\nmetadata = ["metadata/*.json"]\n'
        assert (folder / "defog.toml").read_text() == text
        uri = (folder / "b.sql").as_uri()
        editor.open(uri, "select e.id from example as e\n")
        await editor.until(is_in(editor, None, "ready"), "the metadata file")
        assert "What a column means." in str(await editor.hover(uri, 0, 9))
        # Once more changes nothing; another file is left as it is.
        file.rename(file.with_name("mine.json"))
        answer = await editor.command("defog.addMetadata", asked)
        assert answer["file"] == file.with_name("mine.json").as_uri()
        assert (folder / "defog.toml").read_text() == text


async def test_wrong_arguments(tmp_path: Path) -> None:
    wrong: list[tuple[str, list[Any]]] = [
        ("defog.addConnection", []),
        ("defog.addConnection", [{"folder": "file:///x", "db_type": "sqlite"}]),
        ("defog.addConnection", [{"folder": "x", "db_type": "s", "fields": {}, "more": 1}]),
        ("defog.addMetadata", [{}]),
        ("defog.addMetadata", [{"folder": "x", "dialect": 1}]),
        ("defog.forgetSecrets", [1]),
    ]
    async with running(tmp_path) as editor:
        for command, arguments in wrong:
            with pytest.raises(JsonRpcException, match="expected"):
                await editor.command(command, *arguments)
