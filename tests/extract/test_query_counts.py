"""A catalog of 300 tables costs as many statements as one of 3."""

from pathlib import Path

import pytest

from defog_metadata.extract import extract
from tests.extract.engines import ENGINES, MakeDatabase, maker, sent


def schema(db_type: str, tables: int) -> str:
    """*tables* tables with keys and an index, as many views, and labels where there are any."""
    labels = {
        "postgres": "label{0}",
        "mysql": "enum('a', 'b')",
        "sqlite": "text check (kind in ('a', 'b'))",
    }
    enumeration = "create type label{0} as enum ('a', 'b');" if db_type == "postgres" else ""
    script = (
        f"{enumeration}"
        f"create table t{{0}} (id int primary key, code int not null unique, kind {labels[db_type]},"
        " other int, foreign key (other) references t{1} (id));"
        "create index i{0} on t{0} (kind, other);"
        "create view v{0} as select id, kind from t{0};"
    )
    return "".join(script.format(it, max(it - 1, 0)) for it in range(tables))


@pytest.fixture(params=ENGINES)
def db_type(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make_database(db_type: str, request: pytest.FixtureRequest, tmp_path: Path) -> MakeDatabase:
    return maker(db_type, request, tmp_path)


def test_the_number_of_statements_does_not_depend_on_the_number_of_tables(
    db_type: str, make_database: MakeDatabase
) -> None:
    counted = {}
    for tables in (3, 300):
        creds = make_database(f"counted_{tables}", schema(db_type, tables))
        with sent() as statements:
            found = extract(db_type, creds)
        assert len(found.tables) == 2 * tables
        assert sum(len(it.foreign_keys) for it in found.tables) == tables
        assert sum(len(it.unique_keys) for it in found.tables) == tables
        assert {it.columns[1].enum_values for it in found.tables if it.kind == "view"} <= {
            (),
            ("a", "b"),
        }
        assert (
            sum(
                it.kind == "table" and it.columns[2].enum_values == ("a", "b")
                for it in found.tables
            )
            == tables
        )
        counted[tables] = statements
    assert counted[3] == counted[300]
    assert len(counted[3]) == {"sqlite": 6, "postgres": 8, "mysql": 8}[db_type], counted[3]
