import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defog_lsp.ide.formatting import Style, format_document, format_range, format_typed
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.text import Span
from tests.fixture import snapshot_of

NARROW = Style(width=40)


def formatted(sql: str, style: Style = NARROW, *, dialect: str = "postgres") -> str:
    snapshot = snapshot_of(sql, dialect)
    return applied(sql, format_document(snapshot, style))


def check(sql: str, expected: str, style: Style = NARROW, *, dialect: str = "postgres") -> None:
    """*sql* becomes *expected*, which stays as it is."""
    assert formatted(sql, style, dialect=dialect) == expected
    assert formatted(expected, style, dialect=dialect) == expected


def test_what_fits_is_on_one_line() -> None:
    check(
        "select   id ,note\nfrom orders\n where id=1 ;",
        "select id, note from orders where id = 1;",
    )


def test_what_is_indented_stays_so() -> None:
    """It may be inside something that is not laid out."""
    check(
        "{% if x %}\n    select id, total, status from orders where total=5  ;\n{% endif %}",
        "{% if x %}\n    select id, total, status\n    from orders\n    where total = 5;\n{% endif %}",
    )
    check(
        "  select 'a\nb' as text_of_two_lines, total from orders",
        "  select\n    'a\nb' as text_of_two_lines,\n    total\n  from orders",
    )


def test_semicolons() -> None:
    check("select 1\t ;select  2", "select 1;select 2")
    check("select 1 -- one\n ;", "select 1 -- one\n ;")
    check("select 1\n;", "select 1\n;")
    check("select 1  \nunion select 2 \n", "select 1 union select 2\n")


def test_bodies_of_routines_are_left_alone() -> None:
    body = "create procedure p() begin\n  update t set a  = 1;\n  update t set a=2;\nend"
    assert formatted(body, dialect="mysql") == body


def test_spaces_around_comparisons() -> None:
    check("select a||b from t where c<=-1", "select a || b from t where c <= -1")
    check("select f(x=>1), y::int, z->>'k' from t", "select f(x=>1), y::int, z->>'k' from t")
    check("select a operator(pg_catalog.=) b", "select a operator(pg_catalog.=) b")


def test_using_stays_with_its_join() -> None:
    check(
        "select a, b, c from first join second using (a) where a > 5",
        "select a, b, c\nfrom first\njoin second using (a)\nwhere a > 5",
    )
    check(
        "delete from first using second where first.a = second.a",
        "delete from first\nusing second\nwhere first.a = second.a",
    )


def test_clauses_and_lists() -> None:
    check(
        "select id, total, status, placed_at from orders where total > 5 and status = 'open'"
        " order by total, status limit 5",
        """\
select id, total, status, placed_at
from orders
where total > 5 and status = 'open'
order by total, status
limit 5""",
    )
    check(
        "select id, total * 2 as twice, status, placed_at from orders"
        " where total between 5 and 10 and status = 'open' or id = 1",
        """\
select
  id,
  total * 2 as twice,
  status,
  placed_at
from orders
where total between 5 and 10
  and status = 'open'
  or id = 1""",
    )


def test_joins() -> None:
    check(
        "select 1 from orders o left join customers c on c.id = o.customer_id and c.name = 'x'"
        " cross join leads, order_lines",
        """\
select 1
from orders o
left join customers c
  on c.id = o.customer_id
    and c.name = 'x'
cross join leads, order_lines""",
    )


def test_queries_in_queries() -> None:
    check(
        "with c as (select id from orders), d as (select 1) select * from c where exists"
        " (select 1 from orders where orders.id = c.id)",
        """\
with c as (
  select id from orders
),
d as (
  select 1
)
select *
from c
where exists (
    select 1
    from orders
    where orders.id = c.id
  )""",
    )


def test_case_and_windows() -> None:
    check(
        "select case status when 'open' then 1 when 'paid' then 2 else 3 end as n,"
        " row_number() over (partition by customer_id, status order by placed_at desc) from orders",
        """\
select
  case status
    when 'open' then 1
    when 'paid' then 2
    else 3
  end as n,
  row_number() over (
    partition by customer_id, status
    order by placed_at desc
  )
from orders""",
    )


def test_changes_and_definitions() -> None:
    check(
        "insert into orders (id, total) values (1, 2), (3, 4) on conflict (id) do update set"
        " total = excluded.total returning id",
        """\
insert into orders (id, total)
values (1, 2), (3, 4)
on conflict (id) do update
set total = excluded.total
returning id""",
    )
    check(
        "create table t (a int, b numeric(10, 2))",
        """\
create table t (
  a int,
  b numeric(10, 2)
)""",
    )


def test_comments_stay_where_they_are() -> None:
    check(
        """\
-- before
select id, -- the id
  /* all of it */ total -- last
  -- before the table
from orders
-- at the end
""",
        """\
-- before
select
  id, -- the id
  /* all of it */ total -- last
-- before the table
from orders
-- at the end
""",
    )


def test_templates() -> None:
    sql = (
        "select id,total from {{ ref('orders') }} where {% if x %} id = 1 {% endif %} and total > 5"
    )
    check(
        sql,
        """\
select id, total
from {{ ref('orders') }}
where {% if x %} id = 1 {% endif %}
  and total > 5""",
    )


def test_keywords_in_one_case() -> None:
    upper = Style(keyword_case="upper")
    check(
        'select "from", o.status, max(total) as order_total from orders o group by 1, 2',
        'SELECT "from", o.status, max(total) AS order_total FROM orders o GROUP BY 1, 2',
        upper,
    )
    check(
        "SELECT id AS Name FROM Orders",
        "select id as Name from Orders",
        Style(keyword_case="lower"),
    )


@pytest.mark.parametrize(
    "sql",
    [
        "select  from  where",
        "do  $$ begin  null; end $$",
        "select  'a'\n  'b'",
        "select  a @> b,  j ->> 'k',  - -1,  x::int  from t",
    ],
)
def test_what_is_not_understood_or_fragile(sql: str) -> None:
    """It stays, or means the same."""
    was, now = ([it.text for it in tokenize(text, "postgres")] for text in (sql, formatted(sql)))
    assert was == now
    assert ("'a'" in sql) <= ("\n" in formatted(sql))


def test_only_what_is_asked_for() -> None:
    sql = "select  1;\nselect  2;\nselect  3;"
    snapshot = snapshot_of(sql)
    second = Span(sql.index("2"), sql.index("2"))
    assert applied(sql, format_range(snapshot, second, NARROW)) == sql.replace(
        "select  2", "select 2"
    )
    typed = format_typed(snapshot, sql.index("2;") + 2, NARROW)
    assert applied(sql, typed) == sql.replace("select  2", "select 2")
    assert format_typed(snapshot, sql.index("2"), NARROW) == []


def test_statements_keep_their_places() -> None:
    sql = "\n\n  select  1;\n\n-- two\nselect  2;\n\n"
    assert formatted(sql) == "\n\n  select 1;\n\n-- two\nselect 2;\n\n"


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(20, 120), st.sampled_from(["preserve", "upper", "lower"])
)
def test_nothing_but_white_space_and_case(seed: int, width: int, case: str) -> None:
    """Whatever the white space and the width, the tokens are the same, and a second pass changes
    nothing."""
    chosen = random.Random(seed)
    words = (
        "with c as ( select o . id , sum ( total ) as t -- note\n from orders o group by 1 )"
        " select case when t > 1 then 'a' else /* b */ 'b' end , c . id from c left join customers"
        " k on k . id = c . id and ( k . name is null or k . name in ( 'x' , 'y' ) )"
        " where exists ( select 1 from leads ) order by 1 desc limit 3"
    ).split(" ")
    sql = "".join(it + chosen.choice([" ", "  ", "\n", "\n\n\t "]) for it in words)
    style = Style(width, keyword_case=case)  # type: ignore[arg-type]
    snapshot = snapshot_of(sql)
    once = applied(sql, format_document(snapshot, style))
    assert [it.text.upper() for it in tokenize(once, "postgres")] == [
        it.text.upper() for it in tokenize(sql, "postgres")
    ]
    again = Snapshot(once, snapshot.catalog, "postgres")
    assert format_document(again, style) == []
