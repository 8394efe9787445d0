"""Views there and back: what a real database tells of them makes them again."""

from pathlib import Path

import pytest

from defog_metadata.catalog import Table
from defog_metadata.ddl import create_ddl_from_metadata
from defog_metadata.extract import extract
from defog_metadata.extract.connect import writable
from defog_metadata.extract.credentials import read_credentials
from tests.extract.engines import ENGINES, maker

SCRIPT = """
create table orders (id integer not null, total numeric(8, 2));
create view b as select id, total * 2 as doubled from orders where total > 3;
create view a as select max(doubled) as most, 'a''b' as text from b;
"""


def views(tables: tuple[Table, ...], database: str) -> dict[str, tuple[object, ...]]:
    return {
        it.name: (
            it.definition.replace(f"`{database}`.", "").casefold().split(),
            [(column.name, column.type) for column in it.columns],
        )
        for it in tables
        if it.kind == "view"
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_views(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    make = maker(engine, request, tmp_path)
    first = extract(engine, make("views_there", SCRIPT)).tables
    creds = make("views_again", "")
    with writable(read_credentials(engine, creds)) as connection:
        for statement in create_ddl_from_metadata(first, engine):
            connection.exec_driver_sql(statement)
        connection.commit()
    again = views(extract(engine, creds).tables, "views_again")
    assert again == views(first, "views_there")
    assert all(query for query, _ in again.values())
