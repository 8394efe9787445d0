"""Extraction from a real MariaDB server, and MySQL's ways where they differ."""

from collections.abc import Mapping
from types import SimpleNamespace

import pytest

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.errors import ConfigurationError, ExtractionError
from defog_metadata.extract import Extraction, extract
from defog_metadata.extract.mysql import _allowed_values, _default
from tests.support.databases import Server

SCRIPT = r"""
create table people (
  id int auto_increment primary key,
  name varchar(50) not null default 'no''body' comment 'What they''re called',
  mood enum('happy','it''s bad','a,b','back\\slash','ü') default 'happy',
  flags set('x','y'),
  doubled int generated always as (boss * 2) virtual,
  tripled int generated always as (boss * 3) stored,
  seen datetime default current_timestamp on update current_timestamp,
  amount decimal(10,2) unsigned default 1.5,
  note varchar(9) default null,
  story text,
  boss int,
  unique key named_once (name, boss),
  unique key story_once (story(5)),
  key by_story (story(10), amount),
  constraint people_boss foreign key (boss) references people (id)
) comment 'Who we know';
create view adults as select id, name, mood from people;
create table gone (a int);
create view broken as select a from gone;
drop table gone;
create table versioned (a int) with system versioning;
create sequence numbers;
create table `Odd Table` (`Odd Column` text, `select` int);
create table checked (
  status varchar(9) check (status in ('new', 'it''s paid')),
  short varchar(9), odd varchar(9), `tick``ed` varchar(9) check (`tick``ed` in ('a', 'b')),
  mood enum('ok') check (mood in ('ok', 'sad')),
  number int check (number in (1, 2)),
  negative varchar(9) check (negative not in ('a', 'b')),
  low varchar(9) check (lower(low) in ('a', 'b')),
  either varchar(9) check (either in ('a', 'b') or either is null),
  check (short in ('a', 'b')),
  constraint named check (odd in ('a,b', 'back\\slash', 'line\nend'))
);
create table checked_too (status varchar(9) check (status in ('other', 'none')));

create database features_sales;
create table features_sales.regions (
  region varchar(20), country char(2), primary key (region, country)
);
create table features_sales.shops (
  country char(2), region varchar(20), owner int,
  constraint shop_region foreign key (region, country)
    references features_sales.regions (region, country),
  constraint shop_owner foreign key (owner) references features.people (id)
);
"""


@pytest.fixture(scope="module")
def creds(mariadb_server: Server) -> Mapping[str, object]:
    return mariadb_server.create_database("features", SCRIPT)


@pytest.fixture(scope="module")
def found(creds: Mapping[str, object]) -> Extraction:
    return extract("mysql", creds)


def table(found: Extraction, name: str) -> Table:
    [it] = [it for it in found.tables if it.name == name]
    return it


def test_the_database_connected_to_is_the_schema(found: Extraction) -> None:
    assert found.search_path == ("features",)
    assert {(it.schema, it.name, it.kind) for it in found.tables} == {
        ("features", "Odd Table", "table"),
        ("features", "adults", "view"),
        ("features", "broken", "view"),
        ("features", "checked", "table"),
        ("features", "checked_too", "table"),
        ("features", "people", "table"),
        ("features", "versioned", "table"),
    }


@pytest.mark.parametrize(
    "expected",
    [
        Column("id", "int(11)", nullable=False, default="AUTO_INCREMENT"),
        Column(
            "name",
            "varchar(50)",
            nullable=False,
            default="'no''body'",
            description="What they're called",
        ),
        Column(
            "mood",
            r"enum('happy','it''s bad','a,b','back\\slash','ü')",
            default="'happy'",
            enum_values=("happy", "it's bad", "a,b", "back\\slash", "ü"),
        ),
        Column("flags", "set('x','y')", common_values=("x", "y")),
        Column("doubled", "int(11)", default="GENERATED ALWAYS AS (`boss` * 2) VIRTUAL"),
        Column("tripled", "int(11)", default="GENERATED ALWAYS AS (`boss` * 3) STORED"),
        Column("seen", "datetime", default="current_timestamp()"),
        Column("amount", "decimal(10,2) unsigned", default="1.50"),
        Column("note", "varchar(9)"),
    ],
    ids=lambda it: it.name,
)
def test_columns(found: Extraction, expected: Column) -> None:
    assert table(found, "people").column(expected.name) == expected


def test_checks_that_list_the_allowed_texts(found: Extraction) -> None:
    assert {it.name: it.enum_values for it in table(found, "checked").columns} == {
        "status": ("new", "it's paid"),
        "short": ("a", "b"),
        "odd": ("a,b", "back\\slash", "line\nend"),
        "tick`ed": ("a", "b"),
        "mood": ("ok",),
        # A check that says more than a list is not taken for one.
        "number": (),
        "negative": (),
        "low": (),
        "either": (),
    }
    assert table(found, "checked_too").columns[0].enum_values == ("other", "none")


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (r"(`status` in (_utf8mb4\'new\',_utf8mb4\'paid\'))", ("status", ("new", "paid"))),
        (r"(`a` in (_latin1\'it\\\'s\', _utf8mb4\'b\'))", ("a", ("it's", "b"))),
        (r"(`status` <> _utf8mb4\'new\')", ("", ())),
        (r"((`a` in (_utf8mb4\'x\')) or (`a` is null))", ("", ())),
        ("(`a` in (1,2))", ("", ())),
    ],
)
def test_checks_as_mysql_gives_them(clause: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert _allowed_values(clause, is_mariadb=False) == expected


def test_views_have_their_queries(found: Extraction) -> None:
    query = table(found, "adults").definition
    assert query.startswith("select `features`.`people`.`id` AS `id`,")
    assert query.endswith("from `features`.`people`")
    assert "gone" in table(found, "broken").definition
    assert not table(found, "people").definition


def test_views_have_the_descriptions_of_columns_but_none_of_their_own(found: Extraction) -> None:
    adults = table(found, "adults")
    assert [it.name for it in adults.columns] == ["id", "name", "mood"]
    assert adults.columns[1].description == "What they're called"
    assert (adults.description, adults.row_estimate) == ("", None)
    assert (table(found, "broken").columns, table(found, "broken").description) == ((), "")


def test_keys_and_indexes(found: Extraction) -> None:
    people = table(found, "people")
    assert people.description == "Who we know"
    assert people.primary_key == ("id",)
    assert people.unique_keys == (UniqueKey(("name", "boss"), "named_once"),)
    assert people.foreign_keys == (
        ForeignKey(("boss",), "people", ("id",), "features", "people_boss"),
    )
    assert people.indexes == (
        Index("by_story", ("story(10)", "amount")),
        Index("people_boss", ("boss",)),
        Index("story_once", ("story(5)",), unique=True),
    )


def test_names_are_kept_as_stored(found: Extraction) -> None:
    assert [it.name for it in table(found, "Odd Table").columns] == ["Odd Column", "select"]


def test_other_databases_are_read_when_the_whitelist_names_them(
    creds: Mapping[str, object],
) -> None:
    found = extract("mariadb", creds, schema_whitelist=["features_sales"])
    assert found.search_path == ("features",)
    assert [it.name for it in found.tables] == ["regions", "shops"]
    assert table(found, "regions").primary_key == ("region", "country")
    assert set(table(found, "shops").foreign_keys) == {
        ForeignKey(("owner",), "people", ("id",), "features", "shop_owner"),
        ForeignKey(
            ("region", "country"),
            "regions",
            ("region", "country"),
            "features_sales",
            "shop_region",
        ),
    }


def test_blacklist(creds: Mapping[str, object]) -> None:
    found = extract("mysql", creds, schema_blacklist=["features"])
    assert found.tables == ()


def test_a_whitelisted_schema_must_exist(creds: Mapping[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=r'"featured", but the database has .*"features"'):
        extract("mysql", creds, schema_whitelist=["featured"])


def test_only_what_the_user_may_see_is_there(mariadb_server: Server) -> None:
    creds = mariadb_server.create_database(
        "partly", "create table open (id int); create table closed (id int);"
    )
    mariadb_server.execute(
        "create user guest identified by 'secret'; grant select on partly.open to guest"
    )
    found = extract("mysql", {**creds, "user": "guest", "password": "secret"})
    assert [it.name for it in found.tables] == ["open"]


def test_row_estimates(mariadb_server: Server) -> None:
    creds = mariadb_server.create_database(
        "estimates",
        "create table counted (id int); insert into counted values (1), (2), (3);"
        "create view seen as select * from counted; analyze table counted",
    )
    estimates = {it.name: it.row_estimate for it in extract("mysql", creds).tables}
    assert estimates == {"counted": 3, "seen": None}


def test_nothing_is_written(creds: Mapping[str, object]) -> None:
    from sqlalchemy import text

    from defog_metadata.extract.connect import connected
    from defog_metadata.extract.credentials import read_credentials

    with (
        pytest.raises(ExtractionError, match="READ ONLY"),
        connected(read_credentials("mysql", creds)) as connection,
    ):
        connection.execute(text("insert into people (name) values ('written')"))


@pytest.mark.parametrize(
    ("plain_type", "value", "extra", "expected"),
    [
        ("varchar", "it's", "", "'it''s'"),
        ("varchar", "NULL", "", "'NULL'"),
        ("int", "42", "", "42"),
        ("bit", "b'101'", "", "b'101'"),
        ("datetime", "CURRENT_TIMESTAMP", "DEFAULT_GENERATED", "CURRENT_TIMESTAMP"),
        ("timestamp", "CURRENT_TIMESTAMP(6)", "", "CURRENT_TIMESTAMP(6)"),
        ("json", "json_array()", "DEFAULT_GENERATED", "json_array()"),
        ("varchar", None, "", None),
    ],
)
def test_defaults_as_mysql_gives_them(
    plain_type: str, value: str | None, extra: str, expected: str | None
) -> None:
    """MySQL shows the value itself where MariaDB, tested above, shows SQL."""
    row = SimpleNamespace(plain_type=plain_type, value=value, extra=extra, generated="")
    assert _default(row, is_mariadb=False) == expected  # type: ignore[arg-type]
