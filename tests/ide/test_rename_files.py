"""Tables and columns of the database where metadata files and glossaries name them."""

import pytest

from defog_lsp.ide.glossary import glossary_name_at, glossary_names_of
from defog_lsp.ide.metadata import (
    hover_metadata,
    metadata_name_at,
    metadata_names,
    rename_in_metadata,
)
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


def at(marked: str, kind: FileKind = "json", catalog: Catalog = CATALOG) -> str:
    """What is named at ``$0``, and where, as the whole text of a file."""
    text, offset = marked.replace("$0", ""), marked.index("$0")
    found = metadata_name_at(text, kind, offset, catalog)
    if found is None:
        return ""
    assert found.span in metadata_names(text, kind, catalog, found.table, found.column)
    path = ".".join(it for it in (found.table.schema, found.table.name, found.column) if it)
    return f"{path} {text[found.span.start : found.span.end]}"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ('{"or$0ders": []}', "public.orders orders"),
        ('{"public.orders$0": []}', "public.orders orders"),
        ('{"pub$0lic.orders": []}', ""),  # which may be a name, but none that we know all of
        ('{"nothing$0": []}', ""),
        ('{"table_metadata": {"$0lines": []}}', "public.lines lines"),
        ('[{"table_name": "ORDERS$0", "table_schema": "public"}]', "public.orders ORDERS"),
        ('{"orders": [{"column_name": "tot$0al", "data_type": "int"}]}', "public.orders.total total"),
        ('{"orders": [{"column_name": "total", "data_type": "int$0"}]}', ""),
        ('{"orders": [{"column_name": "total", "column_description": "total$0"}]}', ""),
        ('{"orders": {"columns": [{"column_name": "\\u0069d$0"}]}}', "public.orders.id \\u0069d"),
        ('{"lines": [{"column_name": "order_id", "foreign_key": "or$0ders.id"}]}', "public.orders orders"),
        ('{"lines": [{"column_name": "order_id", "foreign_key": "public.orders.id$0"}]}', "public.orders.id id"),
        ('{"lines": [{"column_name": "order_id", "foreign_key": "Orders.ID$0"}]}', "public.orders.id ID"),
        ('{"lines": {"foreign_keys": [{"columns": ["order_id$0"], "referred_table": "orders"}]}}', "public.lines.order_id order_id"),
        ('{"lines": {"foreign_keys": [{"columns": ["order_id"], "referred_table": "orders", "referred_columns": ["id$0"]}]}}', "public.orders.id id"),
        ('{"lines": {"columns": [{"column_name": "order_id", "foreign_key": {"table": "orders", "column": "i$0d"}}]}}', "public.orders.id id"),
        ('{"orders": [{"column_name": "to$0tal"', "public.orders.total total"),
    ],
)  # fmt: skip
def test_what_metadata_name_at_a_place(marked: str, expected: str) -> None:
    assert at(marked) == expected


def test_what_csv_names_at_a_place() -> None:
    head = "table_name,column_name,data_type\n"
    assert at(f'{head}orders,"tot$0al",int\n', "csv") == "public.orders.total total"
    assert at(f"{head}public.or$0ders,total,int\n", "csv") == "public.orders orders"
    assert at(f"{head}orders,total,tot$0al\n", "csv") == ""
    assert at(f"{head}orders,nothing$0,int\n", "csv") == ""


def test_what_can_be_another_table_is_none() -> None:
    assert at('{"or$0ders": []}', catalog=TWICE) == ""
    assert at('{"orders": [{"column_name": "tot$0al"}]}', catalog=TWICE) == ""
    assert at('{"public.or$0ders": []}', catalog=TWICE) == "public.orders orders"


def test_hover_over_a_foreign_key_in_one_text() -> None:
    text = '{"lines": [{"column_name": "order_id", "foreign_key": "orders.id"}]}'
    for name in ("orders", "id"):
        found = hover_metadata(text, "json", text.rindex(name) + 1, CATALOG)
        assert found
        assert text[found.span.start : found.span.end] == name
        assert name in found.markdown


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("- see `or$0ders`", "orders"),
        ("- see or$0ders", ""),  # any prose may speak of orders
        ("- see public.orders.to$0tal", "orders.total"),
        ("- see public.or$0ders.total", "orders"),
        ("- see pub$0lic.orders", ""),
        ("- `tot$0al`", ""),  # of two tables
        ("- `orders` by vat_num$0ber", "buyers.vat_number"),
        ("- `nothing$0`", ""),
        ("not a line$0 of it", ""),
    ],
)
def test_what_a_glossary_names_at_a_place(marked: str, expected: str) -> None:
    text, offset = marked.replace("$0", ""), marked.index("$0")
    found = glossary_name_at(text, offset, CATALOG)
    assert (found is None) == (not expected)
    if found is not None:
        path = ".".join(it for it in (found.table.name, found.column) if it)
        assert path == expected
        assert found.span in glossary_names_of(text, CATALOG, found.table, found.column)
