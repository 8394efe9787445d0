"""Extraction from SQLite files, one feature of the engine a test."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.extract import Extraction, extract

SCRIPT = """
create table people ( -- Who we know
  id integer primary key, -- Their number
  name varchar(50) not null default 'no''body' unique, -- What they are called
  status text check (status in ('new', 'it''s paid')),
  shout text generated always as (upper(name) || '!') stored, /* Loudly */
  doubled int as (id * 2),
  boss integer references people, "Odd Name" blob
);
create table loose (key text primary key, value);
create table regions (
  country text, region text, population int,
  primary key (region, country), unique (population, country)
) without rowid;
create table shops (
  id integer, country text, region text, owner int,
  foreign key (region, country) references regions,
  foreign key (owner) references PEOPLE (ID),
  foreign key (id) references nowhere
);
create index by_expression on people (lower(name), boss desc);
create unique index once on shops (owner, id);
create unique index once_some on shops (id) where owner > 3;
create view adults as select id, name as called from people;
create view broken as select * from missing;
create virtual table docs using fts5(title, body);
create table counter (id integer primary key autoincrement);
insert into people (name) values ('a'), ('b'), ('c');
insert into shops (id) values (1);
"""


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Mapping[str, object]]:
    def made(script: str) -> Mapping[str, object]:
        path = tmp_path / "what? 100%#.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
        return {"database": str(path)}

    return made


@pytest.fixture
def found(make: Callable[[str], Mapping[str, object]]) -> Extraction:
    return extract("sqlite", make(SCRIPT))


def table(found: Extraction, name: str) -> Table:
    [it] = [it for it in found.tables if it.name == name]
    return it


def test_tables_and_views_without_what_sqlite_keeps_for_itself(found: Extraction) -> None:
    assert found.search_path == ("main",)
    assert [(it.schema, it.name, it.kind) for it in found.tables] == [
        ("main", "adults", "view"),
        ("main", "broken", "view"),
        ("main", "counter", "table"),
        ("main", "docs", "table"),
        ("main", "loose", "table"),
        ("main", "people", "table"),
        ("main", "regions", "table"),
        ("main", "shops", "table"),
    ]


def test_views_have_their_queries(found: Extraction) -> None:
    assert {it.name: it.definition for it in found.tables if it.definition} == {
        "adults": "select id, name as called from people",
        "broken": "select * from missing",
    }


def test_columns(found: Extraction) -> None:
    assert table(found, "people").columns == (
        Column("id", "INTEGER", nullable=False, description="Their number"),
        Column(
            "name",
            "varchar(50)",
            nullable=False,
            default="'no''body'",
            description="What they are called",
        ),
        Column("status", "TEXT", enum_values=("new", "it's paid")),
        Column(
            "shout",
            "TEXT",
            default="GENERATED ALWAYS AS (upper(name) || '!') STORED",
            description="Loudly",
        ),
        Column("doubled", "INT", default="GENERATED ALWAYS AS (id * 2) VIRTUAL"),
        Column("boss", "INTEGER"),
        Column("Odd Name", "BLOB"),
    )
    assert table(found, "people").description == "Who we know"


def test_primary_keys_refuse_null_only_where_sqlite_does(found: Extraction) -> None:
    assert table(found, "loose").primary_key == ("key",)
    assert table(found, "loose").columns[0].nullable
    regions = table(found, "regions")
    assert regions.primary_key == ("region", "country")
    assert [it.nullable for it in regions.columns] == [False, False, True]


def test_foreign_keys(found: Extraction) -> None:
    [boss] = table(found, "people").foreign_keys
    assert boss == ForeignKey(("boss",), "people", ("id",), "main")
    # Not named, the referred columns are the primary key; of a table that is not there, none.
    assert set(table(found, "shops").foreign_keys) == {
        ForeignKey(("region", "country"), "regions", ("region", "country"), "main"),
        ForeignKey(("owner",), "people", ("id",), "main"),
    }


def test_unique_keys_and_indexes(found: Extraction) -> None:
    people = table(found, "people")
    assert people.unique_keys == (UniqueKey(("name",)),)
    assert people.indexes == (Index("by_expression", ("lower(name)", "boss")),)
    assert table(found, "regions").unique_keys == (UniqueKey(("population", "country")),)
    assert table(found, "shops").indexes == (
        Index("once", ("owner", "id"), unique=True),
        Index("once_some", ("id",)),
    )


def test_views_and_virtual_tables_have_columns_even_beside_a_broken_view(
    found: Extraction,
) -> None:
    assert table(found, "adults").columns == (
        Column("id", "INTEGER"),
        Column("called", "varchar(50)"),
    )
    assert table(found, "broken").columns == ()
    # The last two can be named in a query, although * does not mean them.
    names = [it.name for it in table(found, "docs").columns]
    assert names == ["title", "body", "docs", "rank"]


def test_a_virtual_table_whose_module_is_missing(
    make: Callable[[str], Mapping[str, object]],
) -> None:
    script = (
        "create table t (a); create view v as select a from t; pragma writable_schema = 1;"
        "insert into sqlite_master values ('table', 'x', 'x', 0,"
        " 'CREATE VIRTUAL TABLE x USING nosuchmodule(a)');"
    )
    found = extract("sqlite", make(script))
    assert {it.name: len(it.columns) for it in found.tables} == {"t": 1, "v": 1, "x": 0}


def test_row_estimates_come_from_analyze(make: Callable[[str], Mapping[str, object]]) -> None:
    found = extract("sqlite", make(SCRIPT + "analyze;"))
    estimates = {it.name: it.row_estimate for it in found.tables if it.row_estimate is not None}
    assert estimates == {"people": 3, "shops": 1}


def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert extract("sqlite", {"database": str(path)}) == Extraction((), ("main",))


def test_the_only_schema_can_be_blacklisted(
    make: Callable[[str], Mapping[str, object]],
) -> None:
    creds = make(SCRIPT)
    assert extract("sqlite", creds, schema_blacklist=["main"]).tables == ()
    assert extract("sqlite", creds, schema_whitelist=["main"]).tables


@pytest.mark.parametrize("is_open", [False, True])
def test_a_write_ahead_database_is_read_without_leaving_anything(
    make: Callable[[str], Mapping[str, object]], tmp_path: Path, *, is_open: bool
) -> None:
    creds = make("pragma journal_mode = wal; create table first (a);")
    before = sorted(tmp_path.iterdir())
    assert [it.name for it in before] == ["what? 100%#.db"]
    with closing(sqlite3.connect(str(creds["database"]))) as writer:
        if is_open:
            # Committed, but so far only in the second file.
            writer.execute("create table second (a)")
        found = extract("sqlite", creds)
        assert [it.name for it in found.tables] == ["first", "second"][: 1 + is_open]
    assert sorted(tmp_path.iterdir()) == before


def test_nothing_is_written(make: Callable[[str], Mapping[str, object]]) -> None:
    from sqlalchemy import text

    from defog_metadata.errors import ExtractionError
    from defog_metadata.extract.connect import connected
    from defog_metadata.extract.credentials import read_credentials

    credentials = read_credentials("sqlite", make("create table t (a)"))
    with (
        pytest.raises(ExtractionError, match="readonly database"),
        connected(credentials) as connection,
    ):
        connection.execute(text("insert into t values (1)"))
