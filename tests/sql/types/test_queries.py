"""Types through queries of every kind, down to the outputs of the outermost."""

import pytest

from defog_metadata.sql.scopes import Field
from defog_metadata.sql.syntax import parse
from tests.fixture import catalog_for, snapshot_of
from tests.sql.types.outputs import outputs

# A query and ``name type`` of each output.
QUERIES = [
    # Through subqueries, CTEs and stars
    ("postgres", "select x from (select total * 2 as x from orders) s", "x numeric"),
    ("postgres", "with a as (select count(*) as n from orders) select n + 1 as m from a", "m bigint"),
    ("postgres", "with a (k) as (select id from orders) select * from a", "k integer"),
    ("postgres", "select * from (select id, sum(total) as s from orders group by 1) x", "id integer, s numeric"),
    ("postgres", "select x.* from (select name from customers) x", "name text"),
    ("postgres", "select (select name from customers limit 1) as n", "n text"),
    ("postgres", "select (select id from customers union select 2.5) as n", "n numeric"),
    ("postgres", "select o.total from orders o, lateral (select o.total * 2 as twice) t", "total numeric(10,2)"),
    ("postgres", "select twice from orders o, lateral (select o.total * 2 as twice) t", "twice numeric"),
    ("snowflake", "select id + 1 as a, a * 2 as b from orders", "a number, b number"),
    ("duckdb", "select id + 1 as a, a || 'x' as b from orders", "a integer, b varchar"),
    ("bigquery", "select * replace (line / 2 as line) from (select line from order_lines)", "line float64"),
    # Set operations
    ("postgres", "select id from orders union select total from orders", "id numeric"),
    ("postgres", "select total from orders union all select total from orders", "total numeric(10,2)"),
    ("postgres", "select null as x union select id from orders", "x integer"),
    ("postgres", "select placed_at from orders union select '2020-01-01'", "placed_at timestamp without time zone"),
    ("postgres", "select 'a' as x union select null", "x text"),
    ("postgres", "select 1 as x union (select 2.5 union select 3)", "x numeric"),
    ("postgres", "select id from orders union select my_function(1)", "id "),
    ("mysql", "select id from orders union select 'a'", "id varchar"),
    ("mysql", "select id from orders union select 2.5", "id decimal"),
    ("sqlite", "select id from orders union select 2.5", "id numeric"),
    ("duckdb", "select 1 as a, 'x' as b union by name select 2.5 as c", "a integer, b varchar, c decimal"),
    ("bigquery", "select id from orders union all select 2.5", "id float64"),
    ("tsql", "select id from orders union all select 'a'", "id int"),
    # Recursion: what the first part says
    ("postgres", "with recursive n as (select 1 as i union all select i + 1 from n) select * from n", "i integer"),
    ("mysql", "with recursive n as (select 1 as i union all select i + 1 from n) select * from n", "i int"),
    ("postgres", "with recursive n as (select 1 as i union all select 2.5) select * from n", "i numeric"),
    ("tsql", "with n as (select 1 as i union all select i + 1 from n) select * from n", "i int"),
    # VALUES
    ("postgres", "values (1, 'a'), (2.5, null)", "column1 numeric, column2 text"),
    ("postgres", "select * from (values (1, current_date), (null, '2020-01-01')) v(a, b)", "a integer, b date"),
    ("postgres", "with v (a) as (values (1), (2)) select a * 2.5 as b from v", "b numeric"),
    # Joined columns
    ("postgres", "select order_id from order_lines join (select 1.5 as order_id) x using (order_id)", "order_id numeric"),
    ("postgres", "select * from (select 1 as k) a join (select 2.5 as k) b using (k)", "k numeric"),
    ("mysql", "select * from (select 1 as k) a join (select 2.5 as k) b using (k)", "k "),
    ("postgres", "select id from orders natural join order_lines", "id integer"),
    # Functions in FROM
    ("postgres", "select * from generate_series(1, 3) g", "g integer"),
    ("postgres", "select i + 1 as x from generate_series(1, 3) g(i)", "x integer"),
    ("postgres", "select d from generate_series(current_date, now(), '1 day') d", "d timestamp with time zone"),
    ("postgres", "select x from unnest(array['a']) x", "x text"),
    ("postgres", "select * from unnest(array[1], array['a']) with ordinality u(a, b, c)", "a integer, b text, c bigint"),
    ("postgres", "select key, value from json_each_text('{}') j", "key text, value text"),
    ("postgres", "select k from jsonb_each('{}') j(k, v)", "k text"),
    ("postgres", "select value from jsonb_array_elements('[]') e", "value jsonb"),
    ("postgres", "select a, b from json_to_recordset('[]') as t(a int, b timestamptz)", "a integer, b timestamp with time zone"),
    ("postgres", "select w from regexp_split_to_table('a b', ' ') w", "w text"),
    ("duckdb", "select range from range(3)", "range bigint"),
    ("duckdb", "select x from unnest([1, 2]) t(x)", "x integer"),
    ("bigquery", "select x, o from unnest([1, 2]) as x with offset as o", "x int64, o int64"),
    ("bigquery", "select i.a from unnest(array(select as struct 1 as a)) as i", "a int64"),
    ("mysql", "select * from json_table('[]', '$[*]' columns (a int path '$.a', b varchar(5) path '$.b')) j", "a int, b varchar(5)"),
    # What a name means decides, and nobody guesses when that is not known
    ("postgres", "select x from unknown_table", "x "),
    ("postgres", "select id from orders o where exists (select total from unknown_table)", "id integer"),
    ("postgres", "select (select total from unknown_table) as t from orders", "t "),
    ("postgres", "select (select * from unknown_table) as t", "t "),
]  # fmt: skip


@pytest.mark.parametrize(
    ("dialect", "sql", "shown"), QUERIES, ids=[f"{it[0]}: {it[1]}" for it in QUERIES]
)
def test_the_types_that_a_query_puts_out(dialect: str, sql: str, shown: str) -> None:
    found = outputs(sql, catalog_for(dialect))
    assert ", ".join(f"{it.name.text} {it.type}" for it in found) == shown


def test_what_a_file_creates_has_the_engines_types() -> None:
    snapshot = snapshot_of(
        "create table t (a serial, b varchar(5), c timestamptz);\n"
        "create view v as select a * 2.5 as x, max(c) as y from t;\n"
        "select v.x, v.y, t.b from v, t"
    )
    fields = [
        target
        for it in snapshot.analyses[-1].references
        for target in it.targets
        if isinstance(target, Field)
    ]
    assert [f"{it.name.text} {it.type}" for it in fields] == [
        "x numeric",
        "y timestamp with time zone",
        "b character varying(5)",
    ]


def test_a_shared_tree_is_left_as_it_was() -> None:
    sql = "select o.id + 1, (array_agg(total))[1], (select 1) from orders o"
    tree = parse(sql, "postgres").tree
    assert tree is not None
    before = repr(tree)
    outputs(sql, catalog_for("postgres"))
    assert repr(tree) == before
    assert parse(sql, "postgres").tree is tree
