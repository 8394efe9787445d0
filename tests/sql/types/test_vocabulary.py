"""No type that an engine has is taken for a mistake; a misspelled one is none."""

from contextlib import closing

import pytest

from defog_metadata.sql.types.vocabulary import is_type, type_name, types_of
from tests.support.databases import Server

MISSPELLED = (
    """
integr|bigit|txt|vrchar(20)|varcher|numeic(10,2)|timestmp|boolan|dubble|strng|jsn|charcter varying(3)
flot|deciml(4,1)|notatype|dattime|uuiid|smalint|timstamp without time zone|intger[]|array<strin>
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
DECLARED = (
    """
tinyint(1)|smallint(6) unsigned|mediumint|int(10) unsigned zerofill|integer|bigint(20)|decimal(10,2)
double|double precision|float(7,2)|real|bit(3)|boolean|date|datetime(6)|timestamp|time|year(4)
char(3) character set latin1|varchar(50) collate utf8mb4_bin|national varchar(3)|binary(3)|long
varbinary(10)|tinyblob|blob|mediumblob|longblob|tinytext|text|mediumtext|longtext|json|long varchar
enum('a','b,c')|set('x','y')|geometry|point|linestring|polygon|multipoint|multilinestring|inet4
multipolygon|geometrycollection|inet6|uuid|serial|fixed(4,1)|dec(3)|numeric|int8|middleint|nchar(2)
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
ELSEWHERE = (
    "NUMBER(38,0)", "TIMESTAMP_NTZ(9)", "VARIANT", "GEOGRAPHY", "ARRAY<STRING>",
    "STRUCT<id INT64, tags ARRAY<STRING>>", "BIGNUMERIC", "RANGE<DATE>", "map<string,bigint>",
    "nvarchar(max)", "datetime2(7)", "hierarchyid", "sysname", "uniqueidentifier", "rowversion",
    "sql_variant", "VARCHAR2(20 BYTE)", "LONG RAW", "BFILE", "INTERVAL YEAR(2) TO MONTH",
    "SDO_GEOMETRY", "XMLTYPE", "Array(Nullable(String))", "DateTime64(3, 'UTC')",
    "LowCardinality(String)", "FixedString(3)", "Enum8('a' = 1)", "AggregateFunction(sum, UInt8)",
    "geometry(Point,4326)", "vector(3)", "hstore", "citext", "ltree", "public.mood", '"Name"',
    "information_schema.sql_identifier", "`my type`", "timestamp(3) with time zone", "interval[]",
    "int[3][3]", "row(a bigint, b varchar)", "char varying(3)", "string", "", "ipaddress",
)  # fmt: skip


def test_every_type_of_a_real_postgres(postgres_server: Server) -> None:
    with closing(postgres_server.postgres("postgres")) as connection:
        connection.execute(
            "create schema if not exists vocabulary; create type vocabulary.mood as enum ('ok')"
        )
        # All but the rows of tables, which are types too, and arrays of them.
        rows = connection.execute(
            "select format_type(t.oid, null),"
            " format_type(t.oid, case when t.typmodin <> 0 and t.typname !~ 'interval' then 327690 end),"
            " case when t.typelem = 0 and t.typnamespace = 'pg_catalog'::regnamespace then t.typname end"
            " from pg_type t left join pg_type element on element.oid = t.typelem"
            " where t.typrelid = 0 and coalesce(element.typrelid, 0) = 0"
        ).fetchall()
        connection.execute("drop schema vocabulary cascade")
    assert len(rows) > 150
    shown = {it for row in rows for it in row if it}
    assert [it for it in sorted(shown) if not is_type(it)] == []


def test_every_type_of_a_real_mariadb(mariadb_server: Server) -> None:
    assert [it for it in DECLARED if not is_type(it)] == []
    creds = mariadb_server.create_database("vocabulary")
    shown: list[str] = []
    with closing(mariadb_server.mysql(str(creds["database"]))) as connection:
        cursor = connection.cursor()
        for number, declared in enumerate(DECLARED):
            cursor.execute(f"create table t{number} (c {declared})")
        cursor.execute(
            "select column_type from information_schema.columns where table_schema = 'vocabulary'"
        )
        shown += [str(it[0]) for it in cursor.fetchall()]
        cursor.execute("select distinct column_type from information_schema.columns")
        shown += [str(it[0]) for it in cursor.fetchall()]
    assert len(shown) > len(DECLARED)
    assert [it for it in shown if not is_type(it)] == []


def test_every_type_of_a_real_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is an optional extra")
    with closing(duckdb.connect()) as connection:
        names = [
            it for (it,) in connection.execute("select type_name from duckdb_types()").fetchall()
        ]
        connection.execute(
            "create table t (a decimal(18,3), b integer[], c struct(x integer, y varchar[]),"
            " d map(varchar, integer), e union(n integer, s varchar), f integer[3],"
            " g enum('a', 'b'), h timestamp with time zone, i hugeint, j bit)"
        )
        names += [
            it for (it,) in connection.execute("select data_type from duckdb_columns()").fetchall()
        ]
    assert len(names) > 60
    assert [it for it in names if not is_type(it)] == []


@pytest.mark.parametrize("written", ELSEWHERE)
def test_types_of_engines_that_are_not_at_hand(written: str) -> None:
    assert is_type(written)


@pytest.mark.parametrize("written", MISSPELLED)
def test_misspelled_types_are_none(written: str) -> None:
    assert not is_type(written)


def test_what_else_is_known_counts() -> None:
    assert not is_type("mpaa_rating")
    assert is_type("MPAA_rating", {"mpaa_rating"})
    assert not is_type("mpaa_ratin", {"mpaa_rating"})


def test_names() -> None:
    assert type_name("INT(10)  unsigned") == "int"
    assert type_name("double   precision") == "double precision"
    assert type_name("Array(Nullable(String))") == "string"
    assert type_name('"Mood"') == ""


@pytest.mark.parametrize("dialect", ["", "postgres", "mysql", "bigquery", "snowflake", "tsql"])
def test_what_is_offered_is_a_type(dialect: str) -> None:
    offered = types_of(dialect)
    assert len(offered) > 20
    assert len(set(offered)) == len(offered)
    assert all(map(is_type, offered))
