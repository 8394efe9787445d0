"""Carets in the bodies of routines, in blocks, and behind what holds another statement."""

from tests.ide.completion.offers import Case, cases, check

QUOTED: list[Case] = [
    (
        "postgres",
        "create function f() returns setof int as $$\nselect $0 from orders;\nselect 2 from customers;\n$$ language sql;",
        "id total",
        "name",
    ),
    (
        "postgres",
        "create or replace function f() returns trigger language plpgsql as $x$\nbegin\n  insert into orders ($0\nend;\n$x$",
        "id total",
        "name SELECT",
    ),
    (
        "postgres",
        "do $$\ndeclare n int;\nbegin\n  select id into n from orders where $0;\nend $$",
        "id total",
        "name",
    ),
    (
        "postgres",
        "create function f() returns int as $$ begin for r in select * from $0 loop end loop; end $$ language plpgsql",
        "orders customers",
        "id",
    ),
    (
        "postgres",
        "create function f() returns int as $$ begin for r in select * from orders where $0 loop delete from customers; end loop; end $$ language plpgsql",
        "total",
        "name",
    ),
    (
        "postgres",
        "create function f() returns int as $$ begin if exists (select 1 from orders where $0) then return 1; end if; end $$ language plpgsql",
        "total",
        "name",
    ),
    (
        "postgres",
        "create function f() returns int as $$ begin if n > 1 then update orders set $0; else delete from customers; end if; end $$ language plpgsql",
        "total",
        "name",
    ),
    (
        "postgres",
        "create function f() returns int as $$ begin return query select $0 from orders; end $$ language plpgsql",
        "total",
        "name",
    ),
    (
        "postgres",
        "create function f() returns int as $$ begin n := (select $0 from orders); end $$ language plpgsql",
        "total",
        "name",
    ),
    (
        "postgres",
        "create function f() returns int as $$ begin create temp table kept as select id as n from orders; delete from kept where $0; end $$ language plpgsql",
        "n",
        "id",
    ),
    (
        "postgres",
        "create table mine (a int); create function f() returns int as $$ select $0 from mine $$ language sql",
        "a",
        "id",
    ),
    (
        "postgres",
        "create function f() returns int as $$ select * from orders where status = '$0' $$ language sql",
        "open paid",
        "id",
    ),
    (
        "postgres",
        "create function f() returns int as $$ begin $0 end $$ language plpgsql",
        "SELECT INSERT_INTO",
        "id AND",
    ),
    ("postgres", "create function f() returns int as $$ select $0 from orders", "total", "name"),
    (
        "postgres",
        "create function f() returns int as $$ select 1; -- total $0\n$$ language sql",
        "",
        "SELECT total",
    ),
    (
        "postgres",
        "create function f() returns int as $$ select $0 from orders $$ language plpython3u",
        "",
        "total SELECT",
    ),
    ("postgres", "create function f() returns int as $0", "", "SELECT id"),
    ("postgres", "select $$ to$0 $$ from orders", "", "total"),
    (
        "snowflake",
        "create procedure p() returns int language sql as $$ begin select $0 from orders; end $$",
        "total",
        "name",
    ),
    (
        "snowflake",
        "create procedure p() returns int language javascript as $$ select $0 from orders $$",
        "",
        "total SELECT",
    ),
    (
        "snowflake",
        "execute immediate $$ begin delete from orders where $0; end $$",
        "total",
        "name",
    ),
]

BLOCKS: list[Case] = [
    (
        "postgres",
        "create function f() returns int begin atomic select $0 from orders; end",
        "total",
        "name",
    ),
    ("postgres", "create function f() returns int return (select $0 from orders)", "total", "name"),
    (
        "mysql",
        "delimiter $$\ncreate procedure p() begin select $0 from orders; end$$\ndelimiter ;",
        "total",
        "name",
    ),
    (
        "mysql",
        "create procedure p()\nbegin\n  declare n int;\n  select count(*) into n from orders where $0;\nend",
        "total",
        "name",
    ),
    (
        "mysql",
        "create procedure p()\nbegin\n  declare c cursor for select $0 from orders;\n  open c;\nend",
        "total",
        "name",
    ),
    (
        "mysql",
        "create procedure p()\nbegin\n  while n < 3 do\n    update orders set $0;\n  end while;\nend",
        "total",
        "name",
    ),
    (
        "mysql",
        "create procedure p()\nbegin\n  if n < 3 then\n    select 1;\n  else\n    delete from orders where $0;\n  end if;\nend",
        "total",
        "name",
    ),
    (
        "mysql",
        "create procedure p()\nbegin\n  select case when $0 then 1 else 2 end from orders;\nend",
        "total",
        "name",
    ),
    ("mysql", "create procedure p()\nbegin\n  $0\nend", "SELECT UPDATE", "id AND"),
    (
        "mysql",
        "create trigger t before insert on orders for each row begin insert into customers (name) select $0 from order_lines; end",
        "quantity",
        "total",
    ),
    (
        "mysql",
        "create event e on schedule every 1 day do delete from orders where $0",
        "total",
        "name",
    ),
    ("tsql", "create procedure p as begin select $0 from orders end", "total", "name"),
    ("tsql", "create procedure p as\nset nocount on\nselect $0 from orders", "total", "name"),
    ("tsql", "create procedure p as $0", "SELECT UPDATE", "id AND"),
    ("tsql", "alter procedure p as select $0 from orders", "total", "name"),
    (
        "tsql",
        "create procedure p as begin\ncreate table #kept (a int)\ninsert into #kept ($0\nend",
        "a",
        "total",
    ),
    (
        "tsql",
        "create procedure p as begin\nselect id, total into #kept from orders\nselect $0 from #kept\nend",
        "id total",
        "status",
    ),
    (
        "tsql",
        "begin try select $0 from orders end try begin catch select 1 end catch",
        "total",
        "name",
    ),
    (
        "tsql",
        "begin try\nselect 1\nend try\nbegin catch\nselect $0 from orders\nend catch",
        "total",
        "name",
    ),
    (
        "tsql",
        "if exists (select 1 from orders where $0) select name from customers",
        "total",
        "name",
    ),
    (
        "tsql",
        "if 1 = 1\n  select 1 from customers\nelse\n  select $0 from orders",
        "total",
        "name",
    ),
    ("tsql", "declare c cursor for select $0 from orders", "total", "name"),
    (
        "tsql",
        "create function f() returns table as return (select $0 from orders)",
        "total",
        "name",
    ),
    (
        "tsql",
        "create trigger t on orders after insert, update as begin update customers set $0 end",
        "name",
        "total",
    ),
    ("tsql", "declare @n int = (select max($0) from orders)", "total", "name"),
    (
        "sqlite",
        "create trigger t after update of total on orders when new.total > 1 begin update customers set $0 where id = new.id; end",
        "name",
        "total",
    ),
    (
        "sqlite",
        "create trigger t after insert on orders begin insert into customers (id) values (new.$0); end",
        "total",
        "name",
    ),
    ("bigquery", "begin select $0 from orders; end", "total", "name"),
    ("bigquery", "if n > 1 then select $0 from orders; end if", "total", "name"),
    ("bigquery", "for r in (select $0 from orders) do select 1; end for", "total", "name"),
    (
        "snowflake",
        "create procedure p() returns int language sql as begin let n := (select max($0) from orders); end",
        "total",
        "name",
    ),
    ("postgres duckdb", "prepare p as select $0 from orders", "total", "name"),
    ("postgres", "declare c cursor for select $0 from orders", "total", "name"),
]

UNENDED: list[Case] = [
    ("tsql", "declare @kept table (a int, b int)\nselect $0 from @kept", "a b", "total"),
    ("tsql", "declare @kept table (a int, b int)\ninsert into @kept ($0", "a b", "total"),
    ("tsql", "select id, total into #kept from orders\nselect $0 from #kept", "id total", "status"),
    ("tsql", "create table #kept (a int)\nselect * from $0", "#kept orders", "a"),
    ("tsql", "set nocount on\nselect $0 from orders", "total", "name"),
    ("tsql", "select * from customers\nwhere $0\nselect total from orders", "name", "total"),
    ("tsql", "update orders set $0\ndelete from customers", "total", "name"),
    ("tsql", "select * from orders\n$0\nselect 1", "WHERE JOIN", "id"),
]


@cases(QUOTED, BLOCKS, UNENDED)
def test_statements_inside_of_others(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted)
