"""What is offered about findings: their mends, silence, and what concerns the metadata."""

import pytest

from defog_lsp.ide.code_actions import CodeAction, NewTable, Wanted
from defog_lsp.ide.code_actions.ignoring import ignoring
from defog_lsp.ide.code_actions.quick_fixes import quick_fixes
from defog_metadata.rules import Finding, Fix
from defog_metadata.rules.fixes import applied
from defog_metadata.text import Edit, Span
from tests.fixture import snapshot_of
from tests.ide.actions import offered, result

SPAN = Span(7, 12)


def finding(code: str = "unknown-column", span: Span = SPAN, *fixes: Fix) -> Finding:
    return Finding(span, code, "error", "what is wrong", fixes)


def fix(title: str, *, is_certain: bool = False) -> Fix:
    return Fix(title, (Edit(SPAN, title),), is_certain)


@pytest.mark.parametrize(
    ("fixes", "preferred"),
    [
        ((), []),
        ((fix("email"),), []),
        ((fix("email", is_certain=True),), ["email"]),
        ((fix("email", is_certain=True), fix("name")), ["email"]),
        ((fix("email", is_certain=True), fix("name", is_certain=True)), []),
    ],
)
def test_the_mends_of_a_finding(fixes: tuple[Fix, ...], preferred: list[str]) -> None:
    found = list(quick_fixes(finding("unknown-column", SPAN, *fixes)))
    assert [it.title for it in found] == [it.title for it in fixes]
    assert [it.title for it in found if it.is_preferred] == preferred
    assert {it.kind for it in found} <= {"quickfix"}


IGNORE = "Ignore unknown-column for this line"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select $0nope from orders", "select nope from orders -- defog: ignore unknown-column"),
        (
            "select $0nope  \r\nfrom orders",
            "select nope -- defog: ignore unknown-column  \r\nfrom orders",
        ),
        (
            "select $0nope -- defog: ignore select-star\nfrom orders",
            "select nope -- defog: ignore select-star, unknown-column\nfrom orders",
        ),
        (
            "select $0nope /* defog: ignore a-b,c-d because */ from orders",
            "select nope /* defog: ignore a-b,c-d because */ from orders -- defog: ignore unknown-column",
        ),
        (
            "select $0nope -- what nobody knows\nfrom orders",
            "select nope /* defog: ignore unknown-column */ -- what nobody knows\nfrom orders",
        ),
        (
            "select $0nope /* what nobody knows */\nfrom orders",
            "select nope /* what nobody knows */ -- defog: ignore unknown-column\nfrom orders",
        ),
        ("select '--', $0nope;", "select '--', nope; -- defog: ignore unknown-column"),
    ],
)
def test_ignoring_for_a_line(sql: str, expected: str) -> None:
    assert result(sql, IGNORE) == expected


def test_ignoring_for_a_statement_where_no_comment_fits_the_line() -> None:
    sql = "select 1;\n  select nope, 'a\nb' from orders"
    (action,) = ignoring(snapshot_of(sql), finding(span=Span(19, 23)))
    assert action.title == "Ignore unknown-column for this statement"
    assert applied(sql, action.edits) == (
        "select 1;\n  -- defog: ignore unknown-column\n  select nope, 'a\nb' from orders"
    )
    sql = "select 1; select nope, 'a\nb'"
    assert not list(ignoring(snapshot_of(sql), finding(span=Span(17, 21))))


def test_one_action_for_two_findings_of_a_line() -> None:
    sql = "select $0nope, nada$0 from orders"
    (action,) = (it for it in offered(sql) if it.title == IGNORE)
    assert [it.span for it in action.mends] == [Span(7, 11), Span(13, 17)]


def titles(actions: list[CodeAction]) -> set[str]:
    return {it.title for it in actions}


def test_metadata() -> None:
    assert "Refresh metadata" in titles(offered("select $0nope from orders"))
    assert "Refresh metadata" not in titles(offered("select $0x.id from orders"))
    found = offered("select s.a, s.B, x.c from $0sales.Sale s, orders x where s.a > x.id")
    assert not [it for it in found if it.new_table], "a schema that nobody knows is no table"
    (entry,) = (
        it
        for it in offered("select s.a, s.B, o.id from public.$0Sale s, orders o where s.a > o.id")
        if it.new_table
    )
    assert entry.title == "Create the metadata entry for public.sale"
    assert entry.new_table == NewTable(("public", "sale"), ("a", "b"))
    (entry,) = (it for it in offered("select a, count(*) from $0sale group by a") if it.new_table)
    assert entry.new_table == NewTable(("sale",), ("a",))


def test_silenced_rules_offer_nothing() -> None:
    sql = "select $0nope from orders"
    assert not offered(sql, kinds=["quickfix"], severities={"unknown-column": "off"})
    assert offered(sql, kinds=["quickfix"], severities={"unknown-column": "hint"})


@pytest.mark.parametrize(
    ("wanted", "kind", "expected"),
    [
        (Wanted(Span(0, 0)), "quickfix", True),
        (Wanted(Span(0, 0)), "source.fixAll.defog", True),
        (Wanted(Span(0, 0), ("source",)), "source.fixAll.defog", True),
        (Wanted(Span(0, 0), ("source.fixAll",), is_automatic=True), "source.fixAll.defog", True),
        (Wanted(Span(0, 0), ("source.fix",)), "source.fixAll.defog", False),
        (Wanted(Span(0, 0), ("refactor",)), "refactor.inline", True),
        (Wanted(Span(0, 0), ("refactor",)), "quickfix", False),
        (Wanted(Span(0, 0), ("",)), "quickfix", True),
        (Wanted(Span(0, 0), is_automatic=True), "quickfix", True),
        (Wanted(Span(0, 0), is_automatic=True), "refactor.rewrite", False),
        (Wanted(Span(0, 9), is_automatic=True), "refactor.rewrite", True),
        (Wanted(Span(0, 9), is_automatic=True), "source.fixAll.defog", False),
    ],
)
def test_kinds(wanted: Wanted, kind: str, expected: bool) -> None:
    assert wanted.takes(kind) is expected


def test_what_a_selection_concerns() -> None:
    wanted = Wanted(Span(4, 6), shown=frozenset({("unknown-table", Span(20, 25))}))
    assert wanted.concerns(finding(span=Span(6, 9)))
    assert wanted.concerns(finding(span=Span(1, 4)))
    assert not wanted.concerns(finding(span=Span(7, 9)))
    assert wanted.concerns(finding("unknown-table", Span(20, 25)))
    assert not wanted.concerns(finding("unknown-column", Span(20, 25)))


BROKEN = [
    "",
    "$0",
    "select $0",
    "select * from ($0",
    "with x$0 as (",
    "'$0",
    "select $0* from",
    "$0;;",
]


@pytest.mark.parametrize("sql", [it if "$0" in it else f"{it}$0" for it in BROKEN])
def test_broken_text_never_raises(sql: str) -> None:
    offered(sql)


def test_fixing_all() -> None:
    sql = "select 1 from orders where total = NULL;\nselect $0nope from orders where id <> NULL"
    (fix,) = offered(sql, kinds=["source.fixAll"])
    assert fix.kind == "source.fixAll.defog"
    assert applied(sql.replace("$0", ""), fix.edits) == (
        "select 1 from orders where total IS NULL;\nselect nope from orders where id IS NOT NULL"
    )
    assert fix in offered(sql)
    assert not offered(sql, kinds=["source.fixAll"], severities={"null-comparison": "off"})
    assert not offered("select $0nope from orders", kinds=["source"])
