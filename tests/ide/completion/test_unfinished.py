"""Carets in text that does not parse yet, in comments, strings and templates."""

from defog_metadata.sql.source.templates import FILLED_IN
from tests.ide.completion.offers import ALL, Case, cases, check, items_at, without

UNFINISHED: list[Case] = [
    # a missing select list, trailing commas and dots
    (ALL, "select $0 from orders where", "id total", "name"),
    (ALL, "select from orders where $0", "id total", "name"),
    (ALL, "select id, $0 from orders", "total status", "name"),
    (ALL, "select id, from orders where $0", "total", "name"),
    (ALL, "select id,, $0 from orders", "total", "name"),
    (ALL, "select o. from orders o where o.$0", "id total", "name"),
    (ALL, "select o.$0\nfrom orders o where", "id total", "name"),
    (ALL, "select o.id, o.$0, o. from orders o", "total", "name"),
    (ALL, "select * from orders o where o.id = and o.$0", "total", "name"),
    (ALL, "select * from orders o order by o.$0,", "total", "name"),
    (ALL, "select * from orders o group by status, $0", "total", "name"),
    # open brackets and branches
    (ALL, "select coalesce(o.$0 from orders o", "total", "name"),
    (ALL, "select sum(total, $0 from orders", "id", "name"),
    (ALL, "select (o.total + $0 from orders o", "id total", "name"),
    (ALL, "select * from orders where (id = 1 or (total > $0", "id total", "name"),
    (ALL, "select * from orders where id in (1, $0", "total", "name"),
    (ALL, "select * from (select id as n from orders where ) x where x.$0", "n", "total"),
    (ALL, "select case when $0 from orders", "id total", "name"),
    (ALL, "select case when id = 1 then $0 from orders", "total", "name"),
    (ALL, "select case when id = 1 then 2 else $0 from orders", "total", "name"),
    (ALL, "select sum(total) over (partition by $0 from orders", "status", "name"),
    (ALL, "select * from orders o join customers c on (c.$0", "id name", "total"),
    (
        ALL,
        "select * from orders o join customers c on c.id = o.$0 where o.total =",
        "customer_id",
        "name",
    ),
    # nothing behind the caret
    (ALL, "select * from orders where $0", "id total", "name"),
    (ALL, "select * from orders where total > 5 and $0", "id status", "name"),
    (ALL, "select * from orders where total between $0", "id total", "name"),
    (ALL, "select * from orders where total between 1 and $0", "id total", "name"),
    (ALL, "select * from orders o join customers c on $0", "o.id c.id", "id"),
    (ALL, "update orders set total = $0", "total", "name"),
    (ALL, "insert into orders (id, $0", "total", "name"),
    (ALL, "with x as (select id as n from orders) select $0", "n", "AND"),
    (ALL, "with x as (select id as n from orders where $0", "id total", "name"),
    (ALL, "with x as (select $0", "id total", "FROM WHERE"),
    # half-typed words
    (ALL, "select * from orders wh$0", "WHERE", "JOIN id"),
    (ALL, "select * from orders o jo$0", "JOIN", "WHERE id"),
    (ALL, "select * from orders o left jo$0", "JOIN", "WHERE"),
    (ALL, "select * from orders order b$0", "BY", "id"),
    (ALL, "select st$0 from orders", "status", "total name"),
    (ALL, "select o.st$0 from orders o", "status", "total"),
    (ALL, "select * from ord$0", "orders order_lines", "customers"),
    (ALL, "select * fro$0", "FROM", "WHERE id"),
    # the caret inside a word, and right before one
    (ALL, "select sta$0tus from orders", "status", "total"),
    (ALL, "select * from ord$0ers o where o.id = 1", "orders", "customers"),
    (ALL, "select o.to$0tal from orders o", "total", "status"),
    (ALL, "select $0total from orders", "id total", "name"),
    (ALL, "select * from $0orders", "orders customers", "id"),
    (ALL, "select * from orders where $0id = 1", "id total", "name"),
]

NEIGHBOURS: list[Case] = [
    # a statement above or below without a semicolon between
    (ALL, "select o.$0 from orders o\nselect * from customers", "total", "name"),
    (ALL, "select * from customers\nselect o.$0 from orders o", "total", "name"),
    (ALL, "select * from customers\nselect $0 from orders", "id total", "name"),
    (ALL, "update orders set total = $0\nselect name from customers", "total", "name"),
    (ALL, "delete from orders where $0\nselect name from customers", "total", "name"),
    (ALL, "select * from customers where name =\n\nupdate orders set $0 = 1", "total", "name"),
    (ALL, "select * from $0\nselect 1", "orders", "id"),
    # broken neighbours behind semicolons
    (ALL, "selct x from y; select $0 from orders", "id total", "name"),
    (ALL, "select ((( from customers; select $0 from orders", "total", "name"),
    (ALL, "select * from (select 1; select o.$0 from orders o", "total", "name"),
    (ALL, "select case when; select $0 from orders", "total", "name"),
    (ALL, "select $0 from orders; select ((", "total", "name"),
    (ALL, "select 'open from customers;\nselect $0 from orders;\nselect 'x'", "total", "name"),
    (ALL, "select 'open from customers;\nselect $0 from orders", "total", "name"),
    (ALL, "select $0 from orders;\nselect 'open from customers;\nselect 1", "total", "name"),
    (ALL, "select 'a;\nselect 'b;\nselect $0 from orders", "total", "name"),
    (
        "postgres sqlite snowflake duckdb",
        'select "open from customers;\nselect $0 from orders',
        "total",
        "name",
    ),
    ("mysql bigquery", "select `open from customers;\nselect $0 from orders", "total", "name"),
    ("tsql", "select [open from customers;\nselect $0 from orders", "total", "name"),
    ("tsql", "select 'open\nGO\nselect $0 from orders", "total", "name"),
    # WITH that is broken around the caret
    (
        ALL,
        "with a as (select x from orders where ), b as (select $0 from a) select 1",
        "x",
        "total",
    ),
    (ALL, "with a as (select id as n from orders), b as (select ) select $0 from a", "n", "total"),
    (ALL, "with a as (select $0 from orders), b as (select from) select", "id total", "name"),
    (ALL, "with a as (select id as n from orders), b as ( select $0 from a", "n", "total"),
]

INSIDE: list[Case] = [
    (ALL, "select 'cu$0' from orders", "", "customers id SELECT"),
    (ALL, "select 'cu$0", "", "customers id SELECT"),
    (ALL, "select * from orders where total = 'x$0'", "", "id total AND"),
    (ALL, "select 1 -- cu$0", "", "customers SELECT FROM"),
    (ALL, "select 1 -- cu$0\nfrom orders", "", "customers SELECT FROM"),
    (ALL, "select 1 /* cu$0 */ from orders", "", "customers SELECT"),
    (ALL, "select 1 /* cu$0", "", "customers SELECT"),
    ("mysql bigquery", "select 1 # cu$0", "", "customers SELECT"),
    ("snowflake", "select 1 // cu$0", "", "customers SELECT"),
    ("postgres snowflake duckdb", "select $$ cu$0 $$", "", "customers SELECT"),
    (ALL, "select 12$0 from orders", "", "id total"),
    (ALL, "select 1.5$0", "", "id SELECT"),
    (ALL, "-- only a comment $0", "", "SELECT customers"),
    (ALL, "select 'it''s $0' from orders", "", "id SELECT"),
    (ALL, "select /* note */ $0 from orders", "id total", "name"),
    (ALL, "select id, -- first\n  $0 -- second\nfrom orders", "total", "name"),
    (ALL, "select * -- all\nfrom orders o -- them\nwhere o.$0", "total", "name"),
    (ALL, "/* before */ select $0 from orders", "total", "name"),
]

AROUND: list[Case] = [
    (ALL, "select id,\r\n  $0\r\nfrom orders\r\n", "total", "name"),
    (ALL, "select *\r\nfrom orders o\r\nwhere o.$0", "total", "name"),
    (ALL, "select\t$0\tfrom\torders", "total", "name"),
    (ALL, "select '😀', $0 from orders", "total", "name"),
    (ALL, "-- 😀😀\nselect '😀' as a, o.$0 from orders o", "total", "name"),
    (ALL, "\ufeffselect $0 from orders", "total", "name"),
    (ALL, "\n\n\n  select $0 from orders  \n\n", "total", "name"),
    (ALL, "select $0 from {{ ref('a') }} x join orders o on o.id = x.id", "total", "name"),
    (ALL, "select o.$0 from {{ source('a', 'b') }} x, orders o", "total", "name"),
    (ALL, "{{ config(materialized='table') }}\nselect $0 from orders", "total", "name"),
    (ALL, "{% set x = 1 %}\nselect $0 from orders", "total", "name"),
    (ALL, "select {% if a %} id, {% endif %} $0 from orders", "total", "name"),
    (ALL, "select * from orders where {% if a %} id = 1 and {% endif %} $0", "total", "name"),
    (ALL, "select * from orders where id = {{ x }} and $0", "total", "name"),
    (ALL, "select * from orders where id in ({{ ids | join(', ') }}) and $0", "total", "name"),
    (ALL, "{# it's a note #} select $0 from orders", "total", "name"),
    (ALL, "select {{ cu$0 }} from orders", "", "customers id"),
    (ALL, "select o.$0 from {{ ref('orders') }} o", "total", "name"),
    (ALL, "select o.$0 from {{ source('public', 'orders') }} as o", "total", "name"),
    (
        ALL,
        "select * from {{ ref('customers') }} c join {{ ref('orders') }} o on o.$0",
        "total",
        "email",
    ),
    (ALL, "with o as (select * from {{ ref('orders') }}) select $0 from o", "total", "name"),
    (ALL, "select $0 from orders where status = '{{ var('status') }}'", "total", "name"),
    (ALL, "select * from orders where status = '{{ x('a') }}' and $0", "total", "name"),
    (
        ALL,
        "with a as (select {{ x }} as {{ y }}, id from orders) select a.$0 from a",
        "id",
        "total",
    ),
    (ALL, "{% macro m(x) %}\nselect $0 from orders\n{% endmacro %}", "total", "name"),
    (
        ALL,
        "select {% for x in xs %} {{ x }} as {{ x }}_sum, {% endfor %} $0 from orders",
        "total",
        "name",
    ),
    (
        ALL,
        "with x as (select id as n from orders where a = {{ y }}) select $0 from x",
        "n",
        "total",
    ),
    (ALL, "select * from orders where id = ? and $0", "total", "name"),
    (ALL, "select * from orders where id = :id and $0", "total", "name"),
    (ALL, "select * from orders where id = %s and $0", "total", "name"),
    (ALL, "select * from orders where id = %(id)s and $0", "total", "name"),
    (ALL, "select * from orders where id = ${id} and $0", "total", "name"),
    ("postgres", "select * from orders where id = $1 and $0", "total", "name"),
    ("mysql tsql bigquery", "select * from orders where id = @id and $0", "total", "name"),
    ("postgres", "\\set x 1\nselect $0 from orders", "total", "name"),
    ("postgres", "\\d orders\nselect $0 from orders", "total", "name"),
    ("tsql", "use shop\nGO\nselect $0 from orders\nGO", "total", "name"),
    ("mysql", "delimiter //\nselect $0 from orders//", "total", "name"),
    (without("tsql"), "select * from orders limit 5; select $0 from orders", "total", "name"),
]


@cases(UNFINISHED, NEIGHBOURS, INSIDE, AROUND)
def test_text_that_is_being_typed(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted)


def test_what_a_template_fills_in_has_no_name_to_offer() -> None:
    sql = (
        "with a as (select {{ x }} as {{ y }}, id from orders) select $0 from a, {{ b }} c, {{ d }}"
    )
    labels = {it.label for it in items_at(sql, "postgres")}
    assert {"id", "a", "c"} <= labels
    assert not any(FILLED_IN in it for it in labels)
