"""Hover over what a query makes itself: computed columns, stars, CTEs, windows."""

import pytest

from defog_lsp.ide.hover import hover
from tests.fixture import caret


def shown(sql: str) -> str:
    at = caret(sql)
    found = hover(at.snapshot, at.offset)
    assert found is not None
    return found.markdown


@pytest.mark.parametrize(
    "sql",
    [
        "with a as (select o.total * 2 as twice from orders o) select twi$0ce from a",
        "with a as (select o.total * 2 as twi$0ce from orders o) select 1",
        "with a as (select o.total * 2 as twice from orders o), b as (select * from a)"
        " select x.twi$0ce from (select * from b) x",
    ],
)
def test_a_computed_column_shows_what_it_is_made_of(sql: str) -> None:
    text = shown(sql)
    assert text.startswith("```sql\ntwice numeric\n")
    assert "- `orders.total numeric(10,2)`" in text
    assert "In euros, with tax." in text


def test_what_only_filters_is_no_source() -> None:
    text = shown(
        "with a as (select max(o.total) as m from orders o join customers c"
        " on c.id = o.customer_id where c.email > '' group by c.name order by c.id)"
        " select m$0 from a"
    )
    assert "= max(o.total)" in text
    assert "customers" not in text


def test_a_recursive_column_ends() -> None:
    text = shown(
        "with recursive r as (select id, total as v from orders union all"
        " select r.id, r.v + 1 from r) select v$0 from r"
    )
    assert "orders.total" in text


def test_a_star_shows_its_columns() -> None:
    text = shown("select *$0 from orders o join customers c on c.id = o.customer_id")
    assert "    total numeric(10,2)  -- o: In euros, with tax.\n" in text
    assert '    "Region" text  -- c\n' in text
    one = shown("select o.*$0, 1 from orders o join customers c on c.id = o.customer_id")
    assert "total numeric(10,2)  -- " in one
    assert "Region" not in one


def test_a_counted_star_is_of_its_function() -> None:
    assert shown("select count(*$0) from orders").startswith("```sql\ncount(*) →")


def test_a_table_shows_who_refers_to_it() -> None:
    assert "- Referenced by order_lines(order_id)" in shown("select * from or$0ders")


def test_a_cte_shows_what_is_said_of_it_and_what_it_reads() -> None:
    text = shown(
        "with a as (select 1 as one),\n-- The big ones.\nb as (select id from orders, a)\n"
        "select * from b$0"
    )
    assert text.startswith("The big ones.")
    assert "with b (\n    id integer\n)" in text
    assert "- Reads orders, a" in text


def test_a_named_window_shows_its_definition() -> None:
    text = shown(
        "select sum(total) over w$0 from orders window w as (partition by status order by id)"
    )
    assert text == "```sql\nwindow w AS (partition by status order by id)\n```"


@pytest.mark.parametrize(
    "sql",
    [
        "with a as (select total * 2 as twice from orders) select twi$0ce from a where",
        "select total * 2 as twi$0ce from orders where (",
    ],
)
def test_a_statement_that_is_still_written(sql: str) -> None:
    text = shown(sql)
    assert "- `orders.total numeric(10,2)`" in text


@pytest.mark.parametrize(
    "sql",
    ["sel$0ect 1", "select 'orde$0rs'", "select 1 fr$0om orders", "select 4$02", "-- or$0ders"],
)
def test_nothing_is_said_of_words_that_are_no_names(sql: str) -> None:
    at = caret(sql)
    assert hover(at.snapshot, at.offset) is None
