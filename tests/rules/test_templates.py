"""SQL that a program fills in: placeholders are no mistakes, and what is around them is checked."""

import pytest

from defog_metadata.catalog import Catalog, Table
from defog_metadata.rules import check as run
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import TABLES, annotations, snapshot_of

DIALECTS = (
    "", "postgres", "mysql", "sqlite", "bigquery", "snowflake", "tsql", "oracle", "duckdb",
    "redshift", "databricks",
)  # fmt: skip
PLACEHOLDERS = (
    ":name", ":1", "%s", "%(name)s", "?", "?1", "$1", "$name", "@name", "${name}", "{name}",
    "{name.part}", "{0}", "{}", "{{ name }}", "{{ var('name') }}", '{{ var("name") }}',
    "{{-name-}}", "{{ macro(ref('orders'), ['a', 'b']) | join(', ') }}",
)  # fmt: skip
ONLY_IN = {
    ":'name'": ("postgres", "redshift"),
    ':"name"': ("postgres", "redshift"),
    "&name": ("oracle",),
    "&&name": ("oracle",),
    "$(name)": ("tsql",),
}
PLACES = (
    "select id from orders where total > {}",
    "select id from orders where status in ({}, {})",
    "select id from orders where status in {}",
    "select id, {} as x from orders",
    "select {} from orders",
    "select id from orders limit {}",
    "select * from {}",
    "select o.id from {} o where o.id = 1",
    "select id from orders where total between {} and {}",
    "insert into orders (id, total) values ({}, {})",
    "update orders set total = {} where id = {}",
    "select coalesce({}, 1) from orders",
    "delete from orders where id = {}",
    "select id from orders where ({} is null or id = {})",
    "select id from orders order by {}",
    "select count(*) from orders group by {}",
)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_placeholders_are_never_errors(dialect: str) -> None:
    known = (*PLACEHOLDERS, *(it for it, where in ONLY_IN.items() if dialect in where))
    for placeholder in known:
        for place in PLACES:
            sql = place.replace("{}", placeholder)
            assert [it.message for it in run(snapshot_of(sql, dialect))] == [], sql


@pytest.mark.parametrize(
    "sql",
    [
        "select id from orders where total > ${limit} and nope = 1",
        "select id from orders where total > {limit} and nope = 1",
        "select id from orders where total > %(limit)s and nope = 1",
        "select id from orders where total > :limit and nope = 1",
        "select id from orders where total > ? and nope = 1",
        "select id from orders where total > {{ limit }} and nope = 1",
        "select id from orders where status = '{{ var('status') }}' and nope = 1",
        "select nope, {{ fee('total') }} as fee from orders",
        "select nope from orders -- {{ a comment }}",
        "select nope from orders {% if x %} where total > 1 {% endif %}",
        "select nope from orders where 1 = 1 {% for x in xs %} and total <> {{ x }} {% endfor %}",
        "{{ config(materialized='table') }}\n\nselect nope from {{ ref('orders') }}",
        "select nope from {{ ref('package', 'orders') }} o",
        "select nope from {{ source('public', 'orders') }}",
        '{{ config(post_hook="grant select on {{ this }} to x") }}select nope from orders',
        "{% set x = ref('orders') %}select nope from orders",
        "{% macro m(x) %} {{ x }} from where {% endmacro %} select nope from orders",
        "{%- set query -%} select from {%- endset -%} select nope from orders",
        "{% snapshot s %} select nope from orders {% endsnapshot %}",
        "{% raw %}select nope from orders{% endraw %}",
    ],
)
def test_what_is_around_them_is_checked(sql: str) -> None:
    found = [(it.code, sql[it.span.start : it.span.end]) for it in run(snapshot_of(sql))]
    assert found == [("unknown-column", "nope")]


@pytest.mark.parametrize(
    "sql",
    [
        # a list, a clause or a join could stand there
        "select nope, {{ columns }} from orders",
        "select {{ columns }} nope from orders",
        "select nope from orders {{ joined }}",
        "select nope from orders o {{ joined }} where x.id = 1",
        "select nope from orders group by {{ columns }}",
        "with a as (select {{ columns }} from orders) select nope from a",
        "with a as (select {{ star('orders') }}, id from orders) select nope from a",
        "with a as (select id, total as {{ name }} from orders) select nope from a",
        "select {% for x in xs %} {{ x }} as {{ x }}_sum, {% endfor %} nope from orders",
        "{{ head() }} select nope from orders",
        # tables that the catalog does not have, or that may have changed
        "select nope from {{ ref('made_by_dbt') }}",
        "select nope from {{ source('elsewhere', 'orders') }}",
        "select nope from {{ ref('orders', v=2) }}",
        "select o.nope from {{ this }} o",
        "select nope from {{ schema }}.orders",
        "select nope from orders_{{ suffix }}",
        "select {{ alias }}.nope from orders",
        "create table {{ aa }} as select id from orders; select nope from {{ bb }}",
        # one branch is read, and the other could be the one
        "select nope from {% if x %} orders {% else %} {{ y }} {% endif %}",
        "select nope {% if x %} from orders {% else %} from customers {% endif %}",
        # a word that the template itself uses
        "{% set columns = ['nope'] %} select nope from orders where {{ columns[0] }} = 1",
        # text that is no statement
        "{% macro m() %} select nope from orders {% endmacro %}",
        "{% set q %} select nope from orders {% endset %}",
        "{% test t(model) %} select nope from {{ model }} {% endtest %}",
        # broken, as far as one can see
        "select {{ x }} {{ y }} from orders where (",
        "select id from orders where {% if x %} total = {% endif %}",
        "select id from {{ x",
        "select id from orders {% if",
    ],
)
def test_where_it_is_not_safe_nothing_is_said(sql: str) -> None:
    assert [it.message for it in run(snapshot_of(sql))] == []


def test_what_only_names_tables_is_as_certain_as_any_sql() -> None:
    sql = "{{ config(x=1) }} select id from {{ ref('orders') }} where (total > 1"
    assert [it.code for it in run(snapshot_of(sql))] == ["syntax-error"]


def test_a_model_that_several_schemas_have_is_not_judged() -> None:
    twice = Catalog.of(*TABLES, Table("orders", (), schema="raw"), dialect="postgres")
    sql = "select nope from {{ ref('orders') }}"
    assert run(Snapshot(sql, twice, "postgres")) == []
    assert len(run(Snapshot("select nope from orders", twice, "postgres"))) == 1


def test_messages_are_in_the_words_of_the_template() -> None:
    (found,) = run(snapshot_of("select x.id from {{ one }}, ${two} t, orders o"))
    assert found.message == "x names nothing here; in scope: {{ one }}, t, o"


def check(sql: str, dialect: str = "postgres") -> None:
    found = [(it.span, it.code) for it in run(snapshot_of(sql, dialect))]
    assert sorted(found) == sorted(annotations(sql))


@pytest.mark.parametrize("dialect", ["postgres", "bigquery", "snowflake", "duckdb", "databricks"])
def test_a_staging_model(dialect: str) -> None:
    check(
        """
{{
    config(
        materialized = 'view',
        tags = ["staging"],
    )
}}

with source as (
    select * from {{ source('public', 'orders') }}
),

renamed as (
    select
        id as order_id,
        customer_id,
        {{ cents_to_dollars('total') }} as amount,
        {{ dbt_utils.generate_surrogate_key(['id', 'customer_id']) }} as order_key,
        stauts
--      ^^^^^^ unknown-column
    from source
)

select order_id, amount, order_key, stage from renamed
--                                  ^^^^^ unknown-column
""",
        dialect,
    )


@pytest.mark.parametrize("dialect", ["postgres", "bigquery", "snowflake", "duckdb", "databricks"])
def test_an_incremental_model(dialect: str) -> None:
    check(
        """
{{ config(materialized='incremental', unique_key='id') }}
{# only what is new #}
{%- set days = 3 -%}

select o.id, o.placed_at, c.name, c.nme
--                                  ^^^ unknown-column
from {{ ref('orders') }} as o
join {{ ref('customers') }} c on c.id = o.customer_id
where o.status = '{{ var('status', 'paid') }}'
{% if is_incremental() %}
  and o.placed_at > (select max(placed_at) from {{ this }})
  and o.plced_at is not null
--      ^^^^^^^^ unknown-column
{% endif %}
""",
        dialect,
    )


def test_a_model_with_a_loop() -> None:
    check(
        """
{% set statuses = ['open', 'paid'] %}

with totals as (
    select
        customer_id,
        {% for status in statuses -%}
        sum(case when status = '{{ status }}' then total else 0 end) as {{ status }}_total
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('orders') }}
    group by customer_id
)
select c.id, t.open_total, t.paid_total
from {{ ref('customers') }} c
left join totals t on t.customer_id = c.id
"""
    )


def test_columns_of_a_loop_are_checked_where_they_are_known() -> None:
    check(
        """
select id
from {{ ref('orders') }}
where status in (
    {% for status in ['open', 'paid'] %}
    '{{ status }}'{% if not loop.last %},{% endif %}
    {% endfor %}
)
and totl > 1
--  ^^^^ unknown-column
"""
    )


def test_a_union_of_sources() -> None:
    check(
        """
{%- set regions = ['eu', 'us'] -%}
{%- for region in regions %}
select id, total, '{{ region }}' as region from {{ source(region, 'orders') }}
{% if not loop.last %}union all{% endif %}
{%- endfor %}
"""
    )


def test_macros() -> None:
    check(
        """
{% macro limit_rows(column, days=3) -%}
    {% if target.name == 'dev' %}
    where {{ column }} >= current_date - interval '{{ days }} day';
    {% else %}
    limit 10 (
    {% endif %}
{%- endmacro %}

{% macro grant_select(role) %}
    {% set sql %}
        grant usage on schema {{ target.schema }} to role {{ role }};
        select nope from orders;
    {% endset %}
    {% do run_query(sql) %}
{% endmacro %}
"""
    )


def test_text_that_only_looks_like_a_template() -> None:
    check("select id from orders where status like '{%' or status like '%}'")
    check(
        """
select '{{1,2},{3,4}}'::int[][], '{"a": {"b": 1}}'::jsonb, nope from orders
--                                                         ^^^^ unknown-column
"""
    )
    check("select total % id, total%id, '%s', '${x}' from orders where nope\n"
          "--                                                          ^^^^ unknown-column")  # fmt: skip
    check("select {'a': 1, 'b': id}, {'c': nope} from orders\n"
          "--                              ^^^^ unknown-column", "duckdb")  # fmt: skip
    check("select a[1:2], a[:2] from (select array[1,2,3] as a) t where nope\n"
          "--                                                           ^^^^ unknown-column")  # fmt: skip
