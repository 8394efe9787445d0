"""Which columns are offered where: every construct of a query that brings names into scope."""

from tests.ide.completion.offers import ALL, Case, cases, check, without

_WITH_RECURSIVE = without("tsql")
_LATERAL = "postgres mysql snowflake duckdb"
_NAMES_ROWS = "postgres snowflake duckdb tsql"
_TWICE = "select id, total * 2 as twice from orders"

ALIASES: list[Case] = [
    (ALL, "select o.$0 from orders o", "id total", "name o SELECT"),
    (ALL, "select o.$0 from orders as o", "id total", "name o"),
    (ALL, "select O.$0 from orders o", "id total", "name"),
    (ALL, "select orders.$0 from orders", "id total", "name"),
    (ALL, "select public.orders.$0 from public.orders", "id total", "name"),
    (ALL, "select $0 from orders o, customers c", "o.id c.id total name", "id"),
    (ALL, "select $0 from orders a, orders b", "a.id b.id a.total b.total", "id total"),
    (ALL, "select a.$0 from orders a join orders b on a.id = b.id", "id total", "a.id"),
    (ALL, "select * from orders a join customers b on a.customer_id = b.$0", "id name", "total"),
    (ALL, "select orders.$0 from orders o", "", "id total"),
    (ALL, "select * from orders o where $0 order by o.id", "id total o", "name orders"),
    ("postgres snowflake duckdb sqlite", 'select "My O".$0 from orders "My O"', "id total", "name"),
    ("mysql bigquery", "select `My O`.$0 from orders `My O`", "id total", "name"),
    ("tsql", "select [My O].$0 from orders [My O]", "id total", "name"),
    ("postgres duckdb", "select t.$0 from orders as t(a, b)", "a b total", "id customer_id"),
]

CTES: list[Case] = [
    (ALL, "with x as (select id, total from orders) select $0 from x", "id total", "status name"),
    (ALL, "with x as (select id as n from orders) select x.$0 from x", "n", "id total"),
    (ALL, "with x(a, b) as (select id, total from orders) select $0 from x", "a b", "id total"),
    (ALL, "with x (a) as (select id, total from orders) select x.$0 from x", "a", "id"),
    (
        ALL,
        "with a as (select id as n from orders), b as (select n as m from a) select $0 from b",
        "m",
        "n id",
    ),
    (
        ALL,
        "with a as (select id as n from orders), b as (select $0 from a) select 1 from b",
        "n",
        "id total",
    ),
    (ALL, "with a as (select 1 as q), b as (select * from $0) select 1 from b", "a orders", "b id"),
    (
        ALL,
        "with a as (select 1 as q), b as (select 2 as r) select * from $0",
        "a b orders",
        "q r id",
    ),
    (ALL, "with a as (select 1 as q) select * from orders join $0", "a customers", "q id"),
    (ALL, "with orders as (select 1 as only_here) select $0 from orders", "only_here", "total id"),
    (
        ALL,
        "with orders as (select id as n from orders) select orders.$0 from orders",
        "n",
        "total id",
    ),
    (ALL, "with orders as (select $0 from orders) select 1 from orders", "id total", "name"),
    (
        ALL,
        "with x as (select id as n from orders) select $0 from x a join x b on a.n = b.n",
        "a.n b.n",
        "n id",
    ),
    (
        ALL,
        "with x as (select id as n from orders) select (select max($0) from x) from customers",
        "n",
        "total",
    ),
    (ALL, "with x as (select id from orders where $0) select 1 from x", "id total", "name"),
    (
        _WITH_RECURSIVE,
        "with recursive r as (select id, 1 as depth from orders union all select $0 from r) select 1 from r",
        "id depth",
        "total",
    ),
    (
        _WITH_RECURSIVE,
        "with recursive r as (select id, 1 as depth from orders union all select id, depth + 1 from r) select $0 from r",
        "id depth",
        "total",
    ),
    (
        _WITH_RECURSIVE,
        "with recursive r(n) as (select 1 union all select n + 1 from $0) select 1 from r",
        "r orders",
        "n",
    ),
    (
        _WITH_RECURSIVE,
        "with recursive r(n) as (select 1 union all select n + 1 from r where $0) select 1 from r",
        "n",
        "id total",
    ),
    (
        _WITH_RECURSIVE,
        "with recursive r(n) as (select 1 union all select r.$0 from r) select 1 from r",
        "n",
        "id",
    ),
    ("tsql", "with r(n) as (select 1 union all select $0 from r) select 1 from r", "n", "id total"),
    (
        "tsql",
        "with r as (select id from orders union all select r.id from r join order_lines l on l.$0 = r.id) select 1",
        "order_id",
        "n total",
    ),
    (
        _WITH_RECURSIVE,
        "select * from (with z as (select id as n from orders) select $0 from z) q",
        "n",
        "id total",
    ),
    (
        _WITH_RECURSIVE,
        "select $0 from (with z as (select id as n from orders) select n from z) q",
        "n",
        "id total",
    ),
    (
        _WITH_RECURSIVE,
        "select * from (with z as (select 1 as n) select n from z) q, $0",
        "orders",
        "z n",
    ),
    (
        _WITH_RECURSIVE,
        "with a as (with b as (select id as n from orders) select n from b) select $0 from a",
        "n",
        "id",
    ),
    (
        _WITH_RECURSIVE,
        "select (with z as (select id as n from orders) select max($0) from z) from customers",
        "n",
        "total",
    ),
    (
        "postgres sqlite duckdb",
        "with x as materialized (select id as n from orders) select $0 from x",
        "n",
        "id",
    ),
    ("postgres sqlite duckdb", "with v(a, b) as (values (1, 2)) select $0 from v", "a b", "id"),
    (
        "postgres",
        "with gone as (delete from orders returning id, total as t) select $0 from gone",
        "id t",
        "status",
    ),
    (
        "postgres",
        "with new as (insert into orders (id) values (1) returning *) select new.$0 from new",
        "id total",
        "name",
    ),
]

DERIVED: list[Case] = [
    (ALL, f"select $0 from ({_TWICE}) y", "id twice", "status total"),
    (ALL, f"select y.$0 from ({_TWICE}) as y", "id twice", "status total"),
    (ALL, f"select * from ({_TWICE}) y where $0", "id twice", "status total"),
    (ALL, "select $0 from (select * from (select id as n from orders) a) b", "n", "id a"),
    (ALL, "select * from (select $0 from orders) x", "id total", "name x"),
    (
        without("duckdb"),
        "select * from customers a, (select $0 from orders) x",
        "id total",
        "name email",
    ),
    # DuckDB takes every query in FROM for a lateral one.
    ("duckdb", "select * from customers a, (select $0 from orders) x", "id total name email", "x"),
    (
        ALL,
        "select * from orders o join (select id as cid from customers) c on c.$0",
        "cid",
        "id name",
    ),
    (
        ALL,
        "select $0 from (select id as n from orders) a join (select id as m from orders) b on a.n = b.m",
        "n m",
        "id",
    ),
    (
        "postgres mysql snowflake tsql duckdb",
        "select $0 from (select id, total from orders) as y(a, b)",
        "a b",
        "id total",
    ),
    (
        "postgres mysql snowflake tsql duckdb",
        "select y.$0 from (select id, total from orders) y(a)",
        "a total",
        "id",
    ),
    (
        "postgres",
        "select * from (orders o join customers c on c.id = o.customer_id) where $0",
        "total name",
        "quantity",
    ),
    ("duckdb", "from (select id as n from orders) select $0", "n", "id"),
    ("duckdb", "from orders select $0", "id total", "name"),
]

SUBQUERIES: list[Case] = [
    (
        ALL,
        "select (select max($0) from customers c where c.id = o.customer_id) from orders o",
        "name id o.id total",
        "quantity",
    ),
    (
        ALL,
        "select (select c.$0 from customers c where c.id = o.customer_id) from orders o",
        "id name",
        "total",
    ),
    (
        ALL,
        "select (select c.name from customers c where c.id = o.$0) from orders o",
        "customer_id total",
        "name",
    ),
    (
        ALL,
        "select * from orders o where exists (select 1 from customers c where c.$0 = o.customer_id)",
        "id name",
        "total",
    ),
    (
        ALL,
        "select * from orders o where exists (select 1 from customers c where c.id = o.$0)",
        "customer_id",
        "name",
    ),
    (
        ALL,
        "select * from orders o where not exists (select 1 from customers c where $0)",
        "id name o.id total",
        "quantity",
    ),
    (ALL, "select * from orders where customer_id in (select $0 from customers)", "id name", "SET"),
    (
        ALL,
        "select * from orders where customer_id in (select id from $0)",
        "customers orders",
        "id name",
    ),
    (
        ALL,
        "select * from orders where customer_id not in (select id from customers where $0)",
        "name",
        "quantity",
    ),
    (ALL, "select $0 from orders o where exists (select 1 from customers c)", "id total", "name c"),
    (
        ALL,
        "select * from orders o where o.total = (select max(i.$0) from orders i)",
        "total",
        "name",
    ),
    (
        ALL,
        "select id, (select count(*) from order_lines l where l.order_id = orders.$0) from orders",
        "id total",
        "quantity",
    ),
    (
        ALL,
        "select * from orders o order by (select $0 from customers c where c.id = o.customer_id)",
        "name",
        "quantity",
    ),
    (
        "postgres mysql snowflake tsql duckdb",
        "select * from orders where total > any (select $0 from orders)",
        "total",
        "name",
    ),
    (
        "postgres mysql snowflake tsql",
        "select * from orders where total > all (select o2.$0 from orders o2)",
        "total",
        "name",
    ),
    ("postgres", "select array(select $0 from customers)", "name", "total"),
    ("bigquery", "select array(select as struct $0 from customers)", "name", "total"),
]

LATERAL: list[Case] = [
    (_LATERAL, "select * from orders o cross join lateral (select o.$0) x", "id total", "name"),
    (_LATERAL, "select $0 from orders o, lateral (select o.total as t) x", "t total", "name"),
    (_LATERAL, "select x.$0 from orders o, lateral (select o.total as t) x", "t", "total"),
    (
        _LATERAL,
        "select * from orders o left join lateral (select quantity as q from order_lines l where l.order_id = o.id) x on x.$0",
        "q",
        "quantity",
    ),
    (
        _LATERAL,
        "select * from orders o, lateral (select * from order_lines l where l.order_id = o.$0) x",
        "id total",
        "quantity",
    ),
    (
        "tsql",
        "select * from orders o cross apply (select $0 from order_lines l where l.order_id = o.id) x",
        "quantity total",
        "name",
    ),
    (
        "tsql",
        "select x.$0 from orders o outer apply (select top 1 quantity as q from order_lines l where l.order_id = o.id) x",
        "q",
        "quantity",
    ),
    (
        "tsql",
        "select * from orders o cross apply (select * from order_lines l where l.order_id = o.$0) x",
        "id total",
        "quantity",
    ),
    ("tsql", "select * from orders o cross apply $0", "customers", "id total"),
    ("postgres", "select * from orders o, lateral generate_series(1, o.$0) g", "id total", "name"),
]

TABLE_FUNCTIONS: list[Case] = [
    ("postgres duckdb", "select $0 from generate_series(1, 3) as g(n)", "n", "id total"),
    ("postgres duckdb", "select g.$0 from generate_series(1, 3) as g(n)", "n", "id"),
    ("postgres duckdb", "select $0 from generate_series(1, 3) as n, orders", "n total", "name"),
    (
        "postgres duckdb snowflake",
        "select t.$0 from unnest(array[1, 2]) as t(v)".replace("snowflake", ""),
        "v",
        "id",
    ),
    ("postgres", "select t.$0 from unnest(array[1, 2]) with ordinality as t(v, n)", "v n", "id"),
    ("postgres", "select t.$0 from orders o, unnest(array[o.id]) as t(v)", "v", "id"),
    ("postgres", "select * from orders o, unnest(array[o.$0]) as t(v)", "id total", "v"),
    ("postgres", "select x.$0 from json_to_recordset('[]') as x(a int, b text)", "a b", "id"),
    ("postgres", "select $0 from jsonb_each('{}') as e(k, v)", "k v", "id"),
    ("postgres", "select e.$0 from jsonb_each('{}') e", "key value", "id"),
    ("bigquery", "select $0 from unnest([1, 2]) as x with offset as o", "x o", "id"),
    ("bigquery", "select $0 from orders, unnest(generate_array(1, 3)) as n", "n total", "name"),
    (
        "bigquery",
        "select $0 from orders cross join unnest([1, 2]) as n with offset as at",
        "n at total",
        "name",
    ),
    (
        "mysql",
        "select $0 from json_table('[]', '$[*]' columns (a int path '$.a', b text path '$.b')) as jt",
        "a b",
        "id",
    ),
    (
        "mysql",
        "select jt.$0 from orders, json_table(orders.status, '$[*]' columns (a int path '$.a')) as jt",
        "a",
        "id",
    ),
    (
        "mysql",
        "select * from orders, json_table(orders.$0, '$[*]' columns (a int path '$.a')) as jt",
        "status",
        "name",
    ),
    (
        "snowflake",
        "select f.$0 from orders o, lateral flatten(input => o.status) f",
        "VALUE KEY INDEX",
        "id total",
    ),
    (
        "snowflake",
        "select f.$0 from table(flatten(input => parse_json('[]'))) f",
        "VALUE KEY INDEX",
        "id total",
    ),
    ("snowflake", "select * from orders o, lateral flatten(input => o.$0) f", "status", "name"),
    ("tsql", "select s.$0 from orders cross apply string_split(status, ',') s", "value", "id"),
    ("tsql", "select $0 from string_split('a,b', ',')", "value", "id"),
    ("tsql", "select * from orders o cross apply string_split(o.$0, ',') s", "status", "value"),
    (
        "tsql",
        "select j.$0 from openjson('[]') with (a int '$.a', b nvarchar(10) '$.b') as j",
        "a b",
        "id",
    ),
    ("tsql", "select j.$0 from openjson('[]') j", "key value type", "id"),
    ("sqlite", "select e.$0 from json_each('[1]') e", "key value type", "total"),
    ("sqlite", "select e.$0 from orders o, json_each(o.status) e", "key value", "total"),
    ("sqlite", "select * from orders o, json_each(o.$0) e", "status", "key"),
    ("duckdb", "select $0 from read_csv('a.csv') as f(a, b)", "a b", "id"),
    ("duckdb", "select t.$0 from unnest([1, 2]) as t(v)", "v", "id"),
    ("duckdb", "select $0 from range(3) as r(i), orders", "i total", "name"),
]

VALUES: list[Case] = [
    (_NAMES_ROWS, "select $0 from (values (1, 'x'), (2, 'y')) as v(a, b)", "a b", "id"),
    (_NAMES_ROWS, "select v.$0 from (values (1, 'x')) v(a, b)", "a b", "id"),
    ("postgres sqlite snowflake", "select $0 from (values (1, 2)) v", "column1 column2", "id"),
    ("duckdb", "select $0 from (values (1, 2)) v", "col0 col1", "id column1"),
    ("mysql", "select $0 from (values row(1, 2), row(3, 4)) v", "column_0 column_1", "id"),
    ("mysql", "select $0 from (values row(1, 2)) v(a, b)", "a b", "id"),
    (
        "postgres duckdb",
        "select * from orders o join (values (1, 2)) v(a, b) on v.$0 = o.id",
        "a b",
        "id",
    ),
]


@cases(ALIASES, CTES, DERIVED, SUBQUERIES, LATERAL, TABLE_FUNCTIONS, VALUES)
def test_the_columns_in_scope(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted)
