"""An engine that is read through SQLAlchemy's inspector."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from defog_metadata.catalog import Column, ForeignKey, Table
from defog_metadata.errors import ConfigurationError, ConnectionFailed, ExtractionError
from defog_metadata.extract import Extraction, extract
from tests.extract.engines import interrupted, read, sent
from tests.support.tools import in_ci

for _package in ("duckdb", "duckdb_sqlalchemy"):
    if not in_ci():  # where it is missing all the same, the import below says so
        pytest.importorskip(_package, reason="the duckdb extra is not installed")
duckdb = import_module("duckdb")

SCRIPT = """
create schema sales;
create type mood as enum ('happy', 'sad');
create table people (
  id integer primary key, name varchar not null default 'nobody', now mood, boss integer
);
comment on table people is 'Who we know';
comment on column people.name is 'What they are called';
create table pets (name varchar, owner integer references people (id));
create view adults as select id, name from people;
create table sales.orders (id bigint, amount decimal(10, 2));
insert into sales.orders select i, i from range(25) t(i);
"""


@pytest.fixture(scope="module")
def creds(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    path = tmp_path_factory.mktemp("duckdb") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(SCRIPT)
    return {"database": str(path)}


@pytest.fixture(scope="module")
def found(creds: Mapping[str, object]) -> Extraction:
    return extract("duckdb", creds)


def table(found: Extraction, name: str) -> Table:
    [it] = [it for it in found.tables if it.name == name]
    return it


def test_tables(found: Extraction) -> None:
    assert found.search_path == ("main",)
    assert [(it.schema, it.name, it.kind) for it in found.tables] == [
        ("main", "adults", "view"),
        ("main", "people", "table"),
        ("main", "pets", "table"),
        ("sales", "orders", "table"),
    ]


def test_views_have_their_queries(found: Extraction) -> None:
    query = table(found, "adults").definition
    assert query.replace('"', "") == "SELECT id, name FROM people"
    assert not table(found, "people").definition


def test_row_estimates(found: Extraction) -> None:
    estimates = {it.name: it.row_estimate for it in found.tables}
    assert estimates == {"adults": None, "people": 0, "pets": 0, "orders": 25}


def test_columns(found: Extraction) -> None:
    people = table(found, "people")
    assert (people.description, people.primary_key) == ("Who we know", ("id",))
    assert people.columns == (
        Column("id", "INTEGER", nullable=False),
        Column(
            "name",
            "VARCHAR",
            nullable=False,
            default="'nobody'",
            description="What they are called",
        ),
        Column("now", "ENUM('happy', 'sad')", enum_values=("happy", "sad")),
        Column("boss", "INTEGER"),
    )
    assert [it.type for it in table(found, "orders").columns] == ["BIGINT", "NUMERIC(10, 2)"]


def test_foreign_keys(found: Extraction) -> None:
    [key] = table(found, "pets").foreign_keys
    assert (key.columns, key.referred_table, key.referred_columns) == (
        ("owner",),
        "people",
        ("id",),
    )
    assert isinstance(key, ForeignKey)


def test_whitelist(creds: Mapping[str, object]) -> None:
    found = extract("duckdb", creds, schema_whitelist=["sales"])
    assert [it.name for it in found.tables] == ["orders"]
    with pytest.raises(ConfigurationError, match='has "main", "sales"'):
        extract("duckdb", creds, schema_whitelist=["sails"])


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    path = tmp_path / "missing.duckdb"
    with pytest.raises(ConnectionFailed, match="There is no file"):
        extract("duckdb", {"database": str(path)})
    assert not path.exists()


def test_a_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "notes.duckdb"
    path.write_text("not a database")
    with pytest.raises(ExtractionError, match="valid DuckDB"):
        extract("duckdb", {"database": str(path)})


def test_an_extraction_that_ended_early_is_gone_on_with(
    creds: Mapping[str, object], found: Extraction, tmp_path: Path
) -> None:
    with sent() as whole:
        assert read(("duckdb", creds), tmp_path) == found
    for step in ("comments", "foreign keys", "indexes"):
        with sent() as first:
            interrupted(("duckdb", creds), tmp_path, step)
        with sent() as second:
            assert read(("duckdb", creds), tmp_path) == found
        # Which schemas there are is asked both times.
        assert len(first) < len(whole)
        assert len(second) < len(whole)
