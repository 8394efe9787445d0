"""Carets in what people write every day: definitions, set operations, half-typed keywords."""

from tests.ide.completion.offers import ALL, Case, cases, check, items_at, without

_UPSERTS = "postgres sqlite duckdb"
_WINDOWS = "postgres mysql sqlite bigquery duckdb"

HALF_TYPED: list[Case] = [
    (ALL, "select * from orders ord$0", "ORDER_BY", "orders order_lines"),
    (ALL, "select * from orders whe$0 id = 1", "WHERE", "id"),
    (ALL, "select * from orders o lef$0", "LEFT_JOIN", "leads"),
    (ALL, "select id fro$0\norder by id", "FROM", "id"),
    (ALL, "insert in$0", "INTO", "id"),
    (ALL, "insert into orders (id) val$0", "VALUES", "id"),
    (ALL, "update orders se$0", "SET", "id"),
    (ALL, "delete from orders wh$0", "WHERE", "id"),
    (ALL, "select * from orders where id is n$0", "NULL NOT_NULL", "name"),
    (ALL, "select * from orders where id not i$0", "IN", "id"),
    (ALL, "select * from orders where id between 1 an$0", "AND", "id"),
    (ALL, "select case when id = 1 th$0", "THEN", "id"),
    (ALL, "select case when id = 1 then 2 else 3 en$0 from orders", "END", "id"),
    (ALL, "select * from orders o join customers o$0", "ON", "orders o"),
    (ALL, "select sum(total) ov$0 from orders", "OVER", "id"),
    (ALL, "select sum(total) over (partition by id ord$0", "ORDER_BY", "order_lines"),
    (ALL, "with x as (select 1) sel$0", "SELECT", "x"),
    (ALL, "select id from orders union al$0", "ALL", "id"),
    (ALL, "create table x (a int not n$0", "NULL", "name"),
]

SETS: list[Case] = [
    (ALL, "select id from orders except ($0", "SELECT", "status"),
    (ALL, "select id from orders except (select $0 from customers)", "name", "total"),
    (ALL, "select id from orders except (select name $0 from customers)", "AS FROM", "total"),
    (ALL, "select id from orders union all ($0", "SELECT", "status"),
    (ALL, "select * from orders union select $0 from customers", "name", "total"),
    ("bigquery", "select * except ($0) from orders", "id total", "name SELECT"),
    (
        "tsql",
        "merge orders as o using (select $0 from customers) as c on 1 = 1 when matched then delete;",
        "name",
        "quantity",
    ),
    (
        "postgres snowflake duckdb",
        "delete from orders using (select $0 from customers) c where true",
        "name",
        "quantity",
    ),
    (ALL, "select * from orders where id = 1 and total in (select $0", "id", "SET"),
]

ROWS: list[Case] = [
    (ALL, "insert into orders (id, total) values (1, 2), ($0", "NULL", "SELECT id total"),
    (ALL, "insert into orders (id, total) values (1, 2), (3, 4), (5, $0", "NULL", "SELECT id"),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id) where $0 do nothing",
        "id total",
        "name excluded",
    ),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id) do update set (total, $0) = (1, 2)",
        "status",
        "name",
    ),
    ("mysql", "replace into orders set $0", "status total", "name"),
    ("tsql", "update top (1) orders set $0", "total", "name"),
    ("tsql bigquery", "delete orders where $0", "total", "name"),
    (ALL, "delete fr$0", "FROM", "id"),
    ("tsql", "insert orders ($0", "id total", "name SELECT"),
    ("tsql", "delete top (1) from orders where $0", "total", "name"),
    ("tsql", "select top 5 percent $0 from orders", "total", "name"),
]

WINDOWS: list[Case] = [
    (
        _WINDOWS,
        "select sum(total) over ($0) from orders window w as (partition by status)",
        "w PARTITION_BY",
        "total",
    ),
    (
        _WINDOWS,
        "select sum(total) over $0 from orders window w as (partition by status)",
        "w",
        "total",
    ),
    (
        _WINDOWS,
        "select sum(total) over w from orders window w as (partition by $0",
        "status",
        "name",
    ),
]

COMMANDS: list[Case] = [
    ("postgres", "insert into orders (id) values (1) returning id $0", "AS", "RETURNING AND"),
    (
        "postgres sqlite",
        "insert into orders select * from orders where true on $0",
        "CONFLICT",
        "id CASE",
    ),
    ("postgres snowflake duckdb", "delete from orders using customers $0", "AS WHERE JOIN", "SET"),
    ("postgres", "select * from orders where id = $0", "ANY id", "SELECT"),
    ("postgres", "select * from orders where id = any $0", "", "CASE AND id"),
    ("postgres mysql", "select * from orders for update of orders $0", "NOWAIT", "JOIN WHERE"),
    (ALL, "insert into orders (id) values (1), $0", "", "CASE id"),
    (ALL, "create table t (a int references $0", "orders", "NOT_NULL CHECK"),
    (ALL, "create table t (a int references orders (id) $0", "ON_DELETE NOT_NULL", "WHERE"),
    (ALL, "create table t (a int, primary key (a) $0", "", "NOT_NULL DEFAULT"),
    (ALL, "create table t (a int, foreign key (a) $0", "REFERENCES", "NOT_NULL"),
    ("sqlite", "create table t (a integer primary key $0", "AUTOINCREMENT NOT_NULL", "COLUMN"),
    ("sqlite", "create table t (a integer $0", "PRIMARY_KEY NOT_NULL", "AUTOINCREMENT"),
    ("sqlite", "create table t (a integer) $0", "STRICT WITHOUT_ROWID", "AS WHERE"),
    (without("tsql"), "alter table orders add column x integer $0", "NOT_NULL DEFAULT", "WHERE"),
    ("postgres", "alter table orders add column x integer not $0", "NULL", "IN LIKE"),
    ("postgres", "alter table orders alter column total set $0", "NOT_NULL DEFAULT", "total"),
    ("postgres tsql", "alter table orders add constraint c $0", "FOREIGN_KEY CHECK", "COLUMN"),
    (
        "postgres tsql mysql",
        "alter table orders add constraint c foreign key (id) $0",
        "REFERENCES",
        "ON",
    ),
    ("postgres", "alter table orders drop column total $0", "CASCADE", "IF_EXISTS"),
    ("postgres", "create index concurrently if not exists i $0", "ON", "IF_NOT_EXISTS"),
    ("postgres mysql sqlite", "create trigger t $0", "BEFORE AFTER", "ON"),
    ("postgres mysql sqlite", "create trigger t after $0", "INSERT UPDATE DELETE", "ON"),
    ("postgres mysql sqlite", "create trigger t after insert $0", "ON", "INSERT INTO"),
    ("postgres mysql sqlite", "create trigger t after insert on orders $0", "FOR_EACH_ROW", "ON"),
    ("tsql", "create trigger t on orders $0", "AFTER INSTEAD_OF", "FOR_EACH_ROW"),
    ("postgres snowflake", "grant $0", "SELECT INSERT", "orders ON"),
    ("postgres snowflake", "grant select $0", "ON", "FROM id"),
    ("postgres", "grant select, $0", "INSERT", "id CASE"),
    ("postgres snowflake", "grant select on orders $0", "TO", "FROM"),
    ("postgres", "comment on column orders.id $0", "IS", "AS"),
    ("postgres", "comment on column orders.id is $0", "", "NOT_NULL"),
    ("postgres", "select distinct on (id) $0 from orders", "total CASE", "AND ALL"),
    ("postgres", "select distinct on (id) total $0", "AS FROM", "LEFT_JOIN"),
]

CALLS: list[Case] = [
    (ALL, "select (total - lag(total) $0) from orders", "OVER", "AS FROM"),
    (ALL, "select coalesce(total - lag(total) $0, 1) from orders", "OVER", "AS FROM"),
    (ALL, "select * from orders where (lower(status) $0)", "AND IN", "OVER FILTER WITHIN_GROUP"),
    (_UPSERTS, "select cast(sum(total) $0 as text) from orders", "FILTER AS", "FROM"),
    (
        "postgres snowflake tsql",
        "select percentile_cont(0.5) within group (order by total) $0 from orders",
        "AS FROM",
        "PARTITION_BY",
    ),
    ("tsql", "select top 2 o.id $0", "AS FROM", "PERCENT id"),
    ("tsql", "select top 2 id as n $0", "FROM", "AS"),
    ("bigquery postgres", "select array($0", "SELECT", "FROM"),
    (
        without("tsql"),
        "select * from (select total from orders order by total $0",
        "LIMIT ASC",
        "SEPARATOR WHERE",
    ),
]

DEFINED: list[Case] = [
    (ALL, "create view v as select $0 from orders", "DISTINCT CASE id", "FROM AS"),
    (ALL, "create view v as select id $0", "AS FROM", "DISTINCT WHERE"),
    (ALL, "create view v as select * from orders $0", "WHERE JOIN GROUP_BY", "ON id"),
    (ALL, "create view v as select * from orders where id $0", "AND IN", "ON id"),
    (ALL, "create view v as with x $0", "AS", "SELECT id"),
    (ALL, "create view v as with x as (select 1 as a) $0", "SELECT", "AS WHERE"),
    (without("tsql"), "create table t as select id $0", "AS FROM", "DISTINCT WHERE"),
    ("mysql", "create table t select id $0 from orders", "AS", "DISTINCT WHERE"),
    ("mysql", "create table t (a int) select id from orders $0", "WHERE JOIN", "ON"),
    ("bigquery", "export data options (uri = 'x') as select id $0", "AS FROM", "DISTINCT"),
    ("postgres", "create table t (a int) with $0", "", "SELECT RECURSIVE"),
]

PIVOTS: list[Case] = [
    (
        "tsql snowflake bigquery duckdb",
        "select * from orders pivot (sum($0) for status in ('a')) p",
        "total",
        "name",
    ),
    (
        "tsql snowflake bigquery duckdb",
        "select * from orders pivot (sum(total) for $0 in ('a')) p",
        "status",
        "name UPDATE",
    ),
    (
        "tsql snowflake bigquery duckdb",
        "select * from (select id as n from orders) x unpivot (v for k in ($0)) u",
        "n",
        "id total",
    ),
]

DEFINITIONS: list[Case] = [
    # types
    ("postgres", "alter table orders alter column total type $0", "numeric", "id total orders"),
    ("postgres", "alter table orders alter total set data type $0", "numeric", "id total"),
    ("tsql", "alter table orders alter column total $0", "numeric", "id total TYPE"),
    ("mysql", "alter table orders modify column total $0", "decimal", "id total"),
    ("mysql", "alter table orders change total amount $0", "decimal", "id total"),
    ("postgres", "create function f (a $0", "integer", "AND id"),
    ("postgres", "create function f (a integer, b $0", "integer", "AND id"),
    ("postgres", "create function f (a integer, $0", "", "integer id SELECT"),
    ("postgres", "create function f (a integer) returns $0", "integer", "id"),
    ("mysql", "create procedure p (in a $0", "int", "AND id"),
    ("tsql", "create procedure p @a $0", "int", "AND id"),
    ("tsql", "create procedure p @a int, @b $0", "int", "AND id"),
    ("tsql", "select convert($0, id) from orders", "date", "id total"),
    ("tsql", "select convert(date, $0) from orders", "placed_at", "name"),
    ("mysql", "select convert(id, $0) from orders", "date", "id total"),
    ("postgres", "select 1::public.$0", "", "integer id"),
    # relations, schemas, and the columns of either
    ("mysql", "create table x like $0", "orders", "id"),
    ("postgres", "create table x partition of $0", "orders", "id"),
    ("postgres", "select * from only $0", "orders", "id"),
    ("duckdb", "summarize $0", "orders", "id"),
    ("postgres mysql sqlite", "create trigger t before insert on $0", "orders", "id total"),
    ("postgres", "create trigger t after insert or update on $0", "orders", "id total"),
    ("postgres", "create policy p on $0", "orders", "id"),
    ("postgres", "create policy p on orders for select using ($0)", "id total", "name SELECT"),
    ("postgres", "create policy p on orders with check (id = $0)", "total", "name"),
    ("postgres", "analyze orders ($0", "total", "name CASE"),
    ("postgres", "alter table orders add constraint c foreign key ($0", "customer_id", "name"),
    ("postgres tsql", "alter table orders add check ($0", "total", "name"),
    ("postgres tsql snowflake duckdb", "drop schema $0", "public marketing", "orders"),
    ("postgres snowflake", "drop schema if exists $0", "public marketing", "orders IF_EXISTS"),
    ("mysql duckdb", "use $0", "public marketing", "orders AND"),
    ("postgres", "grant usage on schema $0", "public marketing", "orders"),
    ("mysql", "select * from orders force index ($0", "", "total SELECT"),
    # of other statements nothing is known
    (ALL, "call $0", "", "AND IN id"),
    (ALL, "whatever this $0", "", "AND IN id"),
    ("duckdb", "from orders $0", "SELECT WHERE JOIN", "id"),
]  # fmt: skip


@cases(HALF_TYPED, SETS, ROWS, WINDOWS, COMMANDS, CALLS, DEFINED, PIVOTS, DEFINITIONS)
def test_everyday_carets(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted)


def test_comments_are_about_the_statement_below_them() -> None:
    question = "-- Where should the receipts go?"
    for dialect, sql in (
        ("postgres", f"select 1;\n{question}\nselect $0 from customers"),
        ("tsql", f"select 1\n{question}\nselect $0 from customers"),
        (
            "mysql",
            f"create procedure p()\nbegin\nselect 1;\n{question}\nselect $0 from customers;\nend",
        ),
        ("postgres", f"do $$ begin\nselect 1;\n{question}\nselect $0 from customers;\nend $$"),
    ):
        assert items_at(sql, dialect)[0].label == "email"
    above = f"select 1; {question}\nselect 2;\nselect $0 from customers"
    assert items_at(above, "postgres")[0].label != "email"
