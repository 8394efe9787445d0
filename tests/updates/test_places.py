"""Where a metadata file describes something, or would."""

import pytest

from defog_metadata.catalog import Column, Table
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.updates import Change
from defog_metadata.updates.places import description_place, undescribed

ORDERS = Table(
    "orders", tuple(Column(it) for it in ("id", "total", "Status", "note")), schema="public"
)
A = """{"orders": [
  {"column_name": "id", "data_type": "int", "column_description": "Its \\"number\\"."},
  {"column_name": "total", "data_type": "numeric", "column_description": ""},
  {"column_name": "status", "data_type": ""}
]}"""
B = """{"public.orders": {"table_description": "Bought.", "columns": [{"column_name": "id", "data_type": ""}]}}"""
SEED = """{"table_metadata": [{"table_name": "orders", "table_schema": "public", "column_metadata": [
  {"column_name": "id", "data_type": "", "column_description": "Ä."}
]}]}"""
CSV = """table_name,column_name,data_type,column_description,table_description
orders,id,int,"A number, ours",Bought.
orders,total,numeric,,
"""
NARROW = "table_name,column_name,data_type\norders,id,int\n"


def check(text: str, kind: FileKind, column: str, before: str, place: str) -> None:
    """*column*, or the table without one, is described at *place*, which stands behind *before*."""
    columns = {column: "new"} if column else {}
    change = Change(ORDERS, None if column else "new", columns)
    span = description_place(text, kind, change)
    assert text[span.start : span.end] == place
    assert text[: span.start].endswith(before)


@pytest.mark.parametrize(
    ("text", "kind", "column", "before", "place"),
    [
        (A, "json", "id", '"column_description": "', 'Its \\"number\\".'),
        (A, "json", "total", '"numeric", "column_description": "', ""),
        (A, "json", "Status", '{"column_name": "', "status"),
        (A, "json", "note", '{"', "orders"),
        (A, "json", "", '{"', "orders"),
        (B, "json", "", '{"table_description": "', "Bought."),
        (B, "json", "id", '"column_name": "', "id"),
        (SEED, "json", "id", '"column_description": "', "Ä."),
        (SEED, "json", "", '"table_name": "', "orders"),
        (CSV, "csv", "id", 'int,"', "A number, ours"),
        (CSV, "csv", "total", "numeric,", ""),
        (CSV, "csv", "", '",', "Bought."),
        (NARROW, "csv", "id", "orders,", "id"),
        ("{}", "json", "id", "", ""),
        ("", "csv", "", "", ""),
    ],
)
def test_the_place(text: str, kind: FileKind, column: str, before: str, place: str) -> None:
    check(text, kind, column, before, place)


@pytest.mark.parametrize(
    ("text", "kind", "has_table", "columns"),
    [
        (A, "json", False, ["Status", "note"]),
        (B, "json", True, ["id", "total", "Status", "note"]),
        (SEED, "json", False, ["total", "Status", "note"]),
        (CSV, "csv", True, ["Status", "note"]),
        (NARROW, "csv", False, ["id", "total", "Status", "note"]),
        ("{}", "json", False, ["id", "total", "Status", "note"]),
    ],
)
def test_what_has_no_place(text: str, kind: FileKind, has_table: bool, columns: list[str]) -> None:
    every = Change(ORDERS, "what", {it.name: it.name for it in ORDERS.columns})
    found = undescribed(text, kind, every)
    assert found.description == (None if has_table else "what")
    assert found.columns == {it: it for it in columns}
