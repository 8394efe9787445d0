"""Completion and hover in metadata files. ``$0`` is the caret."""

import pytest

from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.metadata import complete_metadata, hover_metadata
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.checks.metadata.files import FileKind

CATALOG = Catalog.of(
    Table("orders", (Column("id", "integer"), Column("total", "numeric(10,2)", description="In euros."), Column('the "x"', "text")), "public"),
    Table("customers", (Column("id", "bigint"), Column("name", "text")), "public", description="Who buys."),
    Table("orders", (Column("week", "date"),), "sales"),
)  # fmt: skip
HEADER = "table_name,column_name,data_type\n"


def items(marked: str, kind: FileKind = "json") -> list[Item]:
    text = marked.replace("$0", "")
    return list(complete_metadata(text, kind, marked.index("$0"), CATALOG).items)


def check(marked: str, *expected: str, kind: FileKind = "json") -> None:
    assert [it.label for it in items(marked, kind)] == list(expected)


def accepted(marked: str, label: str, kind: FileKind = "json") -> str:
    text = marked.replace("$0", "")
    item = next(it for it in items(marked, kind) if it.label == label)
    edits = [(item.span, item.insert), *((it.span, it.text) for it in item.extra_edits)]
    for span, new in sorted(edits, key=lambda it: it[0], reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


def test_tables() -> None:
    check('{"$0"}', "customers", "orders", "sales.orders")
    check('{"$0', "customers", "orders", "sales.orders")
    check('{"or$0"}', "orders", "sales.orders")
    check('{"customers": [], "$0": []}', "orders", "sales.orders")
    check('{"sales.$0": []}', "sales.orders")
    check('{"table_metadata": {"c$0": []}, "glossary": ""}', "customers")
    check('{"table_metadata": [{"table_name": "$0"}]}', "customers", "orders", "orders")
    check(
        '{"orders": {"columns": [{"column_name": "id", "foreign_key": {"table": "cu$0"}}]}}',
        "customers",
    )
    check('{"orders": {"foreign_keys": [{"referred_table": "cu$0"}]}}', "customers")


@pytest.mark.parametrize(
    "shape",
    [
        '{"public.orders": [{"column_name": "id"}, {"column_name": "$0"}]}',
        '{"public.orders": {"columns": [{"column_name": "id"}, {"column_name": "$0", "data_type": ""}]}}',
        '{"table_metadata": [{"table_name": "orders", "table_schema": "public", "column_metadata": [{"column_name": "id"}, {"column_name": "$0"}]}]}',
        '{"table_metadata": {"public.orders": [{"column_name": "id"}, {"column_name": "$0"}]}}',
        '{"public.orders": [{"column_name": "id"}, {"column_name": "$0\n ',
    ],
)
def test_columns_that_are_not_there_yet(shape: str) -> None:
    check(shape, "total", 'the "x"')


def test_columns_elsewhere() -> None:
    check('{"orders": [{"column_name": "$0"}]}', "id", "total", 'the "x"', "week")
    check('{"nowhere": [{"column_name": "$0"}]}')
    check('{"customers": {"columns": [], "primary_key": ["$0"]}}', "id", "name")
    check('{"customers": {"columns": [], "primary_key": ["id", "$0"]}}', "name")
    check(
        '{"a": {"columns": [{"column_name": "x", "foreign_key": {"table": "customers", "column": "$0"}}]}}',
        "id",
        "name",
    )
    check(
        '{"a": {"foreign_keys": [{"referred_table": "customers", "referred_columns": ["$0"]}]}}',
        "id",
        "name",
    )
    check(
        '{"customers": {"foreign_keys": [{"columns": ["$0"], "referred_table": "orders"}]}}',
        "id",
        "name",
    )


def test_types() -> None:
    found = items('{"public.orders": [{"column_name": "total", "data_type": "$0"}]}')
    assert [it.label for it in found[:3]] == ["numeric(10,2)", "integer", "int"]
    assert found[0].detail == "in the database"
    assert len(found) > 50


def test_what_is_taken() -> None:
    assert accepted('{"or$0": []}', "orders") == '{"orders": []}'
    text = '{"public.orders": [{"column_name": "t$0"}]}'
    assert accepted(text, 'the "x"') == r'{"public.orders": [{"column_name": "the \"x\""}]}'
    assert (
        accepted(f"{HEADER}public.orders,t$0,int\n", "total", "csv")
        == f"{HEADER}public.orders,total,int\n"
    )
    assert (
        accepted(f"{HEADER}public.orders,t$0,int\n", 'the "x"', "csv")
        == f'{HEADER}public.orders,"the ""x""",int\n'
    )
    assert (
        accepted(f"{HEADER}public.orders,total,$0\n", "numeric(10,2)", "csv")
        == f'{HEADER}public.orders,total,"numeric(10,2)"\n'
    )


def test_csv() -> None:
    check(f"{HEADER}$0", kind="csv")
    check(f"{HEADER}c$0,", "customers", kind="csv")
    check(f"{HEADER}customers,id,int\ncustomers,$0,", "name", kind="csv")
    assert items(f"{HEADER}customers,id,$0", "csv")[0].label == "bigint"
    check("table_name,column_name\ncust$0\n", "customers", kind="csv")


def test_where_nothing_is_named() -> None:
    for marked in (
        "$0", "[$0]", '{"orders": "$0"}', '{"orders": [{"column_description": "$0"}]}', '{"orders": [{"$0": 1}]}',
        '{"orders": [{"column_name": $0}]}', '{"glossary": "$0"}', '{"orders"$0: []}',
    ):  # fmt: skip
        check(marked)


def hovered(marked: str, kind: FileKind = "json") -> str:
    found = hover_metadata(marked.replace("$0", ""), kind, marked.index("$0"), CATALOG)
    return found.markdown if found else ""


def test_hover() -> None:
    assert "table public.customers" in hovered('{"cust$0omers": []}')
    assert "Who buys." in hovered('{"cust$0omers": []}')
    # Without a schema, all of the name are meant.
    assert hovered('{"ord$0ers": []}').count("```sql") == 2
    column = hovered('{"public.orders": [{"column_name": "to$0tal"}]}')
    assert "orders.total numeric(10,2)" in column
    assert "In euros." in column
    assert (
        hovered('{"public.orders": [{"column_name": "total", "data_type": "num$0eric"}]}') == column
    )
    assert hovered(f"{HEADER}public.orders,tot$0al,numeric", "csv") == column
    assert hovered('{"public.orders": [{"column_name": "to$0tl"}]}') == ""
    assert hovered('{"nowhere$0": []}') == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"',
        '{"a',
        '{"a": [{"column_name": "',
        "a,b\n,",
        '"',
        "[[[",
        '{"a": {"columns": {"column_name": "x"}}}',
    ],
)
def test_broken_text_never_raises(text: str) -> None:
    kinds: tuple[FileKind, ...] = ("json", "csv")
    for kind in kinds:
        for offset in range(len(text) + 1):
            complete_metadata(text, kind, offset, CATALOG)
            hover_metadata(text, kind, offset, CATALOG)
