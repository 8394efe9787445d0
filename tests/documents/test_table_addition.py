"""A table added to metadata files: what was there stays as it is."""

import json

import pytest

from defog_metadata.catalog.shapes import read_metadata
from defog_metadata.documents.table_addition import table_addition

A = '{\n  "users": [{"column_name": "id", "data_type": "int"}]\n}\n'
B = """{
    "users": {
        "table_description": "",
        "columns": [
            {"column_name": "id", "data_type": "int"}
        ]
    }
}"""
SEED = '{"table_metadata": [{"table_name": "users", "table_schema": "", "column_metadata": [{"column_name": "id", "data_type": "int", "is_nullable": "YES", "column_default": null}]}]}'
PUBLISHED = """{
\t"glossary": "x: [1]",
\t"table_metadata": {
\t\t"users": [{"column_name": "a\\"]}", "data_type": "int"}]
\t}
}"""


@pytest.mark.parametrize("text", [A, B, SEED, PUBLISHED, "{}", '{"table_metadata": []}'])
@pytest.mark.parametrize("path", [("orders",), ("sales", "order.lines")])
def test_every_shape(text: str, path: tuple[str, ...]) -> None:
    edit = table_addition(text, path, ["id", "naïve"])
    assert edit is not None
    after = text[: edit.span.start] + edit.text + text[edit.span.end :]
    before = read_metadata(json.loads(text))
    found = read_metadata(json.loads(after))
    *kept, added = found.tables
    assert tuple(kept) == before.tables
    assert (added.name, added.schema) == (path[-1], path[0] if len(path) > 1 else "")
    assert [it.name for it in added.columns] == ["id", "naïve"]
    # Every line that was there is there still, but for a comma at its end.
    if before.tables:
        lines = {it.rstrip(",") for it in after.split("\n")}
        assert edit.span.start == edit.span.end
        assert {it.rstrip(",") for it in text.split("\n")} - lines == set() or "\n" not in text
    assert found.glossary == before.glossary


def test_what_it_looks_like() -> None:
    edit = table_addition(B, ("orders",), ["id"])
    assert edit is not None
    assert (
        edit.text
        == """,
    "orders": {
        "table_description": "",
        "columns": [
            {
                "column_name": "id",
                "data_type": "",
                "column_description": ""
            }
        ]
    }"""
    )
    edit = table_addition(A, ("orders",), [])
    assert edit is not None
    assert edit.text == ',\n  "orders": []'


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', "table_name,column_name"])
def test_what_is_no_metadata(text: str) -> None:
    assert table_addition(text, ("orders",), []) is None
