"""Examples and statements that resemble a question."""

import pytest

from defog_metadata.pruning.evidence import Evidence, Example


def test_examples_are_ordered_by_likeness() -> None:
    asked = "What did each customer spend last month?"
    examples = tuple(
        map(
            Example,
            (
                "How many lakes are there?",
                "What did each customer spend last month?",
                "What did each supplier earn last month?",
            ),
        )
    )
    found = Evidence(examples).similar(asked, 3)
    assert [it.question for _, it in found] == [examples[1].question, examples[2].question]
    assert found[0][0] == pytest.approx(1)
    assert 0 < found[1][0] < 1
    assert Evidence(examples).similar(asked, 1) == found[:1]
    assert Evidence().similar(asked, 1) == Evidence(examples).similar("", 1) == []


@pytest.mark.parametrize(
    ("line", "question", "is_told"),
    [
        ("- Revenue is `sum(orders.total)`", "revenue of each of the many shops and towns", True),
        ("- Net sales = sum(orders.total)", "net sales of each of the many shops and towns", True),
        (
            "- Net sales = sum(orders.total)",
            "net weight of each of the many shops and towns",
            False,
        ),
        ("ADV (Average Daily Volume) for a ticker = AVG(volume)", "ADV by town, shop, day", True),
        ("ADV (Average Daily Volume) = AVG(volume)", "the average volume daily by town", True),
        ("Trade customers (`segment = 1`) are invoiced", "what do trade customers pay", True),
        (
            "ATV: the average of orders.total",
            "What is the ATV in each of the towns we sell to",
            True,
        ),
        ("Orders with a total over 100 count twice in orders.total", "the orders of a town", False),
    ],
)
def test_a_definition_of_a_term_says_much(line: str, question: str, is_told: bool) -> None:
    found = Evidence(glossary=f"Something of `towns.name` else\n{line}").speaking(question, 5)
    shares = [share for share, statement in found if statement.text in line]
    assert any(it >= 0.6 for it in shares) == is_told
