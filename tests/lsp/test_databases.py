"""The commands that change databases: what they ask, what they do, what they say."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.editor import Editor, make_database, running
from tests.lsp.person import OURS, SHOWING, Person
from tests.support.databases import Server

CONNECTION = '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
PLANNED = {
    "visits": [
        {"column_name": "id", "data_type": "integer", "primary_key": True},
        {"column_name": "customer_id", "data_type": "integer", "column_description": "Who came."},
    ]
}
QUERY = "select v.id from visits v join customers c on c.id = v.customer_id\n"
QUESTION = (
    "Create 2 tables in {0} (sqlite), without rows: visits, main.customers? "
    "What is there already stays as it is."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database with customers, and a metadata file that plans their visits."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "planned.json").write_text(json.dumps(PLANNED))
    (root / "defog.toml").write_text(f'metadata = ["*.json"]\n{CONNECTION}')
    make_database(
        root / "shop.db",
        "create table customers (id integer primary key, name text)",
        "insert into customers values (1, 'Ada')",
    )
    return root


def tables(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return {it for (it,) in connection.execute("select name from sqlite_schema")}


async def open_query(editor: Editor, folder: Path, text: str = QUERY, **status: object) -> str:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, text)
    await editor.state("ready", **status)
    return uri


def at(character: int) -> dict[str, Any]:
    position = {"line": 0, "character": character}
    return {"start": position, "end": position}


async def said(editor: Editor, true: Callable[[str], bool]) -> None:
    await editor.until(lambda: any(map(true, editor.messages)), f"a message: {editor.messages}")


@pytest.mark.parametrize("can", [OURS, SHOWING], ids=["ours", "any other"])
async def test_tables_are_created_once_that_is_confirmed(
    tmp_path: Path, folder: Path, can: Any
) -> None:
    async with running(tmp_path, folder, can=can) as editor:
        uri = await open_query(editor, folder, tables=2)
        # The tables of the statement; then no, and once more with yes.
        person = Person(editor, 1, 1, 1, None, 1, 0)
        asked = {"uri": uri, "range": at(8)}
        assert await editor.command("defog.createTables", asked) is False
        assert person.asked[0][1][:2] == ["visits", "the 2 tables of this statement"]
        assert person.asked[1] == (QUESTION.format("shop"), ["Create", "Cancel"])
        assert await editor.command("defog.createTables", asked) is False
        assert tables(folder / "shop.db") == {"customers"}
        assert await editor.command("defog.createTables", asked) is True
        assert tables(folder / "shop.db") == {"customers", "visits"}
        with closing(sqlite3.connect(folder / "shop.db")) as connection:
            assert list(connection.execute("select * from customers")) == [(1, "Ada")]
            assert list(connection.execute("select customer_id from visits")) == []
        await said(editor, lambda it: it.startswith("shop (sqlite) has"))
        assert "refreshing" in [it["state"] for it in editor.statuses], "it was read again"
        begun = [it for it in editor.progress_values if it.get("kind") == "begin"]
        assert begun[-1]["title"] == "Reading the metadata of shop"


async def test_another_database_can_be_chosen(tmp_path: Path, folder: Path) -> None:
    with (folder / "defog.toml").open("a") as configuration:
        configuration.write('[connections.scratch]\ndb_type = "sqlite"\ndatabase = "scratch.db"\n')
    make_database(folder / "scratch.db", "create table unrelated (id integer)")
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder, tables=2)
        person = Person(editor, 1, 0)
        asked = {"uri": uri, "tables": ["visits", "customers"]}
        assert await editor.command("defog.createTables", asked) is True
        where, question = person.asked
        assert where == ("In which database?", ["shop (sqlite)", "scratch (sqlite)"])
        assert question[0] == QUESTION.format("scratch")
        assert tables(folder / "scratch.db") == {"unrelated", "visits", "customers"}
        assert tables(folder / "shop.db") == {"customers"}
        person.answers = [1]
        by_name = {**asked, "connection": "scratch"}
        assert await editor.command("defog.createTables", by_name) is False
        assert person.asked[2][0] == QUESTION.format("scratch")
        assert await editor.command("defog.createTables", {**asked, "connection": "no"}) is False
        await said(editor, lambda it: it == "There is no connection no")


async def test_a_database_that_refuses_says_why(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder, tables=2)
        Person(editor, 0)
        with closing(sqlite3.connect(folder / "shop.db")) as locking:
            locking.execute("begin exclusive")
            asked = {"uri": uri, "tables": ["visits"]}
            assert await editor.command("defog.createTables", asked) is False
        await said(editor, lambda it: "locked" in it)
        assert tables(folder / "shop.db") == {"customers"}


async def test_an_untrusted_workspace_changes_no_database(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS, options={"trusted": False}) as editor:
        uri = (folder / "a.sql").as_uri()
        editor.open(uri, QUERY)
        await editor.settled()
        person = Person(editor)
        for command in ("createTables", "commentDatabase"):
            asked = {"uri": uri, "tables": ["visits"]}
            assert await editor.command(f"defog.{command}", asked) is False
        await said(editor, lambda it: it == "No database is touched: the workspace is not trusted")
        assert person.asked == []


async def test_without_a_connection(tmp_path: Path, folder: Path) -> None:
    (folder / "defog.toml").write_text('dialect = "sqlite"\nmetadata = ["*.json"]\n')
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder, tables=1)
        Person(editor)
        asked = {"uri": uri, "tables": ["visits"]}
        assert await editor.command("defog.createTables", asked) is False
        await said(editor, lambda it: it.startswith("There is no database: add a [connections."))


async def test_sqlite_has_no_comments(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder, tables=2)
        Person(editor, 0)
        asked = {"uri": uri, "tables": ["visits"]}
        assert await editor.command("defog.commentDatabase", asked) is False
        await said(editor, lambda it: "sqlite has no comments" in it)


async def test_nothing_to_write(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder, tables=2)
        Person(editor)
        asked = {"uri": uri, "tables": ["customers"]}
        assert await editor.command("defog.commentDatabase", asked) is False
        await said(editor, lambda it: it == "Nothing of main.customers has a description")


COMMENTS = {
    "postgres": """
        select coalesce(obj_description('orders'::regclass), ''), attname,
               coalesce(col_description(attrelid, attnum), '')
        from pg_attribute where attrelid = 'orders'::regclass and attnum > 0 order by attnum""",
    "mysql": """
        select t.table_comment, c.column_name, c.column_comment
        from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where table_schema = database() and table_name = 'orders' order by c.ordinal_position""",
}


def comments(server: Server, database: str) -> list[tuple[str, ...]]:
    connection: Any = (
        server.postgres(database) if server.db_type == "postgres" else server.mysql(database)
    )
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(COMMENTS[server.db_type])
        return [tuple(it) for it in cursor.fetchall()]


@pytest.mark.parametrize("engine", ["postgres_server", "mariadb_server"])
async def test_descriptions_become_comments(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    name = "actions_comments"
    creds = server.create_database(
        name, "create table orders (id integer not null primary key, total numeric(10, 2))"
    )
    folder = tmp_path / "shop"
    folder.mkdir()
    described = {
        "orders": {
            "table_description": "What was bought.",
            "columns": [
                {"column_name": "total", "data_type": "", "column_description": "It's 100 %."}
            ],
        }
    }
    (folder / "orders.json").write_text(json.dumps(described))
    lines = [f"{key} = {json.dumps(value)}" for key, value in creds.items()]
    connection = "\n".join([f'db_type = "{server.db_type}"', *lines])
    rules = '[rules]\nplain-text-password = "off"\n'
    (folder / "defog.toml").write_text(
        f'metadata = ["*.json"]\n[connections.shop]\n{connection}\n{rules}'
    )
    async with running(tmp_path, folder, can=SHOWING) as editor:
        uri = await open_query(editor, folder, "select o.total from orders o\n", tables=1)
        person = Person(editor, 1, 0, 0)
        asked = {"uri": uri, "range": at(10)}
        assert await editor.command("defog.commentDatabase", asked) is False
        assert comments(server, name) == [("", "id", ""), ("", "total", "")]
        only = {"uri": uri, "tables": ["orders"], "columns": ["total"]}
        assert await editor.command("defog.commentDatabase", only) is True
        assert comments(server, name) == [("", "id", ""), ("", "total", "It's 100 %.")]
        assert await editor.command("defog.commentDatabase", asked) is True
        assert comments(server, name) == [
            ("What was bought.", "id", ""),
            ("What was bought.", "total", "It's 100 %."),
        ]
        assert [it[1] for it in person.asked] == [["Write", "Cancel"]] * 3
        assert person.asked[0][0].startswith("Write 2 descriptions of ")
        assert person.asked[1][0].startswith("Write 1 description of ")
        assert "shop (" in person.asked[0][0]
