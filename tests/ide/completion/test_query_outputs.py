"""What queries put out, and where names of the select list, of joins and of windows are seen."""

from tests.ide.completion.offers import ALL, Case, cases, check, without

_STAR = "with a as (select * from orders), b as (select a.* from a), c as (select * from b)"

MERGED: list[Case] = [
    (
        without("tsql"),
        "select $0 from orders join customers using (id)",
        "id total name",
        "o.id orders.id",
    ),
    (
        without("tsql"),
        "select * from orders join customers using (id) where $0",
        "id total name",
        "orders.id",
    ),
    (without("tsql"), "select o.$0 from orders o join customers c using (id)", "id total", "name"),
    (
        without("tsql"),
        "select * from orders join customers using ($0)",
        "id",
        "total name SELECT CASE",
    ),
    (
        without("tsql"),
        "select * from orders o join order_lines l using ($0) where l.line = 1",
        "",
        "total quantity",
    ),
    (
        without("tsql"),
        "with x as (select id, total as t from orders) select * from x join orders using ($0)",
        "id",
        "t total",
    ),
    (
        "postgres mysql sqlite snowflake duckdb",
        "select $0 from orders natural join customers",
        "id total name",
        "orders.id",
    ),
    (
        "postgres mysql sqlite snowflake duckdb",
        "select x.$0 from (select * from orders natural join customers) x",
        "id name",
        "x.id",
    ),
    (
        ALL,
        "select * from orders o left join customers c on c.id = o.customer_id where $0",
        "o.id c.id name",
        "id",
    ),
    (ALL, "select * from orders o inner join customers c on $0", "o.id customer_id name", "id"),
    (
        ALL,
        "select * from orders o join customers c on o.customer_id = c.id and o.$0",
        "total",
        "name",
    ),
    (
        ALL,
        "select * from orders o join customers c on c.id = o.customer_id join order_lines l on l.$0",
        "order_id quantity",
        "name total",
    ),
    (
        ALL,
        "select * from orders o join customers c on c.$0 join order_lines l on l.order_id = o.id",
        "id name",
        "quantity total",
    ),
    (ALL, "select * from orders o cross join customers c where c.$0", "name", "total"),
    (without("mysql"), "select * from orders o full join customers c on c.$0", "name", "total"),
    (
        "duckdb snowflake",
        "select * from orders o asof join order_lines l on l.$0 >= o.id",
        "quantity",
        "total",
    ),
    (
        "duckdb",
        "select * from orders o semi join customers c on c.$0 = o.customer_id",
        "name",
        "total",
    ),
    ("mysql", "select * from orders o straight_join customers c on c.$0", "name", "total"),
]

SETS: list[Case] = [
    (ALL, "select id, total from orders union all select $0 from customers", "id name", "total"),
    (ALL, "select $0 from orders union all select id from customers", "id total", "name"),
    (ALL, "select id from orders union all select id from customers where $0", "id name", "total"),
    (
        without("sqlite", "duckdb"),
        "select id as n from orders union all select id from customers order by $0",
        "n",
        "total name id",
    ),
    (
        "sqlite duckdb",  # where the names of every operand count
        "select id as n from orders union all select id from customers order by $0",
        "n id",
        "total name",
    ),
    (
        ALL,
        "select $0 from (select id as n from orders union all select id from customers) u",
        "n",
        "id total",
    ),
    (
        ALL,
        "with u as (select id as n from orders union all select id from customers) select u.$0 from u",
        "n",
        "id total",
    ),
    (ALL, "select id from orders union all select id from $0", "customers orders", "id"),
    (
        without("bigquery"),
        "select id from orders except select $0 from customers",
        "id name",
        "total",
    ),
    (
        without("bigquery"),
        "select id from orders intersect select c.$0 from customers c",
        "id name",
        "total",
    ),
    (
        "bigquery",
        "select id from orders union distinct select $0 from customers",
        "id name",
        "total",
    ),
    (
        "bigquery",
        "select id from orders except distinct select $0 from customers",
        "id name",
        "total",
    ),
    (
        without("sqlite"),
        "(select $0 from orders) union all (select id from customers)",
        "id total",
        "name",
    ),
    (
        without("sqlite"),
        "(select id from orders) union all (select $0 from customers)",
        "id name",
        "total",
    ),
    (
        ALL,
        "select id from orders union all select id from customers union all select $0 from order_lines",
        "quantity",
        "name total",
    ),
    ("duckdb", "select id from orders union all by name select $0 from customers", "name", "total"),
    (
        ALL,
        "select * from orders where id in (select id from orders union all select $0 from customers)",
        "name",
        "quantity",
    ),
]

STARS: list[Case] = [
    (ALL, f"{_STAR} select $0 from c", "id total", "name"),
    (ALL, f"{_STAR} select c.$0 from c", "id total", "name"),
    (ALL, "select x.$0 from (select o.*, c.name as cname from orders o join customers c on c.id = o.customer_id) x", "id total cname", "name email"),
    (ALL, "select $0 from (select * from (select * from orders) a) b", "id total", "name"),
    (ALL, "select $0 from (select o.* from orders o, customers c) x", "id total", "name email"),
    (ALL, "select x.$0 from (select *, total * 2 as twice from orders) x", "twice total", "name"),
    ("bigquery", "select $0 from (select * except (id) from orders) x", "total status", "id"),
    ("bigquery", "select $0 from (select o.* except (id, status) from orders o) x", "total", "id status"),
    ("snowflake", "select $0 from (select * exclude (id) from orders) x", "total status", "id"),
    ("snowflake", "select $0 from (select * exclude id from orders) x", "total status", "id"),
    ("duckdb", "select $0 from (select * exclude (id, status) from orders) x", "total", "id status"),
    ("bigquery duckdb", "select $0 from (select * replace (total * 2 as total) from orders) x", "total id", "name"),
    ("snowflake", "select $0 from (select * rename (total as amount) from orders) x", "amount id", "total"),
    ("snowflake", "select $0 from (select * rename total as amount from orders) x", "amount id", "total"),
    ("snowflake", "select $0 from (select * exclude id rename total as amount from orders) x", "amount status", "total id"),
    ("duckdb", "select $0 from (select * rename (total as amount) from orders) x", "amount id", "total"),
    ("bigquery", "select * except ($0) from orders", "id total", "name"),
    ("bigquery", "select * except (id, $0) from orders", "total", "name"),
    ("snowflake duckdb", "select * exclude ($0) from orders", "id total", "name"),
    ("bigquery duckdb", "select * replace ($0 as total) from orders", "id total", "name"),
    ("snowflake duckdb", "select * rename ($0 as total) from orders", "id total", "name"),
]  # fmt: skip

OUTPUT_NAMES: list[Case] = [
    (ALL, "select total as t from orders order by $0", "t total", "name"),
    (without("tsql"), "select total as t from orders group by $0", "t total", "name"),
    ("tsql", "select total as t from orders group by $0", "total", "t"),
    (
        without("postgres", "tsql"),
        "select status, sum(total) as t from orders group by status having $0",
        "t status",
        "name",
    ),
    (
        "postgres tsql",
        "select status, sum(total) as t from orders group by status having $0",
        "status",
        "t",
    ),
    ("snowflake duckdb sqlite", "select total as t from orders where $0", "t total", "name"),
    ("postgres mysql bigquery tsql", "select total as t from orders where $0", "total", "t"),
    (
        "snowflake bigquery duckdb",
        "select total as t, row_number() over (order by id) as r from orders qualify $0",
        "t r total",
        "name",
    ),
    ("snowflake duckdb", "select total as t, $0 from orders", "t total", "name"),
    ("postgres mysql bigquery tsql sqlite", "select total as t, $0 from orders", "total", "t"),
    ("postgres", "select total as t from orders order by t + $0", "total", "t"),
    (
        "mysql sqlite snowflake bigquery duckdb",
        "select total as t from orders order by t + $0",
        "total t",
        "name",
    ),
    (ALL, "select total as t from orders where id in (select $0 from customers)", "name", "t"),
    (ALL, "select total t, status from orders order by status, $0", "t total", "name"),
    (
        ALL,
        "select o.total as t, c.name as who from orders o join customers c on c.id = o.customer_id order by $0",
        "t who",
        "quantity",
    ),
    (ALL, "select total as t from orders union all select 1 order by $0", "t", "total"),
]

WINDOWS: list[Case] = [
    (ALL, "select sum(total) over (partition by $0) from orders", "id status", "name"),
    (ALL, "select sum(total) over (order by $0) from orders", "id status", "name"),
    (
        ALL,
        "select sum(total) over (partition by status order by $0) from orders",
        "id status",
        "name",
    ),
    (
        ALL,
        "select sum(total) over (partition by status, $0 order by id) from orders",
        "customer_id",
        "name",
    ),
    (
        ALL,
        "select row_number() over (partition by o.$0 order by o.id) from orders o",
        "id status",
        "name",
    ),
    (ALL, "select sum($0) over (partition by status) from orders", "total", "name"),
    (
        without("tsql", "snowflake"),
        "select sum(total) over w from orders window w as (partition by $0)",
        "id status",
        "name",
    ),
    (
        without("tsql", "snowflake"),
        "select sum(total) over w from orders window w as (partition by status order by $0)",
        "id",
        "name",
    ),
    (
        without("tsql", "snowflake"),
        "select sum(total) over $0 from orders window w as (partition by status)",
        "w",
        "id total name",
    ),
    (
        without("tsql", "snowflake"),
        "select sum(total) over (w order by $0) from orders window w as (partition by status)",
        "id total",
        "name",
    ),
    (
        ALL,
        "select sum(total) over (order by id rows between 1 preceding and current row) as s, $0 from orders",
        "id total",
        "name",
    ),
    ("postgres duckdb sqlite", "select count(*) filter (where $0) from orders", "total", "name"),
    (
        "postgres snowflake duckdb",
        "select percentile_cont(0.5) within group (order by $0) from orders",
        "total",
        "name",
    ),
    (
        "snowflake bigquery duckdb",
        "select id from orders qualify row_number() over (partition by $0 order by id) = 1",
        "status",
        "name",
    ),
    (
        "postgres mysql duckdb sqlite",
        "select * from (select id, row_number() over (order by total) as rn from orders) x where x.$0",
        "rn id",
        "total",
    ),
]


@cases(MERGED, SETS, STARS, OUTPUT_NAMES, WINDOWS)
def test_the_names_that_a_query_makes(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted)
