"""Which mends are made without asking, and what they make of the text."""

import pytest

from defog_metadata.rules.findings import Finding, Fix
from defog_metadata.rules.fixes import applied, certain_edits, composed
from defog_metadata.text import Edit, Span


def edit(start: int, end: int, text: str) -> Edit:
    return Edit(Span(start, end), text)


def finding(*fixes: Fix) -> Finding:
    return Finding(Span(0, 1), "unknown-column", "error", "what is wrong", fixes)


def certain(*edits: Edit) -> Fix:
    return Fix("mend it", edits, is_certain=True)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], "0123456789"),
        ([finding()], "0123456789"),
        ([finding(certain(edit(2, 4, "ab")))], "01ab456789"),
        # In the order of the text, whatever the order of the findings.
        ([finding(certain(edit(8, 9, "b"))), finding(certain(edit(0, 1, "a")))], "a1234567b9"),
        # Not certain, or one of several: somebody has to choose.
        ([finding(Fix("perhaps", (edit(0, 1, "x"),)))], "0123456789"),
        ([finding(certain(edit(0, 1, "x")), certain(edit(0, 1, "y")))], "0123456789"),
        # The likeliest is certain although there are others.
        ([finding(certain(edit(0, 1, "x")), Fix("or this", (edit(0, 1, "y"),)))], "x123456789"),
        # In each other's way: the first wins, and the whole of the second waits.
        (
            [finding(certain(edit(2, 5, "a"))), finding(certain(edit(4, 6, "b"), edit(8, 9, "c")))],
            "01a56789",
        ),
        ([finding(certain(edit(2, 4, "a"))), finding(certain(edit(4, 6, "b")))], "01ab6789"),
        ([finding(certain(edit(2, 2, "a"))), finding(certain(edit(2, 2, "b")))], "01a23456789"),
        ([finding(certain(edit(2, 4, "a"))), finding(certain(edit(4, 4, "b")))], "01a456789"),
        # Two that need the same thing done.
        (
            [
                finding(certain(edit(1, 2, "a"), edit(9, 9, "!"))),
                finding(certain(edit(3, 4, "b"), edit(9, 9, "!"))),
            ],
            "0a2b45678!9",
        ),
    ],
)
def test_certain_edits(findings: list[Finding], expected: str) -> None:
    assert applied("0123456789", certain_edits(findings)) == expected


def test_edits_count_code_points() -> None:
    assert applied("😀 é x", [edit(4, 5, "z"), edit(0, 1, "")]) == " é z"


def test_two_sets_of_edits_as_one() -> None:
    text = "0123456789"
    first = [edit(2, 4, "abcd"), edit(6, 6, "x"), edit(8, 9, "")]
    after = applied(text, first)
    assert after == "01abcd45x679"
    then = [edit(0, 1, "--"), edit(3, 5, "B"), edit(5, 6, "D"), edit(6, 7, ""), edit(11, 12, "+")]
    assert applied(text, composed(first, then)) == applied(after, then)
