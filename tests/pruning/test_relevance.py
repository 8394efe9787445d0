import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.pruning import relevance, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("customer_id", "customer id"),
        ("customerOrders", "customer order"),
        ("sbTxAmount", "sb tx amount"),
        ("HTTPServer2", "http server 2"),
        ("How many orders were shipped to each region?", "order ship region"),
        (
            "categories boxes branches wishes glasses status",
            "category box branch wish glass status",
        ),
        ("selling sold called", "sell sold call"),
        ("größe der Straße", "größe der straße"),
        ("", ""),
        ("the of a", ""),
    ],
)
def test_terms(text: str, expected: str) -> None:
    assert " ".join(terms(text)) == expected


def test_the_best_document_has_one_and_strangers_nothing() -> None:
    documents = [terms(it) for it in ("order total amount", "customer id", "unrelated", "")]
    scores = relevance(terms("the total amount of each order"), documents)
    assert scores[0] == 1
    assert scores[1:] == [0, 0, 0]


def test_rare_words_count_for_more() -> None:
    documents = [terms(it) for it in ("order weight", "order id", "order day", "order name")]
    scores = relevance(terms("order weight"), documents)
    assert scores[0] == 1
    assert all(0 < it < 1 for it in scores[1:])


@given(st.lists(st.text(max_size=8), max_size=5), st.lists(st.text(max_size=20), max_size=6))
def test_any_text_has_a_score_for_each_document(question: list[str], texts: list[str]) -> None:
    scores = relevance(question, [terms(it) for it in texts])
    assert len(scores) == len(texts)
    assert all(0 <= it <= 1 for it in scores)
