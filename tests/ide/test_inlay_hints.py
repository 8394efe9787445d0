import pytest

from defog_lsp.ide.inlay_hints import inlay_hints
from defog_metadata.text import Span
from tests.fixture import snapshot_of


def check(sql: str, expected: str, *, dialect: str = "postgres") -> None:
    """*expected* is *sql* with the hints in guillemets."""
    text = sql
    for it in reversed(inlay_hints(snapshot_of(sql, dialect), Span(0, len(sql)))):
        text = f"{text[: it.offset]}«{it.text}»{text[it.offset :]}"
    assert text == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "select id, sum(total) as s from orders group by 1 order by 2",
            "select id, sum(total) as s«: numeric» from orders group by 1« id» order by 2« s»",
        ),
        (
            "select c.*, 1 as one from customers c",
            "select c.*« id, name, email, Region», 1 as one«: integer» from customers c",
        ),
        ("select * from marketing.leads", "select *« id, source» from marketing.leads"),
        (
            "insert into orders (id, total) values (1, 2.5), (2, -(1 + 1))",
            "insert into orders (id, total)"
            " values («id: »1, «total: »2.5), («id: »2, «total: »-(1 + 1))",
        ),
        (
            "insert into marketing.leads values (1, 'x')",
            "insert into marketing.leads values («id: »1, «source: »'x')",
        ),
        ("select count(*) from orders limit 1", "select count(*) from orders limit 1"),
        ("select id, nope from orders order by 3", "select id, nope from orders order by 3"),
        ("select from", "select from"),
    ],
)  # fmt: skip
def test_hints(sql: str, expected: str) -> None:
    check(sql, expected)


def test_only_those_that_are_asked_for() -> None:
    sql = "select 1 as a; select 2 as b; select 3 as c"
    found = inlay_hints(snapshot_of(sql), Span(15, 28))
    assert [it.offset for it in found] == [sql.index("; select 3")]


def test_many_columns_are_cut() -> None:
    columns = ", ".join(f"c{it} int" for it in range(12))
    sql = f"create table t ({columns}); select * from t"
    (hint,) = inlay_hints(snapshot_of(sql), Span(0, len(sql)))
    assert hint.text == " c0, c1, c2, c3, c4, c5, c6, c7, … 4 more"
    assert hint.more.endswith("c10, c11")
