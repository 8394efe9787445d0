"""Golden queries in every format that they may be kept in."""

import csv
import io
import json
from typing import Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.documents.golden import GoldenFile, GoldenKind, read_golden_file
from defog_metadata.text import Span


def check(text: str, kind: GoldenKind, *expected: tuple[str, str]) -> GoldenFile:
    """The entries of *text* are *expected*, and every character stands where it is said to."""
    found = read_golden_file(text, kind)
    assert [(it.question.text, it.sql.text) for it in found.entries] == list(expected)
    for entry in found.entries:
        for mapped in (entry.question, entry.sql):
            for index, character in enumerate(mapped.text):
                span = mapped.span(Span(index, index + 1))
                written = text[span.start : span.end]
                assert mapped.place.start <= span.start <= span.end <= mapped.place.end
                assert character in written or "\\" in written or not character.strip()
                assert mapped.offset(span.start) == index or not character.strip()
    return found


def faults(text: str, kind: GoldenKind) -> list[str]:
    return [
        f"{text[it.span.start : it.span.end]}: {it.message}"
        for it in read_golden_file(text, kind).problems
    ]


ENTRIES = [("How many?", "SELECT 1"), ('Who "is" it?', "SELECT 'ä\U0001f642'\nFROM \"t\"")]


def as_objects(entries: list[tuple[str, str]], sql: str = "sql") -> list[dict[str, str]]:
    return [{"question": question, sql: answer} for question, answer in entries]


def as_csv(entries: list[tuple[str, str]], quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=quoting)
    writer.writerows([("Question", "db", "SQL"), *((q, "x", s) for q, s in entries)])
    return stream.getvalue()


def test_json() -> None:
    for indent in (None, 2):
        for is_ascii in (True, False):
            text = json.dumps(as_objects(ENTRIES), indent=indent, ensure_ascii=is_ascii)
            assert check(text, "json", *ENTRIES).problems == ()
    check(json.dumps({"golden_queries": as_objects(ENTRIES, "query")}), "json", *ENTRIES)
    check("\ufeff" + json.dumps(as_objects(ENTRIES)), "json", *ENTRIES)


def test_yaml() -> None:
    for style in (None, "|", ">", "'", '"'):
        text = yaml.safe_dump(as_objects(ENTRIES), default_style=style, allow_unicode=True)
        check(text, "yaml", *ENTRIES)
    text = "- question: How many?\n  sql: |\n    SELECT 1\n    FROM t\n\n- question: x\n  sql: >-\n    SELECT\n    2\n"
    check(text, "yaml", ("How many?", "SELECT 1\nFROM t"), ("x", "SELECT 2"))
    check('[{question: a, sql: "SELECT \\"x\\""}]', "yaml", ("a", 'SELECT "x"'))


@given(
    pieces=st.lists(
        st.sampled_from(
            [
                *"select a 'x' \"Q\" --c #h é \U0001f642 ::int \\ { } '' |".split(" "),
                *("x" * 30, ": ", "- ", ", ", "\n", "\n\n", "\n  ", "  ", "\t"),
            ]
        ),
        max_size=25,
    ),
    style=st.sampled_from([None, "|", "'", '"', ">"]),
    is_unicode=st.booleans(),
    width=st.sampled_from([20, 80]),
)
def test_every_character_of_any_yaml(
    pieces: list[str], style: str, is_unicode: bool, width: int
) -> None:
    sql = "".join(pieces) + "."
    objects = [{"question": "q", "sql": sql}, {"question": "r", "sql": "select 1"}]
    text = yaml.safe_dump(objects, default_style=style, allow_unicode=is_unicode, width=width)
    found = check(text, "yaml", ("q", sql), ("r", "select 1"))
    assert found.problems == ()


def test_csv() -> None:
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
        assert check(as_csv(ENTRIES, quoting), "csv", *ENTRIES).problems == ()


def test_sql() -> None:
    text = "-- How many?\nSELECT 1;\n\n-- Who\n-- is it?\nSELECT ';\n' -- x\nFROM t;\n/* And? */ SELECT 2"
    check(
        text,
        "sql",
        ("How many?", "SELECT 1"),
        ("Who\nis it?", "SELECT ';\n' -- x\nFROM t"),
        ("And?", "SELECT 2"),
    )
    assert faults("SELECT 1;\n-- x\nSELECT 2", "sql") == [
        "S: a comment before the statement must say which question it answers"
    ]


def test_what_is_missing() -> None:
    assert faults('[{"question": "a"}, {"sql": "x"}, 3, {"question": 1, "sql": "x"}]', "json") == [
        "{: this entry has no sql",
        "{: this entry has no question",
        "3: expected an object with question and sql",
        "1: the question must be text",
    ]
    assert faults('{"a": 1}', "json") == [
        '{: expected a list of entries, or an object that has one as "golden_queries"'
    ]
    assert faults('[{"question": " ", "sql": "x"}]', "json") == ['" ": the question is empty']
    assert faults("question,x\na,b\n", "csv") == ["question,x: there is no column sql"]
    assert faults("question,sql\na\n", "csv") == [
        "a: expected 2 fields, found 1 (a field that contains a comma must be in double quotes)",
        "a: this row has no sql",
    ]
    assert faults("- question: a\n  sql: [\n", "yaml")[-1].endswith(
        "not valid YAML: did not find expected node content"
    )


def test_a_mistake_hides_nothing_else() -> None:
    text = '[{"question": "a", "sql": "SELECT 1"} {"question": "b" "sql": "SELECT 2"}, {"quest'
    found = read_golden_file(text, "json")
    assert [it.sql.text for it in found.entries] == ["SELECT 1", "SELECT 2"]
    assert found.problems


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  sql: select 1\n", "select 1"),
        ('  sql: "select \n', "select "),
        ("  sql: 'select \n\n", "select "),
        ("  sql: select a: b\n", "select a"),
        ("  sq\n", None),
        ("  sql: `a`\n", None),
        ("  sql\n", None),
    ],
)
def test_a_mistake_in_yaml_hides_nothing_else(written: str, expected: str | None) -> None:
    broken = [] if expected is None else [expected]
    other = "- question: b\n  sql: select 2\n"
    for before, indent in (("", ""), ("golden_queries:\n", "  "), ("\ufeff", "")):
        entries = [f"- question: a\n{written}", other, other]
        lines = [f"{indent}{it}" for it in "".join(entries).splitlines()]
        text = before + "\n".join(lines) + "\n"
        found = read_golden_file(text, "yaml")
        assert [it.sql.text for it in found.entries] == [*broken, "select 2", "select 2"]
        assert bool(found.problems) == (written != "  sql: select 1\n")
        for entry in found.entries:
            assert text[entry.sql.place.start : entry.sql.place.end] == entry.sql.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- question: q\n  sql: select a from |\n", "select a from "),
        ("- question: q\n  sql: |\n    select a from |\n", "select a from "),
        ("- question: q\n  sql: |\n    select a\n    |\n\n- question: r\n", "select a\n"),
        ("- question: q\r\n  sql: |\r\n    select a\r\n      |\r\n", "select a\n  "),
        ("- question: q\n  sql: >-\n    select\n    a |", "select a "),
        ("- question: q\n  sql: |", ""),
        ("- question: q\n  sql: |- # not the caret\n    select |", "select "),
    ],
)
def test_the_caret_behind_what_has_been_typed_is_in_the_sql(text: str, expected: str) -> None:
    at = text.rindex("|")
    text = text[:at] + text[at + 1 :]
    entry = read_golden_file(text, "yaml").entry_at(at)
    assert entry is not None
    assert entry.sql.text == expected
    assert entry.sql.offset(at) == len(expected)
    assert entry.sql.span(Span(len(expected), len(expected))) == Span(at, at)


def test_sql_that_is_only_begun_is_an_entry() -> None:
    found = read_golden_file('[{"question": "a", "sql": ""}]', "json")
    assert found.entries[0].sql.place == Span(27, 27)
    assert found.entry_at(27) is found.entries[0]


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n")).map(
    lambda it: f"x{it.strip()}y"
)


@pytest.mark.parametrize("kind", ["json", "yaml", "csv"])
@given(entries=st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=3), data=st.data())
def test_any_text(kind: GoldenKind, entries: list[tuple[str, str]], data: st.DataObject) -> None:
    if kind == "json":
        is_ascii = data.draw(st.booleans())
        text = json.dumps(as_objects(entries), ensure_ascii=is_ascii, indent=1)
    elif kind == "yaml":
        style = data.draw(st.sampled_from([None, "|", "'", '"', ">"]))
        text = yaml.safe_dump(as_objects(entries), default_style=style, allow_unicode=True)
    else:
        text = as_csv(entries)
    check(text, kind, *entries)
