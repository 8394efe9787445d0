"""Which keywords may come next, in each dialect, and which may not."""

import re

import pytest

from defog_lsp.ide.completion.keywords import all_keywords
from tests.ide.completion.offers import ALL, Case, cases, check, without

_MERGES = "postgres snowflake bigquery tsql duckdb"
_LIMITS = without("tsql")
_MERGE = "merge into orders o using customers c on o.customer_id = c.id"

STATEMENTS: list[Case] = [
    (ALL, "$0", "SELECT WITH UPDATE INSERT_INTO DELETE_FROM CREATE_TABLE", "WHERE JOIN AND id"),
    (ALL, "select 1; $0", "SELECT UPDATE", "WHERE AND AS id"),
    (ALL, "sel$0", "SELECT", "WHERE id"),
    (ALL, "insert $0", "INTO", "VALUES SELECT orders"),
    (ALL, "delete $0", "FROM", "WHERE orders"),
    (ALL, "insert into orders $0", "VALUES SELECT", "WHERE INTO FROM"),
    (ALL, "insert into orders (id) $0", "VALUES SELECT", "WHERE INTO DEFAULT_VALUES"),
    ("postgres sqlite tsql duckdb", "insert into orders $0", "DEFAULT_VALUES", "WHERE"),
    ("mysql", "insert into orders $0", "SET", "DEFAULT_VALUES WHERE"),
    ("tsql", "insert into orders (id) $0", "OUTPUT", "RETURNING"),
    (
        "postgres sqlite duckdb",
        "insert into orders (id) values (1) $0",
        "ON_CONFLICT RETURNING",
        "WHERE VALUES ON_DUPLICATE_KEY_UPDATE",
    ),
    (
        "mysql",
        "insert into orders (id) values (1) $0",
        "ON_DUPLICATE_KEY_UPDATE",
        "ON_CONFLICT RETURNING WHERE",
    ),
    (
        "snowflake bigquery tsql",
        "insert into orders (id) values (1) $0",
        "",
        "ON_CONFLICT RETURNING WHERE AND",
    ),
    (
        "postgres sqlite duckdb",
        "insert into orders (id) values (1) on $0",
        "CONFLICT",
        "DUPLICATE id total",
    ),
    (
        "mysql",
        "insert into orders (id) values (1) on $0",
        "DUPLICATE_KEY_UPDATE",
        "CONFLICT id total",
    ),
    (
        "postgres sqlite duckdb",
        "insert into orders (id) values (1) on conflict (id) $0",
        "DO_NOTHING DO_UPDATE_SET",
        "SET id",
    ),
    (
        "postgres sqlite duckdb",
        "insert into orders (id) values (1) on conflict (id) do $0",
        "NOTHING UPDATE_SET",
        "id SELECT",
    ),
    (
        "postgres sqlite duckdb",
        "insert into orders (id) values (1) on conflict (id) do update $0",
        "SET",
        "orders id",
    ),
    (
        "postgres sqlite duckdb",
        "insert into orders (id) select id from customers where true $0",
        "ON_CONFLICT RETURNING AND",
        "VALUES",
    ),
    (ALL, "update orders $0", "SET", "WHERE FROM id"),
    ("mysql", "update orders o $0", "SET JOIN LEFT_JOIN", "WHERE FROM"),
    (ALL, "update orders set total = 1 $0", "WHERE", "SET VALUES AND id"),
    (without("mysql"), "update orders set total = 1 $0", "FROM", "AND"),
    ("mysql", "update orders set total = 1 $0", "ORDER_BY LIMIT", "FROM RETURNING"),
    ("postgres sqlite duckdb", "update orders set total = 1 $0", "RETURNING", "OUTPUT"),
    ("tsql", "update orders set total = 1 $0", "OUTPUT", "RETURNING"),
    (ALL, "update orders set total $0", "", "WHERE FROM AND IS_NULL SET id"),
    (ALL, "update orders set total = 1 where id = 1 $0", "AND OR", "GROUP_BY HAVING SET FROM"),
    (ALL, "delete from orders $0", "WHERE", "SET GROUP_BY JOIN HAVING"),
    ("postgres snowflake duckdb", "delete from orders $0", "USING", "JOIN"),
    (ALL, "delete from orders where id = 1 $0", "AND OR", "GROUP_BY HAVING"),
    ("postgres sqlite duckdb", "delete from orders where id = 1 $0", "RETURNING", "OUTPUT LIMIT"),
    ("mysql", "delete from orders where id = 1 $0", "ORDER_BY LIMIT", "RETURNING"),
    (_MERGES, "merge $0", "INTO", "orders SELECT"),
    (_MERGES, "merge into orders $0", "USING AS", "WHERE SET JOIN"),
    (_MERGES, "merge into orders o using customers c $0", "ON", "WHERE JOIN USING"),
    (_MERGES, f"{_MERGE} $0", "WHEN_MATCHED WHEN_NOT_MATCHED AND", "WHERE JOIN GROUP_BY"),
    (_MERGES, f"{_MERGE} when $0", "MATCHED NOT_MATCHED", "THEN id"),
    (_MERGES, f"{_MERGE} when not $0", "MATCHED", "NULL IN id"),
    (_MERGES, f"{_MERGE} when matched $0", "THEN AND", "id WHEN"),
    (_MERGES, f"{_MERGE} when matched then $0", "UPDATE_SET DELETE", "INSERT id SELECT"),
    (_MERGES, f"{_MERGE} when not matched then $0", "INSERT", "DELETE UPDATE_SET id SELECT"),
    (_MERGES, f"{_MERGE} when matched then update $0", "SET", "orders id"),
    (
        _MERGES,
        f"{_MERGE} when matched then update set total = 1 $0",
        "WHEN_MATCHED WHEN_NOT_MATCHED",
        "FROM",
    ),
    (_MERGES, f"{_MERGE} when not matched then insert (id) $0", "VALUES", "SELECT id"),
    (_MERGES, f"{_MERGE} when matched then delete $0", "WHEN_NOT_MATCHED", "FROM id"),
]

DEFINITIONS: list[Case] = [
    (ALL, "create $0", "TABLE VIEW", "SELECT orders id"),
    (ALL, "drop $0", "TABLE VIEW", "SELECT orders id"),
    (ALL, "alter $0", "TABLE", "SELECT orders id"),
    (without("tsql"), "create table $0", "IF_NOT_EXISTS", "orders SELECT"),
    (ALL, "drop table $0", "IF_EXISTS orders", "SELECT id"),
    (ALL, "create view v $0", "AS", "SELECT WHERE"),
    (ALL, "create view v as $0", "SELECT", "orders id AS"),
    (without("tsql"), "create table t $0", "AS", "SELECT WHERE"),
    (without("tsql"), "create table t as $0", "SELECT WITH", "orders id"),
    (
        without("bigquery"),
        "create table t (a int $0",
        "NOT_NULL DEFAULT PRIMARY_KEY REFERENCES UNIQUE",
        "AND orders SELECT",
    ),
    (ALL, "create table t (a int not $0", "NULL", "IN LIKE EXISTS"),
    (ALL, "create table t (a int, $0", "PRIMARY_KEY CONSTRAINT FOREIGN_KEY", "NOT_NULL SELECT"),
    (ALL, "create table t (a int, foreign $0", "KEY", "a SELECT"),
    (ALL, "create table t (a int, foreign key (a) $0", "REFERENCES", "AND a"),
    (
        without("bigquery", "snowflake"),
        "create table t (a int references customers (id) $0",
        "ON_DELETE NOT_NULL",
        "AND WHERE",
    ),
    (
        without("bigquery", "snowflake"),
        "create table t (a int references customers (id) on $0",
        "DELETE UPDATE",
        "id CONFLICT",
    ),
    (
        without("bigquery", "snowflake"),
        "create table t (a int references customers (id) on delete $0",
        "CASCADE SET_NULL",
        "FROM",
    ),
    (without("tsql"), "alter table orders $0", "ADD_COLUMN DROP_COLUMN RENAME_TO", "WHERE id"),
    ("tsql", "alter table orders $0", "ADD DROP_COLUMN ALTER_COLUMN", "RENAME_TO WHERE"),
    (without("tsql"), "alter table orders rename $0", "TO COLUMN", "WHERE AND"),
    (ALL, "alter table orders drop $0", "COLUMN", "WHERE TABLE"),
    (without("bigquery", "snowflake"), "create index i $0", "ON", "AS SELECT"),
]

QUERIES: list[Case] = [
    (ALL, "select $0 from orders", "DISTINCT * CASE NULL", "FROM WHERE AND AS"),
    ("tsql", "select $0 from orders", "TOP", "LIMIT"),
    (without("tsql"), "select $0 from orders", "DISTINCT", "TOP"),
    ("tsql", "select top 5 $0 from orders", "id total *", "FROM WHERE"),
    ("postgres duckdb", "select distinct $0 from orders", "ON id", "FROM"),
    ("postgres duckdb", "select distinct on (id) $0 from orders", "id total", "FROM AS"),
    ("bigquery", "select as $0 from orders", "STRUCT VALUE", "id FROM"),
    (ALL, "select id $0", "AS FROM", "JOIN ON id"),
    (ALL, "select id as x $0", "FROM", "AS WHEN THEN id"),
    (ALL, "select id x $0", "FROM", "AS THEN id"),
    (ALL, "select count(*) $0", "FROM AS OVER", "JOIN ON id"),
    (ALL, "select id $0 from orders", "AS", "OVER id"),
    ("postgres sqlite duckdb", "select count(*) $0", "FILTER", "JOIN"),
    (ALL, "select * $0", "FROM", "AS OVER AND IN id"),
    ("bigquery", "select * $0 from orders", "EXCEPT REPLACE", "EXCLUDE AS"),
    ("snowflake duckdb", "select * $0 from orders", "EXCLUDE RENAME", "AS"),
    ("postgres mysql sqlite tsql", "select * $0 from orders", "", "EXCLUDE RENAME AS"),
    (ALL, "select id as $0 from orders", "", "SELECT FROM AS id total"),
    (
        ALL,
        "select * from orders $0",
        "AS JOIN LEFT_JOIN WHERE GROUP_BY ORDER_BY",
        "ON USING SET AND id",
    ),
    (_LIMITS, "select * from orders $0", "LIMIT", "ON"),
    (
        "tsql",
        "select * from orders $0",
        "CROSS_APPLY OUTER_APPLY ORDER_BY",
        "LIMIT LATERAL QUALIFY NATURAL_JOIN",
    ),
    (without("mysql"), "select * from orders $0", "FULL_JOIN", "STRAIGHT_JOIN"),
    ("mysql", "select * from orders $0", "STRAIGHT_JOIN", "FULL_JOIN"),
    ("snowflake bigquery duckdb", "select * from orders $0", "QUALIFY", "ON"),
    ("postgres mysql sqlite tsql", "select * from orders $0", "WHERE", "QUALIFY"),
    (ALL, "select * from orders as $0", "", "WHERE JOIN SELECT orders"),
    (ALL, "select * from orders o $0", "JOIN WHERE", "AS ON USING id"),
    (ALL, "select * from orders as o $0", "JOIN WHERE", "AS ON id"),
    # Letters that the table is called by are an alias, which Enter must not make a keyword.
    (ALL, "select * from orders o$0", "", "ORDER_BY OUTER_JOIN JOIN ON"),
    (ALL, "select * from customers c, orders o$0", "", "ORDER_BY"),
    (ALL, "select * from orders or$0", "ORDER_BY", "WHERE"),
    (ALL, "select * from orders w$0", "WHERE", "ON"),
    (ALL, "select * from orders o o$0", "ORDER_BY", "ON"),
    (ALL, "select * from orders o join customers c$0", "", "CROSS_JOIN"),
    (ALL, "select * from orders o join customers o$0", "ON", "WHERE"),
    (ALL, "select * from orders o join customers $0", "AS ON", "WHERE GROUP_BY LIMIT id"),
    (ALL, "select * from orders o join customers c $0", "ON", "AS WHERE GROUP_BY id"),
    (without("tsql"), "select * from orders o join customers c $0", "USING", "WHERE"),
    ("tsql", "select * from orders o join customers c $0", "ON", "USING"),
    (ALL, "select * from orders o cross join customers c $0", "WHERE JOIN", "ON USING AS"),
    (ALL, "select * from orders o left $0", "JOIN OUTER_JOIN", "WHERE ON id"),
    (ALL, "select * from orders o cross $0", "JOIN", "ON OUTER_JOIN"),
    ("tsql", "select * from orders o cross $0", "APPLY", "ON"),
    ("tsql", "select * from orders o outer $0", "APPLY", "ON"),
    (
        ALL,
        "select * from orders o join customers c on c.id $0",
        "IN IS_NULL BETWEEN AND",
        "AS USING id",
    ),
    (
        ALL,
        "select * from orders o join customers c on c.id = o.customer_id $0",
        "AND OR WHERE JOIN LEFT_JOIN GROUP_BY",
        "ON BETWEEN IN AS",
    ),
    (
        without("tsql"),
        "select * from orders o join customers c using (id) $0",
        "WHERE JOIN",
        "ON AND",
    ),
    (
        ALL,
        "select * from orders where id $0",
        "IN IS_NULL LIKE BETWEEN AND",
        "WHERE AS FROM JOIN id",
    ),
    (
        ALL,
        "select * from orders where id = 1 $0",
        "AND OR GROUP_BY ORDER_BY",
        "IN BETWEEN WHERE JOIN ON",
    ),
    (ALL, "select * from orders where id in (1, 2) $0", "AND OR ORDER_BY", "IN WHERE id"),
    (ALL, "select * from orders where id between 1 $0", "AND", "OR IN GROUP_BY WHERE"),
    (
        ALL,
        "select * from orders where id between 1 and 2 $0",
        "AND OR GROUP_BY",
        "BETWEEN IN WHERE",
    ),
    (ALL, "select * from orders where id is $0", "NULL NOT_NULL", "AND OR id IN"),
    (ALL, "select * from orders where id is not $0", "NULL", "IN LIKE id"),
    (ALL, "select * from orders where id is null $0", "AND OR GROUP_BY", "IN id"),
    (ALL, "select * from orders where id not $0", "IN LIKE BETWEEN", "NULL EXISTS id"),
    (ALL, "select * from orders where not $0", "EXISTS id", "IN LIKE BETWEEN"),
    (ALL, "select * from orders where status like 'a' $0", "AND OR", "LIKE IN WHERE"),
    (
        ALL,
        "select * from orders where exists (select 1 from customers) $0",
        "AND OR",
        "IN IS_NULL LIKE",
    ),
    (ALL, "select * from orders where $0", "NOT EXISTS CASE id", "AND OR GROUP_BY IN"),
    (ALL, "select * from orders where id = 1 and $0", "NOT EXISTS id", "AND OR GROUP_BY"),
    ("postgres snowflake duckdb", "select * from orders where status $0", "ILIKE", "FROM"),
    ("mysql", "select * from orders where status $0", "RLIKE REGEXP", "ILIKE GLOB"),
    ("sqlite", "select * from orders where status $0", "GLOB", "ILIKE RLIKE"),
    ("tsql", "select * from orders where status $0", "LIKE", "ILIKE REGEXP GLOB"),
    (ALL, "select * from orders where id in $0", "", "id AND SELECT total"),
    (ALL, "select * from orders where id in ($0)", "SELECT", "FROM WHERE AND"),
    (ALL, "select * from orders where exists ($0)", "SELECT", "id AND CASE"),
    (ALL, "select * from (select 1 as a) $0", "AS WHERE JOIN", "ON id"),
    (ALL, "select * from ($0) x", "SELECT orders", "WHERE id"),
]

GROUPED: list[Case] = [
    (ALL, "select status from orders group $0", "BY", "status WHERE"),
    (
        ALL,
        "select status from orders group by status $0",
        "HAVING ORDER_BY",
        "WHERE JOIN AND AS ASC",
    ),
    (
        ALL,
        "select status from orders group by status having count(*) > 1 $0",
        "AND OR ORDER_BY",
        "HAVING WHERE GROUP_BY",
    ),
    (ALL, "select * from orders order $0", "BY", "id ASC"),
    (ALL, "select * from orders order by id $0", "ASC DESC", "WHERE GROUP_BY AND IN AS"),
    (_LIMITS, "select * from orders order by id $0", "LIMIT", "WHERE"),
    ("tsql", "select * from orders order by id $0", "OFFSET", "LIMIT NULLS_FIRST"),
    (
        without("mysql", "tsql"),
        "select * from orders order by id $0",
        "NULLS_FIRST NULLS_LAST",
        "WHERE",
    ),
    ("mysql tsql", "select * from orders order by id $0", "DESC", "NULLS_FIRST NULLS_LAST"),
    (_LIMITS, "select * from orders order by id desc $0", "LIMIT", "ASC DESC id"),
    (
        without("mysql", "tsql"),
        "select * from orders order by id desc nulls $0",
        "FIRST LAST",
        "LIMIT id",
    ),
    ("postgres", "select * from orders limit 5 $0", "OFFSET", "WHERE AND LIMIT"),
    (_LIMITS, "select * from orders limit $0", "", "id total FROM CASE"),
    ("tsql", "select * from orders order by id offset 5 rows $0", "FETCH_NEXT", "LIMIT id"),
    (
        "tsql postgres",
        "select * from orders order by id offset 5 rows fetch next 5 $0",
        "ROWS_ONLY",
        "id LIMIT",
    ),
    (ALL, "select id from orders union $0", "ALL", "id FROM WHERE orders"),
    (ALL, "select id from orders union all $0", "SELECT", "id FROM orders"),
    (
        "snowflake bigquery duckdb",
        "select id from orders qualify row_number() over (order by id) = 1 $0",
        "AND ORDER_BY",
        "WHERE QUALIFY",
    ),
    ("mysql", "select status from orders group by status $0", "WITH_ROLLUP", "QUALIFY"),
    (ALL, "select sum(total) over ($0) from orders", "PARTITION_BY ORDER_BY", "SELECT WHERE"),
    (
        ALL,
        "select sum(total) over (partition by status $0) from orders",
        "ORDER_BY",
        "ASC WHERE LIMIT AND",
    ),
    (
        ALL,
        "select sum(total) over (order by id $0) from orders",
        "ASC DESC ROWS_BETWEEN",
        "LIMIT WHERE AND",
    ),
    (
        ALL,
        "select sum(total) over (order by id rows $0) from orders",
        "BETWEEN UNBOUNDED_PRECEDING CURRENT_ROW",
        "id ASC",
    ),
    (
        ALL,
        "select sum(total) over (order by id rows between $0) from orders",
        "UNBOUNDED_PRECEDING CURRENT_ROW",
        "id AND",
    ),
    (
        ALL,
        "select sum(total) over (order by id rows between 1 preceding $0) from orders",
        "AND",
        "id OR ASC",
    ),
    (
        ALL,
        "select sum(total) over (order by id rows between 1 preceding and $0) from orders",
        "CURRENT_ROW UNBOUNDED_FOLLOWING",
        "id NOT",
    ),
    (ALL, "select sum(total) over (order by id) $0 from orders", "AS", "ASC ROWS OVER"),
]

CASES: list[Case] = [
    (ALL, "select case $0 from orders", "WHEN id", "THEN ELSE END FROM"),
    (ALL, "select case status $0 from orders", "WHEN", "THEN ELSE END AS id"),
    (ALL, "select case when id = 1 $0 from orders", "THEN AND OR", "WHEN ELSE END AS id"),
    (ALL, "select case when id $0 from orders", "THEN IN IS_NULL", "WHEN ELSE END AS"),
    (ALL, "select case when id = 1 then $0 from orders", "NULL id", "WHEN THEN ELSE END"),
    (ALL, "select case when id = 1 then 2 $0 from orders", "WHEN ELSE END", "THEN AS FROM id"),
    (ALL, "select case when id = 1 then 2 else 3 $0 from orders", "END", "WHEN THEN ELSE AS"),
    (ALL, "select case when id = 1 then 2 end $0 from orders", "AS", "WHEN ELSE END"),
    (ALL, "select case when id between 1 $0 from orders", "AND", "THEN WHEN"),
    (
        ALL,
        "select * from orders where case when id = 1 then 2 end $0",
        "IN AND",
        "WHEN ELSE END THEN",
    ),
    (ALL, "update orders set total = case when id = 1 $0", "THEN", "WHERE FROM"),
]

WITHS: list[Case] = [
    (without("tsql"), "with $0", "RECURSIVE", "SELECT orders id"),
    ("tsql", "with $0", "", "RECURSIVE SELECT orders"),
    (ALL, "with x $0", "AS", "SELECT orders"),
    ("postgres sqlite duckdb", "with x as $0", "MATERIALIZED", "SELECT orders id"),
    (ALL, "with x as (select 1) $0", "SELECT", "AS WHERE orders"),
    (ALL, "with x as (select 1), $0", "", "SELECT RECURSIVE orders x"),
    (ALL, "with x as ($0", "SELECT", "WHERE AS"),
    (ALL, "with x as (select 1 as a), y as (select * from x $0)", "WHERE JOIN", "SELECT ON"),
    ("postgres tsql sqlite", "with x as (select 1) $0", "INSERT_INTO UPDATE DELETE_FROM", "FROM"),
]

FUNCTIONS: list[Case] = [
    (ALL, "select cast(id $0) from orders", "AS", "FROM"),
    (without("tsql"), "select extract($0) from orders", "YEAR MONTH DAY", "SELECT WHERE"),
    (without("tsql"), "select extract(year $0) from orders", "FROM", "AND AS"),
    (ALL, "select count($0) from orders", "DISTINCT id", "FROM WHERE"),
    (ALL, "select coalesce(id $0) from orders", "AND", "AS FROM WHERE OVER"),
    ("postgres duckdb", "select string_agg(status, ',' $0) from orders", "ORDER_BY", "FROM WHERE"),
    ("postgres sqlite duckdb", "select count(*) filter ($0) from orders", "WHERE", "SELECT AND"),
]


@cases(STATEMENTS, DEFINITIONS, QUERIES, GROUPED, CASES, WITHS, FUNCTIONS)
def test_the_keywords_that_may_come_next(
    dialect: str, sql: str, wanted: str, unwanted: str
) -> None:
    check(dialect, sql, wanted, unwanted)


@pytest.mark.parametrize("dialect", [*ALL.split(), "", "oracle", "spark", "trino", "clickhouse"])
def test_every_rule_names_keywords_that_exist(dialect: str) -> None:
    words = all_keywords(dialect)
    assert len(words) > 150
    assert all(re.fullmatch(r"[A-Z_]+(?: [A-Z]+)*|\*", it) for it in words)
