"""Every word that an engine has a meaning for, as the name of a table, a column and an index."""

import sqlite3
from contextlib import closing

from sqlglot.dialects.dialect import Dialect

from defog_metadata.catalog import Column, ForeignKey, Index, Table
from defog_metadata.ddl import create_ddl_from_metadata
from tests.support.databases import Server

WORDS = sorted(
    {
        word.lower()
        for dialect in ("", "postgres", "mysql", "sqlite", "tsql", "oracle", "snowflake")
        for word in Dialect.get_or_raise(dialect or None).tokenizer_class.KEYWORDS
        if word.replace("_", "").isalpha()
    }
    | {"if", "generated", "always", "without", "rowid", "strict", "hidden", "replace", "abort"}
)


def made(*words: str) -> list[Table]:
    """Each word as all of it at once: the table, its columns, its key, its index."""
    return [
        Table(
            word,
            (Column(word, "integer", nullable=False), Column(f"{word}_", "integer")),
            primary_key=(word,),
            foreign_keys=(ForeignKey((f"{word}_",), word, (word,)),),
            indexes=(Index(f"{word}_i", (f"{word}_", word)),),
        )
        for word in words
    ]


def test_there_are_enough() -> None:
    assert len(WORDS) > 300


def test_sqlite() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in create_ddl_from_metadata(made(*WORDS), "sqlite"):
            connection.execute(statement)


def test_postgres(postgres_server: Server) -> None:
    postgres_server.create_database("words")
    with closing(postgres_server.postgres("words")) as connection:
        known = connection.execute("select word from pg_get_keywords()").fetchall()
        words = sorted({*WORDS, *(word for (word,) in known)})
        for statement in create_ddl_from_metadata(made(*words), "postgres", if_not_exists=True):
            connection.execute(statement.encode())


def test_mariadb(mariadb_server: Server) -> None:
    mariadb_server.create_database("words")
    with (
        closing(mariadb_server.mysql("words")) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("select word from information_schema.keywords")
        words = sorted({*WORDS, *(it.lower() for (it,) in cursor.fetchall() if it.isalpha())})
        for statement in create_ddl_from_metadata(made(*words), "mysql"):
            cursor.execute(statement)
