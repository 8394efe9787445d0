"""Descriptions put into metadata files: they are read back, and the rest stays as it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import read_metadata, read_metadata_csv
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.rules.fixes import applied
from defog_metadata.updates.description_edits import Description, description_edits

A = '{\n  "users": [\n    {"column_name": "id", "data_type": "int"},\n    {"column_name": "n", "data_type": "text", "column_description": null}\n  ]\n}\n'
B = """{
    "users": {
        "columns": [
            {
                "column_name": "id",
                "data_type": "int"
            },
            {"column_name": "n", "data_type": "text", "column_description": "old \\"one\\""}
        ]
    }
}"""
SEED = '{"table_metadata": [{"table_name": "users", "column_metadata": [{"column_name": "id", "data_type": "int"}, {"column_name": "n", "data_type": "text"}]}]}'
PUBLISHED = '{"table_metadata": {"users": [{"column_name": "id", "data_type": "int"}, {"column_name": "n", "data_type": "text"}]}, "glossary": "x"}'
CSV = "table_name,column_name,data_type\r\nusers,id,int\r\nusers,n,text\r\n"
CSV_FULL = 'table_name,column_name,data_type,column_description,table_description\nusers,id,int,,"Who, what"\nother,x,int,,\nusers,n,text,"the ""name""",Who\n'
FILES: list[tuple[str, FileKind]] = [
    (A, "json"), (B, "json"), (SEED, "json"), (PUBLISHED, "json"), (CSV, "csv"), (CSV_FULL, "csv"),
]  # fmt: skip


def tables(text: str, kind: FileKind) -> tuple[Table, ...]:
    return (read_metadata_csv(text) if kind == "csv" else read_metadata(json.loads(text))).tables


def after(text: str, kind: FileKind, *descriptions: Description) -> str:
    return applied(text, description_edits(text, kind, descriptions))


def test_what_it_looks_like() -> None:
    assert after(A, "json", Description(0, 0, "Key"), Description(0, 1, "Name")) == (
        '{\n  "users": [\n    {"column_name": "id", "data_type": "int", "column_description": "Key"},\n'
        '    {"column_name": "n", "data_type": "text", "column_description": "Name"}\n  ]\n}\n'
    )
    assert '"data_type": "int",\n                "column_description": "Key"\n' in after(
        B, "json", Description(0, 0, "Key")
    )
    assert after(CSV, "csv", Description(0, 1, "a, b")) == (
        "table_name,column_name,data_type,column_description\r\nusers,id,int,\r\n"
        'users,n,text,"a, b"\r\n'
    )


_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(("text", "kind"), FILES)
@given(table=st.none() | _TEXT, first=st.none() | _TEXT, second=st.none() | _TEXT)
def test_any_text(
    text: str, kind: FileKind, table: str | None, first: str | None, second: str | None
) -> None:
    wanted = [(None, table), (0, first), (1, second)]
    given_ = [Description(0, column, it) for column, it in wanted if it is not None]
    before, *others = tables(text, kind)
    found, *others_now = tables(after(text, kind, *given_), kind)
    assert others_now == others
    assert found.description == (before.description if table is None else table)
    for old, new, said in zip(before.columns, found.columns, (first, second), strict=True):
        assert new.description == (old.description if said is None else said)
        assert (new.name, new.type) == (old.name, old.type)


def test_nothing_to_say_changes_nothing() -> None:
    for text, kind in FILES:
        assert description_edits(text, kind, ()) == ()
