import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.source.statements import split


def check(text: str, *expected: str, dialect: str = "postgres") -> None:
    found = split(text, dialect)
    assert [it.text for it in found] == list(expected)
    for it in found:
        assert text[it.start : it.start + len(it.text)] == it.text


def test_semicolons_end_statements_but_not_inside_strings_names_and_comments() -> None:
    check("select 1; select 2", "select 1", "select 2")
    check("select 'a;b'; select 2", "select 'a;b'", "select 2")
    check('select "a;b"; select 2', 'select "a;b"', "select 2")
    check("select 1 -- a;b\n; select 2", "select 1", "select 2")
    check("select 1 /* ; /* ; */ ; */; select 2", "select 1", "select 2")
    check("select $$a;b$$, $x$;$$;$x$; select 2", "select $$a;b$$, $x$;$$;$x$", "select 2")
    check("select 'it''s;'; select 2", "select 'it''s;'", "select 2")
    check(";;select 1;;", "select 1")
    check("-- nothing\n/* here */")


def test_each_dialect_has_its_own_strings_and_comments() -> None:
    check(r"select 'it\'s;'; select 2", r"select 'it\'s;'", "select 2", dialect="mysql")
    check('select "a;b"; # ;\nselect `c;d`', 'select "a;b"', "select `c;d`", dialect="mysql")
    check("select [a;b]; select 2", "select [a;b]", "select 2", dialect="tsql")
    check("select '''a;b'''; select 2", "select '''a;b'''", "select 2", dialect="bigquery")
    check(r"select r'\';'; select 2", r"select r'\';'", "select 2", dialect="bigquery")
    check(r"select `a\`;b`; select 2", r"select `a\`;b`", "select 2", dialect="bigquery")
    check(r"select e'it\'s;'; select 2", r"select e'it\'s;'", "select 2")
    check("select 1 // ;\n; select 2", "select 1", "select 2", dialect="snowflake")


def test_bodies_of_routines_stay_whole() -> None:
    trigger = (
        "create trigger t after insert on x begin update y set a = case when 1 then 2 end; "
        "if a then select if(1, 2, 3); end if; delete from z; end"
    )
    check(f"{trigger}; select 1", trigger, "select 1", dialect="sqlite")
    procedure = "create procedure p() begin declare x int; while x < 3 do set x = 1; end while; end"
    check(f"{procedure}; select 1", procedure, "select 1", dialect="mysql")
    check("begin; select 1; commit", "begin", "select 1", "commit")
    check(
        "if 1 = 1 begin select 1; select 2; end; select 3",
        "if 1 = 1 begin select 1; select 2; end",
        "select 3",
        dialect="tsql",
    )
    check("begin tran; select 1; commit", "begin tran", "select 1", "commit", dialect="tsql")


def test_quotes_of_the_client_are_no_quotes_of_sql() -> None:
    check("\\echo it's\nselect 1; select 2", "select 1", "select 2")
    check("\\echo /*\nselect 1; select 2", "select 1", "select 2")


def test_lines_for_the_client_are_no_sql() -> None:
    check("select 1 \\gx\nselect 2", "select 1", "select 2")
    check("\\d customers\nselect 1; \\timing\nselect 2", "select 1", "select 2")
    check("select 1\nGO\nselect 2\ngo 5\n", "select 1", "select 2", dialect="tsql")
    check(
        "delimiter //\ncreate procedure p() begin select 1; end //\ndelimiter ;\nselect 2;",
        "create procedure p() begin select 1; end",
        "select 2",
        dialect="mysql",
    )


@pytest.mark.parametrize(
    ("dialect", "line"),
    [
        ("mysql", "source it's.sql"),
        ("mysql", "\\. it's.sql"),
        ("sqlite", ".read it's.sql"),
        ("duckdb", "  .mode line"),
        ("oracle", "@it's.sql"),
        ("oracle", "@@sub/it's"),
        ("oracle", "prompt it's done"),
        ("oracle", "set serveroutput on"),
        ("tsql", ":r it's.sql"),
        ("tsql", ":setvar name it's"),
        ("tsql", "!!echo it's"),
        ("snowflake", "!source it's.sql"),
    ],
)
def test_lines_for_other_clients(dialect: str, line: str) -> None:
    check(f"select 1;\n{line}\nselect 2", "select 1", "select 2", dialect=dialect)
    in_text = "select '\n" + line.replace("'", "") + "\n'"
    check(in_text, in_text, dialect=dialect)
    check(f"/*\n{line}\n*/ select 1", "select 1", dialect=dialect)


def test_lines_that_only_look_as_if_they_were_for_a_client() -> None:
    for dialect, text in (
        ("sqlite", "select 1\n.5"),
        ("oracle", "select a from t\nstart with a = 1 connect by a = prior b"),
        ("oracle", "select a\n/ b from t"),
        ("oracle", "set transaction read only"),
        ("mysql", "select a as\nsource from t"),
        ("tsql", "select a where a =\n:r and b = 2"),
        ("tsql", "select\n@a"),
        ("postgres", "update t\nset a = 1"),
        ("oracle", "update t\nset a = 1"),
    ):
        check(text, text, dialect=dialect)


def test_a_slash_of_its_own_ends_what_sql_plus_has_read() -> None:
    body = "create procedure p as begin null; end;"
    check(f"{body}\n/\nselect 1 from dual\n/\n", body[:-1], "select 1 from dual", dialect="oracle")


def test_semicolons_may_be_left_out_where_the_dialect_does_not_ask_for_them() -> None:
    wholes = (
        "declare @n int",
        "set @n = 1",
        "select id\ninto #kept\nfrom orders\nunion all\nselect id from customers",
        "update o\nset total = 1\noutput inserted.id\nfrom orders o",
        "delete from orders\nwhere id in (\nselect 1)",
        "insert into orders (id)\noutput inserted.id\nselect id from customers",
        "insert into orders (id) values (1)",
        "insert into orders\nexec made 1,\n  @b = 2",
        "exec made @a = 1",
        "create table t (a int\nreferences x (id)\non delete cascade)",
        "create unique index i\non t (a)",
        "alter table t\nalter column a int",
        "alter table t\ndrop column a",
        "truncate table t",
        "grant select, insert,\nupdate on t to x",
        "begin tran",
        "select top 1 *\nfrom t with (nolock)",
        "commit",
        "if @n = 1 begin select 1 select 2 end\nelse begin\nselect 3\nend",
        "while @n < 3\nupdate t set a = 1",
    )
    check("\n".join(wholes), *wholes, dialect="tsql")
    for whole in (
        "with x as (\nselect 1 as a)\nselect * from x",
        "with x as (select 1 as a)\ninsert into t\nselect * from x",
        "merge t using x on 1 = 1 when matched then\nupdate set a = 1",
        "create view v as\nselect 1 as a",
        "create procedure p as\nselect 1\nupdate t set a = 1",
        "create trigger t on x after insert,\nupdate as\nselect 1",
        "declare c cursor for\nselect 1",
        "if exists (select 1)\nselect 1\nelse\nselect 2",
    ):
        if not whole.startswith(("with", "merge")):  # these want a semicolon before them
            check(f"select 0\n{whole};\nselect 9", "select 0", whole, "select 9", dialect="tsql")
        check(f"{whole}\nGO\nselect 9", whole, "select 9", dialect="tsql")
    check("select 1\nselect 2", "select 1\nselect 2")


def test_the_reach_of_a_statement_goes_up_to_the_next() -> None:
    first, second = split("select 1 ; \n select 2  ", "postgres")
    assert first.reach == len("select 1 ;")
    assert second.reach == len("select 1 ; \n select 2  ")


_SQL_LIKE = st.text(alphabet="select from;'\"`$[]()-/*\\#\n\r\f 1a.,:@%é😀", max_size=80)


@given(_SQL_LIKE, st.sampled_from(["", "postgres", "mysql", "tsql", "bigquery", "snowflake"]))
def test_tokens_cover_the_text_in_order(text: str, dialect: str) -> None:
    end = 0
    for token in tokenize(text, dialect):
        assert token.start >= end
        assert token.end > token.start
        assert not text[end : token.start].strip()
        assert text[token.start : token.end] == token.text
        end = token.end
    assert not text[end:].strip()


@given(_SQL_LIKE, st.sampled_from(["", "postgres", "mysql", "tsql", "bigquery", "snowflake"]))
def test_statements_are_disjoint_and_where_they_say(text: str, dialect: str) -> None:
    end = 0
    for it in split(text, dialect):
        assert it.start >= end
        assert text[it.start : it.span.end] == it.text
        assert it.span.end <= it.reach <= len(text)
        end = it.span.end
