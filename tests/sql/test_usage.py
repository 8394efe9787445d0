from defog_metadata.sql.usage import Join, usage_of
from tests.fixture import CATALOG, CUSTOMERS, ORDERS


def test_columns_tables_and_joins_are_counted() -> None:
    usage = usage_of(
        [
            "select c.name, sum(o.total) from orders o join customers c on o.customer_id = c.id group by c.name",
            "select name from customers where exists (select 1 from orders where customer_id = customers.id)",
            "select broken from (",
            "select nope from nothing",
        ],
        CATALOG,
        "postgres",
    )
    assert usage.of_column(CUSTOMERS, "name", "select") == 2
    assert usage.of_column(CUSTOMERS, "name", "group by") == 1
    assert usage.of_column(CUSTOMERS, "email", "select") == 0
    assert (usage.of_table(CUSTOMERS), usage.of_table(ORDERS)) == (2, 2)
    assert usage.joins_of(CUSTOMERS, ORDERS) == [
        Join("public.customers", ("id",), "public.orders", ("customer_id",))
    ]
    assert usage.joins_of(ORDERS, CUSTOMERS)[0].columns == ("customer_id",)


def test_names_come_through_subqueries() -> None:
    usage = usage_of(
        [
            "with x as (select id as i, total from orders) select c.name from x join customers c on x.i = c.id"
        ],
        CATALOG,
        "postgres",
    )
    assert usage.joins_of(ORDERS, CUSTOMERS)[0].columns == ("id",)


def test_questions_about_few_tables_come_first() -> None:
    usage = usage_of(
        ["select * from orders o join customers c on c.id = o.customer_id", "select 1 from orders"],
        CATALOG,
        "postgres",
        ["Who bought?", "How many orders are there?"],
    )
    assert usage.questions["public.orders"] == ("How many orders are there?", "Who bought?")
    assert usage.questions["public.customers"] == ("Who bought?",)
