"""Whose types metadata have: said, or seen."""

import json

import pytest

from defog_metadata import Column, Table
from defog_metadata.catalog.shapes import read_metadata
from defog_metadata.ddl import create_ddl_from_metadata
from defog_metadata.ddl.source import said_dialect, seen_dialect
from tests.ddl.schemas import SCHEMAS, document, tables
from tests.support.databases import PUBLISHED


def seen(*types: str, default: str | None = None, schema: str = "") -> str | None:
    columns = tuple(Column(f"c{place}", it, default=default) for place, it in enumerate(types))
    return seen_dialect([Table("t", columns, schema)])


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["character varying(20)", "integer"], "postgres"),
        (["timestamp(3) with time zone"], "postgres"),
        (["text[]"], "postgres"),
        (["int(11)", "varchar(20)"], "mysql"),
        (["bigint(20) unsigned"], "mysql"),
        (["enum('a','b')"], "mysql"),
        (["INT64"], "bigquery"),
        (["NUMBER(38,0)", "TIMESTAMP_NTZ(9)"], "snowflake"),
        (["nvarchar(20)"], "tsql"),
        (["integer", "text", "varchar(20)"], None),
        ([], None),
    ],
)
def test_what_types_tell(types: list[str], expected: str | None) -> None:
    assert seen(*types) == expected


def test_what_defaults_and_schemas_tell() -> None:
    assert seen("integer", default="nextval('t_id_seq'::regclass)") == "postgres"
    assert seen("int", default="AUTO_INCREMENT") == "mysql"
    assert seen("INTEGER", schema="main") == "sqlite"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_public_schemas_are_postgres(name: str) -> None:
    assert said_dialect(document(name)) == "postgres"
    assert seen_dialect(tables(name)) in ("postgres", None)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"dialect": "PostgreSQL"}, "postgres"),
        ({"db_type": "mariadb"}, "mysql"),
        ({"dialect": "klingon", "db_type": "sqlserver"}, "tsql"),
        ({"dialect": ["mysql"]}, None),
        ({"dialect": ""}, None),
        ([], None),
    ],
)
def test_what_a_document_says(document: object, expected: str | None) -> None:
    assert said_dialect(document) == expected


def test_what_is_said_goes_first() -> None:
    table = Table("t", (Column("a", "character varying(20)"), Column("b", "boolean")))
    (own,) = create_ddl_from_metadata([table])
    (mysql,) = create_ddl_from_metadata([table], "mysql")
    (told,) = create_ddl_from_metadata([table], "mysql", source_dialect="mysql")
    assert own == "CREATE TABLE t (\n    a character varying(20),\n    b boolean\n);"
    assert mysql == (
        "CREATE TABLE t (\n    a VARCHAR(20),\n    b BOOLEAN\n) DEFAULT CHARSET=utf8mb4;"
    )
    assert told == own


def test_published_metadata_can_be_made() -> None:
    paths = sorted((PUBLISHED / "golden").glob("*.metadata.json"))
    if not paths:
        pytest.skip("the public data sets are not beside the repository")
    for path in paths:
        found = json.loads(path.read_text(encoding="utf-8"))
        written = create_ddl_from_metadata(found)
        made = [it for it in written if it.startswith("CREATE TABLE")]
        assert len(made) == len(read_metadata(found).tables)
