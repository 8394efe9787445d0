"""Signature help at carets: the label with the active parameter in guillemets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_lsp.ide.signature_help import SignatureHelp, signature_help
from tests.fixture import caret, snapshot_of


def help_at(sql: str, dialect: str = "postgres") -> SignatureHelp | None:
    at = caret(sql, dialect)
    return signature_help(at.snapshot, at.offset)


def shown(found: SignatureHelp | None) -> str:
    """The active label, its active parameter marked; empty where there is no help."""
    if found is None:
        return ""
    signature = found.signatures[found.active]
    if found.parameter >= len(signature.parameters):
        return signature.label
    span = signature.parameters[found.parameter].span
    label = signature.label
    return f"{label[: span.start]}«{label[span.start : span.end]}»{label[span.end :]}"


def check(sql: str, expected: str, dialect: str = "postgres") -> None:
    assert shown(help_at(sql, dialect)) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select lower($0)", "lower(«string text») → text"),
        ("select lower($0", "lower(«string text») → text"),
        ("select lower(na$0me) from customers", "lower(«string text») → text"),
        ("select LOWER ( $0", "lower(«string text») → text"),
        ("select replace(name, $0, 'b')", "replace(string text, «from text», to text) → text"),
        ("select replace(name, 'a', $0) from customers", "replace(string text, from text, «to text») → text"),
        ("select replace(name,\n  'a',\n  $0", "replace(string text, from text, «to text») → text"),
        # too many, none wanted
        ("select lower(name, $0)", "lower(string text) → text"),
        ("select now($0)", "now() → timestamptz"),
        # overloads
        ("select round($0)", "round(«value numeric», digits integer) → numeric"),
        ("select log(10, $0)", "log(base numeric, «value numeric») → numeric"),
        ("select random($0)", "random() → double precision"),
        ("select random(1$0)", "random(«min number», max number) → number"),
        ("select regexp_replace(name, 'a', 'b', 1, 2, $0)", "regexp_replace(string text, pattern text, replacement text, start integer, [n integer], «[flags text]») → text"),
        # written with words
        ("select substring(name from $0)", "substring(«string FROM start integer») → text"),
        ("select trim(leading ' ' from $0)", "trim(«LEADING characters FROM string text») → text"),
        ("select extract(year from $0)", "extract(«field FROM source timestamp») → numeric"),
        # repeated
        ("select coalesce(a, b, c, $0)", "coalesce(«value any...») → any"),
        ("select concat_ws(',', a, $0)", "concat_ws(separator text, «value any...») → text"),
        # nested
        ("select coalesce(lower($0), '')", "lower(«string text») → text"),
        ("select replace(lower(name), $0)", "replace(string text, «from text», to text) → text"),
        ("select replace((a || b), $0", "replace(string text, «from text», to text) → text"),
        ("select replace(name, (a || $0", "replace(string text, «from text», to text) → text"),
        ("select coalesce((array[1, 2, 3])[1], $0", "coalesce(«value any...») → any"),
        ("select array_length(array[1, 2, $0", "array_length(«array anyarray», dimension integer) → integer"),
        ("select replace(cast(a as numeric(10, $0", "cast(«value AS type any»)"),
        ("select round(a::numeric(10, 2), $0)", "round(value numeric, «digits integer») → numeric"),
        # aggregates and windows
        ("select string_agg(name, $0)", "string_agg(value text, «delimiter text») → text"),
        ("select string_agg(name, ',' order by a, $0)", "string_agg(value text, «delimiter text») → text"),
        ("select lag(total, $0) over (order by id) from orders", "lag(value anyelement, «[offset integer]», [default anyelement]) → anyelement"),
        ("select count(distinct $0) from orders", "count(«*») → bigint"),
        # where calls can stand
        ("select * from generate_series(1, $0", "generate_series(start number, «stop number», [step number]) → setof number"),
        ("select * from orders where coalesce(total, $0", "coalesce(«value any...») → any"),
        ("select 1; select lower($0", "lower(«string text») → text"),
        ("select pg_catalog.lower($0", "lower(«string text») → text"),
        ("create table t (a text default lower($0", "lower(«string text») → text"),
        ("select lower(a), upper($0 from customers where", "upper(«string text») → text"),
        ("select lower(/* a, b */ $0)", "lower(«string text») → text"),
        ("select replace('a,b(', $0)", "replace(string text, «from text», to text) → text"),
    ],
)  # fmt: skip
def test_functions(sql: str, expected: str) -> None:
    check(sql, expected)


@pytest.mark.parametrize(
    ("sql", "dialect", "expected"),
    [
        ("select date_format(placed_at, $0)", "mysql", "DATE_FORMAT(date date, «format text», [locale text]) → text"),
        ("select if(a, b, $0)", "mysql", "IF(condition, when_true, «when_false»)"),
        ("insert into t values (1) on duplicate key update a = values($0)", "mysql", "VALUES(«column»)"),
        ("select strftime('%Y', $0)", "sqlite", "strftime(format text, «[time]», [modifier text...]) → text"),
        ("select dateadd(day, $0)", "tsql", "DATEADD(part, «amount int», date datetime2) → datetime2"),
        ("select date_diff(a, $0)", "bigquery", "DATE_DIFF(end DATE, «start DATE», part) → INT64"),
        ("select iff(a, $0)", "snowflake", "IFF(condition BOOLEAN, «when_true», when_false)"),
        ("select * from read_csv($0", "duckdb", "read_csv(«files VARCHAR», [option = value...]) → table"),
    ],
)  # fmt: skip
def test_functions_of_dialects(sql: str, dialect: str, expected: str) -> None:
    check(sql, expected, dialect)


@pytest.mark.parametrize(
    "sql",
    [
        "select $0lower(name)",
        "select lower$0(name)",
        "select lower(name)$0",
        "select lower(name); $0",
        "select ($0",
        "select nosuch(a, $0)",
        "select mine.lower($0)",
        "select lower('$0')",
        "select lower('$0",
        'select lower("$0',
        "select lower( -- $0",
        "select lower(/* $0 */)",
        "select count(*) filter (where a = $0",
        "select sum(a) over (partition by b, $0",
        "select coalesce((select a, $0",
        "select lower(name from customers where id = $0",
        "select lower(name from customers$0",
        "select * from orders where id in (1, $0",
        "select a::numeric($0",
        "create table t (a varchar($0",
        "create table date (a, $0",
        "with date (a, $0",
        "insert into date (a, $0",
        "select a from t group by cube (a, $0",
        "select * from (values ($0",
        "",
    ],
)
def test_no_help(sql: str) -> None:
    check(sql if "$0" in sql else "$0", "")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("insert into orders (id, total) values ($0", "orders («id integer», total numeric(10,2))"),
        ("insert into orders (id, total) values (1, $0)", "orders (id integer, «total numeric(10,2)»)"),
        ("insert into orders (id, total) values (1, 2, $0)", "orders (id integer, total numeric(10,2))"),
        ("insert into orders (id, total) values (1, 2), (3, $0", "orders (id integer, «total numeric(10,2)»)"),
        ("insert into orders (id, total) values\n  (1, 2),\n  ($0", "orders («id integer», total numeric(10,2))"),
        ("insert into orders (id, total) values ((1 + $0", "orders («id integer», total numeric(10,2))"),
        ("insert into orders (id, total) values (lower('a'), $0", "orders (id integer, «total numeric(10,2)»)"),
        ("insert into orders (id, nope) values (1, $0", "orders (id integer, «nope»)"),
        ("insert into order_lines values (1, $0)", "order_lines (order_id integer, «line integer», product_id integer, quantity integer)"),
        ("insert into marketing.leads values ($0)", "marketing.leads («id integer», source text)"),
        ('insert into customers ("Region") values ($0', "customers («Region text»)"),
        ("insert into orders as o (id) values ($0", "orders («id integer»)"),
        ("with x as (select 1) insert into marketing.leads values ($0", "marketing.leads («id integer», source text)"),
        ("create table mine (a integer, b text); insert into mine values (1, $0", "mine (a integer, «b text»)"),
        ("insert into nowhere (a, b) values (1, $0", "nowhere (a, «b»)"),
        ("insert into orders (id) values (lower($0", "lower(«string text») → text"),
        ("insert into nowhere values (1, $0", ""),
        ("insert into orders (id) values $0", ""),
        ("insert into orders (id) values (1) $0", ""),
        ("insert into orders (id) values (1) on conflict ($0", ""),
        ("insert into orders (id, $0", ""),
        ("insert into orders (id) values ('$0", ""),
    ],
)  # fmt: skip
def test_values(sql: str, expected: str) -> None:
    check(sql, expected)


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("replace into marketing.leads (id, source) values (1, $0", "mysql"),
        ("insert ignore marketing.leads (id, source) values (1, $0", "mysql"),
        ("insert into marketing.leads partition (p) (id, source) value (1, $0", "mysql"),
        ("insert or replace into marketing.leads (id, source) values (1, $0", "sqlite"),
        ("insert marketing.leads (id, source) values (1, $0", "bigquery"),
    ],
)
def test_values_of_dialects(sql: str, dialect: str) -> None:
    check(sql, "marketing.leads (id integer, «source text»)", dialect)


def test_documentation() -> None:
    found = help_at("select lower($0)")
    assert found is not None
    assert found.signatures[0].documentation.startswith("The string in lower case")
    assert len(found.signatures) == 3
    found = help_at("insert into orders (customer_id, status) values ($0")
    assert found is not None
    customer, status = found.signatures[0].parameters
    assert customer.documentation == "Who bought.\n\nReferences customers(id)"
    assert status.documentation == "One of `open`, `paid`"


TOKENS = st.sampled_from(
    [
        *"select from where insert into values orders customers lower coalesce extract ( ) , ; . ' \" $$".split(),
        *"-- /* */ [ ] as order by :: 1 'a' \n".split(" "),
    ]
)


@given(st.lists(TOKENS, max_size=20).map(" ".join), st.sampled_from(["postgres", "mysql", "tsql"]))
def test_broken_text_never_raises(sql: str, dialect: str) -> None:
    snapshot = snapshot_of(sql, dialect)
    for offset in range(len(sql) + 1):
        found = signature_help(snapshot, offset)
        assert found is None or 0 <= found.active < len(found.signatures)
