"""The published metadata against real databases, read by extraction: nothing has drifted.

And metadata of a real database with types of its own, domains among them, is valid.
"""

from collections.abc import Mapping

import pytest

from defog_metadata.catalog import Catalog, MemoryTables
from defog_metadata.checks.metadata import validation_problems
from defog_metadata.checks.metadata.files import check_metadata_file
from defog_metadata.extract import extract
from tests.checks.test_metadata_published import GOLDEN, laid_out, mistakes
from tests.support.databases import Server


def test_published_metadata_and_what_extraction_finds(
    defog_databases: Mapping[str, dict[str, object]],
) -> None:
    assert len(GOLDEN) == 11
    for path in GOLDEN:
        found = extract("postgres", defog_databases[path.name.split(".")[0]])
        database = Catalog(MemoryTables(found.tables), "postgres", tuple(found.search_path))
        text = laid_out(path)
        assert check_metadata_file(text, "json", database, database) == []
        assert validation_problems(found.tables, "postgres") == ()
        # A tenth of the mistakes: all of them are held against the same schemas elsewhere.
        for broken, line, code in list(mistakes(text))[::10]:
            findings = check_metadata_file(broken, "json", database, database)
            assert [(it.code, broken.count("\n", 0, it.span.start)) for it in findings] == [
                (code, line)
            ]


OWN_TYPES = """
create type mood as enum ('ok', 'bad');
create type pair as (a integer, b text);
create domain email_address as text check (value like '%@%');
create domain name_of_two as varchar(20);
create schema other;
create type other.tone as enum ('a');
create table people (
    id integer generated always as identity primary key, mood mood, tone other.tone, both_moods mood[],
    email email_address, second_email email_address, pair pair, name name_of_two, tags text[],
    address inet, span int4range, document tsvector, at timestamptz(3), amount numeric(10,2), raw "char"
);
create index on people (lower(email));
create index people_of on people (mood, (amount * 2)) include (name);
create table others (id integer references people, person integer, foreign key (person) references people (id));
"""


def test_types_of_a_database_s_own(postgres_server: Server) -> None:
    creds = postgres_server.create_database("own_types", OWN_TYPES)
    tables = extract("postgres", creds).tables
    known = [column.type for table in tables for column in table.columns]
    assert {"mood", "email_address", "pair", "name_of_two"} <= set(known)
    assert validation_problems(tables, "postgres", known) == ()
    # Without the database to ask, nothing is sure of what could be its own.
    assert [it for it in validation_problems(tables, "postgres") if it.is_sure] == []


@pytest.mark.parametrize("type_", ["mood", "pair", "email_address"])
def test_a_type_that_the_database_has_is_no_mistake_in_a_file(
    postgres_server: Server, type_: str
) -> None:
    creds = postgres_server.create_database(f"own_{type_}", OWN_TYPES)
    found = extract("postgres", creds)
    database = Catalog(MemoryTables(found.tables), "postgres", tuple(found.search_path))
    column = {"pair": "pair", "mood": "mood"}.get(type_, "email")
    text = f'{{"people": [{{"column_name": "{column}", "data_type": "{type_}"}}]}}'
    assert check_metadata_file(text, "json", database, database) == []
