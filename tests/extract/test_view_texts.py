"""The queries of views, as engines tell them."""

import pytest

from defog_metadata.extract.view_texts import query_of


@pytest.mark.parametrize(
    ("said", "dialect", "expected"),
    [
        (" SELECT id\n   FROM orders;", "", "SELECT id\n   FROM orders"),
        ("create view v as select cast(a as text) from t", "sqlite", "select cast(a as text) from t"),
        (
            'CREATE TEMP VIEW IF NOT EXISTS "as" (a, b) -- as\nAS\n  with x as (select 1) select * from x',
            "sqlite",
            "with x as (select 1) select * from x",
        ),
        ('CREATE VIEW main.v AS SELECT "as" FROM t;', "duckdb", 'SELECT "as" FROM t'),
        ("create view [a] as select 'unfinished", "sqlite", ""),
        ("", "sqlite", ""),
    ],
)  # fmt: skip
def test_query_of(said: str, dialect: str, expected: str) -> None:
    assert query_of(said, dialect) == expected
