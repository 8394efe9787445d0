"""Descriptions written into real databases, and nothing else changed by it."""

from dataclasses import replace
from pathlib import Path

import pytest

from defog_metadata import ConfigurationError, ExecutionError, Table
from defog_metadata.execution import Descriptions, write_comments
from defog_metadata.execution.mysql_columns import with_comment
from defog_metadata.extract import extract
from tests.ddl.test_features import MARIADB, POSTGRES, SQLITE
from tests.support.databases import Server

TEXT = 'It\'s 100 % "new":\nwith \\ and `quotes`; -- and more /* */ $$ é 日本'


def described(table: Table, columns: dict[str, str], description: str | None) -> Table:
    return replace(
        table,
        description=table.description if description is None else description,
        columns=tuple(
            replace(it, description=columns.get(it.name, it.description)) for it in table.columns
        ),
    )


def check(db_type: str, creds: dict[str, object]) -> None:
    """Every column of every table gets a description, and loses it again."""
    before = extract(db_type, creds).tables
    made = [it for it in before if db_type == "postgres" or it.kind == "table"]
    for text in (TEXT, "short", ""):
        descriptions = [
            Descriptions(it, text, {column.name: text for column in it.columns}) for it in made
        ]
        statements = write_comments(db_type, creds, descriptions)
        assert statements
        expected = {
            (it.schema, it.name): described(it, {c.name: text for c in it.columns}, text)
            for it in made
        }
        found = {(it.schema, it.name): it for it in extract(db_type, creds).tables}
        for key, table in expected.items():
            assert replace(found[key], row_estimate=None) == replace(table, row_estimate=None)


def test_postgres(postgres_server: Server) -> None:
    script = f"{POSTGRES}; create view seen as select 1 as one; create materialized view kept as select 2 as two"
    creds = postgres_server.create_database("commented", script)
    check("postgres", creds)
    people = next(it for it in extract("postgres", creds).tables if it.name == "people")
    # One statement that fails takes the others back.
    with pytest.raises(ExecutionError, match=r'column "nope" of relation .* does not exist'):
        write_comments("postgres", creds, [Descriptions(people, "new", {"nope": "x"})])
    again = next(it for it in extract("postgres", creds).tables if it.name == "people")
    assert again.description == ""


def test_mariadb(mariadb_server: Server) -> None:
    creds = mariadb_server.create_database("commented", MARIADB)
    with mariadb_server.mysql("commented") as connection, connection.cursor() as cursor:
        cursor.execute(
            "alter table people add index_ int default 7 comment 'COMMENT ''x''' first,"
            " add stamped timestamp null default null on update current_timestamp(),"
            " add bin varchar(9) character set latin1 collate latin1_bin default 'CHECK (',"
            " add made varchar(30) as (concat(name, ' comment ')) virtual"
        )
        cursor.execute("show create table people")
        before = cursor.fetchall()[0][1]
    check("mysql", creds)
    with mariadb_server.mysql("commented") as connection, connection.cursor() as cursor:
        cursor.execute("show create table people")
        after = cursor.fetchall()[0][1]
    # Character sets, ON UPDATE and checks, which extraction does not tell, are there as before.
    import re

    comments = re.compile(r" COMMENT(?:=|\s)'(?:[^'\\]|''|\\.)*'")
    assert comments.sub("", after) == comments.sub("", before)
    people = next(it for it in extract("mysql", creds).tables if it.name == "people")
    with pytest.raises(ConfigurationError, match="The table people has no column 'nope'"):
        write_comments("mysql", creds, [Descriptions(people, None, {"nope": "x"})])


def test_what_cannot_be(tmp_path: Path, mariadb_server: Server) -> None:
    import sqlite3
    from contextlib import closing

    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SQLITE)
    with pytest.raises(ConfigurationError, match="sqlite has no comments: keep the descriptions"):
        write_comments("sqlite", {"database": str(path)}, [])
    creds = mariadb_server.create_database("viewed", "create view seen as select 1 as one")
    view = extract("mysql", creds).tables[0]
    with pytest.raises(ConfigurationError, match="MySQL keeps no comments of a view: seen"):
        write_comments("mysql", creds, [Descriptions(view, "x")])


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("`a` int NOT NULL", "`a` int NOT NULL COMMENT 'n'"),
        ("`a` int COMMENT 'it''s, (old)'", "`a` int COMMENT 'n'"),
        (
            "`a` enum('x,y','CHECK') DEFAULT 'COMMENT'",
            "`a` enum('x,y','CHECK') DEFAULT 'COMMENT' COMMENT 'n'",
        ),
        ("`a` int COMMENT 'o' CHECK (`a` > 0)", "`a` int COMMENT 'n' CHECK (`a` > 0)"),
        ("`a` int CHECK (`a` in (1,2))", "`a` int COMMENT 'n' CHECK (`a` in (1,2))"),
        (
            "`a` int GENERATED ALWAYS AS (`b` + 1) VIRTUAL",
            "`a` int GENERATED ALWAYS AS (`b` + 1) VIRTUAL COMMENT 'n'",
        ),
        (
            "`a` int DEFAULT NULL /*!80023 INVISIBLE */",
            "`a` int DEFAULT NULL COMMENT 'n' /*!80023 INVISIBLE */",
        ),
        (
            "`a` int DEFAULT (1) COMMENT 'o' /*!80023 INVISIBLE */",
            "`a` int DEFAULT (1) COMMENT 'n' /*!80023 INVISIBLE */",
        ),
    ],
)
def test_definitions_of_mysql(definition: str, expected: str) -> None:
    shown = f"CREATE TABLE `t` (\n  `b` int COMMENT ',`a` int',\n  {definition},\n  KEY `a` (`a`)\n) ENGINE=InnoDB"
    assert with_comment(shown, "a", "'n'") == expected
    assert with_comment(shown, "c", "'n'") is None
