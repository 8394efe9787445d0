"""syntax-error: at the token a person would point at, in a person's words, with the mend."""

import pytest

from defog_metadata.catalog import Catalog
from defog_metadata.rules import check as run
from defog_metadata.sql.readers import postgres
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.syntax import _parse_short, parse
from defog_metadata.text import Edit
from tests.fixture import annotations

DIALECTS = ("postgres", "mysql", "sqlite", "tsql", "bigquery", "snowflake")


def check(sql: str, dialect: str = "postgres") -> None:
    """Every syntax error is annotated, and every annotation is found."""
    snapshot = Snapshot(sql, Catalog(dialect=dialect), dialect)
    found = [(it.span, f"{it.code}: {it.message}") for it in run(snapshot)]
    assert [it for it in found if it[1].startswith("syntax")] == annotations(sql)


def mended(sql: str, dialect: str) -> tuple[str, bool] | None:
    """*sql* with the first mend applied, and whether it is certain."""
    problems = parse(sql, dialect).problems
    if not problems or not problems[0].fixes:
        return None
    fix = problems[0].fixes[0]
    for edit in sorted(fix.edits, key=lambda it: it.span, reverse=True):
        sql = applied(sql, edit)
    return sql, fix.is_certain


def applied(sql: str, edit: Edit) -> str:
    return f"{sql[: edit.span.start]}{edit.text}{sql[edit.span.end :]}"


def test_the_postgres_parser_is_here() -> None:
    assert postgres.is_here(), "the tests measure with the extra postgres-syntax"


def test_each_statement_has_its_own_error() -> None:
    check(
        """
select id form orders;
--        ^^^^ syntax-error: form is not expected here; did you mean FROM?
select id from orders;
select id,, total from orders;
--        ^ syntax-error: there is nothing between these commas
select 'ü😀', id from where total > 1;
--              ^^^^ syntax-error: expected a table name after FROM
select (id from orders
--     ^ syntax-error: this ( is never closed
"""
    )


# Each line: a statement and what is said of it; ``«»`` around where it is said.
EVERYWHERE = """
«selec» a from t | selec starts no statement; did you mean SELECT?
«creat» table t (a int) | creat starts no statement; did you mean CREATE?
create «tabel» t (a int) | tabel is not expected here; did you mean TABLE?
select a from t «wher» b = 1 | wher is not expected here; did you mean WHERE?
select a from t «gruop» by a | gruop is not expected here; did you mean GROUP?
select a from t «ordr» by a | ordr is not expected here; did you mean ORDER?
select a from t «groupby» a | groupby is not expected here; did you mean GROUP BY?
select a from t x «jion» u on x.a = u.a | jion is not expected here; did you mean JOIN?
select a from t left «jion» u on t.a = u.a | jion is not expected here; did you mean JOIN?
select a from t union «al» select b from u | al is not expected here; did you mean ALL?
insert into t (a) «vales» (1) | vales is not expected here; did you mean VALUES?
select a from t where b «bewteen» 1 and 2 | bewteen is not expected here; did you mean BETWEEN?
select a,«,» b from t | there is nothing between these commas
select «,» a from t | there is nothing before this comma
select a from t where b «and» | expected a condition after AND
select a from t where b «=» | expected a value after =
select a from t where b «=» order by a | expected a value after =
select a from t where «b» = 1 and group by a | expected a condition after AND
select a from t «where» | expected a condition after WHERE
select a «from» | expected a table name after FROM
select a «from» where b = 1 | expected a table name after FROM
select a from t «join» where b = 1 | expected a table name after JOIN
select a from t group «by» order by a | expected a column or an expression after BY
select a from t «order» a | expected BY after ORDER
select a from t «group» | expected BY after GROUP
select a from t where a = 1 «b» = 2 | expected AND or OR before b
select a b «c» from t | expected a comma before c
select a from t where b = 1 «where» c = 2 | this query has a WHERE already
select a from t group by a «where» b = 1 | WHERE comes before GROUP BY
select a from t order by a «group» by b | GROUP BY comes before ORDER BY
select case when a then b «from» t | expected END before FROM
select case a when 1 b end from t | expected THEN before
select count«(»a as n from t | this ( is never closed
select a from t where b in «(»1, 2 | this ( is never closed
select a«)» from t | this ) closes nothing
select a from t where b = «'abc» | this string is never closed
select u. from users u | expected a name after u.
select a from t where a = «=» 1 | = stands here twice
""".strip().splitlines()
_LOOSE = ("select a from t where «b»", "select case a when", "select u. from")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("line", EVERYWHERE)
def test_what_is_wrong_everywhere(line: str, dialect: str) -> None:
    marked, _, message = line.partition(" | ")
    sql = marked.replace("«", "").replace("»", "")
    problems = parse(sql, dialect).problems
    assert len(problems) == 1
    assert message in problems[0].message
    if "«" in marked and not marked.startswith(_LOOSE):
        span = problems[0].span
        assert f"{sql[: span.start]}«{sql[span.start : span.end]}»{sql[span.end :]}" == marked


@pytest.mark.parametrize(
    ("dialects", "sql"),
    [
        ("postgres mysql sqlite tsql", "select a, from t"),
        ("postgres mysql sqlite tsql", "select a from t where b in (1,)"),
        ("postgres mysql sqlite tsql bigquery", "select a from t, where b = 1"),
        ("postgres mysql sqlite", "create table t (a int, )"),
        ("postgres mysql sqlite tsql bigquery", "select a from t where b in (, 1)"),
        ("postgres mysql tsql bigquery snowflake", "select a from t /* b"),
        ("postgres mysql tsql bigquery snowflake", "select a from t left u on t.a = u.a"),
        ("mysql sqlite tsql bigquery snowflake", "select from t"),
        ("mysql sqlite tsql bigquery snowflake", "select select a from t"),
        ("postgres mysql sqlite tsql bigquery", "with a (select 1) select * from a"),
        ("postgres mysql sqlite tsql bigquery", "with a as (select 1) a, b from a"),
        ("postgres mysql tsql bigquery snowflake", "select a from t where b is 3"),
        ("postgres mysql sqlite bigquery snowflake", "a, b from t"),
        ("postgres mysql tsql", "select a from 'abc' join u on true"),
        ("postgres mysql sqlite snowflake", "delete t where a = 1"),
        ("postgres mysql sqlite", "'text' as b"),
        ("postgres mysql sqlite tsql bigquery snowflake", "select count, (*) from t"),
        ("postgres mysql sqlite tsql snowflake", "select as b"),
        ("postgres mysql sqlite tsql bigquery snowflake", "select (a as b) from t"),
        ("postgres mysql sqlite tsql bigquery snowflake", "select a from from t"),
        ("postgres mysql sqlite tsql bigquery snowflake", "select a from t where exists select 1"),
        ("postgres sqlite mysql", "select a from t where b < < 1"),
    ],
)
def test_what_is_wrong_in_some(dialects: str, sql: str) -> None:
    silent = [it for it in dialects.split() if not parse(sql, it).problems]
    assert silent == []


@pytest.mark.parametrize(
    ("dialects", "sql"),
    [
        ("bigquery snowflake duckdb", "select a, b, from t"),
        ("duckdb", "select a from t where b in (1, 2,)"),
        ("snowflake", "select a from t, where b = 1"),
        ("tsql", "create table t (a int, b int,)"),
        ("postgres duckdb", "select from t"),
        ("mysql", "select t.from, t.group from t"),
        ("mysql", "select a from t use index for order by (i) where b = 1"),
        ("mysql", "insert into t values (), ()"),
        ("mysql", "select a, group_concat(distinct b order by c separator ', ') from t"),
        ("mysql", "select sum(a) over (partition by b) from t partition (p0)"),
        ("tsql", "select 'a' 'b', a = 1 from t where b > = 1 and c < > 2"),
        ("tsql", "select * from t for system_time from '2020' to '2021' where a = 1"),
        ("tsql", "update top (5) t set a += 1"),
        ("tsql", "delete top (5) from t where a = 1"),
        ("tsql", "insert into t exec p"),
        ("tsql", "select a into #x from t where b like 'x' set nocount on"),
        ("tsql", "select a from t\nselect b from u where c = 1\nif @a = 1 print 'x'"),
        ("bigquery", r"select r'\'', `a\`b`, rb'x', b'x' as c"),
        ("bigquery", "select as struct 1 as a"),
        ("bigquery", "create table t (a array<int64>, b array<struct<c int64>>)"),
        ("bigquery", "select a << 1, limit, offset from t"),
        ("bigquery", "from t |> where a = 1 |> select b |> where b = 2"),
        ("bigquery", "select x from unnest([1]) x with offset where offset > 0"),
        ("snowflake", "select a:from::string, a:select from t"),
        ("snowflake", "select nth_value(a, 2) from first ignore nulls over (order by b) from t"),
        ("snowflake", "select f(a => 1,, b => 2)"),
        ("snowflake", "with t (select 1 as c) select c from t"),
        ("snowflake", "select * from '@stage/x'"),
        ("sqlite", "select a is 5, left from t where b notnull /* never closed"),
        ("sqlite", "select string_agg(a, ',' order by b) from t"),
        ("postgres", "select a from t where ctid = '(0,1)' and b is distinct from c"),
        ("postgres", "select * from rows from (f(1), g(2)) with ordinality as x (a, b)"),
        ("postgres", "select d ? 'x', e @> f, g[1:2], h::int from t"),
        ("postgres", "create function f() returns int as $$ selec 'it' $$ language sql"),
        # what a program or psql puts something else for
        ("postgres mysql tsql", "select a from t where b = %s and c = :name and d = ${x}"),
        ("postgres mysql sqlite", "select a from t where b = ? and c in %(list)s"),
        ("postgres sqlite", "select $1, :a from t"),
        ("postgres", "select :'name', :\"column\" from t"),
        ("postgres mysql", "select {{ a }} form {% if b %} t {% endif %}"),
    ],
)
def test_what_is_right(dialects: str, sql: str) -> None:
    wrong = {it: parse(sql, it).problems for it in dialects.split()}
    assert {it: problems for it, problems in wrong.items() if problems} == {}


@pytest.mark.parametrize(
    ("sql", "becomes", "is_certain"),
    [
        ("SELEC a FROM t", "SELECT a FROM t", True),
        ("select a form t", "select a from t", True),
        ("select a from t ordr by a", "select a from t order by a", True),
        ("select a,, b from t", "select a, b from t", True),
        ("select a, from t", "select a from t", True),
        ("select a) from t", "select a from t", True),
        ("select a from t where b = = 1", "select a from t where b = 1", True),
        ("select a from t order a", "select a from t order BY a", True),
        ("select count(a as n from t", "select count(a) as n from t", False),
        ("select ((1", "select ((1))", False),
        ("select a b c from t", "select a b, c from t", False),
        ("select a from t where b = 1 c = 2", "select a from t where b = 1 AND c = 2", False),
        ("select 'abc", "select 'abc'", False),
    ],
)
@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "tsql"])
def test_mends(sql: str, becomes: str, is_certain: bool, dialect: str) -> None:
    assert mended(sql, dialect) == (becomes, is_certain)
    assert parse(becomes, dialect).problems == ()


def test_one_mend_of_several_mistakes_is_not_certain() -> None:
    assert mended("select a form t where b = 1 grop bye c", "postgres") == (
        "select a from t where b = 1 grop bye c",
        False,
    )


def test_the_engines_own_words_where_they_say_more() -> None:
    check(
        """
select * from t order by a fetch first 5 rows with ties for update skip locked
--                                            ^^^^ syntax-error: SKIP LOCKED and WITH TIES options cannot be used together
"""
    )


def test_without_the_postgres_parser_sqlglot_and_our_own_checks_decide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "is_here", lambda: False)
    _parse_short.cache_clear()
    try:
        check(
            """
select a from t group by a where b = 1;
--                         ^^^^^ syntax-error: WHERE comes before GROUP BY
select a form t;
--       ^^^^ syntax-error: form is not expected here; did you mean FROM?
select array_agg(a)[1] from t
"""
        )
    finally:
        _parse_short.cache_clear()


def test_a_long_statement_is_not_searched_for_its_mend() -> None:
    sql = f"select a form t where b in ({', '.join(map(str, range(20_000)))})"
    assert [it.fixes for it in parse(sql, "postgres").problems] == [()]


@pytest.mark.parametrize("dialect", ["postgres", "sqlite"])
@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("update t", "expected SET after t"),
        ("update t where a = 1", "expected SET before WHERE"),
        ("update t set a", "expected = after a"),
        ("update t set a = 1, b", "expected = after b"),
        ("update t set a = 1, b where c = 2", "expected = before WHERE"),
    ],
)
def test_an_update_that_is_being_written(sql: str, message: str, dialect: str) -> None:
    assert [it.message for it in parse(sql, dialect).problems] == [message]
