"""The document that creates some tables."""

from dataclasses import replace

from defog_lsp.ide.ddl import ddl_dialects, ddl_document, ddl_name, dialect_title
from defog_metadata.catalog import Table
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.declared import declared_dialect
from tests.fixture import CATALOG, CUSTOMERS, LEADS, ORDER_LINES, ORDERS, catalog_for


def document(*tables: Table, dialect: str = "postgres") -> str:
    return ddl_document(CATALOG, tables, dialect, source_dialect="postgres", origin="shop")


def test_a_table() -> None:
    assert document(ORDER_LINES) == (
        "-- order_lines of shop, for PostgreSQL\n"
        "-- defog: dialect postgres\n"
        "\n"
        "CREATE TABLE public.order_lines (\n"
        "    order_id integer,\n"
        "    line integer,\n"
        "    product_id integer,\n"
        "    quantity integer,\n"
        "    PRIMARY KEY (order_id, line),\n"
        "    FOREIGN KEY (order_id) REFERENCES public.orders (id)\n"
        ");\n"
    )


def test_several_in_the_order_of_their_keys() -> None:
    text = document(ORDERS, CUSTOMERS, dialect="mysql")
    assert text.startswith(
        "-- orders, customers of shop, for MySQL, MariaDB\n-- defog: dialect mysql\n"
    )
    assert text.index("CREATE TABLE customers") < text.index("CREATE TABLE orders")
    assert "COMMENT 'In euros, with tax.'" in text


def test_a_view_has_no_statement() -> None:
    text = document(LEADS, ORDERS)
    assert "-- leads is a view: its query is not known.\n" in text
    assert "leads (" not in text
    assert document(LEADS).endswith("its query is not known.\n-- defog: dialect postgres\n")


def test_a_view_whose_query_is_known() -> None:
    view = replace(LEADS, definition="SELECT id FROM orders")
    assert document(view) == (
        "-- leads of shop, for PostgreSQL\n"
        "-- defog: dialect postgres\n"
        "\n"
        "CREATE SCHEMA IF NOT EXISTS marketing;\n"
        "\n"
        "CREATE VIEW marketing.leads (id, source) AS\n"
        "SELECT id FROM orders;\n"
    )
    assert "dbo.orders" in document(view, dialect="tsql")
    odd = replace(LEADS, definition="SELECT from where")
    assert "-- leads is a view: its query cannot be said in this dialect.\n" in document(
        odd, dialect="tsql"
    )


def test_an_empty_line_stands_before_each_table_and_not_between_comments() -> None:
    _, *blocks = document(ORDERS, CUSTOMERS).split("\n\n")
    statements = [
        [it.split()[0] for it in block.splitlines() if it[0].isupper()] for block in blocks
    ]
    assert statements == [["CREATE", "COMMENT", "COMMENT"]] * 2


def test_an_origin_cannot_break_out_of_its_comment() -> None:
    text = ddl_document(CATALOG, [ORDERS], "", origin="a\ndrop table b")
    assert text.startswith("-- orders of a drop table b, for Standard SQL\n\nCREATE")


def test_no_document_of_ours_has_an_error() -> None:
    """It is opened in a folder of another dialect, as often as not."""
    from defog_lsp.ide.diagnostics import diagnostics
    from defog_metadata.rules import DEFAULT_SEVERITIES

    for dialect in ddl_dialects("postgres"):
        text = document(ORDERS, CUSTOMERS, ORDER_LINES, dialect=dialect)
        assert declared_dialect(text) == (dialect or None)
        snapshot = Snapshot(text, catalog_for(dialect), dialect)
        assert diagnostics(snapshot, DEFAULT_SEVERITIES) == [], dialect


def test_names() -> None:
    assert ddl_dialects("sqlite")[0] == "sqlite"
    assert ddl_dialects("trino")[:2] == ["trino", "postgres"]
    assert len(set(ddl_dialects("mysql"))) == len(ddl_dialects("mysql"))
    assert [dialect_title(it) for it in ("tsql", "trino", "")] == [
        "SQL Server",
        "Trino",
        "Standard SQL",
    ]
    assert ddl_name([ORDERS]) == "orders"
    assert (
        ddl_name([ORDERS, CUSTOMERS, ORDER_LINES, LEADS]) == "orders-customers-order_lines-1 more"
    )
