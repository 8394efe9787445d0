"""Tables whose statements cannot be read are found, and no others."""

import pytest

from defog_metadata import Column, Table
from defog_metadata.ddl import create_ddl_from_metadata, ddl_problems
from defog_metadata.sql.syntax import parse
from tests.ddl.schemas import SCHEMAS, document, tables
from tests.ddl.test_dialects import DIALECTS

ENGINES = ["postgres", "mysql", "sqlite", "duckdb", "snowflake", "bigquery", "tsql"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_is_wrong_with_the_public_schemas(name: str) -> None:
    assert ddl_problems(tables(name), "postgres") == []


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", SCHEMAS)
def test_nor_with_what_is_made_of_them(name: str, dialect: str) -> None:
    """The best parser that there is of each dialect takes the statements."""
    for statement in create_ddl_from_metadata(document(name), dialect):
        assert parse(statement.removesuffix(";"), dialect).problems == ()


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize("broken", ["varchar(", "int)", "numeric(10,2", "int int int ("])
def test_broken_types(dialect: str, broken: str) -> None:
    good = Table("good", (Column("id", "int"),))
    bad = Table("bad", (Column("id", "int"), Column("x", broken)))
    (found,) = ddl_problems([good, bad, good], dialect)
    assert found[0] is bad
    assert found[1].startswith(f"the column x of type {broken}: ")


def test_a_table_without_columns() -> None:
    empty = Table("empty")
    message = "a table without columns cannot be created"
    assert ddl_problems([empty], "sqlite") == [(empty, message)]
    assert ddl_problems([empty], "postgres") == []


@pytest.mark.parametrize(
    ("dialect", "shown", "written"),
    [
        ("postgres", "datetime", "TIMESTAMP"),
        ("postgres", "string", "TEXT"),
        ("postgres", "int64", "BIGINT"),
        ("postgres", "nvarchar(20)", "VARCHAR(20)"),
        ("postgres", "double", "DOUBLE PRECISION"),
        ("mysql", "character varying(20)", "character varying(20)"),
        ("mysql", "string", "TEXT"),
        ("mysql", "bytea", "LONGBLOB"),
        ("mysql", "jsonb", "JSON"),
        ("postgres", "tsvector", "tsvector"),
        ("postgres", "public.citext", "public.citext"),
        ("postgres", "vector(3)", "vector(3)"),
        ("postgres", "geometry(Point,4326)", "geometry(Point,4326)"),
        ("postgres", "ARRAY", "text[]"),
        ("postgres", "USER-DEFINED", "text"),
        ("postgres", "", "text"),
        ("mysql", "", "text"),
        ("sqlite", "timestamp without time zone", "timestamp without time zone"),
        ("snowflake", "time without time zone", "TIME"),
        ("tsql", "timestamp without time zone", "DATETIME2"),
        ("tsql", "datetime2(3)", "datetime2(3)"),
        ("snowflake", "TIMESTAMP_NTZ(9)", "TIMESTAMP_NTZ(9)"),
        ("bigquery", "STRUCT<a INT64>", "STRUCT<a INT64>"),
    ],
)
def test_types_of_hand_written_metadata(dialect: str, shown: str, written: str) -> None:
    table = Table("t", (Column("x", shown),))
    (*_, statement) = create_ddl_from_metadata([table], dialect, source_dialect=dialect)
    assert statement == f"CREATE TABLE t (\n    x {written}\n);"
