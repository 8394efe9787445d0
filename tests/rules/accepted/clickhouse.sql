select id, total as t, t + 1 from orders where t > 1;
select id from orders o join customers c on c.id = o.customer_id;
select uniqExact(id), sumIf(total, id > 1), quantile(0.5)(total), arrayJoin([1,2]) as x, toDate(placed_at), dateDiff('day', placed_at, now()), countIf(id > 1) from orders;
select name from customers c where exists (select 1 from orders a, orders b where total > 1);
select 1 from orders a, orders b where exists (select 1 from customers where name = status);
select id from orders array join [1,2] as y;
with 5 as x select x, id from orders where total > x
with (select max(id) from orders) as last_id select last_id
select id from orders where customer_id global in (select id from customers)
select * from url('https://a.example/b.csv', CSV)
select status, count() from orders group by status order by status limit 5 by status limit 10
