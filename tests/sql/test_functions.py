"""What is known of each dialect's functions, held against real engines and real queries."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from importlib.metadata import version as version_of
from importlib.resources import files
from itertools import pairwise

import duckdb
import psycopg
import pymysql
import pytest
from sqlglot.dialects import Dialects

from benchmarks.corpus import DATA, mutants, queries
from defog_metadata.sql.functions import (
    Function,
    Parameter,
    Signature,
    functions_of,
    is_complete,
    is_known,
)
from defog_metadata.sql.functions.notation import read, write
from defog_metadata.sql.source.lexer import tokenize
from scripts.functions import grammar, sqlite
from scripts.functions.known import known
from tests.support.databases import Server

DIALECTS = sorted({it.value for it in Dialects})
FILES = sorted(
    it.name
    for it in (files("defog_metadata.sql.functions") / "data").iterdir()
    if it.name.endswith(".tsv")
)
LARGEST = 400_000  # bytes

with_corpus = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not here")


def text_of(name: str) -> str:
    return (files("defog_metadata.sql.functions") / "data" / name).read_text(encoding="utf-8")


def written(name: str, dialect: str) -> list[str]:
    function = functions_of(dialect)[name]
    return [it.written(function.name) for it in function.signatures]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_has_functions_that_can_be_read(dialect: str) -> None:
    functions = functions_of(dialect)
    assert len(functions) >= 50
    for key, it in functions.items():
        assert key == it.name.casefold()
        for signature in it.signatures:
            text = signature.written(it.name)
            spans = signature.spans(it.name)
            shown = [text[span.start : span.end] for span in spans]
            assert shown == list(map(str, signature.parameters))
    assert {"count", "sum", "coalesce", "row_number"} <= functions.keys()
    assert functions["count"].kind == "aggregate"
    assert functions["row_number"].kind == "window"


@pytest.mark.parametrize("name", FILES)
def test_data_files_are_small_sorted_and_canonical(name: str) -> None:
    text = text_of(name)
    assert len(text.encode()) < LARGEST
    head, *lines = text.splitlines()
    assert head.startswith("# ")
    noted = [it for it in lines if "\t" in it]
    assert [write(read(it)) for it in noted] == noted
    names = [it.partition("\t")[0].casefold() for it in noted]
    assert names == sorted(set(names))
    internal = lines[len(noted) :]
    assert internal == sorted(set(internal) - set(names))


def test_an_unknown_dialect_has_none() -> None:
    assert dict(functions_of("klingon")) == {}
    assert dict(functions_of("../postgres")) == {}
    assert not is_known("count", "klingon")


@pytest.mark.parametrize(
    ("dialect", "name", "expected"),
    [
        ("postgres", "round", "round(value numeric, digits integer) → numeric"),
        ("postgres", "extract", "extract(field FROM source timestamp) → numeric"),
        ("postgres", "concat", "concat(value any...) → text"),
        ("postgres", "make_interval", "make_interval([years integer], [months integer], [weeks integer], [days integer], [hours integer], [mins integer], [secs double precision]) → interval"),
        ("postgres", "unnest", "unnest(array anyarray...) → setof anyelement"),
        ("postgres", "json_each", "json_each(document json) → table(key text, value json)"),
        ("mysql", "date_format", "DATE_FORMAT(date date, format text, [locale text]) → text"),
        ("sqlite", "strftime", "strftime(format text, [time], [modifier text...]) → text"),
        ("duckdb", "list_extract", "list_extract(list, index BIGINT)"),
        ("tsql", "dateadd", "DATEADD(part, amount int, date datetime2) → datetime2"),
        ("bigquery", "date_diff", "DATE_DIFF(end DATE, start DATE, part) → INT64"),
        ("snowflake", "iff", "IFF(condition BOOLEAN, when_true, when_false)"),
        ("redshift", "listagg", "listagg(value varchar, [delimiter varchar]) → varchar"),
    ],
)  # fmt: skip
def test_signatures(dialect: str, name: str, expected: str) -> None:
    assert expected in written(name, dialect)


def test_functions_say_what_they_are() -> None:
    postgres = functions_of("postgres")
    assert postgres["current_date"].is_bare
    assert not postgres["now"].is_bare
    assert postgres["generate_series"].returns_rows
    assert not postgres["lower"].returns_rows
    assert postgres["crypt"].extension == "pgcrypto"
    assert postgres["lower"].extension == ""
    assert postgres["count"].description.startswith("The number of rows")


def test_internal_functions_are_known_but_not_listed() -> None:
    assert "int4pl" not in functions_of("postgres")
    assert is_known("int4pl", "postgres")


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        ("postgres", "Lower"),
        ("postgres", "ST_DWithin"),  # PostGIS
        ("postgres", "uuidv7"),  # of a later version than the one read
        ("mysql", "bin_to_uuid"),  # MySQL's, not MariaDB's
        ("mysql", "json_detailed"),  # MariaDB's, not MySQL's
        ("redshift", "pg_typeof"),
        ("redshift", "getdate"),
        ("databricks", "explode"),
        ("materialize", "date_trunc"),
        ("snowflake", "approx_quantile"),  # the grammar knows it from elsewhere
    ],
)
def test_known_names(dialect: str, name: str) -> None:
    assert is_known(name, dialect)


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "duckdb", "snowflake"])
@pytest.mark.parametrize("name", ["coutn", "sm", "date_trnc", "", "lower ", "nosuch"])
def test_unknown_names(dialect: str, name: str) -> None:
    assert not is_known(name, dialect)


# Words before a bracket that call nothing: operators, clauses, types, what a statement defines.
_GRAMMAR = frozenset(
    """AND AS BETWEEN BY CASE DISTINCT ELSE EXISTS FILTER FROM IN INTO IS JOIN LIKE NOT ON OR OVER
    SELECT THEN UNION USING VALUES WHEN WHERE WITHIN GROUP ALL ANY SOME SETS ROLLUP CUBE INTERVAL
    EXCEPT INTERSECT HAVING OFFSET CHAR VARCHAR DEC DECIMAL NUMERIC TABLE""".split()
)


def called(sql: str, dialect: str) -> set[str]:
    """Every word in front of a bracket that could be a function's name."""
    tokens = [it for it in tokenize(sql, dialect) if it.kind != "comment"]
    pairs = list(pairwise(tokens))
    defined = {it.text for it, following in pairs if following.word == "AS"}
    defined |= {it.text for before, it in pairs if before.word in ("AS", "VIEW", "WITH")}
    return {
        it.text
        for it, following in pairs
        if it.kind == "word"
        and following.text == "("
        and it.word not in _GRAMMAR
        and it.text not in defined
    }


@with_corpus
@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite"])
def test_every_function_of_a_valid_query_is_known(dialect: str) -> None:
    unknown: Counter[str] = Counter()
    asked = 0
    for query in queries():
        if query.dialect == dialect and query.is_valid:
            names = called(query.sql, dialect)
            asked += len(names)
            unknown.update(it for it in names if not is_known(it, dialect))
    assert asked > 300
    assert unknown == {}


@with_corpus
@pytest.mark.parametrize("dialect", ["bigquery", "snowflake", "tsql"])
def test_functions_of_other_dialects_are_offered(dialect: str) -> None:
    """Their lists are less than complete; what people use most must be in them."""
    names: Counter[str] = Counter()
    for query in queries():
        if query.dialect == dialect:
            names.update(it.casefold() for it in called(query.sql, dialect))
    offered = sum(count for name, count in names.items() if name in functions_of(dialect))
    assert names.total() > 200
    assert offered / names.total() >= 0.97


@with_corpus
def test_mistaken_function_names_are_unknown() -> None:
    names = [
        (it.dialect, it.sql[it.span.start : it.span.end])
        for it in mutants()
        if it.kind == "unknown_function" and it.span is not None
    ]
    assert len(names) > 300
    assert sum(not is_known(name, dialect) for dialect, name in names) / len(names) >= 0.97


def read_from(dialect: str) -> str:
    """The version that the data file was made from."""
    match = re.search(r"\d+\.\d+", text_of(f"{dialect}.tsv").partition("\n")[0])
    assert match is not None
    return match[0]


def check_engine(dialect: str, version: str, names: set[str]) -> None:
    """All of an engine's names, or nearly all where it is newer than what was read."""
    unknown = {it for it in names if not is_known(it, dialect)}
    assert len(names) > 100
    if version.startswith(read_from(dialect)):
        assert unknown == set()
    else:
        assert len(unknown) / len(names) < 0.03, unknown


def test_everything_that_postgres_has_is_known(postgres_server: Server) -> None:
    credentials = postgres_server.credentials("postgres")
    database = credentials.pop("database")
    with psycopg.connect(**credentials, dbname=database) as connection:  # type: ignore[arg-type]
        version = connection.info.parameter_status("server_version") or ""
        rows = connection.execute(
            "select distinct proname from pg_proc where pronamespace = 'pg_catalog'::regnamespace"
        ).fetchall()
    check_engine("postgres", version, {name for (name,) in rows})


def test_everything_that_mariadb_lists_is_known(mariadb_server: Server) -> None:
    credentials = mariadb_server.credentials("mysql")
    credentials["password"] = str(credentials["password"]).encode()
    with (
        closing(pymysql.connect(**credentials)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("select version()")
        ((version,),) = cursor.fetchall()
        cursor.execute("select * from information_schema.sql_functions")
        check_engine("mysql", version, {name for (name,) in cursor.fetchall()})


def test_everything_that_sqlite_has_is_known() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        rows = connection.execute("select distinct name from pragma_function_list").fetchall()
    names = {name for (name,) in rows if name.isidentifier()}
    check_engine("sqlite", sqlite3.sqlite_version, names)


def test_everything_that_duckdb_has_is_known() -> None:
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct function_name from duckdb_functions() where function_type <> 'pragma'"
        ).fetchall()
    # Names that start so are DuckDB's own: nobody can call them.
    names = {it for (it,) in rows if it.isidentifier() and not it.startswith("__")}
    check_engine("duckdb", duckdb.__version__, names)


@pytest.mark.parametrize("dialect", ["ansi", "clickhouse", "snowflake", "tsql"])
def test_data_files_are_what_the_scripts_make(dialect: str) -> None:
    """Notes that nobody has run the script for would be notes to nobody."""
    installed = version_of("sqlglot")
    if not installed.startswith(read_from(dialect)):
        pytest.skip(f"made with sqlglot {read_from(dialect)}, this is {installed}")
    assert grammar.listing(dialect).text() == text_of(f"{dialect}.tsv")


def test_the_data_file_of_sqlite_is_what_the_script_makes() -> None:
    made = sqlite.listing().text().splitlines()
    kept = text_of("sqlite.tsv").splitlines()
    if made[0] != kept[0]:
        pytest.skip(f"{kept[0]}, this is {sqlite3.sqlite_version}")
    assert made == kept


def test_what_is_complete() -> None:
    assert is_complete("postgres")
    assert not is_complete("snowflake")


@pytest.mark.parametrize(
    "function",
    [
        Function("f", "scalar"),
        Function("f", "scalar", (Signature(),)),
        Function("f", "scalar", (Signature((), "setof record"),), "Does.", is_bare=True),
        Function("f", "table", (Signature((Parameter("a", "int[]", is_optional=True),)),)),
        Function("f", "aggregate", (Signature((Parameter("*"),)),), extension="uuid-ossp"),
        Function("f", "scalar", (Signature((Parameter("", "any", False, True),), "t(a, b)"),)),
    ],
)
def test_a_function_can_be_noted(function: Function) -> None:
    assert read(write(function)) == function


@pytest.mark.parametrize("line", ["f\tnothing\t", "f", "f\tscalar"])
def test_another_notation_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"kind|unpack"):
        read(line)


@pytest.mark.parametrize("description", ["two\tparts", "two\nlines"])
def test_what_cannot_be_noted_is_refused(description: str) -> None:
    with pytest.raises(ValueError, match=r"noted|kind|unpack"):
        write(Function("f", "scalar", (), description))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_notes_describe_what_they_name(dialect: str) -> None:
    for it in known(dialect).functions.values():
        assert it.description.endswith((".", ")")), it.name
        assert it.kind in ("scalar", "aggregate", "window", "table")
