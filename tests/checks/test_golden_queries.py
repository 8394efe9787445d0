"""Golden-query files: what is wrong with them, and where.

A file is written with its findings: ``⟦…⟧`` marks what the next of the expected ones is about.
"""

import json
import re
from pathlib import Path

import pytest

from defog_metadata.checks.documents import Document, check_document
from defog_metadata.checks.golden_queries import check_gold_queries
from defog_metadata.rules import DEFAULT_SEVERITIES, Finding, Severity
from defog_metadata.rules.fixes import applied
from defog_metadata.text import TextFile
from tests.fixture import CATALOG, catalog_for
from tests.support.tools import REPOSITORY

_MARK = re.compile("⟦|⟧")


def found_in(
    text: str,
    name: str = "golden.json",
    *,
    before: dict[str, str] | None = None,
    severities: dict[str, Severity] | None = None,
    dialect: str = "postgres",
) -> list[Finding]:
    files = [TextFile(Path("/w", key), it) for key, it in (before or {}).items()]
    file = TextFile(Path("/w", name), text)
    document = Document(
        file,
        catalog_for(dialect),
        dialect,
        {**DEFAULT_SEVERITIES, **(severities or {})},
        files={"golden queries": (*files, file)},
    )
    return check_document("golden queries", document)


def check(
    marked: str, *expected: str, name: str = "golden.json", **options: object
) -> list[Finding]:
    """*expected* are the code and the beginning of the message of each finding, in order."""
    text = _MARK.sub("", marked)
    found = found_in(text, name, **options)  # type: ignore[arg-type]
    assert [
        f"{it.code}: {it.message}"[: len(wanted)]
        for it, wanted in zip(found, expected, strict=True)
    ] == list(expected)
    places = [text[it.span.start : it.span.end] for it in found]
    assert places == re.findall("⟦(.*?)⟧", marked, re.DOTALL)
    marks = [mark.start() - index for index, mark in enumerate(_MARK.finditer(marked))]
    assert [it.span.start for it in found] == marks[::2]
    return found


GOOD = '[{"question": "How many?", "sql": "select count(*) from customers"}]'


def test_good_files() -> None:
    check(GOOD)
    check('{"golden_queries": [{"question": "a", "query": "select id from orders"}]}')
    check("question,sql\nHow many?,select count(*) from customers\n", name="g.csv")
    check("- question: a\n  sql: |\n    select id\n    from orders\n", name="g.yaml")
    check("-- How many?\nselect count(*) from customers;\n", name="g.sql")
    check("[]")


def test_mistakes_in_sql_are_at_their_places_in_json() -> None:
    [found] = check(
        r'[{"question": "a", "sql": "select\t\"Region\",\n  ⟦nmae⟧ from customers"}]',
        "golden-invalid: there is no column nmae here; did you mean name? [unknown-column]",
    )
    assert found.severity == "error"


def test_mistakes_inside_escapes() -> None:
    check(
        r'[{"question": "a", "sql": "select ⟦\"Regio\u006e2\"⟧ from customers"}]',
        "golden-invalid: there is no column",
    )
    check(
        r"""[{"question": "\ud83d\ude00", "sql": "select '\ud83d\ude00', ⟦n\u006fpe⟧ from customers"}]""",
        "golden-invalid: there is no column nope",
    )


def test_mistakes_in_other_formats() -> None:
    message = "golden-invalid: there is no column nope"
    check('question,sql\na,"select ""Region"",\n ⟦nope⟧ from customers"\n', message, name="g.csv")
    check(
        "- question: a\n  sql: |\n    select id,\n      ⟦nope⟧\n    from orders\n",
        message,
        name="g.yml",
    )
    check(
        "-- a?\nselect ⟦nope⟧ from customers;\n\n-- b?\nselect id from orders",
        message,
        name="g.sql",
    )


def test_fixes_are_written_as_the_place_needs_it() -> None:
    text = r'[{"question": "a", "sql": "select\n regio from customers"}]'
    [found] = found_in(text)
    fixed = {applied(text, it.edits) for it in found.fixes}
    assert r'[{"question": "a", "sql": "select\n \"Region\" from customers"}]' in fixed


def test_each_entry_is_read_by_itself() -> None:
    check(
        '[{"question": "a", "sql": "create table made (x int); select x from made"},'
        ' {"question": "b", "sql": "select x from ⟦made⟧"}]',
        "golden-invalid: there is no table",
    )


def test_several_answers() -> None:
    check('[{"question": "a", "sql": "select id from orders; select id, total from orders;"}]')
    check(
        '[{"question": "a", "sql": "select id from orders;select ⟦nope⟧ from orders"}]',
        "golden-invalid: there is no column nope",
    )


def test_milder_findings_keep_their_code() -> None:
    text = '[{"question": "a", "sql": "select id from orders where total ⟦=⟧ null"}]'
    plain = _MARK.sub("", text)
    [found] = found_in(plain)
    assert (found.code, found.severity) == ("null-comparison", "warning")
    assert not found_in(plain, severities={"null-comparison": "off"})
    [found] = found_in(plain, severities={"null-comparison": "error"})
    assert (found.code, found.severity) == ("golden-invalid", "error")


def test_severities() -> None:
    text = '[{"question": "a", "sql": "select nope from orders"}, {"question": "b", "sql": 1}]'
    assert [it.severity for it in found_in(text)] == ["error", "error"]
    chosen: dict[str, Severity] = {"golden-invalid": "warning", "golden-format": "off"}
    assert [(it.code, it.severity) for it in found_in(text, severities=chosen)] == [
        ("golden-invalid", "warning")
    ]
    assert [it.code for it in found_in(text, severities={"unknown-column": "hint"})] == [
        "unknown-column",
        "golden-format",
    ]


def test_comments_silence_rules() -> None:
    check('[{"question": "a", "sql": "select nope from orders -- defog: ignore unknown-column"}]')


@pytest.mark.parametrize("sql", ["", " ", "-- later", "/* later */;"])
def test_answers_without_sql(sql: str) -> None:
    [found] = found_in(json.dumps([{"question": "a", "sql": sql}]))
    assert found.code == "golden-format"


def test_answers_that_are_no_sql() -> None:
    check('[{"question": "a", "sql": "⟦count⟧ the customers"}]', "golden-format: this is no SQL")
    check('[{"question": "a", "sql": "select 1; ⟦nothing⟧ else"}]', "golden-format: this is no SQL")
    for sql in ("{{ query }}", "(select 1)", "show tables", "with x as (select 1) select * from x"):
        check(json.dumps([{"question": "a", "sql": sql}]))
    check('[{"question": "a", "sql": "from orders select id"}]', dialect="duckdb")
    check('[{"question": "a", "sql": "sp_help orders"}]', dialect="tsql")


def test_questions_that_are_empty() -> None:
    assert [it.code for it in found_in('[{"question": " ", "sql": "select 1"}]')] == [
        "golden-format"
    ]


@pytest.mark.parametrize(
    "text", ["[{", '{"golden_queries": 3}', "[1]", '[{"sql": "select 1"}]', '[{"question": "a"}]']
)
def test_files_that_are_none(text: str) -> None:
    assert {it.code for it in found_in(text)} == {"golden-format"}


def test_duplicates() -> None:
    first = '{"question": "How many customers?", "sql": "select count(*) from customers"}'
    [found] = check(
        f'[{first}, {{"question": "⟦how many  customers ⟧", "sql": "SELECT COUNT(*) FROM customers;"}}]',
        "golden-duplicate: this question has been answered before, with the same SQL",
    )
    [related] = found.related
    assert (related.file, related.span.start) == (None, f"[{first}".index("How"))
    check(
        f'[{first}, {{"question": "⟦How many customers?⟧", "sql": "select count(id) from customers"}}]',
        "golden-duplicate: this question has been answered before, with other SQL",
    )
    check(f'[{first}, {{"question": "And?", "sql": "select count(*) from customers"}}]')
    assert len(found_in(f"[{first}, {first}, {first}]")) == 2
    assert not found_in(f"[{first}, {first}]", severities={"golden-duplicate": "off"})


def test_duplicates_in_other_files() -> None:
    other = "question,sql\nx,select 1\nHow many?,select count(id) from customers\n"
    marked = GOOD.replace("How many?", "⟦How many?⟧")
    [found] = check(marked, "golden-duplicate: this question", before={"a.csv": other})
    [related] = found.related
    assert related.file == TextFile(Path("/w/a.csv"), other)
    assert other[related.span.start : related.span.end] == "How many?"
    # Of two files the later one has the duplicate.
    files = (TextFile(Path("/w/golden.json"), GOOD), TextFile(Path("/w/a.csv"), other))
    document = Document(
        files[0], CATALOG, "postgres", DEFAULT_SEVERITIES, files={"golden queries": files}
    )
    assert not check_document("golden queries", document)


def test_the_plain_result() -> None:
    queries = [
        ("How many?", "select count(*) from customers"),
        ("Which?", "select nope from orders; select nothing from orders"),
        ("What?", "-- later"),
        ("Mild?", "select id from orders where total = null"),
    ]
    assert check_gold_queries(queries, CATALOG, "postgres").as_dict() == {
        "valid_count": 2,
        "total_count": 4,
        "invalid_queries": [
            {
                "question": "Which?",
                "sql": "select nope from orders; select nothing from orders",
                "errors": [
                    "there is no column nope here [unknown-column]",
                    "there is no column nothing here [unknown-column]",
                ],
            },
            {"question": "What?", "sql": "-- later", "errors": ["there is no SQL in this answer"]},
        ],
    }
    assert check_gold_queries([], CATALOG, "postgres").as_dict() == {
        "valid_count": 0,
        "total_count": 0,
        "invalid_queries": [],
    }


def test_an_engine_is_asked_about_each_statement_that_has_no_error() -> None:
    asked: list[str] = []

    def engine(sql: str) -> str | None:
        asked.append(sql)
        return "division by zero" if "/ 0" in sql else None

    queries = [("a", "select nope from orders"), ("b", "select 1; select 1 / 0"), ("c", "select 2")]
    result = check_gold_queries(queries, CATALOG, "postgres", also=engine)
    assert asked == ["select 1", "select 1 / 0", "select 2"]
    assert [(it.question, it.errors) for it in result.invalid_queries] == [
        ("a", ("there is no column nope here [unknown-column]",)),
        ("b", ("division by zero",)),
    ]


@pytest.mark.parametrize("code", ["golden-invalid", "golden-duplicate", "golden-format"])
def test_the_examples_of_the_pages(code: str) -> None:
    page = (REPOSITORY / "docs" / "rules" / f"{code}.md").read_text(encoding="utf-8")
    bad, good = (
        re.findall(
            r"```json\n(.*?)```", page.partition(f"## {it}\n")[2].partition("\n## ")[0], re.DOTALL
        )
        for it in ("Bad", "Good")
    )
    assert bad
    assert good
    for text in bad:
        assert [it.code for it in found_in(text)] == [code], text
    for text in good:
        assert not found_in(text), text
