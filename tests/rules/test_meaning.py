"""The rules about what a statement means: groups, types, counts, NULL, joins, CTEs and stars."""

from collections.abc import Mapping

import pytest

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.rules import Finding, Severity
from defog_metadata.rules import check as run
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import TABLES, annotations, snapshot_of

_ALL: Mapping[str, Severity] = {"select-star": "off"}


def check(sql: str, dialect: str = "postgres", severities: Mapping[str, Severity] = _ALL) -> None:
    """Every finding is annotated, and every annotation is found."""
    found = run(snapshot_of(sql, dialect), severities)
    shown = [(it.span, f"{it.code}: {it.message}") for it in found]
    assert sorted(shown) == sorted(annotations(sql))


def mended(sql: str, dialect: str = "postgres", title: str = "") -> str:
    """*sql* with the first fix of its one finding."""
    (finding,) = run(snapshot_of(sql, dialect), {"select-star": "warning"})
    return applied(sql, finding, title)


def applied(sql: str, finding: Finding, title: str = "") -> str:
    fix = next(it for it in finding.fixes if it.title.startswith(title))
    for edit in sorted(fix.edits, key=lambda it: it.span, reverse=True):
        sql = sql[: edit.span.start] + edit.text + sql[edit.span.end :]
    return sql


# Groups


def test_columns_without_one_value_in_a_group() -> None:
    check(
        """
select c.name, c.email, sum(o.total)
--             ^^^^^^^ ungrouped-column: c.email is neither in GROUP BY nor inside an aggregate
from customers c join orders o on o.customer_id = c.id
group by c.name
having max(o.id) > 1 and o.status = 'paid'
--                       ^^^^^^^^ ungrouped-column: o.status is neither in GROUP BY nor inside an aggregate
order by count(*), o.placed_at
--                 ^^^^^^^^^^^ ungrouped-column: o.placed_at is neither in GROUP BY nor inside an aggregate
"""
    )
    check(
        """
select name, (select max(total) from orders o where o.customer_id = c.id)
--                                                                  ^^^^ ungrouped-column: c.id is neither in GROUP BY nor inside an aggregate
from customers c group by name
"""
    )
    check(
        """
select *, count(*) from orders
--     ^ ungrouped-column: * is neither in GROUP BY nor inside an aggregate
"""
    )


def test_aggregates_and_windows_where_there_are_no_groups() -> None:
    check(
        """
select status, max(count(*))
--                 ^^^^^^^^ ungrouped-column: an aggregate cannot stand in another: select it in a subquery
from orders o join customers c on c.id = o.customer_id and sum(o.total) > 1
--                                                         ^^^^^^^^^^^^ ungrouped-column: an aggregate cannot stand in ON: select it first
where avg(o.total) > 1
--    ^^^^^^^^^^^^ ungrouped-column: an aggregate cannot stand in WHERE: write the condition in HAVING
group by status, sum(o.total)
--               ^^^^^^^^^^^^ ungrouped-column: an aggregate cannot stand in GROUP BY: select it first
having row_number() over (order by status) = 1
--     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ungrouped-column: a window function cannot stand in HAVING: select it in a subquery
"""
    )


@pytest.mark.parametrize("dialect", ["mysql", "sqlite", "bigquery", "snowflake", "tsql", "duckdb"])
def test_no_engine_takes_an_aggregate_in_where(dialect: str) -> None:
    check(
        """
select id from orders where count(*) > 1
--                          ^^^^^^^^ ungrouped-column: an aggregate cannot stand in WHERE: write the condition in HAVING
""",
        dialect,
    )


@pytest.mark.parametrize("dialect", ["bigquery", "snowflake", "tsql", "duckdb", "redshift"])
def test_other_strict_engines(dialect: str) -> None:
    check(
        """
select id, status, count(*) from orders group by id
--         ^^^^^^ ungrouped-column: status is neither in GROUP BY nor inside an aggregate
""",
        dialect,
    )


def test_a_key_decides_only_where_there_is_one() -> None:
    """Metadata that tells of no keys may leave one out; a table that is known not to have one, not."""
    columns = (Column("id", "integer"), Column("name", "text"))
    sql = "select id, name, count(*) from t group by id"
    for table, expected in [
        (Table("t", columns), []),
        (Table("t", columns, row_estimate=3), ["ungrouped-column"]),
        (Table("t", columns, primary_key=("id",)), []),
        (Table("t", columns, primary_key=("name",)), ["ungrouped-column"]),
        (Table("t", columns, primary_key=("id",), kind="view"), ["ungrouped-column"]),
    ]:
        catalog = Catalog.of(*TABLES, table, search_path=())
        assert [it.code for it in run(Snapshot(sql, catalog, "postgres"))] == expected


GROUPED = [
    ("postgres", "select c.*, count(*) from customers c join orders o on o.customer_id = c.id group by c.id"),
    ("postgres", "select o.line, quantity from order_lines o group by line, order_id"),
    ("postgres", "select upper(c.name), count(*) from customers as c group by UPPER(name)"),
    ("postgres", "select date_trunc('month', placed_at) as m, sum(total) from orders group by m order by m"),
    ("postgres", "select placed_at::date, count(*) from orders group by date(placed_at) order by 1"),
    ("postgres", "select status, sum(sum(total)) over (partition by status order by count(*)) from orders group by 1"),
    ("postgres", "select total, sum(total) over (partition by status) from orders"),
    ("postgres", "select status, count(*) filter (where id > 1), percentile_cont(0.5) within group (order by total) from orders group by status"),
    ("postgres", "select status, id from orders group by grouping sets ((status), (id), ())"),
    ("postgres", "select status, grouping(status) from orders group by rollup (status)"),
    ("postgres", "select my_aggregate(total), count(*) from orders"),
    ("postgres", "select audit.total_of(total), count(*) from orders"),
    ("postgres", "select name from customers c group by name having exists (select 1 from orders where status = c.name)"),
    ("postgres", "select name from customers c where 1 < (select count(*) from orders where customer_id = c.id)"),
    ("postgres", "select name from customers c group by name having exists (select 1 from orders o where o.total > count(c.id))"),
    ("postgres", "select id from orders o join customers c using (id) group by o.id"),
    ("postgres", "select count(*), current_date, 'x', (select 1) from orders having count(*) > 1"),
    ("postgres", "select x.id, y from elsewhere.unknown_table x group by x.id, y"),
    ("postgres", "create table t (id int primary key, a int); select a from t group by id"),
    ("mysql", "select status, id, max(total) from orders group by status"),
    ("sqlite", "select status, id, max(id, 2) from orders where max(id, 2) > 2 group by status"),
    ("duckdb", "select status, list(id order by total), arg_max(id, total) from orders group by all"),
    ("duckdb", "from orders select status, list_transform(list(id), x -> x + 1) group by status"),
    ("snowflake", "select status as s, sum(total) as t, t + 1 from orders group by s having t > 1"),
    ("snowflake", "select status, listagg(id, ',') within group (order by id) from orders group by all"),
    ("bigquery", "select status, any_value(id having max total), array_agg(struct(id, total) limit 1)[offset(0)].id from orders group by status"),
    ("bigquery", "select extract(year from placed_at) as y, countif(total > 1) from orders group by y having y > 1"),
    ("tsql", "select year(placed_at), count(*) from orders group by year(placed_at) order by year(placed_at)"),
    ("oracle", "select status, max(total) keep (dense_rank first order by placed_at) from orders group by status"),
    ("oracle", "select max(count(*)) from orders group by status"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "sql"), GROUPED)
def test_groups_that_engines_accept(dialect: str, sql: str) -> None:
    check(sql, dialect)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select o.id, o.status from orders o group by o.status order by 2",
         "select o.id, o.status from orders o group by o.status, o.id order by 2"),
        ("select status, max(id) from orders group by case when id > 1 then 'x' else null end",
         "select status, max(id) from orders group by case when id > 1 then 'x' else null end, status"),
        ("select status, count(*) from orders where id > 1 order by 2",
         "select status, count(*) from orders where id > 1 GROUP BY status order by 2"),
        ("select * from (select status, count(*) from orders o) x",
         "select * from (select status, count(*) from orders o GROUP BY status) x"),
    ],
)  # fmt: skip
def test_adding_a_column_to_the_groups(sql: str, expected: str) -> None:
    (finding, *_) = run(snapshot_of(sql))
    assert applied(sql, finding) == expected
    assert not run(snapshot_of(expected))


# Types


def test_types_that_postgres_does_not_take_together() -> None:
    check(
        """
select id + status, sum(status), placed_at + placed_at, round(total::float, 1), lower(id)
--     ^^^^^^^^^^^ type-mismatch: there is no integer + text; || joins texts
--                      ^^^^^^ type-mismatch: sum does not take text
--                               ^^^^^^^^^^^^^^^^^^^^^ type-mismatch: there is no timestamp without time zone + timestamp without time zone
--                                                            ^^^^^^^^^^^^ type-mismatch: there is no round(double precision, integer); cast to numeric first
--                                                                                    ^^ type-mismatch: lower does not take integer
from orders
where id = status
--    ^^^^^^^^^^^ type-mismatch: integer cannot be compared with text
or id = 'one' or placed_at > '2024-02-30' or id in (1, 'x')
--      ^^^^^ type-mismatch: 'one' is no integer
--                           ^^^^^^^^^^^^ type-mismatch: '2024-02-30' is no timestamp without time zone
--                                                     ^^^ type-mismatch: 'x' is no integer
or id or total like '1%'
-- ^^ type-mismatch: integer is no condition
--       ^^^^^ type-mismatch: LIKE does not take numeric
or case when id > 1 then total else null end
-- ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-mismatch: numeric is no condition
""",
        severities={"ungrouped-column": "off"},
    )
    check(
        """
select case when id > 1 then total else status end, coalesce(id, status) from orders
--                                      ^^^^^^ type-mismatch: text and numeric do not go together in CASE
--                                                               ^^^^^^ type-mismatch: text and integer do not go together in COALESCE
"""
    )
    check(
        """
select id from orders union all select name from customers
--                                     ^^^^ type-mismatch: text, but integer stands before UNION
"""
    )
    check(
        """
insert into orders (id, total, placed_at) values (1, 'much', 3)
--                                                   ^^^^^^ type-mismatch: 'much' is no numeric
--                                                           ^ type-mismatch: the column is timestamp without time zone, this is integer
"""
    )
    check(
        """
update orders set id = status, status = id
--                     ^^^^^^ type-mismatch: the column is integer, this is text
"""
    )


def test_types_of_other_engines() -> None:
    check(
        """
select sum(status) from orders where id = '1' and id
--         ^^^^^^ type-mismatch: sum does not take string
--                                   ^^^^^^^^ type-mismatch: int64 cannot be compared with string
--                                                ^^ type-mismatch: int64 is no condition
""",
        "bigquery",
    )
    check(
        """
select status + id from orders where id < status
--     ^^^^^^^^^^^ type-mismatch: there is no varchar + integer; || joins texts
--                                   ^^^^^^^^^^^ type-mismatch: integer cannot be compared with varchar
""",
        "duckdb",
    )
    check(
        """
create table t (d date, b bit, v varchar(9));
select sum(v), d + d from t where b and d > 20240101 and b = 1 and d > '2024-01-01';
--         ^ type-mismatch: sum does not take varchar
--             ^^^^^ type-mismatch: there is no date + date
--                                ^ type-mismatch: bit is no condition; compare it with 1
--                                      ^^^^^^^^^^^^ type-mismatch: date cannot be compared with int
""",
        "tsql",
        {"ungrouped-column": "off"},
    )


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("postgres", "select id from orders where placed_at > '2024-01-01' and id = '12' and total = '1e3'"),
        ("postgres", "select id from orders where placed_at between now() - interval '1 day' and 'tomorrow'"),
        ("postgres", "select id from orders where placed_at = ':start' or placed_at = '{from}' or id = '%s'"),
        ("postgres", "select id from orders where id = $1 or id = :id or id = any($2) or status = all(array['a'])"),
        ("postgres", "select id || '-' || total, extract(epoch from placed_at - now()) / 3600 from orders"),
        ("postgres", "select null union select 1 union select 2.5"),
        ("postgres", "select '2024-01-01' union select placed_at from orders"),
        ("postgres", "update orders set status = id, total = id, placed_at = current_date"),
        ("postgres", "select unknown_function(id) = status, (select nope from elsewhere.unknown_table) = id from orders"),
        ("postgres", "create table t (a citext, b vector, c mood); select a = 1, b + c, sum(a) from t"),
        ("mysql", "select sum(status), id + status from orders where id = status and id"),
        ("sqlite", "select sum(status), id + status from orders where id = status and id"),
        ("snowflake", "select sum(status), id + status from orders where id = status"),
        ("tsql", "select 'a' + status from orders where id = status and placed_at > '2024'"),
    ],
)  # fmt: skip
def test_types_that_engines_accept(dialect: str, sql: str) -> None:
    check(sql, dialect, {"ungrouped-column": "off"})


# Counts


def test_numbers_of_columns() -> None:
    check(
        """
insert into orders (id, total) values (1, 2, 3);
--                                           ^ column-count: 3 values for 2 columns
insert into orders (id, total) select id from customers;
--                                    ^^ column-count: 1 value for 2 columns
insert into customers values (1, 'a', 'b', 'c', 'd', 6);
--                                              ^^^^^^ column-count: 6 values, but customers has 4 columns
values (1, 2), (3);
--              ^ column-count: 1 value, but the first row has 2
select id, name from customers except select id from orders;
--                                           ^^ column-count: 1 column, but what stands before EXCEPT has 2
with c (x, y, z) as (select id, name from customers) select x from c;
--            ^ column-count: 3 names for 2 columns
select x from (select id from orders) o (x, y);
--                                          ^ column-count: 2 names for 1 column
create view v (a, b) as select id from orders;
--                ^ column-count: 2 names for 1 column
select id from orders where id in (select id, total from orders);
--                                            ^^^^^ column-count: 2 columns compared with 1 column
update orders set (id, total) = (1, 2, 3);
--                               ^^^^^^^ column-count: 3 values for 2 columns
merge into orders o using customers c on c.id = o.id
when not matched then insert (id, total) values (c.id)
--                                               ^^^^ column-count: 1 value for 2 columns
"""
    )


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("postgres", "insert into orders values (1)"),
        ("postgres", "insert into orders (id, total) values (1, default), (2, null)"),
        ("postgres", "insert into orders (id, total) select x.* from (values (1, 2)) x"),
        ("postgres", "insert into orders (id, total) select * from elsewhere.unknown_table"),
        ("postgres", "with c (x) as (select id, name from customers) select x, name from c"),
        ("postgres", "select x.a from (values (1, 2)) x (a)"),
        ("postgres", "select * from customers union select * from elsewhere.unknown_table"),
        ("postgres", "select id from orders where (id, total) in (select id, total from orders)"),
        ("postgres", "update orders set (id, total) = (select 1, 2)"),
        ("mysql", "insert into orders (id, total) values row(1, 2), row(3, 4)"),
        ("mysql", "insert into orders () values ()"),
        ("duckdb", "select 1 as a union by name select 2 as b, 3 as c"),
        ("bigquery", "select array(select as struct id, total from orders)"),
        ("bigquery", "select id from orders where (id, total) in (select (id, total) from orders)"),
        ("duckdb", "select id from orders where (id, total) in (select (id, total) from orders)"),
        (
            "duckdb",
            "select id, total from orders where id in (select id from customers) union all "
            "select x.* from (select id, total from orders) x semi join customers using (id)",
        ),
        (
            "duckdb",
            "select id, 1, 2, 3, 4 from orders union all select * from orders semi join customers c using (id)",
        ),
    ],
)
def test_numbers_that_engines_accept(dialect: str, sql: str) -> None:
    check(sql, dialect)


# NULL


def test_comparisons_with_null() -> None:
    check(
        """
select case when total = NULL then 1 end from orders
--               ^^^^^^^^^^^^ null-comparison: nothing equals NULL, not even NULL: this is never true; write IS NULL
where status <> null and not (null = id)
--    ^^^^^^^^^^^^^^ null-comparison: nothing differs from NULL, not even NULL: this is never true; write IS NOT NULL
--                            ^^^^^^^^^ null-comparison: nothing equals NULL, not even NULL: this is never true; write IS NULL
and id not in (1, null)
--                ^^^^ null-comparison: NOT IN is never true of a list with NULL in it
"""
    )


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select id from orders where status = null", "select id from orders where status is null"),
        ("select id from orders where total  !=  NULL or id = 1",
         "select id from orders where total IS NOT NULL or id = 1"),
        ("select id from orders where null = total", "select id from orders where total is null"),
        ("select id from orders where id not in (null, 1)", "select id from orders where id not in (1)"),
        ("select id from orders where id not in (1, null)", "select id from orders where id not in (1)"),
    ],
)  # fmt: skip
def test_asking_for_null_as_one_should(sql: str, expected: str) -> None:
    assert mended(sql) == expected


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("postgres", "update orders set total = null where id = 1"),
        (
            "postgres",
            "insert into orders (id) values (1) on conflict (id) do update set total = null",
        ),
        ("postgres", "select id from orders where total is distinct from null or id in (1, null)"),
        ("mysql", "select id from orders where status <=> null"),
        ("mysql", "insert into orders (id) values (1) on duplicate key update total = null"),
        ("tsql", "set ansi_nulls off;\nselect id from orders where status = null"),
        ("tsql", "select x = null from orders"),
    ],
)
def test_null_where_it_is_meant(dialect: str, sql: str) -> None:
    check(sql, dialect)


def test_ansi_nulls_can_be_switched_on_again() -> None:
    sql = "set ansi_nulls off;\nset ansi_nulls on;\nselect id from orders where status = null"
    assert [it.code for it in run(snapshot_of(sql, "tsql"))] == ["null-comparison"]


# Joins

_NOT_TIED = "to the rest: every row meets every row; add the condition, or write CROSS JOIN if that is meant"


def test_relations_that_nothing_ties() -> None:
    check(
        f"""
select o.id from orders o, customers c, order_lines l where l.order_id = o.id
--                                   ^ cartesian-join: nothing ties c {_NOT_TIED}
"""
    )
    check(
        f"""
select o.id from orders o join customers on o.total > 1
--                             ^^^^^^^^^ cartesian-join: nothing ties customers {_NOT_TIED}
"""
    )
    check(
        f"""
with c as (select id from customers) select o.id from orders o, c
--                                                              ^ cartesian-join: nothing ties c {_NOT_TIED}
"""
    )


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("postgres", "select o.id from orders o, customers c where c.id = o.customer_id"),
        ("postgres", "select o.id from orders o cross join customers c"),
        ("postgres", "select o.id from orders o join customers c on true"),
        ("postgres", "select o.id from orders o natural join customers c"),
        ("postgres", "select o.id from orders o, customers c where o.id = 7 and c.id = 7"),
        ("postgres", "select 1 from orders o, customers c, order_lines l where l.order_id = o.id and l.product_id = c.id"),
        ("postgres", "select 1 from orders o, customers c where exists (select 1 from order_lines where order_id = o.id and line = c.id)"),
        ("postgres", "select 1 from orders o where exists (select 1 from customers c, order_lines l where c.id = o.customer_id and l.order_id = o.id)"),
        ("postgres", "select o.id / m from orders o, (select max(id) as m from customers) c"),
        ("postgres", "with p as (select 1 as x), q as (select x from p) select o.id from orders o, q"),
        ("postgres", "select o.id from orders o, (select * from customers order by id limit 1) c"),
        ("postgres", "select 1 from (values (1)) v, orders o"),
        ("postgres", "select o.id, g from orders o, generate_series(1, o.id) g"),
        ("postgres", "select 1 from orders o, lateral (select 1 from customers c where c.id = o.id) x"),
        ("postgres", "select 1 from (orders o join order_lines l on l.order_id = o.id), customers c where l.product_id = c.id"),
        ("postgres", "select 1 from orders, elsewhere.unknown_table where x = y"),
        ("bigquery", "select o.id, u from orders o, unnest([1, 2]) u"),
        ("snowflake", "select o.id, f.value from orders o, lateral flatten(input => o.status) f"),
        ("tsql", "select o.id from orders o outer apply (select id from customers c) x"),
    ],
)  # fmt: skip
def test_joins_that_people_mean(dialect: str, sql: str) -> None:
    check(sql, dialect)


@pytest.mark.parametrize(
    ("title", "sql", "expected"),
    [
        ("Add", "select 1 from orders o, customers c order by 1",
         "select 1 from orders o, customers c WHERE o.customer_id = c.id order by 1"),
        ("Add", "select 1 from customers, orders where total > 1",
         "select 1 from customers, orders where total > 1 AND orders.customer_id = customers.id"),
        ("Write CROSS JOIN", "select 1 from (select 1 from orders o, customers c) x",
         "select 1 from (select 1 from orders o CROSS JOIN customers c) x"),
    ],
)  # fmt: skip
def test_tying_relations_together(title: str, sql: str, expected: str) -> None:
    assert mended(sql, title=title) == expected
    assert not run(snapshot_of(expected))


# CTEs


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("with a as (select 1) select id from orders", "select id from orders"),
        ("with a as (select 1),\n  b as (select 2 as x)\nselect x from b", "with b as (select 2 as x)\nselect x from b"),
        ("with b as (select 2 as x), a (y) as materialized (select (1))\nselect x from b", "with b as (select 2 as x)\nselect x from b"),
        ("with recursive a as (select 1 as x union all select x from a) select id from orders", "select id from orders"),
        ("with a as (select 1), b as (select 2 from a) select id from orders", "with a as (select 1) select id from orders"),
    ],
)  # fmt: skip
def test_ctes_that_nothing_reads(sql: str, expected: str) -> None:
    (finding,) = run(snapshot_of(sql))
    assert finding.code == "unused-cte"
    assert finding.is_unneeded
    assert applied(sql, finding) == expected


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("postgres", "with gone as (delete from orders returning id) select 1"),
        ("postgres", "with a as (select 1 as x), b as (select x from a) select x from b"),
        (
            "postgres",
            "with a as (select id from customers) update orders set total = 1 where id in (select id from a)",
        ),
        ("postgres", "select (with a as (select 1 as x) select x from a)"),
        ("postgres", 'with "A" as (select 1 as x) select x from "A"'),
        ("tsql", "with a as (select id from orders) delete from a where id = 1"),
        ("tsql", "with a as (select id, total from orders) update a set total = 1"),
        # As it is while the query behind it is being written.
        ("postgres", "with a as (select id from orders) select 1"),
    ],
)
def test_ctes_that_something_reads(dialect: str, sql: str) -> None:
    check(sql, dialect)


def test_a_misspelled_cte_is_no_unused_one() -> None:
    check(
        """
with recent as (select id from orders) select id from recnt
--                                                    ^^^^^ unknown-table: there is no table recnt; did you mean recent?
"""
    )


# Stars


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from customers", 'select id, name, email, "Region" from customers'),
        ("select l.*, o.id from orders o join marketing.leads l on l.id = o.id",
         "select l.id, l.source, o.id from orders o join marketing.leads l on l.id = o.id"),
        ('select * from (select id as "I d", total from orders) x', 'select "I d", total from (select id as "I d", total from orders) x'),
    ],
)  # fmt: skip
def test_writing_a_star_out(sql: str, expected: str) -> None:
    assert mended(sql) == expected


def test_a_star_is_written_out_only_where_all_is_known() -> None:
    for sql, dialect in (
        ("select * from unknown_table", "postgres"),
        # Which column USING has merged comes where, is not known of every engine.
        ("select * from orders join customers using (id)", "bigquery"),
    ):
        severities: dict[str, Severity] = {"select-star": "hint", "unknown-table": "off"}
        (*_, finding) = run(snapshot_of(sql, dialect), severities)
        assert finding.code == "select-star"
        assert not finding.fixes


def test_stars_that_are_no_columns() -> None:
    severities: dict[str, Severity] = {"select-star": "warning"}
    check("select count(*), 2 * total from orders group by total", severities=severities)
    check("select id from orders where exists (select * from customers)", severities=severities)
    assert not run(snapshot_of("select * from customers"))
