"""Texts made of what SQL is made of, in any order: no feature may fail on them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.robustness import Broken, ask
from tests.fixture import CATALOG

_WORDS = """select from where insert into values update set delete merge using when matched then
    with recursive as order by group having limit union all on join left lateral over partition case
    end begin create function temp table view returns language declare if cast in is null not
    customers orders order_lines o ol c o. ol. c. x id total name status count( coalesce( """
_SIGNS = """( ) , ; . ' " ` $$ -- /* */ [ ] {{ }} {% %} :: := -> @x ? :p %s # * = <> 1 'a' \\d GO
    DELIMITER // 😀 é"""
_PIECES = st.one_of(
    st.sampled_from(_WORDS.split()),
    st.sampled_from([*_SIGNS.split(), "\n", "\r\n", "\t", "\x00", "\ufeff"]),
    st.text(max_size=3),
)
_SEPARATED = st.tuples(_PIECES, st.sampled_from(["", " ", "\n"])).map("".join)
_DIALECTS = ("postgres", "mysql", "sqlite", "bigquery", "snowflake", "tsql")


@pytest.mark.parametrize("dialect", _DIALECTS)
@given(st.lists(_SEPARATED, max_size=24).map("".join), st.data())
def test_no_made_text_makes_a_feature_fail(dialect: str, text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert not ask(Broken("made", text, offset), CATALOG, dialect)
