import pytest

from defog_lsp.ide.hover import hover
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import caret, shown


def check(sql: str, *expected: str, dialect: str = "postgres") -> None:
    """The single place that calls the feature: the marked text, then lines of the answer."""
    at = caret(sql, dialect)
    result = hover(at.snapshot, at.offset)
    assert result is not None
    marked, *lines = expected
    assert shown(at.snapshot, result.span) == marked
    for line in lines:
        assert line in result.markdown


def test_qualified_column() -> None:
    check(
        "select c.em$0ail from customers c",
        "select c.«email» from customers c",
        "customers.email text",
        "Where receipts are sent.",
        "*customers*: People who have bought something.",
    )


def test_names_in_and_around_a_template() -> None:
    check(
        "select o.total from {{ ref('ord$0ers') }} o",
        "select o.total from {{ ref(«'orders'») }} o",
        "table public.orders (",
    )
    check(
        "select o.to$0tal from {{ ref('orders') }} o where o.status = '{{ var('x') }}'",
        "select o.«total» from {{ ref('orders') }} o where o.status = '{{ var('x') }}'",
        "orders.total numeric(10,2)",
    )


def test_keys_references_and_values() -> None:
    check(
        "select $0id from orders", "select «id» from orders", "id integer NOT NULL", "- Primary key"
    )
    check(
        "select customer_id$0 from orders",
        "select «customer_id» from orders",
        "- References public.customers(id)",
    )
    check(
        "select 1 from orders where stat$0us = 'paid'",
        "select 1 from orders where «status» = 'paid'",
        "- One of `open`, `paid`",
    )


def test_ambiguous_column_shows_every_owner() -> None:
    check(
        "select $0id from customers, orders",
        "select «id» from customers, orders",
        "customers.id integer NOT NULL",
        "\n\n---\n\n",
        "orders.id integer NOT NULL",
    )


def test_table() -> None:
    check(
        "select 1 from customers$0",
        "select 1 from «customers»",
        "People who have bought something.",
        "table public.customers (\n    id integer NOT NULL",
        "    email text  -- Where receipts are sent.",
        '    "Region" text',
        "- Primary key: id",
        "- About 1,200 rows",
    )
    check(
        "select 1 from orders$0",
        "select 1 from «orders»",
        "- customer_id → public.customers(id)",
    )


def test_alias_shows_its_table() -> None:
    check("select c$0.id from customers c", "select «c».id from customers c", "public.customers")


def test_column_through_a_cte_and_a_subquery() -> None:
    check(
        "with x as (select c.email as mail from customers c) select ma$0il from (select * from x) y",
        "with x as (select c.email as mail from customers c) select «mail» from (select * from x) y",
        "- `mail` is `customers.email`",
        "Where receipts are sent.",
    )


def test_computed_column_has_a_type() -> None:
    check(
        "select n$0 from (select count(*) as n from orders) q",
        "select «n» from (select count(*) as n from orders) q",
        "n bigint",
    )


def test_cte_shows_its_columns() -> None:
    check(
        "with x(a, b) as (select id, total::text from orders) select * from x$0",
        "with x(a, b) as (select id, total::text from orders) select * from «x»",
        "with x (\n    a integer\n    b text\n)",
    )


def test_second_statement_of_a_file() -> None:
    check(
        "select 1 from (;\nselect tot$0al from orders",
        "select 1 from (;\nselect «total» from orders",
        "In euros, with tax.",
    )


@pytest.mark.parametrize(
    "sql",
    [
        "sel$0ect 1",
        "select 1 -- cust$0omers",
        "select nope$0 from customers",
        "$0",
        "select '😀$0'",
        "select customers$0.id from customers c",
        "select id from customers where$0",
    ],
)
def test_nothing_to_show(sql: str) -> None:
    at = caret(sql)
    assert hover(at.snapshot, at.offset) is None


@pytest.mark.parametrize(
    ("sql", "dialect", "marked", "line"),
    [
        ("select lo$0wer(name) from customers", "postgres", "select «lower»(name) from customers", "lower(string text) → text"),
        ("select COUNT$0 (*) from orders", "postgres", "select «COUNT» (*) from orders", "*Aggregate function*"),
        ("select sum(round$0(total)) from orders", "postgres", "select sum(«round»(total)) from orders", "Rounds to the nearest integer"),
        ("select * from generate_s$0eries(1, 2) g", "postgres", "select * from «generate_series»(1, 2) g", "setof number"),
        ("select curr$0ent_date", "postgres", "select «current_date»", "current_date → date"),
        ("select pg_catalog.lo$0wer('A')", "postgres", "select pg_catalog.«lower»('A')", "lower(string text)"),
        ("select similar$0ity(name, 'a') from customers", "postgres", "select «similarity»(name, 'a') from customers", "Needs the extension `pg_trgm`."),
        ("select lower$0( from where", "postgres", "select «lower»( from where", "lower(string text) → text"),
        ("select date_f$0ormat(placed_at, '%Y') from orders", "mysql", "select «date_format»(placed_at, '%Y') from orders", "DATE_FORMAT(date date, format text, [locale text]) → text"),
        ("select dateadd$0(day, 1, placed_at) from orders", "tsql", "select «dateadd»(day, 1, placed_at) from orders", "DATEADD(part, amount int"),
    ],
)  # fmt: skip
def test_function(sql: str, dialect: str, marked: str, line: str) -> None:
    check(sql, marked, line, dialect=dialect)


@pytest.mark.parametrize(
    "sql",
    [
        "select lower$0 from customers",
        "select mine.lower$0('A')",
        "select nosuch$0(1)",
        "select 1::numeric$0(10, 2)",
        "select 'lower$0(a)'",
    ],
)
def test_no_function(sql: str) -> None:
    at = caret(sql)
    assert hover(at.snapshot, at.offset) is None


def test_a_column_called_like_a_function_is_a_column() -> None:
    check(
        "select count(status$0) from orders",
        "select count(«status») from orders",
        "orders.status text",
    )
    check(
        'with x as (select id as "current_date" from orders) select "current_d$0ate" from x',
        'with x as (select id as "current_date" from orders) select «"current_date"» from x',
        "integer",
    )


def test_values_that_the_statistics_know() -> None:
    parts = Table(
        "parts",
        (
            Column("kind", "text", common_values=("bolt", "nut")),
            Column("size", "text", enum_values=("S", "L"), common_values=("S",)),
        ),
        "public",
    )
    sql = "select kind, size from parts"
    snapshot = Snapshot(sql, Catalog.of(parts), "postgres")
    kind, size = hover(snapshot, sql.index("kind")), hover(snapshot, sql.index("size"))
    assert kind is not None
    assert "- Often: `bolt`, `nut`" in kind.markdown
    assert size is not None
    assert "- One of `S`, `L`" in size.markdown
    assert "Often" not in size.markdown
