"""The estimate of tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.pruning.tokens import count_tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("id", 1),
        ("customer_id", 4),
        ("customerId", 3),
        ("SELECT", 2),
        ("2024", 2),
        ("\n    ", 1),
        ("    id", 1),
        ("id\n    id\n", 4),
        ("id    id", 3),
        ("  \n  \n", 2),
        ("a b", 2),
        ("->>", 2),
        ("größe", 3),
        ("注文", 2),
    ],
)
def test_count(text: str, expected: int) -> None:
    assert count_tokens(text) == expected


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=20), max_size=6))
def test_the_tokens_of_a_text_are_those_of_its_lines(lines: list[str]) -> None:
    lines = [f"{it}x\n" for it in lines]
    assert count_tokens("".join(lines)) == sum(map(count_tokens, lines))
