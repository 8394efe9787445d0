import pytest

from defog_metadata.sql.facts.alike import written_alike
from tests.fixture import snapshot_of


def alike(one: str, other: str, dialect: str = "postgres") -> bool:
    return written_alike(snapshot_of(one, dialect)) == written_alike(snapshot_of(other, dialect))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select a from t", "SELECT\n  a -- it\nFROM T;"),
        ('select "a" from t', "select a from t"),
        ("select count(*) from t", "select COUNT( * ) from t"),
        ("select a b from t", "select a as b from t"),
        ("select 1 from a inner join b on a.x = b.x", "select 1 from a join b on a.x = b.x"),
        ("select a from t where a <> 1", "select a from t where a != 1"),
        ("select a from t; select b from t", "select b from t;\nselect a from t;"),
        ("select (a from", "SELECT (a\nFROM;"),
        ("vacuum t", "VACUUM T;"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select a from t", "select b from t"),
        ("select 'a' from t", "select 'A' from t"),
        ('select "A" from t', "select a from t"),
        ("select a from t", "select a from t limit 1"),
        ("select 1 from a left join b on a.x = b.x", "select 1 from a join b on a.x = b.x"),
        ("select a from t; select b from t", "select a from t"),
        ("set x = 'a'", "set x = 'A'"),
        ("select 1", ""),
    ],
)
def test_different(one: str, other: str) -> None:
    assert not alike(one, other)


def test_the_dialect_says_whether_letter_case_counts() -> None:
    assert alike("select `A` from t", "select a from T", "sqlite")
    assert alike('select "A" from t', "select a from t", "snowflake")
    assert not alike('select "a" from t', "select a from t", "snowflake")
