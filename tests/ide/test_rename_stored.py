"""Tables and columns of the database under another name, in one text."""

import pytest

from defog_lsp.ide.rename import (
    CannotRename,
    rename_statement,
    rename_stored,
    renaming,
    stored_at,
)
from defog_metadata.rules import check as problems
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import caret


def renamed(sql: str, name: str, dialect: str = "postgres") -> str:
    at = caret(sql, dialect)
    found = stored_at(at.snapshot, at.offset)
    assert found
    wanted = renaming(found[1], name, at.snapshot.catalog)
    text = applied(at.snapshot.text, rename_stored(at.snapshot, wanted))
    after = Snapshot(text, wanted.after(at.snapshot.catalog), dialect)
    assert len(problems(after)) <= len(problems(at.snapshot))
    return text


@pytest.mark.parametrize(
    ("sql", "name", "expected"),
    [
        ("select o.$0total from orders o", "amount", "select o.amount from orders o"),
        ("select $0total from orders", "select", 'select "select" from orders'),
        ("select $0total from orders", "Amount", "select amount from orders"),
        ("select $0total from orders", '"Amount"', 'select "Amount" from orders'),
        ('select "Re$0gion" from customers', "area", "select area from customers"),
        # Only the column of that table.
        (
            "select o.$0id, c.id from orders o join customers c on c.id = o.customer_id",
            "number",
            "select o.number, c.id from orders o join customers c on c.id = o.customer_id",
        ),
        # What a query passes on keeps its name, whatever that is, to the end of the chain.
        (
            "with a as (select $0total from orders), b as (select * from a) select b.total from b",
            "amount",
            "with a as (select amount from orders), b as (select * from a) select b.amount from b",
        ),
        (
            "with a as (select $0total as t from orders) select t from a",
            "amount",
            "with a as (select amount as t from orders) select t from a",
        ),
        (
            "select s.total from (select $0total from orders union select 1) s order by total",
            "amount",
            "select s.amount from (select amount from orders union select 1) s order by amount",
        ),
        (
            "select 1 from customers c where exists"
            " (select 1 from orders o where o.$0customer_id = c.id)",
            "buyer",
            "select 1 from customers c where exists (select 1 from orders o where o.buyer = c.id)",
        ),
        # Tables, with and without aliases and schemas.
        (
            "select orders.total from public.$0orders join customers c on c.id = orders.id",
            "sales",
            "select sales.total from public.sales join customers c on c.id = sales.id",
        ),
        ("select o.total from $0orders o", "my sales", 'select o.total from "my sales" o'),
        (
            "insert into $0orders (id, total) select id, total from orders",
            "sales",
            "insert into sales (id, total) select id, total from sales",
        ),
        (
            "insert into orders (id, $0total) select id, total from orders",
            "amount",
            "insert into orders (id, amount) select id, amount from orders",
        ),
        (
            "update orders set $0total = total * 2 where total > 1",
            "amount",
            "update orders set amount = amount * 2 where amount > 1",
        ),
        (
            "delete from orders where $0total is null",
            "amount",
            "delete from orders where amount is null",
        ),
        (
            "merge into orders o using customers c on o.customer_id = c.id"
            " when matched then update set $0total = o.total + 1",
            "amount",
            "merge into orders o using customers c on o.customer_id = c.id"
            " when matched then update set amount = o.amount + 1",
        ),
        # Where the text creates the table itself.
        (
            "create table $0orders (id int, total int); select total from orders;",
            "sales",
            "create table sales (id int, total int); select total from sales;",
        ),
        (
            "create table orders (id int, $0total int); select total from orders;",
            "amount",
            "create table orders (id int, amount int); select amount from orders;",
        ),
        # A view that the database does not have is known to this text alone.
        (
            "create view v as select $0total from orders; select v.total from v;",
            "amount",
            "create view v as select amount from orders; select v.amount from v;",
        ),
    ],
)
def test_everywhere(sql: str, name: str, expected: str) -> None:
    assert renamed(sql, name) == expected


def test_quotes_of_the_dialect() -> None:
    assert renamed("select $0total from orders", "a b", "mysql") == "select `a b` from orders"
    assert renamed("select $0total from orders", "A", "mysql") == "select A from orders"


def test_a_path_in_one_pair_of_quotes() -> None:
    sql = "select o.total from `shop.public.$0orders` o, `public`.`orders` p"
    expected = "select o.total from `shop.public.sales` o, `public`.sales p"
    assert renamed(sql, "sales", "bigquery") == expected


@pytest.mark.parametrize(
    ("sql", "name", "message"),
    [
        ("select $0total from orders", "status", "orders already has a column status"),
        ("select 1 from $0orders", "customers", "already is a table public.customers"),
        ("select $0total from orders", " ", "is empty"),
        (
            "select $0order_id from order_lines full join (select id as order_id from orders) o"
            " using (order_id)",
            "x",
            "USING",
        ),
        ("select o.$0total from orders o natural join order_lines", "line", "NATURAL"),
        # The new name would be another table's as well.
        (
            "select $0total from orders join customers c on c.id = orders.customer_id",
            "email",
            "mean",
        ),
        ("select c.name, email from customers c, orders o where o.$0total = 1", "email", "mean"),
        ("with sales as (select 1 x) select x from sales, $0orders", "sales", "mean"),
        ("create view marketing.leads as select $0total from orders", "amount", "with AS there"),
    ],
)
def test_not_where_a_meaning_would_change(sql: str, name: str, message: str) -> None:
    with pytest.raises(CannotRename, match=message):
        renamed(sql, name)


@pytest.mark.parametrize(
    "sql", ["select $0 1", "select $0o.id from orders o", "with $0c as (select 1) select * from c"]
)
def test_what_is_not_stored(sql: str) -> None:
    at = caret(sql)
    assert stored_at(at.snapshot, at.offset) is None


def test_a_temporary_table_of_the_same_name_is_another() -> None:
    at = caret("create temp table $0orders (id int); select id from orders;")
    assert stored_at(at.snapshot, at.offset) is None


def test_a_table_that_would_hide_another() -> None:
    at = caret("select total from $0orders")
    (_, stored) = stored_at(at.snapshot, at.offset) or (None, None)
    assert stored
    wanted = renaming(stored, "leads", at.snapshot.catalog)
    other = Snapshot("select source from leads", at.snapshot.catalog, "postgres")
    qualified = Snapshot("select source from marketing.leads", at.snapshot.catalog, "postgres")
    assert rename_stored(at.snapshot, wanted)
    assert not rename_stored(qualified, wanted)
    with pytest.raises(CannotRename, match="something else"):
        rename_stored(other, wanted)


@pytest.mark.parametrize(
    ("dialect", "of_table", "of_column"),
    [
        ("postgres", "public.orders RENAME TO sales", "public.orders RENAME COLUMN total TO sales"),
        (
            "snowflake",
            "public.orders RENAME TO public.sales",
            "public.orders RENAME COLUMN total TO sales",
        ),
        ("tsql", "'[public].orders', 'sales'", "'[public].orders.total', 'sales', 'COLUMN'"),
    ],
)
def test_the_statement(dialect: str, of_table: str, of_column: str) -> None:
    start = "EXEC sp_rename" if dialect == "tsql" else "ALTER TABLE"
    for sql, expected in (
        ("select 1 from $0orders", of_table),
        ("select $0total from orders", of_column),
    ):
        at = caret(sql, dialect)
        found = stored_at(at.snapshot, at.offset)
        assert found
        wanted = renaming(found[1], "sales", at.snapshot.catalog)
        assert rename_statement(wanted, at.snapshot.catalog) == f"{start} {expected}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "create index i on orders (id, lower(total)) where total > 3",
            "create index i on orders (id, lower(amount)) where amount > 3",
        ),
        (
            "comment on column orders.total is 'total'",
            "comment on column orders.amount is 'total'",
        ),
        (
            "grant select (id, total), insert on orders to bob",
            "grant select (id, amount), insert on orders to bob",
        ),
        ("alter table orders drop column total", "alter table orders drop column amount"),
        (
            "create table x (total int references orders (total), check (total > 1))",
            "create table x (total int references orders (amount), check (total > 1))",
        ),
        (
            "alter table orders add foreign key (total) references customers (total)",
            "alter table orders add foreign key (amount) references customers (total)",
        ),
        ("create index i on customers (total)", "create index i on customers (total)"),
    ],
)
def test_a_column_in_a_definition(before: str, after: str) -> None:
    found = renamed(f"select $0total from orders; {before}", "amount")
    assert found == f"select amount from orders; {after}"


@pytest.mark.parametrize(
    "sql",
    [
        "create index orders_i on {} (id)",
        "create table x (orders int references {} (id))",
        "comment on table {} is 'orders'",
        "comment on column {}.id is 'orders'",
        "grant select, insert on customers, {} to orders_reader",
        "truncate customers, {}",
        "create trigger orders after insert on {} for each row execute function f()",
        "alter table {} add column orders int",
        "drop table if exists {} cascade",
    ],
)
def test_a_table_in_a_definition(sql: str) -> None:
    found = renamed(f"select * from $0orders; {sql.format('orders')}", "purchases")
    assert found == f"select * from purchases; {sql.format('purchases')}"
