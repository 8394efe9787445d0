import pytest

from defog_metadata.sql.types import engine_of
from defog_metadata.sql.types.type_text import element_of, field_of, members_of


@pytest.mark.parametrize(
    ("dialect", "written", "base", "full"),
    [
        ("postgres", "Decimal(9, 2)", "numeric", "numeric(9,2)"),
        ("postgres", "VARCHAR(50)", "character varying", "character varying(50)"),
        ("postgres", "timestamp(3) with time zone", "timestamp with time zone", "timestamp(3) with time zone"),
        ("postgres", "timestamptz(3)", "timestamp with time zone", "timestamp(3) with time zone"),
        ("postgres", "time", "time without time zone", "time without time zone"),
        ("postgres", "int8[][]", "bigint[]", "bigint[]"),
        ("postgres", "numeric(5,1)[]", "numeric[]", "numeric(5,1)[]"),
        ("postgres", "interval day to second(3)", "interval", "interval(3)"),
        ("postgres", '"char"', '"char"', '"char"'),
        ("postgres", "bit varying(3)", "bit varying", "bit varying(3)"),
        ("postgres", "shop.mood", "shop.mood", "shop.mood"),
        ("mysql", "INT(11) unsigned zerofill", "int unsigned", "int(11) unsigned"),
        ("mysql", "enum('a','B c')", "enum", "enum('a','B c')"),
        ("duckdb", "INTEGER[3]", "integer[3]", "integer[3]"),
        ("duckdb", "STRUCT(a INTEGER, b DECIMAL(9,2))", "STRUCT(a INTEGER, b DECIMAL(9,2))", "STRUCT(a INTEGER, b DECIMAL(9,2))"),
        ("snowflake", "NUMBER(38,0)", "number", "number(38,0)"),
        ("tsql", "varchar(max)", "varchar", "varchar(max)"),
        ("sqlite", "", "", ""),
    ],
)  # fmt: skip
def test_a_type_is_spelled_as_its_engine_does(
    dialect: str, written: str, base: str, full: str
) -> None:
    spelling = engine_of(dialect).spelling
    assert (spelling.base(written), spelling.full(written)) == (base, full)


@pytest.mark.parametrize(
    ("shown", "element"),
    [
        ("integer[]", "integer"),
        ("integer[][]", "integer[]"),
        ("ARRAY<STRUCT<a INT64, b STRING>>", "STRUCT<a INT64, b STRING>"),
        ("array(bigint)", "bigint"),
        ("map(varchar, integer)", "integer"),
        ("map<string, array<int>>", "array<int>"),
        ("integer", ""),
        ("", ""),
        ("struct<a int64>", ""),
    ],
)
def test_what_is_inside_an_array(shown: str, element: str) -> None:
    assert element_of(shown) == element


@pytest.mark.parametrize(
    ("shown", "name", "member"),
    [
        ("STRUCT<id INT64, tags ARRAY<STRING>>", "TAGS", "ARRAY<STRING>"),
        ("struct<a:int,b:struct<c:string>>", "b", "struct<c:string>"),
        ('STRUCT("a b" INTEGER, c DECIMAL(9,2))', "a b", "INTEGER"),
        ("row(x bigint, y varchar)", "y", "varchar"),
        ("STRUCT<id INT64>", "nope", ""),
        ("map(varchar, integer)", "varchar", ""),
        ("integer", "a", ""),
    ],
)
def test_the_members_of_a_struct(shown: str, name: str, member: str) -> None:
    assert field_of(shown, name) == member


def test_the_columns_of_a_table_function() -> None:
    assert members_of("table(key text, value numeric(9,2))") == [
        ("key", "text"),
        ("value", "numeric(9,2)"),
    ]
