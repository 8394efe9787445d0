import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_lsp.ide.rename import CannotRename, linked, renamable, rename
from defog_metadata.rules.fixes import applied
from tests.fixture import caret, snapshot_of


def check(sql: str, name: str, expected: str, *, dialect: str = "postgres") -> None:
    at = caret(sql, dialect)
    edits = rename(at.snapshot, at.offset, name)
    assert applied(at.snapshot.text, edits) == expected


@pytest.mark.parametrize(
    ("sql", "name", "expected"),
    [
        ("select $0o.id from orders o", "x", "select x.id from orders x"),
        ("select o.id from orders $0o", "my order", 'select "my order".id from orders "my order"'),
        ("select o.id from orders $0o", "select", 'select "select".id from orders "select"'),
        ("select o.id from orders $0o", '"X"', 'select "X".id from orders "X"'),
        ('select "O".id from orders $0"O"', "o", "select o.id from orders o"),
        (
            "with $0c as (select 1 a) select c.a from c union select a from c",
            "d",
            "with d as (select 1 a) select d.a from d union select a from d",
        ),
        (
            "with c as (select total as $0t from orders) select t, c.t from c order by t",
            "sum",
            "with c as (select total as sum from orders) select sum, c.sum from c order by sum",
        ),
        (
            "select sum(id) over $0w, max(id) over (W order by id), (select min(id) over w from"
            " orders window w as ()) from orders window w as (), v as (w) order by rank() over w",
            "days",
            "select sum(id) over days, max(id) over (days order by id), (select min(id) over w from"
            " orders window w as ()) from orders window days as (), v as (days)"
            " order by rank() over days",
        ),
        (
            "create table t (a int); insert into t ($0a) values (1); select a from t",
            "b",
            "create table t (b int); insert into t (b) values (1); select b from t",
        ),
    ],
)
def test_everywhere(sql: str, name: str, expected: str) -> None:
    check(sql, name, expected)


def test_quotes_of_the_dialect() -> None:
    check(
        "select $0o.id from orders o", "a b", "select `a b`.id from orders `a b`", dialect="mysql"
    )


@pytest.mark.parametrize(
    ("sql", "name", "message"),
    [
        ("select $0o.id from orders o join customers c on true", "c", "c already means"),
        # The new name would be taken for a column of the inner query.
        ("with c as (select id as $0k from orders) select k, total from c, orders", "id", "id"),
        ("with c as (select 1 a) select * from $0orders, c", "x", "orders is a table of the data"),
        ("select 1 from orders window $0w as (), v as (w)", "v", "v already means"),
        ("select $0id from orders", "x", "id is a column of the database"),
        ("select $0 1", "x", "no name here"),
        ("select $0o.id from orders o", " ", "is empty"),
    ],
)
def test_not_where_a_meaning_would_change(sql: str, name: str, message: str) -> None:
    at = caret(sql)
    with pytest.raises(CannotRename, match=message):
        rename(at.snapshot, at.offset, name)


def test_what_can_be_renamed() -> None:
    at = caret("select ord.id from orders o$0rd")
    found = renamable(at.snapshot, at.offset)
    assert (found.name, at.snapshot.text[found.span.start : found.span.end]) == ("ord", "ord")


def test_linked_places_are_spelled_alike() -> None:
    for sql, count in (
        ("select $0o.id, o.total from orders o", 3),
        ("select $0o.id, O.total from orders o", 0),
        ("select sum(id) over $0w from orders window w as ()", 2),
        ("select $0id from orders", 0),
    ):
        at = caret(sql)
        assert len(linked(at.snapshot, at.offset)) == count


@given(st.sampled_from(["o", "c", "t", "x"]), st.sampled_from(["a", "b", '"Q"', "o", "c", "x"]))
def test_there_and_back(old: str, new: str) -> None:
    sql = (
        "with c as (select o.id as t, o.total from orders o)"
        " select x.t, (select max(c.total) from c where c.t = x.t) from c x order by t"
    )
    snapshot = snapshot_of(sql)
    offset = sql.index(f" {old} ") + 1 if f" {old} " in sql else sql.index(f" {old}") + 1
    try:
        renamed = applied(sql, edits := rename(snapshot, offset, new))
    except CannotRename:
        return
    first = min(it.span.start for it in edits)
    again = snapshot_of(renamed)
    assert applied(renamed, rename(again, first, old)) == sql
