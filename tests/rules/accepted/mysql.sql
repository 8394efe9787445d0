select count(*) n, status s from orders group by s having n > 1 and s = 'x' order by n;
select id as i from orders having i > 1;
select `id`, "a string", 'x' 'y', _utf8mb4'x' from orders where status = "open";
select ORDERS.id from orders ORDERS;
select O.id from orders O where O.Total > 1;
select nm.orders.id from nm.orders;
select * from information_schema.tables where TABLE_NAME = 'x';
select TABLE_NAME from INFORMATION_SCHEMA.COLUMNS;
select @a := id, @b, @@version, @@global.max_connections from orders;
select date_format(placed_at, '%Y'), date_add(placed_at, interval 1 day), placed_at + interval 1 month, timestampdiff(month, placed_at, now()), extract(year_month from placed_at), str_to_date('2020', '%Y'), curdate(), unix_timestamp(), last_day(placed_at), week(placed_at) from orders;
select if(total > 1, 'a', 'b'), ifnull(total, 0), isnull(total), concat_ws(',', id, status), group_concat(distinct status order by status separator ';'), substring_index(status, ',', 1), field(status, 'a'), elt(1, 'a'), lpad(id, 3, '0'), format(total, 2), truncate(total, 1), greatest(1, 2), rand(), uuid(), char_length(status), locate('a', status), mid(status, 1, 2), left(status, 1), right(status, 1), reverse(status), repeat('a', 3), replace(status, 'a', 'b'), insert(status, 1, 1, 'x'), conv(1, 10, 2), inet_aton('1'), find_in_set('a', status) from orders;
select convert(id, char), convert(status using utf8mb4), cast(id as unsigned), binary status, char(65 using utf8mb4) from orders;
select json_extract('{}', '$.a'), json_unquote('"a"') from orders;
insert into orders (id, total) values (1, 2) on duplicate key update total = values(total) + total;
insert into orders set id = 1, total = 2;
insert into orders (id) select id from customers c on duplicate key update total = c.id;
insert ignore into orders (id) values (1);
replace into orders (id, total) values (1, 2);
update orders o join customers c on c.id = o.customer_id set o.total = 1, status = c.name where c.email is null;
update orders o, customers c set o.total = c.id where c.id = o.customer_id;
update orders set total = total + 1 order by id limit 1;
delete o from orders o join customers c on c.id = o.customer_id where c.name = 'x';
delete from o using orders o join customers c on c.id = o.customer_id;
delete o, c from orders o join customers c on c.id = o.customer_id;
delete from orders where id = 1 order by total limit 1;
select * from orders use index (primary) where id = 1;
select straight_join o.id from orders o force index (primary) join customers c on c.id = o.id;
select sql_calc_found_rows id from orders limit 1, 2;
select id from orders o join customers c using (id);
select o.id, c.name from orders o natural join customers c;
select id from orders union select id from customers order by id;
(select id from orders) union all (select id from customers) order by id limit 1;
select row_number() over (partition by status order by id) rn from orders;
select sum(total) over w from orders window w as (order by id);
with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select n from r;
select x.m from (select max(total) m from orders) x;
select 1 from dual;
select o.id from orders o where exists (select 1 from customers where id = o.customer_id);
select id from orders where status regexp 'a' and status rlike 'b' and id <=> 1 and not (id xor 1);
select id div 2, id mod 2, id % 2, !id from orders;
select distinct status from orders order by total;
select status, count(*) from orders group by status with rollup;
select case status when 'a' then 1 end k from orders group by k;
select total t from orders group by t order by t;
select max(total) as total from orders group by status order by total;
select id as status from orders group by status;
select c.id, (select count(*) from orders where customer_id = c.id) n from customers c having n > 1;
select `customers`.`name` from `customers` where `customers`.`Region` = 1;
select NAME from customers where region = 'x';
select current_date, current_timestamp(), now(6), utc_timestamp from orders;
select 1 from orders limit 1 for update;
select o.id from orders as o, (select 1 as z) as d where d.z = o.id;
select interval(1, 2, 3), std(total), stddev_pop(total), bit_and(id), count(distinct id, status) from orders;
select id from (select id from orders) as t where t.id > 0 lock in share mode;
select high_priority sql_no_cache distinct status from orders
delete low_priority ignore from orders where id = 0
insert high_priority into customers (id) values (99)
values (1, 2), (3, 4)
with v (a, b) as (values (1, 2), (3, 4)) select a, b from v
select id, \N from customers
select id, name into @a, @b from customers limit 1
describe orders total
insert into orders (id, total, status) values (91, default, default(status))
select t.a, t.n from json_table('[{"a":1}]', '$[*]' columns (n for ordinality, a int path '$.a' default '0' on empty)) as t
create or replace view big as select id, total as t from orders where total > 5 with check option
select sum(id) over w, count(*) over (w order by id), max(id) over x from orders window w as (partition by status), x as (w order by id)
SELECT sum(id) OVER W FROM orders WINDOW w AS (PARTITION BY status)
