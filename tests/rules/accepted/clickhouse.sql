select id, total as t, t + 1 from orders where t > 1;
select id from orders o join customers c on c.id = o.customer_id;
select uniqExact(id), sumIf(total, id > 1), quantile(0.5)(total), arrayJoin([1,2]) as x, toDate(placed_at), dateDiff('day', placed_at, now()), countIf(id > 1) from orders;
select name from customers c where exists (select 1 from orders a, orders b where total > 1);
select 1 from orders a, orders b where exists (select 1 from customers where name = status);
select id from orders array join [1,2] as y;
