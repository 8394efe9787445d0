"""From metadata to statements to a real database and back: nothing is lost but what is named."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from defog_metadata.catalog import Table
from defog_metadata.ddl import create_ddl_from_metadata
from defog_metadata.extract import extract
from tests.ddl.kept import by_name, kept, named_as_written
from tests.ddl.schemas import SCHEMAS, document, tables
from tests.support.databases import Server


def check(
    db_type: str, creds: Mapping[str, object], metadata: Sequence[Table], database: str = ""
) -> None:
    expected = by_name(kept(metadata, db_type, database=database))
    schemas = sorted({it for it, _ in expected})
    found = by_name(extract(db_type, creds, schema_whitelist=schemas).tables)
    assert set(found) == set(expected)
    for key, table in expected.items():
        shown = named_as_written(found[key], table, db_type)
        # Column by column first: a whole table is too much to read in a failure.
        assert {it.name: it for it in shown.columns} == {it.name: it for it in table.columns}
        assert shown == table


@pytest.mark.parametrize("name", SCHEMAS)
def test_sqlite(tmp_path: Path, name: str) -> None:
    path = tmp_path / "made.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in create_ddl_from_metadata(document(name), "sqlite"):
            connection.execute(statement)
        assert not connection.execute("pragma foreign_key_check").fetchall()
    check("sqlite", {"database": str(path)}, tables(name))


@pytest.mark.parametrize("name", SCHEMAS)
def test_postgres(postgres_server: Server, name: str) -> None:
    creds = postgres_server.create_database(f"made_{name}")
    with closing(postgres_server.postgres(f"made_{name}")) as connection:
        for statement in create_ddl_from_metadata(document(name)):
            connection.execute(statement.encode())
    check("postgres", creds, tables(name))


@pytest.mark.parametrize("name", SCHEMAS)
def test_mariadb(mariadb_server: Server, name: str) -> None:
    creds = mariadb_server.create_database(f"made_{name}")
    with (
        closing(mariadb_server.mysql(f"made_{name}")) as connection,
        connection.cursor() as cursor,
    ):
        for statement in create_ddl_from_metadata(document(name), "mysql"):
            cursor.execute(statement)
    check("mysql", creds, tables(name), f"made_{name}")
