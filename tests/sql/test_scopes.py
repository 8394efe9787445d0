"""Scopes as diagnostics see them: what is right is left alone, and one wrong name in it is found.

``«id|nope»`` stands for a right name and a wrong one. Each case is checked with all names right,
where nothing may be found, and once for each mark with that name wrong, where exactly that is.
"""

import re
from dataclasses import dataclass

import pytest

from defog_metadata.rules import check as run
from defog_metadata.text import Span
from tests.fixture import snapshot_of

ALL = "postgres mysql sqlite snowflake bigquery tsql duckdb"
_MARK = re.compile(r"«(?P<right>[^|»]*)\|(?P<wrong>[^|»]*)(?:\|(?P<code>[^»]*))?»")
_NAMES = frozenset(
    ("unknown-column", "unknown-table", "unknown-alias", "unknown-schema", "syntax-error")
)


@dataclass(frozen=True)
class Variant:
    sql: str
    span: Span | None = None
    code: str = ""


def variants(marked: str) -> list[Variant]:
    marks = list(_MARK.finditer(marked))
    return [_variant(marked, marks, None), *(_variant(marked, marks, it) for it in marks)]


def _variant(marked: str, marks: list[re.Match[str]], wrong: re.Match[str] | None) -> Variant:
    text, end, span = "", 0, None
    for it in marks:
        text += marked[end : it.start()]
        name = it["wrong"] if it is wrong else it["right"]
        if it is wrong:
            span = Span(len(text), len(text) + len(name))
        text += name
        end = it.end()
    code = (wrong["code"] or "unknown-column") if wrong else ""
    return Variant(text + marked[end:], span, code)


def without(*dialects: str) -> str:
    return " ".join(it for it in ALL.split() if it not in dialects)


Case = tuple[str, str]

QUERIES: list[Case] = [
    (ALL, "select «id|nope», o.«total|nope», «o|zz|unknown-alias».status from orders o"),
    (ALL, "select «o|orders|unknown-alias».id from orders o"),
    (ALL, "select * from «orders|ordrs|unknown-table» o where o.«id|nope» = 1"),
    (ALL, "with x as (select id as n from orders) select «n|id» from x"),
    (ALL, "with x as (select «id|nope» as n from orders) select x.«n|total» from x"),
    (ALL, "with x(a, b) as (select id, total from orders) select «a|id», x.«b|total» from x"),
    (
        ALL,
        "with a as (select id as n from orders), b as (select «n|id» as m from a) select «m|n» from b",
    ),
    (ALL, "with orders as (select 1 as only_here) select «only_here|total» from orders"),
    (
        without("tsql"),
        "with recursive r(n) as (select 1 union all select «n|id» + 1 from r where r.«n|id» < 5) select «n|id» from r",
    ),
    (
        "tsql",
        "with r(n) as (select 1 union all select «n|id» + 1 from r where «n|id» < 5) select r.«n|id» from r",
    ),
    (
        without("tsql"),
        "select q.«m|n» from (with z as (select id as n from orders) select «n|total» as m from z) q",
    ),
    (ALL, "select y.«twice|total» from (select id, total * 2 as twice from orders) y"),
    (without("duckdb"), "select * from customers a, (select «id|email» from orders) x"),
    # DuckDB takes every query in FROM for a lateral one.
    ("duckdb", "select * from customers a, (select «email|Email2» from orders) x"),
    (
        ALL,
        "select (select max(c.«id|total») from customers c where c.id = o.«customer_id|name») from orders o",
    ),
    (
        ALL,
        "select * from orders o where exists (select 1 from customers c where c.«id|total» = o.«customer_id|email»)",
    ),
    (ALL, "select * from orders where customer_id in (select «id|nope» from customers)"),
    (ALL, "select «id|name» from orders o where exists (select 1 from customers c)"),
    (ALL, "select * from orders o join customers c on c.«id|total» = o.«customer_id|name»"),
    (without("tsql"), "select «total|nope», name from orders join customers using («id|total»)"),
    (
        "postgres mysql sqlite snowflake duckdb",
        "select «total|nope», name from orders natural join customers",
    ),
    (ALL, "select «id|name» from orders union all select «id|total» from customers"),
    (ALL, "select id as n from orders union all select id from customers order by «n|total»"),
    (ALL, "with a as (select * from orders), b as (select a.* from a) select «total|name» from b"),
    (
        ALL,
        "select x.«cname|name» from (select o.*, c.name as cname from orders o join customers c on c.id = o.customer_id) x",
    ),
    ("bigquery", "select «total|id» from (select * except («id|nope») from orders) x"),
    ("snowflake duckdb", "select «total|id» from (select * exclude («id|nope») from orders) x"),
    (
        "snowflake duckdb",
        "select «amount|total» from (select * rename («total|nope» as amount) from orders) x",
    ),
    (
        "bigquery duckdb",
        "select «total|nope» from (select * replace («total|nope» * 2 as total) from orders) x",
    ),
    (
        "postgres mysql snowflake duckdb",
        "select x.«t|total» from orders o, lateral (select o.«total|name» as t) x",
    ),
    (
        "tsql",
        "select x.«q|quantity» from orders o cross apply (select quantity as q from order_lines l where l.order_id = o.«id|name») x",
    ),
    ("postgres", "select t.«v|w» from orders o, unnest(array[o.«id|nope»]) as t(v)"),
    ("bigquery", "select x + o from unnest([1, 2]) as x with offset as o"),
    ("postgres snowflake tsql duckdb", "select v.«a|c», «b|d» from (values (1, 'x')) as v(a, b)"),
    ("postgres sqlite snowflake", "select «column1|column3» from (values (1, 2)) v"),
    ("duckdb", "select «col0|column1» from (values (1, 2)) v"),
    ("mysql", "select «column_0|column1» from (values row(1, 2)) v"),
    (
        ALL,
        "select sum(«total|nope») over (partition by «status|nope» order by «id|nope») from orders",
    ),
    (
        without("tsql", "snowflake"),
        "select sum(total) over w from orders window w as (partition by «status|nope»)",
    ),
]

OUTPUTS: list[Case] = [
    (ALL, "select total as t from orders order by «t|tt»"),
    (without("tsql"), "select total as t from orders group by «t|tt»"),
    (
        without("postgres", "tsql"),
        "select status, sum(total) as t from orders group by status having «t|tt» > 1",
    ),
    ("snowflake duckdb sqlite", "select total as t from orders where «t|tt» > 1"),
    ("postgres mysql bigquery tsql", "select total as t from orders where «total|t» > 1"),
    (
        "snowflake bigquery duckdb",
        "select id, row_number() over (order by id) as r from orders qualify «r|rr» = 1",
    ),
    ("snowflake duckdb", "select total as t, «t|tt» + 1 from orders"),
]

COMMANDS: list[Case] = [
    (ALL, "insert into orders («id|nope», total) values (1, 2)"),
    (ALL, "insert into «orders|ordrs|unknown-table» (id) select «id|total» from customers"),
    (ALL, "update orders set «total|name» = «total|email» + 1 where «id|nope» = 1"),
    (
        without("mysql"),
        "update orders set total = c.«id|total» from customers c where c.id = orders.customer_id",
    ),
    (
        "mysql",
        "update orders o join customers c on c.«id|total» = o.customer_id set o.«total|name» = 1",
    ),
    (
        "tsql",
        "update o set total = c.«id|total» from orders o join customers c on c.id = o.«customer_id|name»",
    ),
    (ALL, "delete from orders where «id|nope» = 1"),
    (
        "postgres snowflake duckdb",
        "delete from orders using customers c where c.«id|total» = orders.«customer_id|name»",
    ),
    ("mysql", "delete o from orders o join customers c on c.«id|total» = o.customer_id"),
    (
        "postgres snowflake bigquery tsql duckdb",
        "merge into orders o using customers c on o.«customer_id|name» = c.«id|total» when matched then update set total = c.«id|total» when not matched then insert («id|name») values (c.«id|total»)",
    ),
    (
        "postgres sqlite duckdb",
        "insert into orders (id) values (1) on conflict («id|nope») do update set «total|nope» = excluded.«total|name» where orders.«id|name» > 1",
    ),
    (
        "mysql",
        "insert into orders (id, total) values (1, 2) as new on duplicate key update «total|name» = new.«total|name»",
    ),
    (
        "mysql",
        "insert into orders (id) values (1) on duplicate key update total = values(«total|name»)",
    ),
    ("postgres sqlite duckdb", "insert into orders (id) values (1) returning «id|name»"),
    (
        "tsql",
        "update orders set total = 1 output inserted.«total|name», deleted.«id|name» where id = 1",
    ),
    (
        "postgres",
        "with gone as (delete from orders where «id|name» = 1 returning id, total as t) select «t|total» from gone",
    ),
    ("mysql sqlite", "replace into orders («id|nope») values (1)"),
]

FILES: list[Case] = [
    (ALL, "create table mine (a int); select «a|b» from mine"),
    (ALL, "create view v as select «id|nope» as n from orders; select v.«n|id» from v"),
    (without("tsql"), "create table mine as select id as n from orders; select «n|id» from mine"),
    ("postgres tsql", "select id as n into mine from orders; select «n|id» from mine"),
    ("tsql", "create table #t (a int); select «a|b» from #t; insert into #t («a|b») values (1)"),
    ("tsql", "declare @t table (a int); select «a|b» from @t; insert into @t («a|b») values (1)"),
    (without("tsql"), "alter table orders add column note text; select «note|nota» from orders"),
    ("tsql", "alter table orders add note varchar(10); select «note|nota» from orders"),
    (ALL, "alter table orders drop column total; select «status|total» from orders"),
    (without("tsql"), "alter table orders rename column total to amount; select «amount|total» from orders"),
    (without("tsql"), "alter table orders rename to sales; select «id|name» from sales"),
    ("mysql", "alter table orders change total amount int; select «amount|total» from orders"),
    (ALL, "create table mine (a int); drop table mine; select 1 from «orders|mine|unknown-table»"),
    (ALL, "drop table if exists orders; create table orders (a int); select «a|id» from orders"),
    ("postgres", "create table mine (like orders); select «id|name» from mine"),
    ("mysql snowflake bigquery", "create table mine like orders; select «id|name» from mine"),
    ("snowflake bigquery", "create table mine clone orders; select «id|name» from mine"),
    (ALL, "create table marketing.orders (a int); select «total|a» from orders; select «a|total» from marketing.orders"),
    ("postgres sqlite duckdb", "explain select «id|nope» from orders"),
]  # fmt: skip

UNSURE: list[Case] = [
    # What cannot be known is left alone.
    (ALL, "drop table orders; select anything from orders"),
    ("mysql", "alter table orders add (b int, c int); select b, c from orders"),
    ("mysql", "rename table orders to sales; select id from sales"),
    ("tsql", "select s.value from orders cross apply string_split(status, ',') s"),
    ("tsql", "select j.a from openjson('[]') with (a int '$.a') as j"),
    ("snowflake", "select f.value, f.index from orders o, lateral flatten(input => o.status) f"),
    ("sqlite", "select e.key, e.value from json_each('[1]') e"),
    ("duckdb", "select anything from read_csv('a.csv')"),
    ("postgres", "select anything from {{ ref('a') }}"),
    ("snowflake", "select id from orders where id = ${x}"),
    ("postgres", "select id from orders where id = %s and total = %(x)s"),
]


def _parameters(*groups: list[Case]) -> list[object]:
    return [
        pytest.param(dialect, sql, id=f"{dialect}: {sql}")
        for group in groups
        for dialects, sql in group
        for dialect in dialects.split()
    ]


@pytest.mark.parametrize(
    ("dialect", "marked"), _parameters(QUERIES, OUTPUTS, COMMANDS, FILES, UNSURE)
)
def test_right_names_are_left_alone_and_wrong_ones_found(dialect: str, marked: str) -> None:
    for it in variants(marked):
        found = [f for f in run(snapshot_of(it.sql, dialect)) if f.code in _NAMES]
        wanted = [(it.span, it.code)] if it.span else []
        assert [(f.span, f.code) for f in found] == wanted, it.sql


def test_there_are_right_and_wrong_names_in_every_construct() -> None:
    assert all(len(variants(sql)) > 1 for _, sql in (*OUTPUTS, *COMMANDS))
