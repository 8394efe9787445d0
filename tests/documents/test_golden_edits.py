"""A golden query added to a file: it is read back, and what was there stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.documents.golden import GoldenKind, read_golden_file
from defog_metadata.documents.golden_edits import golden_addition

SPREAD = '{\n  "golden_queries": [\n    {\n      "question": "a",\n      "query": "SELECT 1"\n    }\n  ]\n}\n'
LINES = '[\n  {"question": "a", "sql": "SELECT 1"}\n]'
BLOCK = "# kept\n- question: a\n  sql: |\n    SELECT 1\n    FROM t\n"
NESTED = "golden_queries:\n  - question: a\n    query: SELECT 1"


def after(text: str, kind: GoldenKind, question: str, sql: str) -> str:
    edit = golden_addition(text, kind, question, sql)
    assert edit is not None
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def test_what_it_looks_like() -> None:
    assert after(LINES, "json", "b", "SELECT 2") == (
        '[\n  {"question": "a", "sql": "SELECT 1"},\n  {"question": "b", "sql": "SELECT 2"}\n]'
    )
    assert after(SPREAD, "json", "b", "SELECT 2") == (
        '{\n  "golden_queries": [\n    {\n      "question": "a",\n      "query": "SELECT 1"\n    },\n'
        '    {\n      "question": "b",\n      "query": "SELECT 2"\n    }\n  ]\n}\n'
    )
    assert after("", "json", "b", "SELECT 2") == (
        '[\n  {\n    "question": "b",\n    "sql": "SELECT 2"\n  }\n]\n'
    )
    assert after(BLOCK, "yaml", "b: c", "SELECT 2\nFROM t") == (
        BLOCK + "- question: 'b: c'\n  sql: |-\n    SELECT 2\n    FROM t\n"
    )
    assert after(NESTED, "yaml", "b", "SELECT 2") == (
        NESTED + "\n  - question: b\n    query: SELECT 2\n"
    )
    assert after("question,db,sql\r\na,x,SELECT 1\r\n", "csv", "b, c", "SELECT 2") == (
        'question,db,sql\r\na,x,SELECT 1\r\n"b, c",,SELECT 2\r\n'
    )
    assert after("-- a\nSELECT 1", "sql", "b", "SELECT 2;") == (
        "-- a\nSELECT 1;\n\n-- b\nSELECT 2;\n"
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [('[{"question": "a"', "json"), ('{"a": 1}', "json"), ("[a]", "yaml"), ("a,b\n", "csv")],
)
def test_where_nothing_can_be_added(text: str, kind: GoldenKind) -> None:
    assert golden_addition(text, kind, "b", "SELECT 2") is None


_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), min_size=1
).map(lambda it: f"x{it.strip()}y")
_FILES: list[tuple[str, GoldenKind]] = [
    (LINES, "json"), (SPREAD, "json"), ("", "json"), ("[]", "json"), (BLOCK, "yaml"),
    (NESTED, "yaml"), ("", "yaml"), ("question,sql\na,b", "csv"), ("", "csv"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), _FILES)
@given(question=_TEXT, sql=_TEXT)
def test_any_text(text: str, kind: GoldenKind, question: str, sql: str) -> None:
    added = after(text, kind, question, sql)
    before, found = (read_golden_file(it, kind) for it in (text, added))
    assert found.problems == ()
    entries = [(it.question.text, it.sql.text) for it in found.entries]
    assert entries == [*((it.question.text, it.sql.text) for it in before.entries), (question, sql)]
