"""Hover over what a query makes itself: computed columns, stars, CTEs, windows."""

import pytest

from defog_lsp.ide.completion.documentation import documentation
from defog_lsp.ide.completion.items import Subject
from defog_lsp.ide.hover import hover
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.usage import usage_of
from tests.fixture import CATALOG, TABLES, caret


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


def test_a_named_window_is_shown_by_its_name() -> None:
    text = shown("select sum(total) over w as s$0 from orders window w as (order by id)")
    assert "= sum(total) over w\n" in text


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
    at = caret("select count(*$0) from orders")
    found = hover(at.snapshot, at.offset)
    assert found is not None
    assert found.markdown.startswith("```sql\ncount(*) →")
    assert at.snapshot.text[found.span.start : found.span.end] == "*"


def test_a_table_shows_who_refers_to_it() -> None:
    assert "- Referenced by order_lines(order_id)" in shown("select * from or$0ders")


def test_a_table_shows_the_questions_that_golden_queries_answer_with_it() -> None:
    sql = "select 1 from orders"
    usage = usage_of([sql], CATALOG, "postgres", ["How many orders are there?"])
    found = hover(Snapshot(sql, CATALOG, "postgres", usage), len(sql))
    assert found is not None
    assert "*Golden questions:*\n\n- How many orders are there?" in found.markdown


def test_of_many_columns_the_first_are_shown() -> None:
    names = [f"c{index}" for index in range(11)]
    table = Table("wide", tuple(Column(it, "int") for it in names), "public")
    sql = f"select {' + '.join(names)} as s from wide"
    found = hover(Snapshot(sql, Catalog.of(table), "postgres"), sql.index(" as s") + 4)
    assert found is not None
    assert "- `wide.c7 int`\n- … and 3 more" in found.markdown


def test_what_the_file_makes_shows_what_is_said_above_it() -> None:
    made = (
        "select 1; -- no more\n-- What was sold.\ncreate table sold as select * from orders;\n"
        "select * from so$0ld"
    )
    text = shown(made)
    assert text.startswith("What was sold.\n\n```sql\ntable sold (")
    assert "- Reads orders" in text
    assert shown(made.replace("-- What was sold.\n", "")).startswith("```sql")


def test_a_union_shows_the_columns_of_all_its_queries() -> None:
    text = shown(
        "select x$0 from (select email as x from customers union select status from orders) u"
    )
    assert "= " not in text
    assert "- `customers.email text` — Where receipts are sent.\n- `orders.status text`" in text


def test_the_columns_of_an_insert_and_of_using() -> None:
    assert "In euros, with tax." in shown("insert into orders (id, tot$0al) values (1, 2)")
    both = shown("select 1 from customers join orders using (i$0d)")
    assert "customers.id" in both
    assert "orders.id" in both


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
        "create view v as select total * 2 as twice from orders; select twi$0ce from v where (",
        "select x.twice$0 from (select total * 2 as twice from orders) x join customers c on",
    ],
)
def test_a_statement_that_is_still_written(sql: str) -> None:
    text = shown(sql)
    assert "= total * 2" in text
    assert "- `orders.total numeric(10,2)`" in text


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("insert into orders (id, tot$0al", "orders.total numeric(10,2)"),
        ("update orders set tot$0al = where id = 1", "orders.total numeric(10,2)"),
        ("select c.*$0 from customers c where and", "    email text"),
        ("select * from ord$0ers o join customers c on", "table public.orders"),
        ("select 1 from customers join orders using (id$0", "orders.id"),
    ],
)
def test_names_in_what_is_still_written(sql: str, expected: str) -> None:
    assert expected in shown(sql)


def test_what_had_to_be_replaced_to_read_the_rest_is_not_told() -> None:
    broken = "with c as (select sum(total) as s, id from orders where and x) select {} from c"
    assert shown(broken.format("s$0")) == "```sql\ns\n```"
    assert "orders.id integer" in shown(broken.format("id$0"))


@pytest.mark.parametrize(
    "sql",
    ["sel$0ect 1", "select 'orde$0rs'", "select 1 fr$0om orders", "select 4$02", "-- or$0ders"],
)
def test_nothing_is_said_of_words_that_are_no_names(sql: str) -> None:
    at = caret(sql)
    assert hover(at.snapshot, at.offset) is None


def _view(name: str, definition: str, *columns: Column | str) -> Table:
    made = tuple(it if isinstance(it, Column) else Column(it, "numeric") for it in columns)
    return Table(name, made, schema="public", kind="view", definition=definition)


PAID = _view("paid", "SELECT o.id, o.total AS amount FROM orders o", "id", "amount")
VIEWS = Catalog.of(
    *TABLES,
    PAID,
    _view(
        "days",
        "WITH p AS (SELECT * FROM paid) SELECT sum(p.amount * 2), count(*), max(amount) FROM p",
        "twice",
        "n",
        Column("most", "numeric", description="Of a day."),
    ),
    _view("broken", "SELECT FROM WHERE", "a"),
    _view("older", "SELECT * FROM orders", "total"),
    _view("odd", "SELECT x.b AS a, 1 AS c FROM odd x", "a", "b"),
)


def shown_over_views(sql: str) -> str:
    at = caret(sql)
    found = hover(Snapshot(at.snapshot.text, VIEWS, "postgres"), at.offset)
    assert found is not None
    return found.markdown


def test_a_column_of_a_view_of_the_database_shows_what_it_is_made_of() -> None:
    text = shown_over_views("select am$0ount from paid")
    assert text.startswith("```sql\npaid.amount numeric\n")
    assert "*From:*\n\n- `orders.total numeric(10,2)` — In euros, with tax." in text
    through = shown_over_views("select tw$0ice from days")
    assert "- `orders.total numeric(10,2)` in `sum(p.amount * 2)` — In euros" in through
    most = shown_over_views("select mo$0st from days")
    assert "Of a day." in most
    assert "- `orders.total numeric(10,2)` in `max(amount)` — In euros" in most
    assert "From" not in shown_over_views("select n$0 from days")


def test_what_is_computed_of_a_view_is_made_of_its_tables() -> None:
    text = shown_over_views("select amount + id as su$0m from paid")
    assert "= amount + id" in text
    assert "- `orders.total numeric(10,2)` — In euros, with tax.\n- `orders.id integer`" in text


def test_views_inherit_descriptions() -> None:
    told = "    amount numeric  -- In euros, with tax.\n"
    assert told in shown_over_views("select 1 from pai$0d")
    assert told in shown_over_views("select *$0 from paid")
    assert told in shown_over_views("with c as (select * from paid) select 1 from c$0")
    # What the view says itself counts.
    assert "most numeric  -- Of a day.\n" in shown_over_views("select *$0 from days")
    subject = Subject("column", "amount", "paid", "public")
    assert "In euros, with tax." in documentation(subject, VIEWS, "postgres")


@pytest.mark.parametrize("sql", ["select a$0 from broken", "select a$0 from odd"])
def test_a_view_whose_query_says_nothing_shows_what_is_known(sql: str) -> None:
    assert shown_over_views(sql).count("From") == 0


def test_a_view_older_than_its_tables_is_read_by_names() -> None:
    assert "- `orders.total numeric(10,2)` — In euros" in shown_over_views(
        "select tot$0al from older"
    )
