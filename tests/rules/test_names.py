"""The rules about names: what is reported, where, in which words; and what is not."""

from dataclasses import replace

import pytest

from defog_metadata.catalog import Catalog, MemoryTables
from defog_metadata.rules import Severity
from defog_metadata.rules import check as run
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span
from tests.fixture import CATALOG, TABLES, annotations, snapshot_of

# The queries here are about names, and join nothing that they need not.
_OFF: dict[str, Severity] = {"cartesian-join": "off", "unused-cte": "off"}


def check(sql: str, dialect: str = "postgres") -> None:
    """Every finding is annotated, and every annotation is found."""
    found = [(it.span, f"{it.code}: {it.message}") for it in run(snapshot_of(sql, dialect), _OFF)]
    assert sorted(found) == sorted(annotations(sql))


def test_unknown_columns() -> None:
    check(
        """
select c.id, c.emial
--             ^^^^^ unknown-column: customers has no column emial; did you mean email?
from customers c where nmae = 'x'
--                     ^^^^ unknown-column: there is no column nmae here; did you mean name?
order by id, agee
--           ^^^^ unknown-column: there is no column agee here
"""
    )


def test_unknown_tables() -> None:
    check(
        """
select * from custmers, 😀x
--            ^^^^^^^^ unknown-table: there is no table custmers; did you mean customers?
--                      ^^ unknown-table: there is no table 😀x
"""
    )


def test_a_table_in_another_schema() -> None:
    check(
        """
select * from leads
--            ^^^^^ unknown-table: there is no table leads on the search path; write marketing.leads
"""
    )
    check(
        """
select * from public.leads
--                   ^^^^^ unknown-table: there is no table leads in schema public; did you mean marketing.leads?
"""
    )
    check("select source from marketing.leads")


def test_unknown_qualifiers() -> None:
    check(
        """
select o.id, customers.name, x.y from orders o, customers c
--           ^^^^^^^^^ unknown-alias: customers is called c here
--                           ^ unknown-alias: x names nothing here; in scope: o, c
"""
    )
    check(
        """
select zz.* from orders
--     ^^ unknown-alias: zz names nothing here; in scope: orders
"""
    )


def test_unknown_schemas() -> None:
    check(
        """
select source from markting.leads
--                 ^^^^^^^^ unknown-schema: there is no schema markting; did you mean marketing?
"""
    )
    check("select source from archive.leads; select relname from pg_catalog.pg_class")


def test_a_table_beside_one_of_the_same_schema() -> None:
    source = MemoryTables([replace(it, schema="") for it in TABLES])
    nameless = Catalog(source, "mysql")
    sql = "select 1 from shop.custmers join shop.orders join other.custmers"
    (found,) = run(Snapshot(sql, nameless, "mysql"), _OFF)
    assert found.span == Span(19, 27)
    assert found.message.startswith("there is no table custmers in schema shop")
    assert not run(Snapshot("select 1 from shop.custmers", nameless, "mysql"))


def test_unknown_functions() -> None:
    check(
        """
select summ(total), COUTN(*), lowr(status), sum(rond(total)) from orders
--     ^^^^ unknown-function: there is no function summ; did you mean sum?
--                  ^^^^^ unknown-function: there is no function COUTN; did you mean COUNT?
--                            ^^^^ unknown-function: there is no function lowr; did you mean lower?
--                                              ^^^^ unknown-function: there is no function rond; did you mean round?
"""
    )
    check(
        """
select safe.substrr(status, 1), summ(total), net.hots(status) from orders
--          ^^^^^^^ unknown-function: there is no function substrr; did you mean substr?
--                              ^^^^ unknown-function: there is no function summ; did you mean sum?
""",
        "bigquery",
    )


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        (
            "postgres",
            "select my_total(total), public.summ(total), round2(total), _sum(1) from orders",
        ),
        ("postgres", "select ifnull(total, 0), iif(true, 1, 2), st_area(total) from orders"),
        ("postgres", 'select "summ"(total) from orders'),
        (
            "postgres",
            "create function summ(x int) returns int as 'select 1' language sql; select summ(1)",
        ),
        ("duckdb", "create macro summ(x) as x + 1; select summ(id) from orders"),
        ("bigquery", "create temp function summ(x int64) as (x * 2); select summ(id) from orders"),
        ("trino", "with function summ(x int) returns int return x select summ(id) from orders"),
        ("tsql", "select dbo.summ(total), sysutcdatetime() from orders"),
        ("snowflake", "select summary(total), array_summ(status) from orders"),
        ("mysql", "insert into orders (id) values row(1)"),
        ("postgres", "create table t (a varchr(10), check (lenght(a) > 1))"),
    ],
)
def test_functions_that_a_database_may_have(dialect: str, sql: str) -> None:
    assert not [it for it in run(snapshot_of(sql, dialect)) if it.code == "unknown-function"]


def test_ambiguous_columns() -> None:
    check(
        """
select id, o.id from orders o join customers c on c.id = id
--     ^^ ambiguous-column: id is a column of o and of c
--                                                       ^^ ambiguous-column: id is a column of o and of c
where exists (select 1 from order_lines where order_id = id)
--                                                       ^^ ambiguous-column: id is a column of o and of c
"""
    )
    check(
        """
select x.id from (select o.id, c.id from orders o, customers c) x
--       ^^ ambiguous-column: x has several columns id
"""
    )


def test_words_are_arguments_only_where_words_can_be() -> None:
    check(
        """
select count(d), extract(day from placed_at), sum(case when hour then 1 end) from orders
--           ^ unknown-column: there is no column d here; did you mean id?
--                                                          ^^^^ unknown-column: there is no column hour here
"""
    )
    check(
        """
select (select sum(totl) from orders) / 2 from dual
--                 ^^^^ unknown-column: there is no column totl here; did you mean total?
""",
        "mysql",
    )


def test_a_query_that_has_no_from_yet_is_marked_once() -> None:
    check(
        """
select id, total, sum(total) over (order by id)
--     ^^ unknown-column: there is no column id: nothing is selected from
"""
    )
    check(
        """
select o.id, o.total, c.name
--     ^ unknown-alias: o names nothing here: the statement has no FROM
"""
    )


def test_duplicate_aliases() -> None:
    check(
        """
select o.id from orders o join customers o on o.customer_id = c.id
--                                       ^ duplicate-alias: o is the name of another relation here
"""
    )
    check(
        """
select 1 from orders, customers, orders
--                               ^^^^^^ duplicate-alias: orders is the name of another relation here
"""
    )
    # Half-typed, it may be any table: that there is none of the name is all that can be said.
    check(
        """
select 1 from orders o join o on true
--                          ^ unknown-table: there is no table o
"""
    )
    check(
        """
with a as (select 1), b as (select 2), A as (select 3) select * from a, b
--                                     ^ duplicate-alias: A is the name of another CTE here
"""
    )
    check(
        """
select sum(id) over w from orders window w as (), w as (order by id)
--                                                ^ duplicate-alias: w is the name of another window here
"""
    )


def test_one_mistake_is_reported_once() -> None:
    check(
        """
select custmers.id, customers.name from custmers where customers.id = 1
--                                      ^^^^^^^^ unknown-table: there is no table custmers; did you mean customers?
"""
    )
    check(
        """
select email from (select emial from customers) x where x.email = 'a'
--                        ^^^^^ unknown-column: there is no column emial here; did you mean email?
"""
    )


def test_names_end_where_their_query_ends() -> None:
    check(
        """
with a as (select id as n from orders)
select n, total from a
--        ^^^^^ unknown-column: there is no column total here
where exists (select 1 from customers c where c.id = a.n and c.total = 1)
--                                                             ^^^^^ unknown-column: customers has no column total
"""
    )
    check(
        """
select * from orders o, (select o.id) x
--                              ^ unknown-alias: o names nothing here: the statement has no FROM
"""
    )


def test_a_broken_statement_leaves_its_neighbours_alone() -> None:
    check(
        """
select id from (select 1 from orders;
--             ^ syntax-error: this ( is never closed
select nope from orders;
--     ^^^^ unknown-column: there is no column nope here
  selec id from orders;
--^^^^^ syntax-error: selec starts no statement; did you mean SELECT?
select id from orders
"""
    )


def test_syntax_errors_point_at_the_mistake() -> None:
    check(
        """
  selec id from orders
--^^^^^ syntax-error: selec starts no statement; did you mean SELECT?
"""
    )
    check(
        """
select id) from orders
--       ^ syntax-error: this ) closes nothing
"""
    )
    check(
        """
select id from orders where 'abc
--                          ^^^^ syntax-error: this string is never closed
"""
    )
    check(
        """
select id from orders where status = = 1
--                                   ^ syntax-error: = stands here twice
"""
    )


@pytest.mark.parametrize(
    "sql",
    [
        # every way to bring a name into scope
        "select o.id, c.name from orders o join customers c on c.id = o.customer_id",
        "select id from orders join customers using (id)",
        "select * from orders natural join customers where name = 'x'",
        "with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select n from r",
        "with a as (select id from orders), b as (select id as i from a) select i from b",
        "with orders as (select 1 as only_here) select only_here from orders",
        "select x.n from (select count(*) as n from orders) x",
        "select (select max(c.id) from customers c where c.id = o.customer_id) from orders o",
        "select * from orders o, lateral (select o.total as t) x where x.t > 1",
        "select t.v from orders o cross join lateral unnest(array[o.id]) as t(v)",
        "select g from generate_series(1, 3) g",
        "select v.a from (values (1, 2)) as v(a, b)",
        "select column1 from (values (1)) v",
        "select count from (select count(*) from orders) x",
        "select total from (select o.total::text from orders o) x",
        "select id as i from orders group by i order by i",
        "select o from orders o",
        "select sum(total) over w from orders window w as (partition by status)",
        "select id from orders union select id from customers order by id",
        "select ctid, o.xmin from orders o",
        'select "Region" from customers',
        "select ID, Customers.NAME from CUSTOMERS",
        "select public.orders.id from public.orders",
        "select * from (orders o join customers c on c.id = o.customer_id) where c.id = 1",
        "select relname from pg_class; select * from information_schema.tables where x = 1",
        "select current_user, current_date, localtime, user from orders",
        "select extract(year from placed_at), date_trunc('day', placed_at) from orders",
        # commands
        "insert into orders (id, total) values (1, default) returning id",
        "insert into orders as o (id) select id from customers on conflict (id) do update "
        "set total = excluded.total + o.total where o.id > 1",
        "update orders o set total = c.id from customers c where c.id = o.customer_id returning c.id",
        "delete from orders using customers c where c.id = customer_id returning *",
        "merge into orders o using customers c on o.customer_id = c.id when matched and c.id > 1 "
        "then update set total = c.id when not matched then insert (id) values (c.id)",
        "with gone as (delete from orders returning id) select id from gone",
        "explain (analyze, buffers) select id from orders",
        # what the file itself defines
        "create temp table t as select id as i from orders; select i from t",
        "create table t (a int, b text); insert into t (a) select id from orders; select b from t",
        "create view v(x) as select id from orders; select x from v",
        "select id as i into t from orders; select i from t",
        "create table t (a int); drop table t; select 1",
        # not ours to judge
        "select nope from {{ ref('made_by_dbt') }}",
        "vacuum analyze orders; listen x; checkpoint; set search_path = x",
        "select nope.x from other_schema.unknown_table nope",
    ],
)
def test_what_the_database_accepts(sql: str) -> None:
    check(sql)


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("sqlite", 'select rowid, "just text" from orders where "id" = 1'),
        ("sqlite", "select id as i from orders where i > 1 limit 5 - id % 2"),
        ("mysql", "select count(*) as n from orders having n > 1"),
        ("mysql", "delete o from orders o join customers c on c.id = o.customer_id"),
        (
            "mysql",
            "insert into orders (id) values (1) on duplicate key update total = values(total)",
        ),
        ("tsql", "update o set total = 1 from orders o where o.id = 1"),
        ("tsql", "delete from orders output deleted.id where id = 1"),
        ("tsql", "select top 5 [id], [o].[total] from [orders] o"),
        ("bigquery", "select x, o from unnest([1]) as x with offset as o"),
        (
            "bigquery",
            "select * except (id) from orders qualify row_number() over (order by id) = 1",
        ),
        ("snowflake", "select ID, total as t, t + 1 from ORDERS where t > 1"),
        ("snowflake", "select value:a.b from orders, lateral flatten(input => status)"),
        ("duckdb", "from orders select id, total as t where t > 1"),
        ("duckdb", "select list_transform([1], x -> x + 1) from orders"),
        ("oracle", "select rownum, sysdate from orders"),
    ],
)
def test_what_other_databases_accept(dialect: str, sql: str) -> None:
    check(sql, dialect)


@pytest.mark.parametrize(
    "sql",
    ["", ";", "select", "select 'open", "select (", "from", "select u. from customers u", "with", "(",
     "select case", "insert into", "create table", "😀", "\ufeffselect 1", "select 1 union", "$0 $$",
     "update", "merge into", "select * from a.b.c.d.e", "{{", "select \x00", "select ' \r ' \f"],
)  # fmt: skip
def test_broken_text_never_raises(sql: str) -> None:
    run(snapshot_of(sql))


def test_without_metadata_only_the_syntax_is_checked() -> None:
    found = run(Snapshot("select a.b, c from d; select (", Catalog(dialect="postgres"), "postgres"))
    assert [it.code for it in found] == ["unknown-alias", "syntax-error"]


def test_a_database_that_nobody_has_read_may_have_more() -> None:
    partial = Catalog(CATALOG.source, "postgres", ("public",), is_partial=True)
    sql = "select c.nope, x.a, z from customers c, custmers q"
    found = run(Snapshot(sql, partial, "postgres"), _OFF)
    assert [it.message for it in found] == ["x names nothing here; in scope: c, q"]
