import pytest

from defog_metadata.sql.symbols import symbols_of
from tests.fixture import snapshot_of


def check(sql: str, *, dialect: str = "postgres") -> None:
    """*sql* has every name of the first symbol that is marked in ``‹›``, and no other."""
    plain = sql.replace("‹", "").replace("›", "")
    snapshot = snapshot_of(plain, dialect)
    symbols = symbols_of(snapshot)
    found = symbols.at(sql.index("‹"))
    assert found is not None
    marked = plain
    for it in reversed(symbols.of(found.symbol)):
        marked = f"{marked[: it.span.start]}‹{marked[it.span.start : it.span.end]}›{marked[it.span.end :]}"
    assert marked == sql


@pytest.mark.parametrize(
    "sql",
    [
        # An alias, where it is declared and used; not the same letter of another query.
        "select ‹o›.id from orders ‹o› where ‹o›.total > 1; select o.id from orders o",
        # Outer names seen from inside, and hidden by inner ones.
        "select ‹o›.id from orders ‹o› where exists (select from customers c where c.id = ‹o›.id)",
        "select o.id from orders o where exists (select from orders ‹o› where ‹o›.id = 1)",
        # A CTE by its own name, and as a qualifier where it has no alias.
        "with ‹c› as (select id from orders) select ‹c›.id from ‹c› join ‹c› x on x.id = ‹c›.id",
        "with c as (select id from orders) select ‹x›.id from c ‹x›",
        # A CTE that hides one of the same name.
        "with c as (select 1 a) select * from (with ‹c› as (select 2 b) select b from ‹c›) s, c",
        # A column that queries pass on under its own name.
        "with c as (select total as ‹t› from orders) select ‹t› from (select ‹t› from c) s",
        "with c as (select total as ‹t› from orders) select * from (select * from c) s order by ‹t›",
        # One that gets another name on the way.
        "with c as (select total as ‹t› from orders) select u from (select ‹t› as u from c) s",
        "with recursive r(‹n›) as (select 1 union all select ‹n› + 1 from r) select ‹n› from r",
        # Columns and tables of the database, through whatever there is between.
        "select o.‹id› from (select ‹id›, total from orders) o; select ‹id› from orders",
        "select ‹orders›.id from ‹orders›, customers; delete from ‹orders› where 1 = 2",
        # What the text itself makes.
        "create table ‹f› (a int); insert into ‹f› (a) values (1); select ‹f›.a from ‹f›",
        "create table f (‹a› int); insert into f (‹a›) values (1); select x.‹a› from f x",
        "create view v as select total as ‹t› from orders; select ‹t› from v",
    ],
)
def test_names_of_one_thing(sql: str) -> None:
    check(sql)


def test_using_names_the_column_of_both_sides() -> None:
    sql = "select * from orders join order_lines on true where status = ''"
    assert symbols_of(snapshot_of(sql)).at(sql.index("status")) is not None


@pytest.mark.parametrize("sql", ["", "select", "select nope from nowhere", "select 1 +"])
def test_nothing_is_named(sql: str) -> None:
    assert [it for it in symbols_of(snapshot_of(sql)).occurrences if it.is_definition] == []
