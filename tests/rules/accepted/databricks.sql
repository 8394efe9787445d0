select id, total as t, t + 1 from orders;
select explode(array(1,2)) as e from orders;
select e.col from orders lateral view explode(array(1)) e as col;
select k, v from orders lateral view explode(map('a', 1)) as k, v;
select * from orders o left semi join customers c on c.id = o.customer_id where id > 1;
select transform(array(1), x -> x + id) from orders;
select status:a.b from orders;
select * except (id) from orders;
select id from delta.`/x/y`;
