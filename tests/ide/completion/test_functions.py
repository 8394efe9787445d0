"""Functions at carets: which are offered where, in which order, and what is inserted."""

import pytest

from defog_lsp.ide.completion import Item
from defog_lsp.ide.completion.snippets import call
from defog_lsp.snippet_text import escaped
from defog_metadata.sql.functions import Function, Parameter, Signature, functions_of
from tests.ide.completion.offers import ALL, Case, cases, check, items_at, without

ROWS_AS_VALUES = "postgres duckdb"

EXPRESSIONS: list[Case] = [
    (ALL, "select cou$0 from orders", "count", ""),
    (ALL, "select coal$0 from orders", "coalesce", "count"),
    (ALL, "select id, su$0 from orders", "sum", "count"),
    (ALL, "select sum(coal$0) from orders", "coalesce", ""),
    (ALL, "select * from orders where low$0", "lower", ""),
    (ALL, "select * from orders where total > ab$0", "abs", ""),
    (ALL, "select * from orders where low$0 = 'a' and id = 1", "lower", ""),
    (ALL, "select status from orders group by low$0", "lower", ""),
    (ALL, "select * from orders order by low$0", "lower", ""),
    (ALL, "select status from orders group by status having cou$0", "count", ""),
    (ALL, "select case when low$0 from orders", "lower", ""),
    (ALL, "select * from orders o join customers c on low$0", "lower", ""),
    (ALL, "insert into orders (id) values (ab$0", "abs", ""),
    (ALL, "update orders set total = ab$0", "abs", ""),
    (ALL, "update orders set total = 1, status = low$0", "lower", ""),
    (ALL, "update orders set status = coalesce(status, low$0", "lower", ""),
    (ALL, "delete from orders where low$0", "lower", ""),
    (ALL, "with x as (select cou$0 from orders) select * from x", "count", ""),
    (ALL, "select (select ma$0 from customers) from orders", "max", ""),
    (ALL, "select row_n$0 from orders", "row_number", ""),
    (ALL, "select sum(total) over (partition by low$0) from orders", "lower", ""),
    (ALL, "select low$0", "lower", ""),
    ("postgres mysql sqlite snowflake bigquery duckdb", "select curr$0", "current_date", ""),
    ("postgres", "insert into orders values (1) returning low$0", "lower", ""),
    ("postgres mysql duckdb snowflake", "select ext$0", "extract", ""),
    ("mysql", "select date_f$0", "date_format", ""),
    ("sqlite", "select strf$0", "strftime", ""),
    ("bigquery", "select safe_d$0", "safe_divide", ""),
    ("snowflake", "select if$0", "iff ifnull", ""),
    ("tsql", "select dat$0", "dateadd datediff datepart", "date_trunc"),
    ("duckdb", "select list_tr$0", "list_transform", ""),
]
NOWHERE: list[Case] = [
    # aggregates and windows where the grammar takes none
    (ALL, "select * from orders where cou$0", "", "count"),
    (ALL, "select * from orders where row_n$0", "", "row_number"),
    (ALL, "select status from orders group by cou$0", "", "count"),
    (ALL, "select * from orders o join customers c on cou$0", "", "count"),
    (ALL, "update orders set total = su$0", "", "sum"),
    # names that are no calls
    (ALL, "select o.low$0 from orders o", "", "lower"),
    (ALL, "insert into orders (low$0", "", "lower"),
    (ALL, "update orders set low$0", "", "lower"),
    (ALL, "update orders set total = 1, low$0", "", "lower"),
    (ALL, "select * from low$0", "", "lower"),
    (ALL, "select * from orders join low$0", "", "lower"),
    (ALL, "insert into low$0", "", "lower"),
    (ALL, "select id as low$0 from orders", "", "lower"),
    (ALL, "select 'low$0' from orders", "", "lower"),
    (ALL, "select 1 -- low$0", "", "lower"),
    (ALL, "select id from orders low$0", "", "lower"),
    (ALL, "low$0", "", "lower"),
    (ALL, "select * from orders limit ab$0", "", "abs"),
    (without("tsql"), "select * from orders join customers using (low$0", "", "lower"),
    (ALL, "select total from orders where total is low$0", "", "lower"),
    ("postgres", "select sum(total) over low$0 from orders", "", "lower"),
    ("postgres", 'select "low$0 from orders', "", "lower"),
    # other engines' functions, and those of extensions
    ("postgres", "select iff$0", "", "iff"),
    ("mysql", "select date_tr$0", "", "date_trunc"),
    ("sqlite", "select to_c$0", "", "to_char"),
    ("postgres", "select simil$0", "", "similarity"),
    ("postgres", "select int4$0", "", "int4pl int4in"),
]
ROWS: list[Case] = [
    ("postgres duckdb tsql", "select * from generate_s$0", "generate_series", ""),
    ("postgres duckdb bigquery", "select * from orders, un$0", "unnest", ""),
    ("postgres duckdb", "select * from orders o cross join lateral un$0", "unnest", ""),
    ("mysql postgres", "select * from json_t$0", "json_table", ""),
    ("sqlite", "select * from json_e$0", "json_each", ""),
    ("tsql", "select * from string_s$0", "string_split", ""),
    ("tsql", "select * from orders cross apply open$0", "openjson", ""),
    ("snowflake", "select * from table(flat$0", "flatten", ""),
    ("duckdb", "select * from read_c$0", "read_csv", ""),
    (ROWS_AS_VALUES, "select un$0 from orders", "unnest", ""),
    ("postgres", "select * from orders where generate_s$0", "", "generate_series"),
    ("sqlite", "select json_ea$0 from orders", "", "json_each"),
    ("postgres", "delete from generate_s$0", "", "generate_series"),
    ("postgres", "insert into generate_s$0", "", "generate_series"),
    ("postgres", "update generate_s$0", "", "generate_series"),
]


@cases(EXPRESSIONS, NOWHERE, ROWS)
def test_where_functions_are_offered(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted)


@cases([(ALL, "select $0 from orders", "count sum avg min max", "lower coalesce")])
def test_only_aggregates_are_offered_unasked(
    dialect: str, sql: str, wanted: str, unwanted: str
) -> None:
    check(dialect, sql, wanted, unwanted)
    labels = [it.label for it in items_at(sql, dialect)]
    assert labels.index("placed_at") < labels.index("count")
    assert [it.label for it in items_at("select sum($0) from orders", dialect)].count("max") == 0
    assert [it.label for it in items_at("select 1 from orders where $0", dialect)].count("max") == 0


def labels_at(sql: str, dialect: str = "postgres") -> list[str]:
    return [it.label for it in items_at(sql, dialect)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        # names first, then functions, then keywords
        ("select to$0 from orders", "total to_char to_date"),
        ("select c$0 from orders", "customer_id count coalesce"),
        ("select st$0 from orders", "status string_agg"),
        ("select ca$0 from orders", "cast CASE cardinality"),
        ("select cou$0 from orders", "count"),
        ("select dt$0 from orders", "date_trunc"),
        ("select rn$0 from orders", "row_number"),
        ("select trunc$0 from orders", "date_trunc trunc"),
        ("select * from ge$0", "generate_series"),
        # a column that is typed in full is no function
        ("with x as (select 1 as ln, 2 as lne) select ln$0 from x", "ln lne"),
        ("with x as (select 1 as lname) select ln$0 from x", "lname ln"),
    ],
)
def test_order(sql: str, expected: str) -> None:
    assert labels_at(sql)[: len(expected.split())] == expected.split()


def item(sql: str, label: str, dialect: str = "postgres") -> Item:
    return next(it for it in items_at(sql, dialect) if it.label == label and it.kind == "function")


@pytest.mark.parametrize(
    ("sql", "label", "dialect", "insert", "snippet"),
    [
        ("select lo$0", "lower", "postgres", "lower", "lower(${1:string})$0"),
        ("select repl$0", "replace", "postgres", "replace", "replace(${1:string}, ${2:from}, ${3:to})$0"),
        ("select round$0", "round", "mysql", "round", "round(${1:value})$0"),
        ("select now$0", "now", "postgres", "now()", ""),
        ("select now$0", "now", "mysql", "now", "now($1)$0"),
        ("select current_d$0", "current_date", "postgres", "current_date", ""),
        ("select coal$0", "coalesce", "postgres", "coalesce", "coalesce(${1:value})$0"),
        ("select extr$0", "extract", "postgres", "extract", "extract(${1:field} FROM ${2:source})$0"),
        ("select date_ad$0", "date_add", "bigquery", "date_add", "date_add(${1:date}, INTERVAL ${2:amount} ${3:part})$0"),
        ("select * from flatt$0", "flatten", "snowflake", "flatten", "flatten(INPUT => ${1:input})$0"),
        ("select coun$0", "count", "postgres", "count", "count(${1:*})$0"),
        ("select row_n$0", "row_number", "postgres", "row_number()", "row_number() over ($1)$0"),
        ("SELECT ROW_N$0", "ROW_NUMBER", "postgres", "ROW_NUMBER()", "ROW_NUMBER() OVER ($1)$0"),
        ("select lag$0", "lag", "postgres", "lag", "lag(${1:value}) over ($2)$0"),
        # brackets that are there already
        ("select lo$0(name)", "lower", "postgres", "lower", ""),
        ("select lo$0 (name)", "lower", "postgres", "lower", ""),
        ("select lo$0wer(name)", "lower", "postgres", "lower", ""),
        ("select row_n$0() over (order by id)", "row_number", "postgres", "row_number", ""),
        # letter case
        ("SELECT LO$0", "LOWER", "postgres", "LOWER", "LOWER(${1:string})$0"),
        ("SELECT lo$0", "lower", "mysql", "lower", "lower(${1:string})$0"),
        ("SELECT $0 FROM orders", "COUNT", "postgres", "COUNT", "COUNT(${1:*})$0"),
        ("select $0 from orders", "count", "mysql", "count", "count(${1:*})$0"),
        ("select tos$0", "toString", "clickhouse", "toString", "toString(${1:value})$0"),
    ],
)  # fmt: skip
def test_what_is_inserted(sql: str, label: str, dialect: str, insert: str, snippet: str) -> None:
    found = item(sql, label, dialect)
    assert (found.insert, found.snippet) == (insert, snippet)


def test_items_say_what_they_are() -> None:
    found = item("select roun$0", "round")
    assert found.detail == "(value numeric, digits integer) → numeric"
    assert "round(value number) → number" in found.documentation
    assert "Rounds to the nearest integer" in found.documentation
    assert item("select cou$0", "count").description == "aggregate"
    assert item("select current_d$0", "current_date").detail == ""


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "duckdb", "snowflake"])
def test_every_function_has_a_well_formed_snippet(dialect: str) -> None:
    for function in functions_of(dialect).values():
        snippet = call(function.name, function)
        assert not snippet or snippet.startswith(f"{function.name}(")
        assert snippet.count("${") == snippet.count("}") - snippet.count("\\}")


def test_special_characters_are_escaped() -> None:
    assert escaped(r"a$b}c\d") == r"a\$b\}c\\d"
    function = Function("f", "scalar", (Signature((Parameter("$action"),)),))
    assert call("f", function) == r"f(${1:\$action})$0"
