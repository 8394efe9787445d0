"""The warehouse in the forms that contenders read it in, kept between runs."""

import hashlib
import json
import shutil
from itertools import islice
from pathlib import Path

from psycopg import sql

from benchmarks import warehouse
from defog_metadata.catalog import Table
from tests.support.databases import Server
from tests.support.tools import REPOSITORY

__all__ = ["KEPT", "cache_home", "fill_postgres", "schema_file"]

KEPT = REPOSITORY / ".bench"
"""The folder of everything that benchmarks make."""

_TABLES_AT_ONCE = 200
"""Created in one transaction: each holds a lock until its end."""


def cache_home(tables: int) -> Path:
    """A ``DEFOG_HOME`` whose cache has the warehouse."""
    home = _folder(tables)
    warehouse.write_cache_file(home / "cache", tables)
    return home


def schema_file(tables: int) -> Path:
    """The same tables in the format of sql-language-server, which the completers read too."""
    path = _folder(tables) / "schema.json"
    if not path.exists():
        written = [
            {
                "catalog": None,
                "database": table.schema,
                "tableName": table.name,
                "columns": [
                    {"columnName": it.name, "description": it.description} for it in table.columns
                ],
            }
            for table in warehouse.tables(tables)
        ]
        partly = path.with_suffix(".part")
        partly.write_text(json.dumps({"tables": written, "functions": []}), encoding="utf-8")
        partly.replace(path)
    return path


def fill_postgres(server: Server, tables: int) -> str:
    """The name of a new database with the same tables and columns, the first schema searched.

    Without keys and comments, which would double the time that it takes.
    """
    name = f"warehouse_{tables}"
    server.create_database(name)
    with server.postgres(name) as connection:
        for schema in warehouse.SCHEMAS:
            connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        created = map(_create_table, warehouse.tables(tables))
        while some := list(islice(created, _TABLES_AT_ONCE)):
            connection.execute(sql.SQL(";").join(some))
        connection.execute("analyze pg_catalog.pg_class")
        connection.execute("analyze pg_catalog.pg_attribute")
    return name


def _create_table(table: Table) -> sql.Composed:
    columns = (
        sql.SQL("{} {}").format(sql.Identifier(it.name), sql.SQL(it.type)) for it in table.columns
    )
    return sql.SQL("create table {}.{} ({})").format(
        sql.Identifier(table.schema), sql.Identifier(table.name), sql.SQL(", ").join(columns)
    )


def _folder(tables: int) -> Path:
    """Of this warehouse: another one, made by another version of the script, is not it."""
    made_by = hashlib.sha256(Path(warehouse.__file__).read_bytes()).hexdigest()[:12]
    warehouses = KEPT / f"warehouse-{made_by}"
    for other in KEPT.glob("warehouse-*"):
        if other != warehouses:
            shutil.rmtree(other)
    folder = warehouses / str(tables)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
