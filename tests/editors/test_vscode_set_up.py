"""The first run of the VS Code extension: from a folder with SQL to a database that is known."""

import json
import sys
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from tests.editors.vscode.workbench import SERVER, open_workbench
from tests.lsp.editor import make_database
from tests.support.databases import Server

# It may have to build the extension.
pytestmark = pytest.mark.timeout(600)


def conninfo(database: str, server: Server) -> str:
    creds = {key: str(it) for key, it in server.credentials(database).items()}
    return make_conninfo("", dbname=creds.pop("database"), **creds)


# One more table in a database.
GROW = """
import sys
from uuid import uuid4
import psycopg
with psycopg.connect(sys.argv[1]) as connection:
    connection.execute(f"create table more_{uuid4().hex} (id int)")
"""


def test_the_first_run(
    vsix: Path, tmp_path: Path, postgres_server: Server, screenshots: Path
) -> None:
    """A database in a file and one behind a password are set up; the password is in no file."""
    password, wrong = "Corr3ct-h\u00f6rse", "wr0ng-battery"
    postgres_server.execute("drop role if exists analyst")
    postgres_server.execute(f"create role analyst login password '{password}'")
    postgres_server.execute("drop database if exists first_run")
    postgres_server.create_database(
        "first_run",
        "create table orders (id int primary key, total numeric);"
        "comment on column orders.total is 'In euros, with tax.'",
    )
    line = "select o.total from orders as o"
    folders = {name: tmp_path / name for name in ("file", "server")}
    for folder in folders.values():
        folder.mkdir()
        (folder / "a.sql").write_text(line + "\n")
    make_database(folders["file"] / "shop.db", "create table orders (id integer, total numeric)")
    wanted = {
        "screenshots": str(screenshots),
        "sqlite": {
            "folder": str(folders["file"]),
            "file": "shop.db",
            "known": "1 table is known, from shop",
            "line": line,
            "name": "total",
            "described": ["total", "numeric"],
        },
        "server": {
            "folder": str(folders["server"]),
            "address": f"127.0.0.1:{postgres_server.port}",
            "database": "first_run",
            "user": "analyst",
            "wrong": wrong,
            "password": password,
            "known": "1 table is known, from first_run",
            "tables": [f"first_run: {it}" for it in ("1 table", "2 tables", "3 tables")],
            "grow": [sys.executable, "-c", GROW, conninfo("first_run", postgres_server)],
            "line": line,
            "name": "total",
            "described": ["In euros, with tax."],
        },
    }
    settings = {"defog.server.path": str(SERVER)}
    # Its own: a folder for which nothing is known is one in whose cache there is nothing at all.
    with open_workbench(tmp_path / "data", vsix, settings) as workbench:
        seen = workbench.drive(wanted, "drive_set_up.cjs")
    assert [it for it in seen["sqlite"]["kinds"] if "SQLite" in it or "Only files" in it]
    assert len(seen["sqlite"]["kinds"]) == 5
    server = seen["server"]
    assert server["kept"] == f"127.0.0.1:{postgres_server.port}"
    assert server["unseen"] == "password"
    text = (folders["server"] / "defog.toml").read_text()
    assert "password = { ask = true }" in text
    written = [it for it in tmp_path.rglob("*") if it.is_file()]
    for secret in (password, wrong):
        forms = {secret.encode(), json.dumps(secret).strip('"').encode()}
        ours = [it for it in written if it.name != "play.json"]  # what the person is to type
        assert not [it for it in ours if any(form in it.read_bytes() for form in forms)]


def test_beginning_again(
    vsix: Path, tmp_path: Path, mariadb_server: Server, screenshots: Path
) -> None:
    """Whoever is interrupted or mistaken loses nothing, and what is not finished is not written."""
    password, text = "Corr3ct-h\u00f6rse", "In euros, with tax."
    mariadb_server.execute(f"create or replace user analyst identified by '{password}'")
    mariadb_server.execute("grant all on first_run.* to analyst")
    mariadb_server.create_database(
        "first_run", "create table orders (id int primary key, total decimal(10, 2))"
    )
    line = "select o.total from orders as o"
    for name in ("server", "files", "one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.sql").write_text(line + "\n")
    mine = '# ours\nmetadata = ["ours/*.json"]\n\n[rules]\nselect-star = "hint"\n'
    (tmp_path / "files/defog.toml").write_text(mine)
    workspace = tmp_path / "both.code-workspace"
    folders = [{"path": str(tmp_path / it)} for it in ("one", "two")]
    workspace.write_text(json.dumps({"folders": folders}))
    wanted = {
        "screenshots": str(screenshots),
        "server": {
            "folder": str(tmp_path / "server"),
            "address": f"127.0.0.1:{mariadb_server.port}",
            "rest": ["first_run", "analyst", password],
            "described": {"line": line, "name": "total", "text": text},
        },
        "files": {"folder": str(tmp_path / "files")},
        "other": {"workspace": str(workspace), "folder": "two"},
    }
    settings = {"defog.server.path": str(SERVER)}
    with open_workbench(tmp_path / "data", vsix, settings) as workbench:
        seen = workbench.drive(wanted, "drive_begin.cjs")
    server = seen["server"]
    assert server["written"] == [False] * 3
    assert server["again"] == [seen["deaf"], "first_run", "analyst", ""]
    assert server["last"] == server["again"], "but not the password"
    columns = "select column_comment from information_schema.columns where column_name = 'total'"
    with mariadb_server.mysql("first_run") as connection, connection.cursor() as cursor:
        cursor.execute(f"{columns} and table_schema = 'first_run'")
        assert cursor.fetchall() == ((text,),)
    assert (tmp_path / "files/defog.toml").read_text() == mine.replace(
        '"ours/*.json"]\n', '"ours/*.json", "metadata/*.json"]\ndialect = "mysql"\n'
    )
    assert seen["other"] == {"messages": 0, "isAsked": False}, "no password before there is a user"
    assert 'account = ""' in (tmp_path / "two/defog.toml").read_text()
    assert not (tmp_path / "one/defog.toml").exists()
