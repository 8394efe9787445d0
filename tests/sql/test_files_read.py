"""The files that a text names where it reads them. Expected ones are marked in the text."""

import re

import pytest

from defog_metadata.catalog import Catalog
from defog_metadata.sql.facts.files_read import FileRead, files_read
from defog_metadata.sql.snapshot import Snapshot


def found(text: str, dialect: str) -> list[FileRead]:
    return files_read(Snapshot(text, Catalog.of(dialect=dialect), dialect))


def check(marked: str, dialect: str) -> None:
    """«…» are the names that are found."""
    text = re.sub("[«»]", "", marked)
    shown = text
    for it in reversed(found(text, dialect)):
        shown = f"{shown[: it.span.start]}«{it.name}»{shown[it.span.end :]}"
    assert shown == marked


@pytest.mark.parametrize(
    ("dialect", "marked"),
    [
        ("postgres", "\\i «schema/tables.sql»\nselect 1; \\ir «../x.sql»;\n\\include '«my file.sql»'"),
        ("redshift", "\\include_relative «x.sql»"),
        ("postgres", "\\i :file\n\\i `echo x`\n\\if true\n\\i\n\\i 'it''s.sql'\n\\i |cat x"),
        ("postgres", "select '\n\\i x.sql\n'; /*\n\\i x.sql\n*/ -- \\i x.sql\nselect $$\n\\i x.sql\n$$"),
        ("mysql", "source «my file.sql»\nsource «x.sql»;\n\\. «sub/y.sql» \nselect 1"),
        ("mysql", "select a as\nsource from t; select 'source x.sql'; # source x.sql\n"),
        ("sqlite", ".read «x.sql»\n.read '«my x.sql»'\n.read |cat x\n.mode csv\nselect 1"),
        ("oracle", '@«x.sql» 1 2\n@@«sub/y»\n@"«a b.sql»"\nstart «z.sql»;\n@&name\n@http://x.example/y'),
        ("oracle", "select a from t\nstart with a = 1 connect by prior a = b"),
        ("tsql", ':r «x.sql»\n:r "«a b.sql»"\n:r $(folder)/x.sql\nselect 1\n:r «./y.sql»\nselect 2'),
        ("snowflake", "!source «x.sql»\n!set variable_substitution=true\nselect 1"),
        ("duckdb", ".read «x.sql»\nselect * from '«data/x.parquet»' a join '«y.csv»' b using (id)"),
        ("duckdb", "select * from read_csv('«a.csv»', delim = '|'), read_json(['«b.json»', '«c.json»'])"),
        ("duckdb", "copy t from '«x.csv»'; select * from '*.csv', 'https://x.example/a.csv'"),
        ("duckdb", "select extract(year from '2020'), trim('x' from 'y'), lower('x.csv'), 'x.csv'"),
        ("duckdb", "select 1 -- from 'x.csv'\n where a = 'from ''x.csv'' '"),
        ("postgres", "select * from read_csv('x.csv')"),
    ],
)  # fmt: skip
def test_names(dialect: str, marked: str) -> None:
    check(marked, dialect)


def test_where_they_are_looked_for() -> None:
    places = {"\\i": False, "\\include": False, "\\ir": True, "\\include_relative": True}
    for command, is_beside in places.items():
        (one,) = found(f"{command} x.sql", "postgres")
        assert (one.is_beside, one.ending) == (is_beside, "")
    (one, other) = found("@x\n@@sub/y", "oracle")
    assert (one.is_beside, one.ending) == (False, ".sql")
    assert (other.is_beside, other.ending) == (True, ".sql")


def test_other_names_in_their_place() -> None:
    (plain, quoted) = found("\\i x.sql\n\\i 'x y.sql'", "postgres")
    assert plain.written("sub/z.sql") == "sub/z.sql"
    assert plain.written("a b.sql") is None
    assert quoted.written("a b.sql") == "a b.sql"
    assert quoted.written("it's.sql") is None
    (windows,) = found(":r .\\sub\\x.sql", "tsql")
    assert windows.name == "./sub/x.sql"
    assert windows.written("sub/z.sql") == "sub\\z.sql"
