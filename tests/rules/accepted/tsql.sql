select top 5 [id], [o].[total] from [orders] o order by o.total desc;
select top (5) with ties id from orders order by total;
select o.id, x.n from orders o cross apply (select count(*) n from order_lines l where l.order_id = o.id) x;
select o.id, s.value, s.ordinal from orders o cross apply string_split(o.status, ',') s;
select j.[key], j.value, j.type from orders cross apply openjson(status) j;
select j.a from orders cross apply openjson(status) with (a int '$.a') j;
select id, @x, @@rowcount, $identity from orders where total > @y;
declare @t table (a int, b int); insert into @t (a) select id from orders; select t.a, b from @t t;
select id into #tmp from orders; select id from #tmp;
create table #x (k int); insert #x values (1); select k from #x;
select * from sys.tables t join sys.columns c on c.object_id = t.object_id;
select * from INFORMATION_SCHEMA.COLUMNS where TABLE_NAME = 'x';
select dbo.f(id), dbo.orders.id from dbo.orders;
select len(status), isnull(total, 0), getdate(), sysdatetime(), dateadd(day, 1, placed_at), datediff(month, placed_at, getdate()), datepart(year, placed_at), convert(varchar(10), placed_at, 120), cast(id as nvarchar(10)), try_convert(int, status), charindex('a', status), stuff(status, 1, 1, 'x'), iif(id > 1, 2, 3), choose(1, 2), coalesce(total, 0), newid(), scope_identity(), object_id('x'), row_number() over (order by id), string_agg(status, ',') within group (order by id), eomonth(placed_at), datefromparts(2020, 1, 1), format(total, 'N'), concat(status, id), patindex('%a%', status), replicate('a', 3), quotename(status), checksum(id), count_big(*), stdev(total), var(total), json_value(status, '$.a'), year(placed_at), left(status, 1), square(id), ceiling(total), log10(id), isnumeric(status), datename(month, placed_at), sign(id), power(id, 2), parsename(status, 1), rand(), host_name(), suser_sname(), user_name(), db_name(), error_message(), xact_state(), day(placed_at), str(id), space(3), difference('a', 'b'), ascii('a'), nchar(1), unicode('a'), reverse(status), datetrunc(month, placed_at), greatest(1, 2), switchoffset(placed_at, '+00:00'), isjson(status), hashbytes('MD5', status), binary_checksum(id), upper(status), ltrim(status), trim(status), substring(status, 1, 2), replace(status, 'a', 'b'), round(total, 1), abs(id), floor(total), exp(id), pi(), cot(1) from orders;
update o set o.total = 1, status = c.name from orders o inner join customers c on c.id = o.customer_id where c.email is null;
update orders set total = c.id from orders inner join customers c on c.id = orders.customer_id;
update dbo.orders set total = c.id from dbo.orders inner join customers c on c.id = dbo.orders.customer_id;
delete o from orders o join customers c on c.id = o.customer_id;
delete from orders output deleted.id, deleted.* where id = 1;
insert into orders (id) output inserted.id, inserted.total values (1);
update orders set total = 1 output inserted.total, deleted.total where id = 1;
merge orders as t using (select id, name from customers) as s on t.id = s.id when matched then update set t.total = s.id when not matched by target then insert (id, status) values (s.id, s.name) when not matched by source then delete output $action, inserted.id, deleted.id;
merge orders as t using (select id, name from customers) as s on t.id = s.id when not matched then insert (id, status) values (id, name);
with r as (select 1 as n union all select n + 1 from r where n < 3) select n from r option (maxrecursion 10);
select id from orders with (nolock) where id = 1;
select o.id from orders o with (index(ix)) join customers c with (nolock) on c.id = o.customer_id;
select * from (select id, status, total from orders) s pivot (sum(total) for status in ([a], [b])) p where p.a > 1;
select id, n, v from (select id, total, customer_id from orders) s unpivot (v for n in (total, customer_id)) u;
select status s, count(*) n from orders group by status order by n, s;
select o.id from orders o join customers c on c.id = o.customer_id order by id;
select v.x from (values (1), (2)) v(x);
select id from orders order by total offset 5 rows fetch next 5 rows only;
select n = count(*), [a b] = status from orders group by status;
select x.s.value('.', 'int') from (select cast(status as xml) s from orders) x;
select t.c.value('@a', 'int') from @xml.nodes('/a') t(c);
select id from orders for xml path('');
select stuff((select ',' + status from orders o2 where o2.customer_id = o.customer_id for xml path('')), 1, 1, '') from orders o;
select id from orders tablesample (10 percent);
exec dbo.p @a = 1;
select next value for dbo.seq;
select name from customers where exists (select * from orders where customer_id = customers.id);
select a.id from db1..orders a;
select id from contains_x.orders;
select ID from ORDERS where Status = 'x' collate Latin1_General_CI_AS;
select srv.shop.dbo.orders.id from srv.shop.dbo.orders
select id from orders where total !> 5 and id !< 3
update customers set name = upper(name) from customers c where c.id > 5
delete customers from customers c where email is null
delete top (5) from orders where total > 5
select generate_series.value from generate_series(1, 10)
create table t (id int identity(1, 1) not null constraint pk_t primary key clustered, twice as (id * 2) persisted); select twice from t
