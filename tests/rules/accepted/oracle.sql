select rownum, rowid, level, sysdate from orders connect by prior id = customer_id;
select o.id, nvl(total, 0), decode(id, 1, 2), to_char(placed_at, 'YYYY'), listagg(status, ',') within group (order by id) from orders o;
select seq.nextval from dual;
select o.id from orders o, customers c where o.customer_id = c.id(+);
merge into customers c using (select 1 id from dual) s on (c.id = s.id) when matched then update set c.name = 'x' where c.id > 5 delete where c.id = 6
