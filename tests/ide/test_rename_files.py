"""Tables and columns of the database where metadata files and glossaries name them."""

import pytest

from defog_lsp.ide.glossary import glossary_names_of
from defog_lsp.ide.metadata import metadata_names, rename_in_metadata
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.rules.fixes import applied

ORDERS = Table("orders", (Column("id"), Column("total")), "public")
LINES = Table("lines", (Column("order_id"), Column("total")), "public")
BUYERS = Table("buyers", (Column("id"), Column("vat_number")), "public")
OTHER = Table("orders", (Column("total"), Column("id")), "sales")
CATALOG = Catalog.of(ORDERS, LINES, BUYERS)
TWICE = Catalog.of(ORDERS, LINES, OTHER)


def renamed(
    text: str, column: str, name: str, kind: FileKind = "json", catalog: Catalog = CATALOG
) -> str:
    found = rename_in_metadata(text, kind, catalog, ORDERS, column, name=name)
    assert len(found) >= len(metadata_names(text, kind, catalog, ORDERS, column))
    return applied(text, found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"orders": [], "lines": []}', '{"sales": [], "lines": []}'),
        ('{"public.orders": []}', '{"public.sales": []}'),
        ('{"db.public.orders": []}', '{"db.public.sales": []}'),
        ('{"table_metadata": {"orders": []}}', '{"table_metadata": {"sales": []}}'),
        (
            '{"table_metadata": [{"table_name": "orders", "table_description": "All orders"}]}',
            '{"table_metadata": [{"table_name": "sales", "table_description": "All orders"}]}',
        ),
        (
            '{"lines": {"columns": [{"column_name": "order_id", "foreign_key": "orders.id"}]}}',
            '{"lines": {"columns": [{"column_name": "order_id", "foreign_key": "sales.id"}]}}',
        ),
        (
            '{"lines": {"foreign_keys": [{"columns": ["id"], "referred_table": "orders"}]}}',
            '{"lines": {"foreign_keys": [{"columns": ["id"], "referred_table": "sales"}]}}',
        ),
    ],
)
def test_tables_in_json(text: str, expected: str) -> None:
    assert renamed(text, "", "sales") == expected


def test_columns_in_json() -> None:
    columns = '[{"column_name": "%s"}, {"column_name": "id"}]'
    text = f'{{"orders": {columns % "total"}, "lines": {columns % "total"}}}'
    assert renamed(text, "total", "amount") == text.replace("total", "amount", 1)
    text = (
        '{"orders": {"primary_key": ["id"], "columns": [{"column_name": "id"}]}, "lines":'
        ' {"primary_key": ["id"], "foreign_keys": [{"columns": ["order_id"],'
        ' "referred_table": "orders", "referred_columns": ["id"]}]}}'
    )
    expected = (
        '{"orders": {"primary_key": ["no"], "columns": [{"column_name": "no"}]}, "lines":'
        ' {"primary_key": ["id"], "foreign_keys": [{"columns": ["order_id"],'
        ' "referred_table": "orders", "referred_columns": ["no"]}]}}'
    )
    assert renamed(text, "id", "no") == expected
    short = '{"lines": [{"column_name": "order_id", "foreign_key": "orders.id"}]}'
    assert renamed(short, "id", "no") == short.replace("orders.id", "orders.no")


def test_names_that_need_escapes() -> None:
    assert renamed('{"orders": []}', "", 'a "b"') == '{"a \\"b\\"": []}'
    assert renamed('{"public.orders": []}', "", "a.b") == '{"public.\\"a.b\\"": []}'


def test_csv() -> None:
    text = "table_name,column_name,column_description\norders,total,orders in total\nlines,total,\n"
    assert renamed(text, "", "sales", "csv") == text.replace("\norders", "\nsales")
    assert renamed(text, "total", "amount", "csv") == text.replace("orders,total", "orders,amount")
    assert renamed(text, "total", "a,b", "csv") == text.replace("orders,total", 'orders,"a,b"')


def test_what_can_be_another_table_stays() -> None:
    text = '{"orders": [{"column_name": "total"}], "public.orders": [], "sales.orders": []}'
    assert renamed(text, "", "x", catalog=TWICE) == text.replace("public.orders", "public.x")
    assert renamed(text, "total", "x", catalog=TWICE) == text


def named(text: str, column: str = "", table: Table = ORDERS, catalog: Catalog = CATALOG) -> str:
    for it in reversed(glossary_names_of(text, catalog, table, column)):
        text = f"{text[: it.start]}<{text[it.start : it.end]}>{text[it.end :]}"
    return text


def test_glossary_tables() -> None:
    assert named("- orders are in `orders`, as in orders.total.") == (
        "- orders are in `<orders>`, as in <orders>.total."
    )
    assert named("- public.orders has them") == "- public.<orders> has them"
    assert named("- see `orders`", catalog=TWICE) == "- see `orders`"
    assert named("- see `public.orders`", catalog=TWICE) == "- see `public.<orders>`"


def test_glossary_columns() -> None:
    text = "- the total is orders.total or `public.orders.total`, never `lines.total` or `total`"
    assert named(text, "total") == text.replace("orders.total", "orders.<total>")
    assert named("- vat_number is unique", "vat_number", BUYERS) == "- <vat_number> is unique"
