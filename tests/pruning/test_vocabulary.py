"""What a question's words mean in a catalog."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.catalog.index.compounds import parts_of
from defog_metadata.catalog.index.lexicon import MemoryLexicon
from defog_metadata.pruning.vocabulary import Vocabulary
from defog_metadata.terms import stem, words


def lexicon(text: str) -> MemoryLexicon:
    return MemoryLexicon({stem(it): it for it in words(text)})


def vocabulary(text: str) -> Vocabulary:
    return Vocabulary(lexicon(text))


def meant(question: str, text: str) -> dict[str, set[str]]:
    return {it.word: set(it.means) for it in vocabulary(text).asked(question) if it.means}


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("orders", "order", "order"),
        # abbreviations, both ways
        ("customer", "cust", "cust"),
        ("quantity", "qty", "qty"),
        ("amount", "amt", "amt"),
        ("date", "dt", "dt"),
        ("department", "dept", "dept"),
        ("address", "addr", "addr"),
        ("qty", "quantity", "quantity"),
        ("acct", "account", "account"),
        ("customer", "cut", ""),
        ("date", "do", ""),
        ("car", "carrier", ""),
        ("in", "invoice", ""),
        # of one root
        ("citations", "cited", "cit"),
        ("payment", "pays", "pay"),
        ("enrollment", "enrolled", "enroll"),
        ("location", "located", "locat"),
        ("rating", "cited", ""),
        # parts of names without separators
        ("date", "orderdate order", "orderdate"),
        ("price", "dailyprice daily", "dailyprice"),
        ("price", "sbdailyprice daily", "sbdailyprice"),
        ("customer", "custkey", "custkey"),
        ("rate", "corporate", ""),
        ("city", "velocity", ""),
        # misspelled
        ("custmer", "customer", "customer"),
        ("neighborhood", "neighbourhood", "neighbourhood"),
        ("cars", "cans", ""),
        # a known word is not looked for as a misspelling of another
        ("order", "order older", "order"),
        # numbers are themselves
        ("30", "30 300", "30"),
        ("2023", "20", ""),
    ],
)
def test_what_a_word_means(word: str, known: str, expected: str) -> None:
    found = meant(word, known)
    assert found == ({stem(word): {expected}} if expected else {})


def test_neighbours_may_be_one_word_in_the_catalog() -> None:
    assert meant("check ins on weekends", "checkins weekend") == {
        "check": {"checkin"},
        "ins": {"checkin"},
        "weekend": {"weekend"},
    }


def test_the_surest_tie_counts() -> None:
    (asked,) = vocabulary("customer cust custkey").asked("customer")
    assert asked.means["customer"] == 1
    assert 0 < asked.means["cust"] < 1


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("orderdate", "order", ["order", "date"]),
        ("tblcustomername", "customer", ["tbl", "customer", "name"]),
        ("customer", "customer", []),
        ("grandtotal", "orders", []),
        ("", "order", []),
    ],
)
def test_parts(word: str, text: str, expected: list[str]) -> None:
    known = {*words(f"{text} {word}")}
    assert list(parts_of(word, known.__contains__)) == expected


@given(st.text(max_size=40), st.text("abcdeorst_ ", max_size=60))
def test_any_text_can_be_asked(question: str, text: str) -> None:
    known = lexicon(text)
    for it in Vocabulary(known).asked(question):
        assert all(known.has(term) and 0 < sure <= 1 for term, sure in it.means.items())
