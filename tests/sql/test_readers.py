"""The engines' own parsers: what they say, and where they say it."""

import pytest

from defog_metadata.sql.readers import Refusal, verdict
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.source.statements import split


def place(marked: str, dialect: str) -> str:
    """*marked* without its mark, with a mark where the engine's parser gives up instead."""
    sql = marked.replace("$0", "")
    judged = verdict(sql, tokenize(sql, dialect), dialect)
    if not isinstance(judged, Refusal):
        return judged
    return f"{sql[: judged.span.start]}$0{sql[judged.span.start :]}"


@pytest.mark.parametrize(
    ("dialect", "marked"),
    [
        ("postgres", "select 'ü', '😀' form $0t"),
        ("postgres", 'select "é😀" from $0where x = 1'),
        ("postgres", "select (1$0"),
        ("postgres", "$0selec 1"),
        ("sqlite", "select a, b, c, $0, d from t, u"),
        ("sqlite", "select 'ü😀', (a $0from t) x from t ) y"),
        ("sqlite", "select a from$0"),
        ("sqlite", "select a from t where b = $0^ c"),
    ],
)
def test_where_an_engine_gives_up(dialect: str, marked: str) -> None:
    assert place(marked, dialect) == marked


@pytest.mark.parametrize(
    ("dialect", "sql", "judged"),
    [
        ("postgres", "select a from nowhere", "readable"),
        ("sqlite", "select a from nowhere where b is 5", "readable"),
        ("sqlite", "insert into nowhere values (1), (2)", "readable"),
        # what a program puts something else for, and what SQLite might do rather than read
        ("postgres", "select a from t where b in %s", "unknown"),
        ("postgres", "select :'name' as a", "unknown"),
        ("sqlite", "select %s form t", "unknown"),
        ("sqlite", "pragma journal_mode = off", "unknown"),
        ("sqlite", "attach 'x' as y", "unknown"),
        ("mysql", "select a", "unknown"),
        ("redshift", "select a", "unknown"),
    ],
)
def test_verdicts(dialect: str, sql: str, judged: str) -> None:
    assert verdict(sql, tokenize(sql, dialect), dialect) == judged


@pytest.mark.parametrize("text", ["select \x00", "select '\ud800'", "select " + "(" * 5000])
@pytest.mark.parametrize("dialect", ["postgres", "sqlite"])
def test_no_text_makes_a_parser_fail(text: str, dialect: str) -> None:
    verdict(text, tokenize(text, dialect), dialect)


def test_the_rows_of_a_dump_are_no_statements() -> None:
    dump = "copy t (a) from stdin;\n1\tit's (\n2\t\"\n\\.\n\nselect 1;\nCOPY u FROM stdin;\n\\.\nselect 2"
    found = [it.text for it in split(dump, "postgres")]
    assert found == ["copy t (a) from stdin", "select 1", "COPY u FROM stdin", "select 2"]
