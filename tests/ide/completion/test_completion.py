"""Completion at carets in finished and unfinished text.

Each case names labels that must be offered and labels that must not be.
"""

import pytest

from defog_lsp.ide.completion import Item, complete
from defog_metadata.catalog import Catalog, Table
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.usage import usage_of
from tests.fixture import CATALOG, caret


def items_of(sql: str, dialect: str = "postgres") -> list[Item]:
    at = caret(sql, dialect)
    return list(complete(at.snapshot, at.offset).items)


def labels_of(sql: str, dialect: str = "postgres") -> list[str]:
    return [it.label for it in items_of(sql, dialect)]


def check(sql: str, wanted: str, unwanted: str = "", dialect: str = "postgres") -> None:
    labels = set(labels_of(sql, dialect))
    assert not set(wanted.split()) - labels
    assert not set(unwanted.split()) & labels


@pytest.mark.parametrize(
    ("sql", "wanted", "unwanted"),
    [
        # relations
        ("select * from $0", "customers order_lines orders marketing", "id SELECT WHERE"),
        ("select * from cu$0", "customers", "orders"),
        ("select * from orders join $0", "customers orders", "id"),
        ("select * from public.$0", "customers orders", "leads marketing"),
        ("select * from marketing.$0", "leads", "customers"),
        ("with x as (select 1) select * from $0", "x customers", ""),
        ("with x as (select 1), y as (select * from $0", "x customers", "y"),
        ("insert into $0", "customers orders", "id"),
        ("update $0", "orders", ""),
        ("delete from $0", "orders", ""),
        ("create temp table mine as select 1 as a; select * from $0", "mine customers", ""),
        ("create table mine (a int);\ndrop table mine;\nselect * from $0", "customers", "mine"),
        # columns
        ("select $0 from orders", "id customer_id total status placed_at orders", "name"),
        ("select o.$0 from orders o", "id customer_id total", "name o SELECT"),
        ("select orders.$0 from orders", "id", ""),
        ("select public.orders.$0 from public.orders", "id", ""),
        ("select to$0 from orders", "total", "id"),
        ("select * from orders where $0", "id total", "name"),
        ("select * from orders o join customers c on $0", "o.id customer_id c.id name o c", ""),
        ("select * from orders o join customers c on o.customer_id = c.$0", "id name", "total"),
        ("select * from orders group by $0", "id", ""),
        ("select total as t from orders order by $0", "t id total", ""),
        ("select sum(total) over (partition by $0) from orders", "id status", ""),
        ("insert into orders ($0", "id customer_id", "name SELECT"),
        ("insert into orders (id, $0) values (1)", "id total", ""),
        ("update orders set $0", "id total", "name"),
        ("update orders set total = $0 where id = 1", "id total", ""),
        ("delete from orders where $0", "id", ""),
        ("insert into orders values (1) returning $0", "id", ""),
        ("insert into orders (id) values (1) on conflict (id) do update set total = excluded.$0", "id total", ""),
        # scopes
        ("with x(a, b) as (select id, total from orders) select $0 from x", "a b", "id total"),
        ("with x as (select id as n from orders) select x.$0 from x", "n", "id"),
        ("select $0 from (select id, total * 2 as twice from orders) y", "id twice", "status"),
        ("select (select $0 from customers c where c.id = o.id) from orders o", "c.id name o.id total".replace("c.id", "id"), ""),
        ("select * from orders o, lateral (select o.$0) x", "id total", ""),
        ("select * from customers a, (select a.$0 from orders c) x", "", "name email total"),
        # a select list before its FROM
        ("select $0", "id total email quantity", ""),
        ("select c.$0", "name email", "total"),
        ("select ol.$0", "quantity", "total"),
        ("with x as (select id as n from orders) select $0", "n total", ""),
        ("select $0 from orders natural join customers", "id total name", ""),
        ("select $0 from orders join customers using (id)", "id", ""),
        # after something complete
        ("select * from orders $0", "JOIN WHERE", "id customers"),
        ("select id $0 from orders", "AS", "id"),
        ("select * from orders where id $0", "AND IN", "id"),
        ("select * from orders group $0", "BY", "id"),
        ("select case when id = 1 $0 from orders", "THEN", "id"),
        ("$0", "SELECT WITH", "id customers"),
        ("select 1; $0", "SELECT", "id"),
        ("sel$0", "SELECT", "DELETE"),
        # nothing to offer
        ("select id as $0 from orders", "", "id SELECT total"),
        ("select 'cu$0' from orders", "", "customers id"),
        ("select 'cu$0", "", "customers id"),
        ("select 1 -- cu$0", "", "customers SELECT"),
        ("select 1 /* cu$0 */", "", "customers SELECT"),
        ("select 12$0", "", "id SELECT"),
    ],
)  # fmt: skip
def test_what_is_offered(sql: str, wanted: str, unwanted: str) -> None:
    check(sql, wanted, unwanted)


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("select o.$0\nfrom orders o where", "id total"),
        ("select a,, o.$0 from orders o where (", "id total"),
        ("select case when o.$0 from orders o", "id total"),
        ("select coalesce(o.$0 from orders o", "id total"),
        ("select sum(o.$0 over (partition by x) from orders o group by", "id total"),
        ("select * from orders o where o.id in (select $0 from customers c where c.id = o.", "id name"),
        ("select * from orders o where o.total between $0", "id total"),
        ("select * from orders o where (o.id = 1 or (o.total > 3 and $0", "id total"),
        ("with a as (select x from orders where ), b as (select $0 from a) select", "x"),
        ("select o.$0 from orders o\nselect * from customers", "id total"),
        ("select * from customers\nselect o.$0 from orders o", "id total"),
        ("select 'open from orders; select $0 from orders", ""),
        ("merge into orders o using customers c on o.$0", "id total"),
        ("select id, from orders where $0", "id total"),
        ("selct x from y; select $0 from orders", "id total"),
        ("select * from orders o join customers c on c.id = o.customer_id and c.$0 where o.id =", "name"),
        ("select o.id o.$0 from orders o", "total"),
        ("select * from (select id, total from orders) q where q.$0 group by (", "id total"),
        ("insert into orders (id, total) select $0 from customers c where", "id name"),
        ("update orders o set total = (select max($0 from customers c", "id name"),
    ],
)  # fmt: skip
def test_unfinished_text(sql: str, wanted: str) -> None:
    check(sql, wanted)


def test_names_are_quoted_and_qualified_where_they_must_be() -> None:
    def inserted(sql: str, label: str, dialect: str = "postgres") -> str:
        return next(it.insert for it in items_of(sql, dialect) if it.label == label)

    assert inserted("select $0 from customers", "Region") == '"Region"'
    assert inserted("select $0 from customers", "Region", "mysql") == "Region"
    assert inserted("select * from $0", "leads") == "marketing.leads"
    assert inserted("select $0 from orders o, customers c", "o.id") == "o.id"


def test_an_item_replaces_the_typed_word_with_its_quote() -> None:
    at = caret('select "Re$0 from customers')
    (region, *_) = complete(at.snapshot, at.offset).items
    assert (region.label, region.insert) == ("Region", '"Region"')
    assert at.snapshot.text[region.span.start : region.span.end] == '"Re'


def test_items_say_what_they_are() -> None:
    total = next(it for it in items_of("select $0 from orders o") if it.label == "total")
    assert (total.kind, total.detail, total.description) == ("column", "numeric(10,2)", "orders")
    assert "In euros, with tax." in total.documentation
    leads = next(it for it in items_of("select * from $0") if it.label == "leads")
    assert (leads.kind, leads.description) == ("view", "marketing")
    customers = next(it for it in items_of("select * from $0") if it.label == "customers")
    assert customers.documentation == "People who have bought something."


def test_from_comes_before_filter() -> None:
    assert labels_of("select count(*) f$0") == ["FROM", "FILTER"]


def test_better_fits_come_first() -> None:
    assert labels_of("select id$0 from orders")[:2] == ["id", "customer_id"]
    assert labels_of("select cid$0 from orders")[0] == "customer_id"
    assert labels_of("select * from ol$0")[0] == "order_lines"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from orders o join customers c on o.customer_id = $0", "c.id"),
        ("select * from orders o join customers c on o.customer_id = c.$0", "id"),
        ("select * from orders o join customers c on c.id = o.$0", "customer_id"),
        ("select * from orders o join $0", "customers order_lines"),
        ("select source from $0", "leads"),
        ("with recent as (select * from orders) select * from $0", "recent"),
        ("select status, count(*) from orders group by $0", "status"),
        ("select $0 from orders group by status", "status"),
        ("select total as t from orders order by $0", "t"),
        ("select sum($0) from orders", "total"),
        ("select date_trunc('day', $0) from orders", "placed_at"),
        ("-- Where should the receipts go?\nselect $0 from customers", "email"),
        ("select email, count(*) from customers where $0 group by email", "email"),
        ("insert into orders (id, $0) values (1)", "customer_id"),
    ],
)
def test_what_the_statement_is_about_comes_first(sql: str, expected: str) -> None:
    assert labels_of(sql)[: len(expected.split())] == expected.split()


@pytest.mark.parametrize(
    ("sql", "label", "insert"),
    [
        # a table with its whole condition, in both directions, by the names in use
        ("select * from orders o join $0", "customers c ON c.id = o.customer_id", ""),
        ("select * from orders join $0", "customers ON customers.id = orders.customer_id", ""),
        ("select * from orders o join $0", "order_lines ol ON ol.order_id = o.id", ""),
        ("select * from customers c join o$0", "orders o ON o.customer_id = c.id", ""),
        # the condition alone
        ("select * from orders o join customers c on $0", "c.id = o.customer_id", ""),
        ("select * from customers c join orders o on $0 where c.id = 1", "o.customer_id = c.id", ""),
        ("with x as (select id as customer_id from customers) select * from orders o join x on $0",
         "x.customer_id = o.customer_id", ""),
        # lists
        ("insert into orders $0", "(id, customer_id, total, status, placed_at) VALUES (…)",
         "(id, customer_id, total, status, placed_at) VALUES ()"),
        ("insert into orders ($0", "id, customer_id, total, status, placed_at) VALUES (…)",
         "id, customer_id, total, status, placed_at) VALUES ()"),
        ("select *$0 from orders", "id, customer_id, total, status, placed_at", ""),
        ("select o.*$0 from orders o, customers", "id, o.customer_id, o.total, o.status, o.placed_at", ""),
        ("select *$0 from customers c, marketing.leads l", 'c.id, c.name, c.email, c."Region", l.id, l.source', ""),
        ("select status, lower(status) as s, count(*) from orders group by $0", "status, LOWER(status)", ""),
        # values
        ("select * from orders where status = $0", "'open'", ""),
        ("select * from orders where status = '$0", "open", ""),
        ("select * from orders where status = '$0' and id = 1", "open", ""),
        ("select * from orders where status in ('open', 'p$0')", "paid", ""),
        ("select * from orders o where o.status <> '$0", "paid", ""),
        # types
        ("select cast(id as $0)", "integer", ""),
        ("select id::num$0 from orders", "numeric", ""),
    ],
)  # fmt: skip
def test_whole_answers(sql: str, label: str, insert: str) -> None:
    found = {it.label: it.insert for it in items_of(sql)}
    assert found.get(label) == (insert or label)


@pytest.mark.parametrize(
    ("sql", "unwanted"),
    [
        ("select * from orders o join $0 on true", "customers c ON c.id = o.customer_id"),
        ("select * from orders o, $0", "customers c ON c.id = o.customer_id"),
        ("select * from orders where total = '$0", "open"),
        ("select 'op$0' from orders", "open"),
        ("select total * $0 from orders", "id, customer_id, total, status, placed_at"),
        ("select count(*$0) from orders", "id, customer_id, total, status, placed_at"),
        ("select x as $0 from orders", "integer"),
        ("update orders o set $0 from customers c", "name"),
    ],
)
def test_no_answers_where_they_would_not_fit(sql: str, unwanted: str) -> None:
    assert unwanted not in labels_of(sql)


@pytest.mark.parametrize(
    "dialect", ["postgres", "mysql", "sqlite", "snowflake", "bigquery", "tsql", "duckdb"]
)
def test_joins_are_offered_in_every_dialect(dialect: str) -> None:
    wanted = "customers c ON c.id = o.customer_id"
    assert wanted in labels_of("select * from orders o join $0", dialect)
    assert wanted in labels_of("select * from orders o left join cu$0 where o.id = 1", dialect)
    assert wanted not in labels_of("select * from orders o join cu$0 c on c.id = 1", dialect)
    assert wanted not in labels_of("select * from orders o join $0 using (id)", dialect)


def test_insert_has_tab_stops_for_clients_that_know_them() -> None:
    (insertion, *_) = items_of("insert into orders $0")
    assert insertion.snippet.endswith(
        "VALUES (${1:id}, ${2:customer_id}, ${3:total}, ${4:status}, ${5:placed_at})"
    )


def test_keywords_follow_the_case_of_what_is_typed() -> None:
    assert [it.insert for it in items_of("sel$0")] == ["select"]
    assert [it.insert for it in items_of("SEL$0")] == ["SELECT"]


def test_a_long_list_is_cut_and_says_so() -> None:
    catalog = Catalog.of(*(Table(f"t{i:04}", schema="public") for i in range(2000)))
    sql = "select * from "
    found = complete(Snapshot(sql, catalog, "postgres"), len(sql))
    assert len(found.items) == 100
    assert found.is_incomplete
    narrowed = complete(Snapshot(sql + "t1999", catalog, "postgres"), len(sql) + 5)
    assert [it.label for it in narrowed.items] == ["t1999"]
    assert not narrowed.is_incomplete


def test_golden_queries_show_what_belongs_together() -> None:
    golden = ["select l.source from orders o join marketing.leads l on l.id = o.total"]
    usage = usage_of(golden, CATALOG, "postgres")

    def labels(sql: str) -> list[str]:
        at = caret(sql)
        snapshot = Snapshot(at.snapshot.text, CATALOG, "postgres", usage)
        return [it.label for it in complete(snapshot, at.offset).items]

    assert "marketing.leads l ON l.id = o.total" in labels("select * from orders o join $0")
    assert labels("select * from orders o join marketing.leads l on $0")[0] == "l.id = o.total"
    assert labels("select l.$0 from marketing.leads l")[0] == "source"
