"""Outlines, folds, selections and colours of documents."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defog_lsp.ide import folding
from defog_lsp.ide import semantic_tokens as tokens
from defog_lsp.ide.document_symbols import DocumentSymbol, document_symbols
from defog_lsp.ide.folding import folds
from defog_lsp.ide.selection_range import selection_ranges
from defog_lsp.ide.semantic_tokens import semantic_tokens
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
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


def test_colours_of_windows() -> None:
    sql = "select sum(x) over w from old window w as ()"
    found = [
        (it.span.start, it.type, *it.modifiers)
        for it in semantic_tokens(Snapshot(sql, Catalog.of(OLD), "postgres"))
        if sql[it.span.start : it.span.end] == "w"
    ]
    assert found == [(19, "alias"), (37, "alias", "declaration")]


_PARTS = st.sampled_from(
    (
        "select o.id,\n  sum(total) as t\nfrom orders o;\n",
        "with c as (\n  select id from orders\n)\nselect * from c;\n",
        "create table made (a int,\n b text);\n",
        "insert into made (a) select a from made m;\n",
        "-- one\n-- two\n",
        "/* a\n b */ select 1;\n",
        "-- region r\n",
        "-- endregion\n",
        "alter table made rename to other;\n",
        "'",
        "/*",
        "(",
        ";",
        "\n",
    )
)
_CATALOG = Catalog.of(Table("orders", (Column("id", "int"), Column("total", "int"))))


@settings(max_examples=60)
@given(st.lists(_PARTS, max_size=8), st.lists(st.tuples(_PARTS, st.integers(0, 8)), max_size=4))
def test_what_was_known_before_changes_nothing(
    parts: list[str], edits: list[tuple[str, int]]
) -> None:
    snapshot = Snapshot("".join(parts), _CATALOG, "postgres")
    for part, at in [("", 0), *edits]:
        parts = [*parts[:at], *([part] if part else []), *parts[at + bool(at % 2) :]]
        snapshot = snapshot.edited("".join(parts))
        fresh = Snapshot(snapshot.text, replace(_CATALOG), "postgres")
        assert folds(snapshot) == folds(fresh)
        assert semantic_tokens(snapshot) == semantic_tokens(fresh)


def test_an_edit_costs_the_statement_that_it_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"select o.id\nfrom orders o where total = {it};\n" for it in range(50))
    before = Snapshot(text, _CATALOG, "postgres")
    found = len(semantic_tokens(before)), len(folds(before))
    read: list[str] = []
    for module in (folding, tokens):

        def counted(text: str, dialect: str) -> object:
            read.append(text)
            return tokenize(text, dialect)

        monkeypatch.setattr(module, "tokenize", counted)
    after = before.edited(text.replace("= 25;", "= 2500;"))
    assert (len(semantic_tokens(after)), len(folds(after))) == found
    assert read
    assert all("2500" in it for it in read)
