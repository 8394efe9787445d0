from defog_metadata.catalog import Catalog
from defog_metadata.sql.examples import example_of, examples_of, pruner_of
from tests.fixture import CATALOG


def test_what_an_answer_reads() -> None:
    found = example_of(
        "Who spent most?",
        "with t as (select customer_id as c, total from orders)"
        " select name from customers join t on t.c = customers.id order by t.total",
        CATALOG,
    )
    assert found.question == "Who spent most?"
    assert found.tables == {"public.customers", "public.orders"}
    assert found.columns == {
        ("public.orders", "customer_id"),
        ("public.orders", "total"),
        ("public.customers", "id"),
        ("public.customers", "name"),
    }
    assert [(it.table, it.columns, it.other, it.other_columns) for it in found.ties] == [
        ("public.orders", ("customer_id",), "public.customers", ("id",))
    ]


def test_a_table_is_read_without_its_columns() -> None:
    found = example_of("How many?", "select count(*) from orders", CATALOG)
    assert found.tables == {"public.orders"}
    assert not found.columns


def test_what_cannot_be_read_is_left_out() -> None:
    queries = [("a", "select ("), ("b", "select 1"), ("c", "select x from nowhere"), ("d", "")]
    assert examples_of(queries, CATALOG) == ()
    assert examples_of([("d", "select id from leads")], Catalog.of()) == ()


def test_a_pruner_knows_golden_queries_and_the_glossary() -> None:
    queries = [("Which sources work?", "select source from marketing.leads")]
    pruner = pruner_of(CATALOG, queries, "Churn is `orders.status`")
    (golden,) = pruner.prune("which sources work", prune_bm25_num_columns=1).tables
    assert golden.table.name == "leads"
    (told,) = pruner.prune("churn", prune_bm25_num_columns=1).tables
    assert [it.name for it in told.columns] == ["status"]
