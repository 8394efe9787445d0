"""Extraction from a real PostgreSQL server, one feature of the engine a test."""

from collections.abc import Mapping

import pytest

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.errors import ConfigurationError
from defog_metadata.extract import Extraction, extract
from tests.support.databases import Server

SCRIPT = """
create schema sales;
create schema empty;
create schema "Odd Name";

create type mood as enum ('happy', 'so-so', 'it''s bad');
create domain feeling as mood not null;
create domain feelings as mood[];
create domain feeling_again as feeling;
create domain email as text check (value like '%@%');

create table people (
  id integer generated always as identity primary key,
  code serial,
  email email not null,
  name varchar(50) default 'nobody' not null unique,
  born date,
  age_days integer generated always as (date '2024-01-01' - born) stored,
  now mood,
  past mood[],
  felt feeling,
  felt_again feeling_again,
  felts feelings,
  boss integer references people,
  gone text
);
alter table people drop column gone;
comment on table people is 'Who we know';
comment on column people.born is 'Day of birth, local time';

create table sales.regions (
  country char(2), region text, population bigint,
  primary key (region, country), unique (country, population)
);
create table sales.shops (
  id bigint primary key, country char(2), region text, owner integer,
  constraint shop_region foreign key (region, country) references sales.regions (region, country),
  constraint shop_owner foreign key (owner) references people (id)
);

create table checked (
  status text check (status in ('new', 'it''s paid')),
  short varchar(9) check (short in ('a', 'b')),
  fixed char(1) check (fixed in ('y', 'n')),
  cast_in varchar(3) check (cast_in::text in ('a', 'b\\c]')),
  "Odd Name" text check ("Odd Name" in ('x', 'y')),
  either text check (either in ('a', 'b') or either is null),
  negative text check (negative not in ('a', 'b')),
  number integer check (number in (1, 2)),
  low text check (lower(low) in ('a', 'b')),
  open text check (open in ('a', 'b') or length(open) > 3)
);

create table indexed (a integer, b text, c text);
create index by_expression on indexed (lower(b), a desc) include (c);
create unique index once on indexed (a);
create unique index once_some on indexed (b) where a > 3;

create table events (at date not null, what text, person integer references people)
  partition by range (at);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
create table visits (at date, primary key (at)) partition by range (at);
create table visits_2024 partition of visits for values from ('2024-01-01') to ('2025-01-01');
create table stays (at date references visits);

create view adults as select id, name from people;
comment on view adults is 'Grown up';
comment on column adults.name is 'What they are called';
create materialized view names as select name from people;
create index by_name on names (name);
create extension file_fdw;
create server files foreign data wrapper file_fdw;
create foreign table from_file (line text) server files options (filename '/dev/null');

create table "Odd Name"."Odd Table" ("Odd Column" text, "select" integer);
create table no_columns ();
create temporary table transient (id integer);
"""


@pytest.fixture(scope="module")
def creds(postgres_server: Server) -> Mapping[str, object]:
    return postgres_server.create_database("features", SCRIPT)


@pytest.fixture(scope="module")
def found(creds: Mapping[str, object]) -> Extraction:
    return extract("postgres", creds)


def table(found: Extraction, name: str, schema: str = "public") -> Table:
    [it] = [it for it in found.tables if (it.schema, it.name) == (schema, name)]
    return it


def column(found: Extraction, name: str, of: str) -> Column:
    it = table(found, of).column(name)
    assert it is not None
    return it


def test_tables_on_the_search_path_come_first(found: Extraction) -> None:
    assert found.search_path == ("public",)
    assert [(it.schema, it.name) for it in found.tables] == [
        ("public", "adults"),
        ("public", "checked"),
        ("public", "events"),
        ("public", "events_2024"),
        ("public", "from_file"),
        ("public", "indexed"),
        ("public", "names"),
        ("public", "no_columns"),
        ("public", "people"),
        ("public", "stays"),
        ("public", "visits"),
        ("public", "visits_2024"),
        ("Odd Name", "Odd Table"),
        ("sales", "regions"),
        ("sales", "shops"),
    ]


def test_views_have_their_queries(found: Extraction) -> None:
    queries = {it.name: it.definition.split() for it in found.tables if it.definition}
    # Until version 15 it says which table a column is of, even of one alone.
    assert "SELECT people.id, people.name FROM people".split() == [
        it if it.startswith("people") else f"people.{it}" if it.strip(",") in ("id", "name") else it
        for it in queries["adults"]
    ]
    assert [*queries] == ["adults", "names"]
    assert not any(it.definition.endswith(";") for it in found.tables)


def test_kinds(found: Extraction) -> None:
    kinds = {it.name: it.kind for it in found.tables if it.kind != "table"}
    assert kinds == {
        "adults": "view",
        "names": "materialized view",
        "from_file": "foreign table",
    }


@pytest.mark.parametrize(
    ("expected"),
    [
        Column("id", "integer", nullable=False, default="GENERATED ALWAYS AS IDENTITY"),
        Column("code", "integer", nullable=False, default="nextval('people_code_seq'::regclass)"),
        Column("email", "email", nullable=False),
        Column(
            "name",
            "character varying(50)",
            nullable=False,
            default="'nobody'::character varying",
        ),
        Column("born", "date", description="Day of birth, local time"),
        Column(
            "age_days",
            "integer",
            default="GENERATED ALWAYS AS (('2024-01-01'::date - born)) STORED",
        ),
    ],
    ids=lambda it: it.name,
)
def test_columns(found: Extraction, expected: Column) -> None:
    assert column(found, expected.name, "people") == expected


@pytest.mark.parametrize(
    ("name", "type_", "nullable"),
    [
        ("now", "mood", True),
        ("past", "mood[]", True),
        ("felt", "feeling", False),
        ("felt_again", "feeling_again", False),
        ("felts", "feelings", True),
    ],
)
def test_enumerations_and_what_is_made_of_them(
    found: Extraction, name: str, type_: str, *, nullable: bool
) -> None:
    it = column(found, name, "people")
    assert (it.type, it.nullable) == (type_, nullable)
    assert it.enum_values == ("happy", "so-so", "it's bad")


def test_checks_that_list_the_allowed_texts(found: Extraction) -> None:
    allowed = {it.name: it.enum_values for it in table(found, "checked").columns}
    assert allowed == {
        "status": ("new", "it's paid"),
        "short": ("a", "b"),
        "fixed": ("y", "n"),
        "cast_in": ("a", "b\\c]"),
        "Odd Name": ("x", "y"),
        # A check that says more than a list is not taken for one.
        "either": (),
        "negative": (),
        "number": (),
        "low": (),
        "open": (),
    }


def test_descriptions(found: Extraction) -> None:
    assert table(found, "people").description == "Who we know"
    assert table(found, "adults").description == "Grown up"
    assert column(found, "name", "adults").description == "What they are called"


def test_keys(found: Extraction) -> None:
    people = table(found, "people")
    assert people.primary_key == ("id",)
    assert people.unique_keys == (UniqueKey(("name",), "people_name_key"),)
    assert people.foreign_keys == (
        ForeignKey(("boss",), "people", ("id",), "public", "people_boss_fkey"),
    )


def test_composite_keys_keep_their_order_and_cross_schemas(found: Extraction) -> None:
    regions = table(found, "regions", "sales")
    assert regions.primary_key == ("region", "country")
    assert [it.columns for it in regions.unique_keys] == [("country", "population")]
    assert table(found, "shops", "sales").foreign_keys == (
        ForeignKey(("owner",), "people", ("id",), "public", "shop_owner"),
        ForeignKey(("region", "country"), "regions", ("region", "country"), "sales", "shop_region"),
    )


def test_indexes_that_are_no_keys(found: Extraction) -> None:
    assert table(found, "people").indexes == ()
    assert table(found, "indexed").indexes == (
        Index("by_expression", ("lower(b)", "a")),
        Index("once", ("a",), unique=True),
        # Unique among some rows is not unique.
        Index("once_some", ("b",)),
    )
    assert table(found, "names").indexes == (Index("by_name", ("name",)),)


def test_partitions_can_be_named_and_foreign_keys_are_not_repeated(found: Extraction) -> None:
    for name in ("events", "events_2024"):
        it = table(found, name)
        assert [column.name for column in it.columns] == ["at", "what", "person"]
        assert [key.referred_table for key in it.foreign_keys] == ["people"]
    assert [it.referred_table for it in table(found, "stays").foreign_keys] == ["visits"]
    assert table(found, "visits_2024").primary_key == ("at",)


def test_names_are_kept_as_stored(found: Extraction) -> None:
    odd = table(found, "Odd Table", "Odd Name")
    assert [it.name for it in odd.columns] == ["Odd Column", "select"]
    assert table(found, "no_columns").columns == ()


def test_row_estimates_are_unknown_until_analyzed(postgres_server: Server) -> None:
    creds = postgres_server.create_database(
        "estimates",
        "create table counted (id integer); insert into counted select generate_series(1, 1234);"
        "create table nothing (id integer); create view seen as select * from counted;",
    )
    assert {it.row_estimate for it in extract("postgres", creds).tables} == {None}
    postgres_server.execute("analyze", "estimates")
    estimates = {it.name: it.row_estimate for it in extract("postgres", creds).tables}
    assert estimates == {"counted": 1234, "nothing": 0, "seen": None}


def test_frequent_values_of_texts_with_few_different_ones(postgres_server: Server) -> None:
    creds = postgres_server.create_database(
        "frequent",
        """
        create domain colour as text;
        create table parts (
          number text, kind text, colour colour, code char(2), size int, note text, owner text
        );
        insert into parts select
          'n' || i, (array['bolt','nut','it''s odd'])[i % 3 + 1], (array['red','blue'])[i % 2 + 1],
          (array['a','b'])[i % 2 + 1], i % 3, repeat('long ', 10) || i % 2, 'owner ' || i / 3
        from generate_series(1, 300) i;
        create table few (name text); insert into few values ('Ann'), ('Bo'), ('Ann'), ('Cy');
        create table secret (kind text); insert into secret select 'x' from generate_series(1, 9);
        create role looker login password 'secret';
        grant select on parts to looker;
        """,
    )
    assert not [c for t in extract("postgres", creds).tables for c in t.columns if c.common_values]
    postgres_server.execute("analyze", "frequent")
    found = extract("postgres", creds)
    frequent = {it.name: set(it.common_values) for it in table(found, "parts").columns}
    assert frequent == {
        "number": set(),
        "kind": {"bolt", "nut", "it's odd"},
        "colour": {"red", "blue"},
        "code": {"a ", "b "},
        "size": set(),
        "note": set(),  # texts
        "owner": set(),  # hardly more rows than values
    }
    assert table(found, "few").columns[0].common_values == ()
    assert table(found, "secret").columns[0].common_values == ("x",)
    without = extract("postgres", creds, frequent_values=False)
    assert not [c for t in without.tables for c in t.columns if c.common_values]
    others = extract("postgres", {**creds, "user": "looker", "password": "secret"})
    assert table(others, "parts").columns[1].common_values
    assert table(others, "secret").columns[0].common_values == ()


def test_the_search_path_is_the_users_own(
    postgres_server: Server, creds: Mapping[str, object]
) -> None:
    postgres_server.execute(
        "create role seller login password 'secret';"
        "alter role seller set search_path = sales, nowhere, public;"
        "grant usage on schema sales to seller",
        "features",
    )
    found = extract("postgres", {**creds, "user": "seller", "password": "secret"})
    assert found.search_path == ("sales", "public")
    assert [it.name for it in found.tables][:3] == ["regions", "shops", "adults"]
    # Who may not read a table can still be writing for someone who may.
    assert table(found, "people").columns


@pytest.mark.parametrize(
    ("whitelist", "blacklist", "expected"),
    [
        (["sales"], [], {"sales"}),
        (["sales", "public"], ["public"], {"sales"}),
        ([], ["public", "not there"], {"sales", "Odd Name"}),
        (["empty"], [], set()),
    ],
)
def test_white_and_blacklist(
    creds: Mapping[str, object], whitelist: list[str], blacklist: list[str], expected: set[str]
) -> None:
    found = extract("postgresql", creds, schema_whitelist=whitelist, schema_blacklist=blacklist)
    assert {it.schema for it in found.tables} == expected


def test_foreign_keys_into_schemas_that_are_left_out(creds: Mapping[str, object]) -> None:
    found = extract("postgres", creds, schema_whitelist=["sales"])
    assert table(found, "shops", "sales").foreign_keys[0].referred_columns == ("id",)


def test_a_whitelisted_schema_must_exist(creds: Mapping[str, object]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        extract("postgres", creds, schema_whitelist=["sails"])
    assert str(caught.value) == (
        'schema_whitelist names "sails", but the database has "Odd Name", "empty", "public", '
        '"sales". Correct the name, or ask for the right to see the schema.'
    )


def test_nothing_is_written(creds: Mapping[str, object]) -> None:
    """The transaction is the server's own read-only kind, not a promise of ours."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from defog_metadata.errors import ExtractionError
    from defog_metadata.extract.connect import connected
    from defog_metadata.extract.credentials import read_credentials

    with (
        pytest.raises(ExtractionError, match="read-only transaction") as caught,
        connected(read_credentials("postgres", creds)) as connection,
    ):
        connection.execute(text("create table written (id integer)"))
    assert isinstance(caught.value.__cause__, DBAPIError)
