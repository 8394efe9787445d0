"""Which statements are offered to the golden queries, and with which question."""

import pytest

from defog_lsp.ide.code_actions import GoldenQuery, Wanted, code_actions
from defog_metadata.rules import DEFAULT_SEVERITIES
from defog_metadata.text import Span
from tests.fixture import snapshot_of


def offered(marked: str, kinds: tuple[str, ...] = ("defog.golden",)) -> list[GoldenQuery]:
    """At the place of ``$0``."""
    at = marked.index("$0")
    snapshot = snapshot_of(marked.replace("$0", ""))
    wanted = Wanted(Span(at, at), kinds)
    found = code_actions(snapshot, DEFAULT_SEVERITIES, wanted)
    return [it.golden for it in found if it.golden is not None]


@pytest.mark.parametrize(
    ("marked", "question", "sql"),
    [
        ("-- How many?\nselect count(*)$0 from users;", "How many?", "select count(*) from users"),
        ("$0select 1", "", "select 1"),
        ("select 2;\n-- Two?\n--- Really?\nsel$0ect 1;", "Two?\nReally?", "select 1"),
        ("/* One? */\nselect $01", "One?", "select 1"),
        ("/* One? */ select $01", "One?", "select 1"),
        ("/*\n * One?\n * Two?\n */\nselect $01", "One?\nTwo?", "select 1"),
        ("/* * One */\nselect $01", "One", "select 1"),
        ("-- About this file\n\nselect $01", "", "select 1"),
        ("/* About */\r\n\r\nselect $01", "", "select 1"),
        ("-- a\r\nselect 1,\r\n$0 2;\r\n", "a", "select 1,\n 2"),
        ("select 2; -- Two\nselect $01", "", "select 1"),
        ("select 2 /* x */;\nselect $01", "", "select 1"),
        ("-- One?\n-- defog: ignore select-star\nselect $01", "One?", "select 1"),
        ("-- One?\nwith a as (select 1) select * fr$0om a", "One?", "with a as (select 1) select * from a"),
        ("-- Größe 🙂?\nselect '🙂'$0", "Größe 🙂?", "select '🙂'"),
        ("-- both\nselect 1 union $0select 2", "both", "select 1 union select 2"),
        ("-- inside\nselect 1 -- of it\n, 2$0", "inside", "select 1 -- of it\n, 2"),
    ],
)  # fmt: skip
def test_the_question_is_the_comment_above(marked: str, question: str, sql: str) -> None:
    assert offered(marked) == [GoldenQuery(question, sql)]


@pytest.mark.parametrize(
    "marked",
    [
        "insert into users (id) values ($01)",
        "create table a (b int$0)",
        "select 1 in$0to a",
        "select fr$0om where",
        "select * from {{ ref('users') }}$0",
        "-- nothing$0",
        "with a as (delete from users returning id$0) select * from a",
    ],
)
def test_what_is_no_query_is_not_offered(marked: str) -> None:
    assert offered(marked) == []


def test_only_when_asked_for() -> None:
    assert offered("select 1$0", ("quickfix",)) == []
    assert offered("select 1$0", ()) == [GoldenQuery("", "select 1")]
