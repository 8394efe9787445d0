"""Comments that silence rules: which findings they are about, in which forms."""

import pytest

from defog_metadata.rules import check
from tests.fixture import annotations, snapshot_of


def told(sql: str, dialect: str = "postgres") -> list[str]:
    found = check(snapshot_of(sql, dialect))
    return [f"{it.code} {sql[it.span.start : it.span.end]}" for it in found]


@pytest.mark.parametrize(
    "comment",
    [
        "-- defog: ignore",
        "-- defog: ignore unknown-column",
        "--defog:ignore unknown-column",
        "-- Defog: Ignore Unknown-Column",
        "-- defog: ignore unknown-table, unknown-column",
        "-- defog: ignore unknown-table unknown-column",
        "-- defog: ignore unknown-table,unknown-column -- comes with the next release",
        "-- defog: ignore unknown_column",
        "/* defog: ignore unknown-column */",
        "/* defog: ignore */",
        "-- defog: ignore: the view is made elsewhere",
    ],
)
def test_forms(comment: str) -> None:
    assert told(f"select nope {comment}\nfrom orders") == []
    assert told(f"{comment}\nselect nope from orders") == []
    assert told(f"select\n  {comment}\n  nope\nfrom orders") == []


@pytest.mark.parametrize(
    "comment",
    [
        "-- defog: ignore unknown-table",
        "-- defog: ignore unkown-column",
        "-- defog ignore unknown-column",
        "-- see defog: ignore unknown-column",
        "-- defog: ignored",
        "-- ignore unknown-column",
    ],
)
def test_what_is_no_such_comment(comment: str) -> None:
    assert told(f"select nope {comment}\nfrom orders") == ["unknown-column nope"]
    assert told(f"{comment}\nselect nope from orders") == ["unknown-column nope"]


@pytest.mark.parametrize(
    ("comment", "dialect"),
    [
        ("# defog: ignore", "mysql"),
        ("# defog: ignore", "bigquery"),
        ("// defog: ignore", "snowflake"),
        ("-- defog: ignore", "tsql"),
        ("{# defog: ignore #}", "postgres"),
    ],
)
def test_comments_of_dialects(comment: str, dialect: str) -> None:
    assert told(f"select nope {comment}\nfrom orders", dialect) == []
    assert told(f"{comment}\nselect nope from orders", dialect) == []


def test_a_comment_in_a_string_is_none() -> None:
    assert told("select nope, '-- defog: ignore' from orders") == ["unknown-column nope"]


def check_lines(sql: str) -> None:
    found = [(it.span, it.code) for it in check(snapshot_of(sql))]
    assert sorted(found) == sorted(annotations(sql))


def test_behind_code_it_is_about_what_starts_on_that_line() -> None:
    check_lines(
        """
select
  nope, -- defog: ignore unknown-column
  nope
--^^^^ unknown-column
from orders; select nope from orders; -- defog: ignore
select nope from orders
--     ^^^^ unknown-column
"""
    )


def test_above_a_statement_it_is_about_all_of_it() -> None:
    check_lines(
        """
-- defog: ignore unknown-column
-- which comes with the next release
select nope
from orders
where nope = 1 and x.id = 2;
--                 ^ unknown-alias
select nope from orders
--     ^^^^ unknown-column
"""
    )


def test_with_an_empty_line_between_it_is_about_nothing() -> None:
    check_lines(
        """
-- defog: ignore

select nope from orders
--     ^^^^ unknown-column
"""
    )


def test_inside_a_statement_it_is_about_the_next_line() -> None:
    check_lines(
        """
select
  -- defog: ignore
  nope,
  nope
--^^^^ unknown-column
from orders
"""
    )


def test_before_code_on_its_line() -> None:
    check_lines(
        """
/* defog: ignore */ select nope,
  nope
--^^^^ unknown-column
from orders
"""
    )


def test_line_ends_of_every_system_and_the_end_of_the_text() -> None:
    for end in ("\n", "\r\n", "\r"):
        sql = f"select nope{end}from orders -- defog: ignore{end}"
        assert told(sql) == ["unknown-column nope"]
        assert told(f"select 1,{end} nope -- defog: ignore{end}from orders") == []
    assert told("select nope from -- defog: ignore") == []
    assert told("-- defog: ignore") == []
