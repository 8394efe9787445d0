"""What the text of a CREATE statement gives; and that no text breaks it."""

import pytest

from defog_metadata.extract.sqlite_ddl import (
    ColumnText,
    TableText,
    index_parts,
    read_create_table,
)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("a text", ColumnText()),
        ("a text -- Said at the end\n", ColumnText("Said at the end")),
        ("a text, -- Said behind the comma\n b int", ColumnText("Said behind the comma")),
        ("a text /* In\n two  lines */, b int", ColumnText("In two lines")),
        ("a text\n -- Said below\n", ColumnText()),
        ("a text,\n -- Said above the next\n b int", ColumnText()),
        ("a text default '-- not a comment'", ColumnText()),
        ("a as (b || ',)' || c) virtual, b, c", ColumnText(generated="b || ',)' || c")),
        ("a int generated always as (b + (c * 2)) stored", ColumnText(generated="b + (c * 2)")),
        ("a check (a in ('x', 'it''s'))", ColumnText(allowed=("x", "it's"))),
        ("a check (\"A\" in ('x')), b", ColumnText(allowed=("x",))),
        ("a, check (a in ('x'))", ColumnText(allowed=("x",))),
        ("a, constraint c check (a in ('x'))", ColumnText(allowed=("x",))),
        ("a check (a in ('x', 2))", ColumnText()),
        ("a check (a in ('x' || 'y'))", ColumnText()),
        ("a check (a in ('x') or a is null)", ColumnText()),
        ("a check (a not in ('x'))", ColumnText()),
        ("a check (a in (select 'x'))", ColumnText()),
        ("a check (lower(a) in ('x'))", ColumnText()),
        ('"a" text, -- Quoted\n [b] int', ColumnText("Quoted")),
        ("a decimal(10, 2), -- With a comma inside\n b int", ColumnText("With a comma inside")),
    ],
)
def test_column(column: str, expected: ColumnText) -> None:
    assert read_create_table(f"CREATE TABLE t ({column})").columns["a"] == expected


def test_constraints_are_not_columns() -> None:
    text = read_create_table(
        'create table t (a, "unique" int, primary key (a), unique (a), foreign key (a)'
        " references b, constraint c check (a > 1), check (a < 9))"
    )
    assert list(text.columns) == ["a", "unique"]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("create table t ( -- All of them\n a)", "All of them"),
        ("create table t (\n -- The next column\n a)", ""),
        ("create table t (a -- Only a\n)", ""),
    ],
)
def test_table_description(sql: str, expected: str) -> None:
    assert read_create_table(sql).description == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("create index i on t (a)", ("a",)),
        ("create index i on t (lower(a), b desc)", ("lower(a)", "b")),
        ("create index i on t (a || ',' || b ASC) where a > (1)", ("a || ',' || b",)),
    ],
)
def test_index_parts(sql: str, expected: tuple[str, ...]) -> None:
    assert index_parts(sql) == expected


@pytest.mark.parametrize(
    "sql", ["", "create", "create table t (", "create table t (a 'b", "()", "(,)", "(a,,b)"]
)
def test_a_text_that_is_not_understood_gives_nothing(sql: str) -> None:
    assert read_create_table(sql).description == ""
    assert isinstance(read_create_table(sql), TableText)
    assert isinstance(index_parts(sql), tuple)
