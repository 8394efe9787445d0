"""Outlines, folds, selections and colours of documents."""

import pytest

from defog_lsp.ide.document_symbols import DocumentSymbol, document_symbols
from defog_lsp.ide.folding import folds
from defog_lsp.ide.selection_range import selection_ranges
from defog_lsp.ide.semantic_tokens import semantic_tokens
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import caret, snapshot_of


def outlined(symbol: DocumentSymbol) -> str:
    inside = " ".join(map(outlined, symbol.children))
    return f"{symbol.kind} {symbol.name}" + (f" ({inside})" if inside else "")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select id, total * 2 as double from orders", "statement select id, total * 2 as"
         " (column id column double)"),
        ("with c as (select 1 as a) select a from c",
         "statement with c as (select 1 as (cte c (column a) column a)"),
        ("create table t (a int, b text)", "table t (column a column b)"),
        ("create view s.v as with c as (select 1 a) select a from c",
         "view v (column a cte c (column a))"),
        ("create function f() returns int language sql as 'select 1'", "routine f"),
        ("select from where", "statement select from where"),
    ],
)  # fmt: skip
def test_outline(sql: str, expected: str) -> None:
    (symbol,) = document_symbols(snapshot_of(sql))
    assert outlined(symbol) == expected


@pytest.mark.parametrize("sql", ["", "select 1;\n\nselect 2", "with c as (select 1"])
def test_names_are_inside_of_what_they_name(sql: str) -> None:
    def check(symbol: DocumentSymbol) -> None:
        assert symbol.span.start <= symbol.name_span.start
        assert symbol.name_span.end <= symbol.span.end
        for it in symbol.children:
            check(it)

    for it in document_symbols(snapshot_of(sql)):
        check(it)


FOLDED = """\
-- One.
-- Two.

-- region first
select (
  case a
    when 1 then 2
  end
)
from t; /* not
 alone */
-- endregion
select 1
"""


def test_folds() -> None:
    text = FOLDED
    found = [
        (it.kind, text.count("\n", 0, it.span.start), text.count("\n", 0, it.span.end))
        for it in folds(snapshot_of(text))
    ]
    assert found == [
        ("comment", 0, 1),
        ("region", 3, 11),
        ("code", 4, 9),
        ("code", 4, 8),
        ("code", 5, 7),
    ]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "select max(o.to$0tal + 1), 2 from orders o where true; select 1",
            [
                "total",
                "o.total",
                "o.total + 1",
                "(o.total + 1)",
                "max(o.total + 1)",
                "max(o.total + 1), 2",
                "select max(o.total + 1), 2",
                "select max(o.total + 1), 2 from orders o where true",
            ],
        ),
        ("sel$0ect 1", ["select", "select 1"]),
        ("$0", []),
    ],
)
def test_selections(sql: str, expected: list[str]) -> None:
    at = caret(sql)
    text = at.snapshot.text
    found = [text[it.start : it.end] for it in selection_ranges(at.snapshot, at.offset)]
    assert found[: len(expected)] == expected


OLD = Table("old", (Column("x", "int", description="Deprecated: use y."),), "public",
            description="OBSOLETE since spring")  # fmt: skip


def test_colours() -> None:
    sql = "with c as (select max(o.x) as m from public.old o) select c.m, :p from c"
    found = [
        (sql[it.span.start : it.span.end], it.type, *it.modifiers)
        for it in semantic_tokens(Snapshot(sql, Catalog.of(OLD), "postgres"))
    ]
    assert found == [
        ("c", "cte", "declaration"),
        ("max", "function", "defaultLibrary"),
        ("o", "alias"),
        ("x", "column", "deprecated"),
        ("m", "column", "declaration"),
        ("public", "schema"),
        ("old", "table", "deprecated"),
        ("o", "alias", "declaration"),
        ("c", "cte"),
        ("m", "column"),
        (":p", "parameter"),
        ("c", "cte"),
    ]
