from orders;
from orders select id where total > 1;
select * exclude (id) from orders;
select * replace (total * 2 as total) from orders;
select columns('i.*') from orders;
select id, total as t, t + 1 as u from orders where t > 1;
select o from orders o;
select o.id, unnest([1,2]) as u from orders o;
select x from (select {'a': 1} as s), (select 1 as x);
select s.a, s['a'] from (select {'a': 1} as s);
select list_transform([1], x -> x + id) from orders;
select status, count(*) from orders group by all order by all;
select id from orders qualify row_number() over (partition by status order by id) = 1;
select rowid from orders;
select * from range(3) r(i), orders where i = id;
select range from range(3);
select generate_series from generate_series(1, 3);
select u.unnest from unnest([1,2]) u;
pivot orders on status using sum(total) group by customer_id;
select * from (pivot orders on status using sum(total) group by customer_id) p;
unpivot orders on total into name n value v;
select * from duckdb_tables();
select table_name from information_schema.tables;
select main.orders.id from main.orders;
select orders.id from marketing.leads, orders where leads.id = orders.id;
select strftime(placed_at, '%Y'), date_trunc('month', placed_at), epoch(placed_at), year(placed_at) from orders;
select id from orders order by 1 limit 10%;
select o1.id from orders o1 positional join customers;
select id from orders o semi join customers c on c.id = o.customer_id;
select arg_max(id, total), first(id), list(id order by total), string_agg(status, ',') from orders;
select distinct on (status) id from orders;
insert into orders by name select 1 as id, 2 as total;
insert or replace into orders (id) values (1);
insert into orders (id) values (1) on conflict do nothing;
with recursive t(n) as (select 1 union all select n + 1 from t where n < 3) select n from t;
with t as materialized (select 1 as a) select a from t;
select id: 1, x: total from orders;
select struct_pack(a := 1).a from orders;
select [x for x in [1,2] if x > 1];
select count() from orders;
select #1 from orders;
select try_cast('a' as int), cast(id as varchar), id::hugeint from orders;
select max(id) filter (total > 1) from orders;
select c.name from customers c, lateral (select max(total) m from orders where customer_id = c.id) l where m > 1;
select c.name from customers c, (select max(total) m from orders where customer_id = c.id) l where m > 1;
summarize orders;
describe select id from orders;
select excluded.id from orders excluded;
select if(id > 1, 2, 3), ifnull(total, 0), greatest(1, 2) from orders;
create macro add_up(a, b := 5) as a + b
create macro orders_of(x) as table select id, total from orders where customer_id = x
select $_a$x;y$_a$, $A1$c'$A1$
select sum(id) over w, count(*) over (w order by id), max(id) over x from orders window w as (partition by status), x as (w order by id)
SELECT sum(id) OVER W FROM orders WINDOW w AS (PARTITION BY status)
