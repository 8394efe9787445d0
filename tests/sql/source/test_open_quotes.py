"""A quote that nobody closed must not swallow what follows; one that spans lines must stay whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.source.statements import split

_NAMES = {
    "postgres": '"',
    "sqlite": '"',
    "snowflake": '"',
    "duckdb": '"',
    "mysql": "`",
    "tsql": "[",
}
_CLOSING = {"[": "]"}
_DIALECTS = ["postgres", "mysql", "sqlite", "snowflake", "bigquery", "tsql", "duckdb"]


def texts(sql: str, dialect: str) -> list[str]:
    return [it.text for it in split(sql, dialect)]


@pytest.mark.parametrize("dialect", _DIALECTS)
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 'a;\nselect 2;\nselect 'x'", ["select 'a", "select 2", "select 'x'"]),
        ("select 'a from t;\nselect 2", ["select 'a from t", "select 2"]),
        ("select 1;\nselect 'a from t;\nselect 'b', 'c';\nselect 3",
         ["select 1", "select 'a from t", "select 'b', 'c'", "select 3"]),
        ("select 'a;\nselect 'b;\nselect 'c;\nselect 4",
         ["select 'a", "select 'b", "select 'c", "select 4"]),
        ("select f('a);\nselect 2", ["select f('a)", "select 2"]),
        ("select 'a; -- why\nselect 2", ["select 'a", "select 2"]),
        ("select 'a;\n-- about it's next\nselect 2", ["select 'a", "select 2"]),
        ("select 'a;\r\nselect 2;\r\nselect 'x'", ["select 'a", "select 2", "select 'x'"]),
        ("insert into t values ('a);\n\nupdate t set a = 'b';\ndelete from t",
         ["insert into t values ('a)", "update t set a = 'b'", "delete from t"]),
    ],
)  # fmt: skip
def test_an_open_string_ends_with_its_line(dialect: str, sql: str, expected: list[str]) -> None:
    assert texts(sql, dialect) == expected


@pytest.mark.parametrize("dialect", _NAMES)
def test_an_open_name_ends_with_its_line(dialect: str) -> None:
    quote = _NAMES[dialect]
    closing = _CLOSING.get(quote, quote)
    sql = f"select {quote}a from t;\nselect {quote}b{closing} from u;\nselect 3"
    first, *rest = texts(sql, dialect)
    assert first == f"select {quote}a from t"
    assert rest == [f"select {quote}b{closing} from u", "select 3"]


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        # bodies of routines
        ("postgres", "create function f() returns int as 'begin\n  select 1;\n  update x set a = 2;\nend' language plpgsql"),
        ("postgres", "create function f() returns int as '\nselect 1;\nselect 2;\n' language sql"),
        ("postgres", "create function f() returns int as $$\nselect 1;\nselect 'it''s';\n$$ language sql"),
        ("postgres", "do $body$ begin\nselect 1;\nselect 2;\nend $body$"),
        ("snowflake", "create procedure p() returns int language sql as '\nselect 1;\nselect 2;\n'"),
        ("snowflake", "create procedure p() returns int language sql as $$\nselect 1;\nselect 2;\n$$"),
        # statements and documents in strings
        ("postgres", "insert into migrations values ('create table a (b int);\ninsert into a values (1);\n')"),
        ("postgres", "insert into t values ('{\"a\": [1,\n 2],\n \"b\": \"x;\\ny\"}')"),
        ("mysql", "insert into t values ('one;\n\nselect of the best;\ntwo')"),
        ("duckdb", "select 'a;\nselect b;\nselect c' as script"),
        ("sqlite", "insert into notes values ('Dear all;\nupdate follows:\n\n- one;\n- two')"),
        ("tsql", "exec('select 1;\nselect 2')"),
        ("bigquery", "execute immediate '''\nselect 1;\nselect 2;\n'''"),
        ("postgres", "comment on table t is 'first;\nwith more;\nselect it'"),
        # quotes in quotes
        ("postgres", "select 'it''s;\nselect ''quoted''', 'x'"),
        ("postgres", "select 'say \"hi;\nselect\"'"),
        ("postgres", "select 'a' -- it's\n, 'b'"),
        ("postgres", "select 'multi\nline' || 'other\nline'"),
    ],
)  # fmt: skip
def test_a_string_of_several_lines_stays_whole(dialect: str, sql: str) -> None:
    assert texts(sql, dialect) == [sql]
    after = "select 'x', 'y''z' from u;\nselect 3"
    assert texts(f"{sql};\n{after}", dialect) == [sql, *texts(after, dialect)]
    before = "select 'p' from q"
    assert texts(f"{before};\n{sql};\n{after}", dialect) == [before, sql, *texts(after, dialect)]


def test_a_routine_that_is_not_ended_ends_where_the_next_begins() -> None:
    quoted = "create function f() as $$ begin; select 1;\ncreate function g() as $$ select 2; $$ language sql;\nselect 3"
    assert texts(quoted, "postgres")[1:] == [
        "create function g() as $$ select 2; $$ language sql",
        "select 3",
    ]
    block = (
        "create procedure p() begin select 1; create procedure q() begin select 2; end; select 3"
    )
    assert texts(block, "mysql")[1:] == ["create procedure q() begin select 2; end", "select 3"]


def test_what_only_looks_like_an_open_quote() -> None:
    assert [it.text for it in tokenize("select a[1], b['k'] from t", "postgres")][-2:] == [
        "from",
        "t",
    ]
    # A dollar starts a string in Snowflake only where it is doubled.
    assert [it.kind for it in tokenize("select $1, ${x}, $$a;b$$", "snowflake")] == [
        "word", "parameter", "symbol", "parameter", "symbol", "string",
    ]  # fmt: skip


_PIECES = st.lists(
    st.sampled_from(["select ", "'", "''", '"', "`", "[", "]", ";\n", "\n", " x ", "$$", "(", ")", "--", "/*", "{{", "}}", "insert into t "]),
    max_size=24,
).map("".join)  # fmt: skip


@given(_PIECES, st.sampled_from(_DIALECTS))
def test_every_character_is_in_one_token(text: str, dialect: str) -> None:
    end = 0
    for token in tokenize(text, dialect):
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.text
        assert not text[end : token.start].strip()
        end = token.end
    assert not text[end:].strip()


@given(_PIECES, st.sampled_from(_DIALECTS))
def test_a_good_statement_survives_any_text_before_it(junk: str, dialect: str) -> None:
    """Whatever is broken above, a statement two lines below it is still found."""
    if any(it in junk for it in ("$$", "/*", "{{", "--", "[")):
        return  # these may rightly go on over lines, or hide what follows on theirs
    found = texts(f"{junk}\n;\nselect a from t;\nselect b from u;\nselect c from v", dialect)
    assert found[-1] == "select c from v"
