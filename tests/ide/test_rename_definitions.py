"""Names of the database in statements that define, grant and describe.

Each line is a statement of the dialect above it, in which «orders» is the table and ‹total› its
column. Every other ``orders`` and ``total`` is something else: an index, a role, a column of another
table.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_lsp.ide.references import references
from defog_lsp.ide.rename import rename_stored, renaming, stored_at
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span
from tests.fixture import catalog_for

STATEMENTS = {
    "postgres": """
create unique index concurrently if not exists i on only public.«orders» using btree (id desc nulls last, lower(‹total›::text)) include (‹total›) where ‹total› > 3 and status = 'total'
create index on «orders» (‹total›)
create index total on «orders» ((‹total› * 2), id)
drop index if exists total
truncate table only «orders», customers restart identity cascade
truncate customers, public.«orders»
drop table if exists public.«orders», customers cascade
drop view if exists «orders» restrict
alter table if exists only public.«orders» rename column ‹total› to total2
alter table «orders» rename ‹total› to total2
alter table «orders» rename to orders2
alter table «orders» alter column ‹total› set default 3, add constraint total check (‹total› > 0), drop column if exists ‹total›
alter table «orders» add constraint fk foreign key (customer_id, ‹total›) references customers (id, total) on delete cascade on update set null
alter table order_lines add constraint fk foreign key (total) references public.«orders» (‹total›) match full
alter table order_lines add foreign key (total) references «orders»
alter table «orders» add column total_cents int
alter table «orders» add unique (id, ‹total›), add primary key (‹total›)
alter table «orders» alter ‹total› type numeric using ‹total›::numeric
alter table «orders» cluster on total
alter table «orders» owner to total
alter table «orders» enable trigger total
alter table «orders» set schema total
alter table «orders» validate constraint total
alter table order_lines inherit «orders»
alter table customers attach partition «orders» for values in (1)
comment on column public.«orders».‹total› is 'total of orders'
comment on table «orders» is 'orders'
comment on index total is 'x'
comment on constraint total on «orders» is 'x'
comment on trigger orders on «orders» is 'x'
create trigger t after update of ‹total›, id on «orders» for each row when (old.‹total› is distinct from new.‹total›) execute function f()
create trigger t before insert on «orders» referencing new table as total for each statement execute procedure orders()
drop trigger if exists total on «orders» cascade
create policy total on «orders» for select to orders using (‹total› > 3) with check (‹total› < 100 and id in (select id from customers))
drop policy total on «orders»
alter policy total on «orders» rename to x
create rule total as on update to «orders» where old.‹total› > 3 do instead nothing
grant select (id, ‹total›), update (‹total›) on table «orders» to total, orders
revoke all privileges on «orders», customers from orders cascade
grant select on all tables in schema orders to total
lock table only «orders» in share mode nowait
vacuum (analyze, verbose) «orders» (‹total›, id)
analyze verbose «orders» (‹total›), customers
cluster verbose «orders» using total
reindex table concurrently «orders»
reindex index total
create statistics s (dependencies) on ‹total›, id from «orders»
create table x (like «orders» including all)
create table x (total int, y int references «orders» (‹total›) on delete set null, foreign key (total) references «orders» (‹total›), check (total > 1))
create table part partition of «orders» for values from (1) to (2)
create table x (total int) inherits («orders»)
create table x (orders int, constraint orders unique (orders))
create publication total for table «orders» (id, ‹total›) where (‹total› > 3), customers
alter publication p add table «orders»
copy «orders» (id, ‹total›) from stdin
create sequence total owned by «orders».‹total›
alter sequence s owned by public.«orders».‹total›
refresh materialized view concurrently «orders»
drop materialized view if exists «orders»
alter view «orders» rename column ‹total› to x
alter index total rename to x
security label on column «orders».‹total› is 'x'
create foreign table total (total int) server s options (table_name 'orders')
create or replace function orders(total int) returns int language sql as 'select 1'
alter default privileges in schema orders grant select on tables to total
create extension if not exists orders
drop schema if exists orders cascade
drop function if exists orders(int)
drop type total
create role orders
create index i on «orders» (‹total› text_pattern_ops, id)
alter table «orders» add column if not exists total2 int generated always as (‹total› * 2) stored
alter table «orders» alter column id set default nextval('total')
alter table «orders» add constraint c exclude using gist (‹total› with &&, id with =)
alter table «orders» add check («orders».‹total› > 3)
grant all privileges on «orders» to public with grant option
grant orders to total
create trigger t after insert or update of id, ‹total› or delete on «orders» execute function total()
create constraint trigger t after insert on customers from «orders» deferrable for each row execute function f(total)
create unique index on «orders» ((lower(‹total›)), coalesce(‹total›, 0))
alter table «"orders"» rename column ‹"total"› to x
alter table "Orders" rename column "total" to x
alter /* orders */ table «orders» -- total
create index i on marketing.orders (total)
alter table only «orders» replica identity using index total
create table x (total int primary key, foreign key (total) references «orders»)
alter table «orders» rename constraint total to x
alter table «orders» drop constraint if exists total, drop column ‹total›
create policy p on «orders» as permissive for update to total using (true)
alter publication p drop table «orders», customers
alter publication p set table customers, «orders» (‹total›)
create type total as (orders int, total int)
copy (select ‹total› from «orders») to stdout
copy «orders» to stdout with (format csv)
analyze «orders», customers (id)
create policy p on customers using (id in (select ‹total› from «orders»))
create table x (total int, check (total > 0), unique (total)) partition by range (total)
alter table «orders» add check (‹total› > total '3') not valid, alter column id drop identity
alter table customers add constraint total foreign key (id) references «orders» (id)
alter table «orders» detach partition customers
drop index total, orders
alter table «orders» disable row level security
drop owned by orders
drop trigger orders on customers
create event trigger orders on ddl_command_start execute function f()
create rule r as on insert to «orders» where new.‹total› > 3 do instead insert into customers (id) values (new.‹total›)
create rule r as on delete to customers do also delete from «orders» where ‹total› = old.id
comment on function orders(int) is 'x'
comment on column customers.total is 'x'
alter table «orders» alter column ‹total› drop not null, alter ‹total› set statistics 100
alter table «orders» alter column ‹total› add generated by default as identity (sequence name total)
alter foreign table «orders» rename ‹total› to x
create table orders_2024 partition of «orders» (check (‹total› > 2)) for values from (1) to (2)
lock table customers, «orders» in access exclusive mode
alter table «orders» add column x int check (x > ‹total›)
alter table «orders» set (fillfactor = 70), set tablespace total
create index i on «orders» using gin (to_tsvector('english', ‹total›)) with (fastupdate = off) tablespace total where not ‹total› is null
""",
    "mysql": """
create index i on «`orders`» (‹`total`›(10) desc, id)
create fulltext index total on «orders» (‹total›) comment 'total'
drop index total on «orders»
alter table «orders» change column ‹total› total2 int not null, modify ‹total› int after id, rename index total to x
alter table «orders» add index total (‹total›), add fulltext key (‹total›), drop foreign key total
alter table «orders» add column x int after ‹total›, drop key total
alter table «orders» rename to x
rename table «orders» to x, customers to y
rename table customers to y, public.«orders» to z
truncate table «orders»
lock tables «orders» write, customers as c read
optimize table «orders», customers
analyze table customers, «orders»
check table «orders»
alter table «orders» add constraint fk foreign key ix (‹total›) references customers (id)
create trigger total before update on «orders» for each row set new.‹total› = old.‹total› + 1
grant select (‹total›), insert on public.«orders» to 'orders'@'localhost'
create table x like «orders»
describe «orders» ‹total›
desc «orders»
show columns from «orders»
show create table «orders»
create table x (total int, key total (total), foreign key (total) references «orders» (‹total›))
alter table «orders» add unique total (‹total›), algorithm=inplace
alter table «orders» order by ‹total›
alter table «orders» convert to character set total
alter table «orders» add constraint total unique key total (‹total›), add key (id)
alter table «orders» modify column ‹total› decimal(10,2) not null default 0 first
drop table if exists customers, «`orders`»
create trigger t before insert on «orders» for each row begin set new.‹total› = new.‹total› + 1; insert into customers (id) select ‹total› from «orders»; end
analyze table «orders» update histogram on ‹total› with 10 buckets
create table x (id int) comment='orders'
alter table «orders» comment = 'total'
lock tables customers as orders read, public.«orders» write
show index from «orders»
create view v as select ‹total› from «orders»
""",
    "sqlite": """
create unique index if not exists total on «orders» (‹total› collate nocase desc) where ‹total› is not null
alter table «orders» rename column ‹total› to x
alter table «orders» rename to x
alter table «orders» drop column ‹total›
alter table «orders» add column orders text references customers(id)
create trigger total after update of ‹total› on «orders» begin update «orders» set ‹total› = new.‹total› where id = old.id; end
create trigger t instead of delete on «orders» when old.‹total› > 3 begin select 1; end
drop trigger total
pragma table_info(«orders»)
analyze «orders»
reindex «orders»
create virtual table x using fts5(total, content='orders')
create index i on «orders» (‹total›) where ‹total› > 3 and id is not null
create index i on «orders» (‹total›, substr(‹total›, 1, 3))
create trigger t before insert on «orders» when new.‹total› is null begin select raise(abort, 'total'); end
""",
    "tsql": """
create nonclustered index total on public.«orders» (‹[total]› asc) include (id) where ‹total› > 3 with (online = on)
drop index total on «orders»
drop index if exists total on «orders», orders_i on customers
alter table «orders» alter column ‹total› int not null
alter table «orders» with nocheck add constraint total foreign key (‹total›) references customers (id)
alter table «orders» drop constraint total
alter table «orders» drop column ‹total›, status
alter table «orders» add default 0 for ‹total›
update statistics «orders» total
truncate table public.«orders»
grant select on object::public.«orders» (‹total›) to total
create trigger total on «orders» after insert, update as begin update o set o.‹total› = 1 from «orders» o end
disable trigger total on «orders»
set identity_insert «orders» on
create statistics total on «orders» (‹total›)
create synonym x for «orders»
alter table «orders» add constraint total default 0 for ‹total›
alter table «orders» check constraint total
create index i on «orders» (‹total›) on total
alter index total on «orders» rebuild
drop index «orders».total
alter table «orders» add constraint total primary key clustered (‹total› desc)
deny select on «orders» (‹total›) to total
""",
    "snowflake": """
alter table «orders» rename column ‹total› to x
alter table if exists «orders» alter column ‹total› set data type int, column id drop not null
alter table «orders» modify column ‹total› set masking policy total
alter table «orders» cluster by (‹total›, id)
alter table «orders» swap with customers
alter table customers swap with «orders»
create table x clone «orders»
create table x like «orders»
create stream s on table «orders»
comment on column «orders».‹total› is 'x'
comment if exists on table «orders» is 'x'
undrop table «orders»
grant select on table «orders» to role total
alter table «orders» add search optimization on equality(‹total›)
describe table «orders»
truncate table if exists «orders»
drop table if exists «orders» cascade
alter table «orders» add column x int
alter table «orders» drop column ‹total›, status
alter table «orders» drop constraint total
create or replace table x clone public.«orders» at (timestamp => 'total')
alter table customers add constraint fk foreign key (id) references «orders» (‹total›) rely
""",
    "bigquery": """
alter table «`orders`» rename column ‹total› to x
alter table if exists public.«orders» drop column if exists ‹total›, add column x int64
alter table «orders» alter column ‹total› set data type numeric
create search index total on «orders» (‹total›)
drop table if exists «`public.orders`»
create table x like public.«orders»
create table x copy public.«orders»
create snapshot table x clone public.«orders»
create row access policy total on public.«orders» grant to ('x') filter using (‹total› > 3)
alter table x add foreign key (total) references public.«orders» (‹total›) not enforced
truncate table public.«orders»
alter table «orders» add primary key (‹total›) not enforced
create vector index i on public.«orders»(‹total›) options (index_type = 'IVF')
alter table public.«orders» alter column ‹total› set options (description = 'total')
drop snapshot table if exists public.«orders»
create table x like «`public.orders`»
""",
    "duckdb": """
create index total on «orders» (‹total›)
alter table «orders» rename ‹total› to x
alter table «orders» alter ‹total› type varchar using ‹total›::varchar
alter table «orders» drop if exists ‹total›
comment on column «orders».‹total› is 'x'
drop view if exists «orders»
truncate «orders»
describe «orders»
summarize «orders»
create table x (y int references «orders» (‹total›), total int)
vacuum analyze «orders» (‹total›)
export database 'orders'
copy «orders» (‹total›) to 'x.csv'
alter table «orders» add column x integer default 3
create unique index total on «orders» (‹total›, (id + ‹total›))
""",
    "oracle": """
comment on column «orders».‹total› is 'x'
create index total on «orders» (‹total›, upper(status)) tablespace orders
alter table «orders» modify (‹total› number(10))
alter table «orders» drop (‹total›, status)
alter table «orders» add (x number, y number)
alter table «orders» set unused column ‹total›
truncate table «orders» drop storage
drop table «orders» cascade constraints purge
create synonym x for «orders»
alter table «orders» add constraint total foreign key (‹total›) references customers (id)
create or replace trigger t before insert or update of ‹total› on «orders» for each row begin :new.‹total› := 3; end
grant select, update (‹total›) on «orders» to total
alter table «orders» rename column ‹total› to x
alter table «orders» drop column ‹total›
""",
    "databricks": """
alter table «orders» alter column ‹total› comment 'x'
optimize «orders» zorder by (‹total›)
describe table extended «orders»
vacuum «orders» retain 100 hours
analyze table «orders» compute statistics for columns ‹total›, id
msck repair table «orders»
cache table «orders»
refresh table «orders»
alter table «orders» drop columns (‹total›, id)
comment on table «orders» is 'total'
alter table «orders» add constraint total check (‹total› > 3)
alter table «orders» set tags ('total' = 'x')
""",
    "redshift": """
alter table «orders» alter sortkey (‹total›, id)
analyze «orders» (‹total›)
vacuum full «orders» to 99 percent
alter table «orders» alter column ‹total› encode zstd
grant select (‹total›, id) on «orders» to group total
""",
    "clickhouse": """
alter table «orders» drop column ‹total›
alter table «orders» add index total (‹total›) type minmax
optimize table «orders» final
rename table «orders» to x
alter table «orders» modify column ‹total› UInt32 default 3
alter table «orders» rename column ‹total› to x
alter table «orders» drop index total
""",
}
_MARKED = re.compile("«(?P<table>[^»]*)»|‹(?P<column>[^›]*)›")
_HOLDING_OTHERS = re.compile(r"\((?:select|with)\b|\bbegin\b|\bdo (?:also|instead)\b")
HEAD = "select total from orders;\n"


def marks(line: str) -> dict[str, list[Span]]:
    """Where *line* without its marks has names of the table, and of the column."""
    found: dict[str, list[Span]] = {"table": [], "column": []}
    for shift, it in enumerate(_MARKED.finditer(line)):
        start = len(HEAD) + it.start() - 2 * shift
        found[it.lastgroup or ""].append(Span(start, start + len(it.group()) - 2))
    return found


def at(snapshot: Snapshot, offset: int) -> tuple[str, str] | None:
    """The table and column that is named at *offset*."""
    found = stored_at(snapshot, offset)
    return (found[1].table.name, found[1].column) if found else None


@pytest.mark.parametrize(
    ("dialect", "line"),
    [(dialect, it) for dialect, lines in STATEMENTS.items() for it in lines.strip().splitlines()],
)
def test_what_is_named(dialect: str, line: str) -> None:
    text = HEAD + _MARKED.sub(lambda it: it["table"] or it["column"], line)
    snapshot = Snapshot(text, catalog_for(dialect), dialect)
    for what, expected in marks(line).items():
        meant = ("orders", "total" if what == "column" else "")
        here = HEAD.index("total" if what == "column" else "orders")
        found = stored_at(snapshot, here)
        assert found
        wanted = renaming(found[1], "new_name", snapshot.catalog)
        edits = [it.span for it in rename_stored(snapshot, wanted) if it.span.start >= len(HEAD)]
        shown = [text[it.start : it.end] for it in edits]
        assert (shown, edits) == ([text[it.start : it.end] for it in expected], expected)
        places = [it.span for it in references(snapshot, here)]
        assert [it for it in places if it.start >= len(HEAD)] == expected
        words = re.finditer(r"\b\w+\b", text[len(HEAD) :])
        starts = {len(HEAD) + it.start() for it in words if it.group() == meant[bool(meant[1])]}
        inside = {it for it in starts if any(span.touches(it) for span in expected)}
        assert all(at(snapshot, it) != meant for it in starts - inside)
        # Of statements in others it is not told at a place what they name.
        if not _HOLDING_OTHERS.search(text):
            assert all(at(snapshot, it) == meant for it in inside)
            assert all(at(snapshot, it.end) == meant for it in expected)


_WORDS = sorted({it for lines in STATEMENTS.values() for it in re.findall(r"\w+|[^\w\s]", lines)})


@given(st.lists(st.sampled_from(_WORDS), max_size=20), st.sampled_from([*STATEMENTS]))
def test_no_made_text_fails(words: list[str], dialect: str) -> None:
    text = HEAD + " ".join(words)
    snapshot = Snapshot(text, catalog_for(dialect), dialect)
    for offset in (0, 8, len(text) // 2, len(text)):
        assert all(it.span.end <= len(text) for it in references(snapshot, offset))
