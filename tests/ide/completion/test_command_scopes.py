"""What is offered in INSERT, UPDATE, DELETE and MERGE."""

from tests.ide.completion.offers import ALL, Case, cases, check, without

_RETURNS = "postgres sqlite duckdb"
_MERGES = "postgres snowflake bigquery tsql duckdb"
_UPSERTS = "postgres sqlite duckdb"
_MERGE = "merge into orders o using customers c on o.customer_id = c.id"

INSERT: list[Case] = [
    (ALL, "insert into $0", "customers orders", "id SELECT"),
    (ALL, "insert into o$0 (id) values (1)", "orders order_lines", "id"),
    (ALL, "insert into marketing.$0", "leads", "customers"),
    (ALL, "insert into orders ($0", "id total", "name SELECT CASE"),
    (ALL, "insert into orders ($0) values (1)", "id total", "name SELECT CASE"),
    (ALL, "insert into orders (id, $0) values (1, 2)", "total", "name SELECT CASE"),
    (ALL, "insert into orders (id, to$0) values (1, 2)", "total", "name id"),
    (ALL, "insert into orders (id, total) select $0 from customers", "name id", "total"),
    (ALL, "insert into orders (id) select c.$0 from customers c", "id name", "total"),
    (ALL, "insert into orders select id from customers where $0", "name", "total"),
    (ALL, "insert into orders (id) select id from $0", "customers orders", "id"),
    (
        ALL,
        "insert into orders (id) select id from customers union all select $0 from order_lines",
        "quantity",
        "name total",
    ),
    (
        without("sqlite"),
        "insert into orders (id, total) values (1, $0)",
        "NULL DEFAULT",
        "id total name SELECT",
    ),
    ("sqlite", "insert into orders (id, total) values (1, $0)", "NULL", "id total name DEFAULT"),
    (ALL, "insert into orders (id) values ((select $0 from customers))", "name", "total"),
    ("mysql sqlite", "replace into orders ($0) values (1)", "id total", "name"),
    ("mysql", "insert into orders set $0", "total", "name"),
    ("mysql", "insert ignore into $0", "orders", "id"),
    (
        "mysql",
        "insert into orders ($0) values (1) on duplicate key update total = 1",
        "id total",
        "name",
    ),
    ("sqlite", "insert or replace into orders ($0) values (1)", "id total", "name"),
    ("duckdb", "insert or ignore into orders ($0) values (1)", "id total", "name"),
    (_RETURNS, "insert into orders (id) values (1) returning $0", "id total", "name"),
    (_RETURNS, "insert into orders (id) select id from customers returning $0", "total", "name"),
    ("tsql", "insert into orders (id) output inserted.$0 values (1)", "id total", "name"),
    ("postgres", "insert into orders as o (id) values (1) returning o.$0", "id total", "name"),
]

CTE_COMMANDS: list[Case] = [
    (
        without("snowflake", "bigquery"),
        "with x as (select id as n from orders) update orders set total = 1 where id in (select $0 from x)",
        "n",
        "name",
    ),
    (
        without("snowflake", "bigquery"),
        "with x as (select id as n from orders) delete from orders where id in (select x.$0 from x)",
        "n",
        "id total",
    ),
    (
        "postgres sqlite tsql duckdb",
        "with x as (select id as n from orders) insert into customers (id) select $0 from x",
        "n",
        "total",
    ),
    (
        "postgres sqlite tsql duckdb",
        "with x as (select id as n from orders) insert into customers ($0) select n from x",
        "id name",
        "n total",
    ),
    (
        "postgres mysql snowflake bigquery",
        "insert into customers (id) with x as (select id as n from orders) select $0 from x",
        "n",
        "total",
    ),
    (
        "postgres sqlite",
        "with x as (select id as n from orders) update orders set total = x.$0 from x where x.n = orders.id",
        "n",
        "id total",
    ),
    (
        "tsql",
        "with x as (select id as n from orders) update o set total = x.$0 from orders o join x on x.n = o.id",
        "n",
        "total",
    ),
]

UPDATE: list[Case] = [
    (ALL, "update $0", "orders customers", "id SET"),
    (ALL, "update $0 set total = 1", "orders customers", "id"),
    (ALL, "update orders set $0", "total status", "name"),
    (ALL, "update orders set $0 = 1", "total status", "name"),
    (ALL, "update orders set total = 1, $0", "status", "name"),
    (ALL, "update orders set total = 1, $0 where id = 1", "status", "name"),
    (without("sqlite"), "update orders set total = $0 where id = 1", "total DEFAULT NULL", "name"),
    (ALL, "update orders set total = total + $0", "total", "name"),
    (ALL, "update orders set total = 1 where $0", "id total", "name"),
    (ALL, "update orders set total = (select max($0) from customers)", "name", "quantity"),
    (ALL, "update orders set total = 1 where id in (select $0 from customers)", "name", "quantity"),
    (without("tsql", "sqlite"), "update orders o set total = o.$0", "total", "name"),
    ("sqlite", "update orders as o set total = o.$0", "total", "name"),
    (
        without("mysql"),
        "update orders set total = c.$0 from customers c where c.id = orders.customer_id",
        "name id",
        "total",
    ),
    (without("mysql"), "update orders set total = 1 from customers c where c.$0", "name", "total"),
    (without("mysql"), "update orders set $0 from customers c where c.id = 1", "total", "name"),
    (without("mysql"), "update orders set total = 1 from $0", "customers", "id"),
    ("postgres", "update orders set (id, $0) = (1, 2)", "total", "name"),
    (
        "mysql",
        "update orders o join customers c on c.id = o.customer_id set o.$0 = 1",
        "total",
        "name",
    ),
    ("mysql", "update orders o join customers c on c.$0 set o.total = 1", "id name", "total"),
    (
        "mysql",
        "update orders o join customers c on c.id = o.customer_id set o.total = c.$0",
        "name",
        "total",
    ),
    (
        "mysql",
        "update orders o join customers c on c.id = o.customer_id set $0",
        "total name",
        "quantity",
    ),
    (
        "mysql",
        "update orders o, customers c set o.total = 1 where c.$0 = o.customer_id",
        "id name",
        "total",
    ),
    (
        "tsql",
        "update o set total = $0 from orders o join customers c on c.id = o.customer_id",
        "total name",
        "quantity",
    ),
    (
        "tsql",
        "update o set $0 from orders o join customers c on c.id = o.customer_id",
        "total",
        "name",
    ),
    ("tsql", "update o set o.$0 = 1 from orders o", "total", "name"),
    ("tsql", "update orders set total = 1 output inserted.$0 where id = 1", "id total", "name"),
    (
        "tsql",
        "update orders set total = 1 output inserted.id, deleted.$0 where id = 1",
        "id total",
        "name",
    ),
    (_RETURNS, "update orders set total = 1 returning $0", "id total", "name"),
    (
        "postgres",
        "update orders o set total = 1 from customers c where c.id = o.customer_id returning c.$0",
        "name",
        "total",
    ),
    ("postgres", "update orders set total = 1 where current of $0", "", "id total"),
]

DELETE: list[Case] = [
    (ALL, "delete from $0", "orders customers", "id WHERE"),
    (ALL, "delete from orders where $0", "id total", "name"),
    (ALL, "delete from orders where orders.$0", "id total", "name"),
    (
        ALL,
        "delete from orders where id in (select order_id from order_lines where $0)",
        "quantity",
        "name",
    ),
    (
        ALL,
        "delete from orders where exists (select 1 from customers c where c.id = orders.$0)",
        "customer_id",
        "name",
    ),
    (
        "postgres snowflake duckdb",
        "delete from orders using customers c where c.$0",
        "id name",
        "total",
    ),
    ("postgres snowflake duckdb", "delete from orders using $0", "customers", "id"),
    ("postgres", "delete from orders o using customers c where c.id = o.$0", "customer_id", "name"),
    (
        "mysql",
        "delete o from orders o join customers c on c.id = o.customer_id where c.$0",
        "name",
        "total",
    ),
    (
        "mysql",
        "delete from o using orders o join customers c on c.id = o.customer_id where c.$0",
        "name",
        "total",
    ),
    ("mysql", "delete from orders where total = 1 order by $0 limit 1", "id total", "name"),
    (
        "tsql",
        "delete o from orders o join customers c on c.id = o.customer_id where c.$0",
        "name",
        "total",
    ),
    ("tsql", "delete from orders output deleted.$0 where id = 1", "id total", "name"),
    (_RETURNS, "delete from orders where id = 1 returning $0", "id total", "name"),
]

MERGE: list[Case] = [
    (_MERGES, "merge into $0", "orders", "id"),
    (_MERGES, "merge into orders o using $0", "customers orders", "id name"),
    (_MERGES, "merge into orders o using customers c on o.$0", "customer_id", "name"),
    (_MERGES, "merge into orders o using customers c on $0", "o.id c.id name total", "quantity"),
    (
        _MERGES,
        "merge into orders o using (select id as n from customers) c on c.$0 = o.id when matched then delete",
        "n",
        "id name",
    ),
    (_MERGES, f"{_MERGE} when matched and c.$0 > 1 then delete", "id name", "total"),
    (_MERGES, f"{_MERGE} when matched then update set $0", "total", "name"),
    (_MERGES, f"{_MERGE} when matched then update set $0 = 1", "total", "name"),
    (_MERGES, f"{_MERGE} when matched then update set total = c.$0", "name id", "total"),
    (_MERGES, f"{_MERGE} when matched then update set total = 1, $0 = 2", "status", "name"),
    (
        _MERGES,
        f"{_MERGE} when matched then update set total = o.$0 + 1 when not matched then insert (id) values (c.id)",
        "total",
        "name",
    ),
    (_MERGES, f"{_MERGE} when not matched then insert ($0) values (1)", "id total", "name"),
    (_MERGES, f"{_MERGE} when not matched then insert (id, $0) values (1, 2)", "total", "name"),
    (_MERGES, f"{_MERGE} when not matched then insert (id) values (c.$0)", "id name", "total"),
    (
        _MERGES,
        f"{_MERGE} when matched then delete when not matched then insert (id) values ($0)",
        "name",
        "quantity",
    ),
    (
        "tsql",
        "merge orders as o using customers as c on o.$0 = c.id when matched then delete;",
        "customer_id",
        "name",
    ),
    ("tsql", f"{_MERGE} when not matched by source then update set $0 = 1;", "total", "name"),
    ("tsql", f"{_MERGE} when matched then delete output deleted.$0;", "total", "name"),
    ("postgres", f"{_MERGE} when matched then delete returning o.$0", "total", "name"),
]

UPSERT: list[Case] = [
    (_UPSERTS, "insert into orders (id) values (1) on conflict ($0) do nothing", "id", "name"),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id, $0) do nothing",
        "total",
        "name",
    ),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id) do update set $0",
        "total",
        "name",
    ),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id) do update set $0 = 1",
        "total",
        "name",
    ),
    (
        "postgres",  # takes a bare name for neither of the two
        "insert into orders (id) values (1) on conflict (id) do update set total = $0",
        "excluded orders.total excluded.total",
        "name",
    ),
    (
        "sqlite",
        "insert into orders (id) values (1) on conflict (id) do update set total = $0",
        "excluded total",
        "name",
    ),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id) do update set total = excluded.$0",
        "total id",
        "name",
    ),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id) do update set total = orders.$0",
        "total id",
        "name",
    ),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id) do update set total = 1 where excluded.$0 > 1",
        "total",
        "name",
    ),
    (
        _UPSERTS,
        "insert into orders (id) select id from customers where true on conflict (id) do update set total = excluded.$0",
        "total",
        "name",
    ),
    (
        _UPSERTS,
        "insert into orders (id) values (1) on conflict (id) do update set total = 1 returning $0",
        "total",
        "name",
    ),
    ("mysql", "insert into orders (id) values (1) on duplicate key update $0", "total", "name"),
    ("mysql", "insert into orders (id) values (1) on duplicate key update $0 = 1", "total", "name"),
    (
        "mysql",
        "insert into orders (id) values (1) on duplicate key update total = 1, $0",
        "status",
        "name",
    ),
    (
        "mysql",
        "insert into orders (id) values (1) on duplicate key update total = values($0)",
        "total",
        "name",
    ),
    (
        "mysql",
        "insert into orders (id, total) values (1, 2) as new on duplicate key update total = new.$0",
        "total",
        "name status",
    ),
    (
        "mysql",
        "insert into orders (id) select c.id from customers c on duplicate key update total = c.$0",
        "name",
        "total",
    ),
]


@cases(INSERT, CTE_COMMANDS, UPDATE, DELETE, MERGE, UPSERT)
def test_what_commands_see(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted)
