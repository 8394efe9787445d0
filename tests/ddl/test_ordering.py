"""In which order tables are created, and where circles are cut."""

import pytest

from defog_metadata.catalog import ForeignKey, Table
from defog_metadata.ddl.ordering import in_key_order


def check(referring: str, expected: str) -> None:
    """``a>bc b`` means that a refers to b and c; in the answer, ``a!b`` that it does so later."""
    tables = []
    for it in referring.split():
        name, _, others = it.partition(">")
        keys = tuple(ForeignKey(("x",), other, ("x",)) for other in others)
        tables.append(Table(name, foreign_keys=keys))
    shown = []
    for one in in_key_order(tables):
        assert tables[one.place] is one.table
        later = "".join(one.table.foreign_keys[it].referred_table for it in sorted(one.later))
        shown.append(f"{one.table.name}!{later}" if later else one.table.name)
    assert " ".join(shown) == expected


@pytest.mark.parametrize(
    ("referring", "expected"),
    [
        ("", ""),
        ("a b c", "a b c"),
        ("a>b b", "b a"),
        ("a>c b c>b", "b c a"),
        ("a>a", "a"),
        ("a>z", "a"),  # a table that is not among them
        ("a>b b>a", "a!b b"),
        ("a>b b>c c>a", "a!b c b"),
        ("x>a a>b b>a", "a!b x b"),  # what waits for a circle waits on
        ("a>ab b>ab", "a!b b"),
        ("a>b b>a c>d d>c", "a!b b c!d d"),
        ("a>bb b>aa", "a!bb b"),
    ],
)
def test_order(referring: str, expected: str) -> None:
    check(referring, expected)


def test_ten_thousand_tables() -> None:
    """A chain in the worst order, and one great circle, without recursion."""
    count = 10_000
    tables = [
        Table(str(it), foreign_keys=(ForeignKey(("x",), str((it + 1) % count), ("x",)),))
        for it in range(count)
    ]
    found = in_key_order(tables)
    assert [it.place for it in found if it.later] == [0]
    assert found[1].place == count - 1
