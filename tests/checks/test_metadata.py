"""What is wrong with metadata by itself, and against its database."""

import pytest

from defog_metadata.catalog import (
    Catalog,
    Column,
    ForeignKey,
    Index,
    MemoryTables,
    Table,
    UniqueKey,
)
from defog_metadata.checks.metadata import drift, metadata_problems, validation_problems


def table(name: str, columns: str = "id integer", schema: str = "", **more: object) -> Table:
    """``id integer, total numeric`` as columns; *more* are fields of the table."""
    parts = [it.strip().split(" ", 1) for it in columns.split(",") if it.strip()]
    found = tuple(Column(it[0], it[1] if len(it) > 1 else "") for it in parts)
    return Table(name, found, schema, **more)  # type: ignore[arg-type]


def check(tables: list[Table], *expected: str, dialect: str = "postgres") -> None:
    assert [str(it) for it in metadata_problems(tables, dialect)] == list(expected)


def check_drift(
    tables: list[Table],
    stored: list[Table],
    *expected: str,
    dialect: str = "postgres",
    is_partial: bool = False,
) -> None:
    database = Catalog(MemoryTables(stored), dialect, is_partial=is_partial)
    assert [str(it) for it in drift(tables, database)] == list(expected)


def test_nothing_is_wrong() -> None:
    check([])
    check(
        [
            table("a"),
            table("b", "id int, a_id int", foreign_keys=(ForeignKey(("a_id",), "a", ("id",)),)),
        ]
    )
    check([table("a"), table("a", schema="s"), table("a", schema="t")])


def test_duplicates() -> None:
    check([table("a"), table("b"), table("a")], "the table a is defined twice")
    check([table("a", schema="s"), table("a", schema="s")], "the table s.a is defined twice")
    check([table("a", "id int, x int, id int")], "a has the column id twice")
    check([table("a", "id int, id int, id int")], *["a has the column id twice"] * 2)


def test_letter_case_makes_a_difference_where_it_does() -> None:
    cased = [table("a", "id int, ID int"), table("A")]
    check(cased)
    check(cased, "a has the column ID twice", "the table A is defined twice", dialect="sqlite")
    check(cased, "a has the column ID twice", dialect="mysql")
    check(cased, dialect="tsql")


def test_empty_names() -> None:
    check(
        [table("", schema="s"), table(" ")],
        "table 1 in the schema s has no name",
        "table 2 has no name",
    )
    nameless = Table("a", (Column("id"), Column(""), Column(" ")))
    check([nameless], "column 2 of a has no name", "column 3 of a has no name")


def test_misspelled_types() -> None:
    check(
        [table("a", "x integr, y VARCHR(20), z numeric")],
        "no dialect knows the type integr of a.x; did you mean integer?",
        "no dialect knows the type VARCHR of a.y; did you mean VARCHAR?",
    )
    found = metadata_problems([table("a", "y VARCHR(20)")], "postgres")[0]
    assert found.meant == ("VARCHAR(20)",)
    assert found.is_sure


def test_types_of_the_database_s_own() -> None:
    lone = [table("a", "x mpaa_rating")]
    check(lone, "no dialect knows the type mpaa_rating of a.x")
    assert not metadata_problems(lone, "postgres")[0].is_sure
    assert metadata_problems(lone, "bigquery")[0].is_sure
    assert not metadata_problems(lone, "postgres", known_types=["mpaa_rating"])
    check([table("a", "x mpaa_rating"), table("b", "x mpaa_rating")])
    check([table("a", 'x "Mood", y sales.mood')])
    check([Table("a", (Column("x", "mood", enum_values=("ok",)),))])
    check([table("a", "x anything at all, y integr")], dialect="sqlite")
    # Two columns of a misspelled type have still misspelled it.
    assert len(metadata_problems([table("a", "x integr, y integr")], "postgres")) == 2


def test_keys_to_nowhere() -> None:
    check(
        [table("a", primary_key=("idd",))],
        "the primary key of a names the column idd, which is not there; did you mean id?",
    )
    check(
        [table("a", unique_keys=(UniqueKey(("nam",)),))],
        "a unique key of a names the column nam, which is not there",
    )
    check(
        [table("a", indexes=(Index("i", ("id", "lower(nam)", '"Nam"', "nam")),))],
        "the index i of a names the column Nam, which is not there",
        "the index i of a names the column nam, which is not there",
    )
    to = ForeignKey(("b_id",), "b", ("id",))
    check(
        [table("a", "b_id int", foreign_keys=(to,)), table("bs")],
        "the foreign key a(b_id) refers to b, which is not there; did you mean bs?",
    )
    check(
        [table("a", "b_id int", foreign_keys=(to,)), table("b", "idd int")],
        "the foreign key a(b_id) refers to b.id, which is not there; did you mean idd?",
    )
    check(
        [table("a", foreign_keys=(to,)), table("b")],
        "a foreign key of a names the column b_id, which is not there",
    )
    check(
        [
            table("a", "b_id int", foreign_keys=(ForeignKey(("b_id",), "b", ("id", "x")),)),
            table("b", "id int, x int"),
        ],
        "the foreign key a(b_id) refers to 2 columns of b, not as many",
    )


def test_keys_that_may_point_somewhere() -> None:
    def referring(key: ForeignKey) -> Table:
        return table("a", "b_id int", "s", foreign_keys=(key,))

    to = ForeignKey(("b_id",), "b", ("id",))
    check([referring(to), table("b", schema="t")])
    check([referring(to), table("B", "ID int")])
    check([referring(to), table("b", "")])
    # A key that names no columns means the primary key.
    check([referring(ForeignKey(("b_id",), "b", ())), table("b")])
    # The metadata does not cover the other schema.
    check([referring(ForeignKey(("b_id",), "b", ("id",), "elsewhere"))])
    one = referring(to)
    assert metadata_problems([one], "postgres")
    partial = Catalog(MemoryTables([one]), "postgres", is_partial=True)
    assert not metadata_problems([one], "postgres", catalog=partial)
    # Part of a table: its keys are those of the database's columns.
    part = table("a", "x int", primary_key=("id",))
    whole = Catalog(MemoryTables([table("a", "id int, x int")]), "postgres")
    assert not metadata_problems([part], "postgres", catalog=whole)


def test_drift_of_names() -> None:
    stored = [
        table("orders", "id integer, total numeric", "public"),
        table("lines", schema="sales"),
    ]
    check_drift([table("orders")], stored)
    check_drift(
        [table("ORDERS", "TOTAL int")], stored, "ORDERS.TOTAL is numeric in the database, not int"
    )
    check_drift([table("order")], stored, "the database has no table order; did you mean orders?")
    check_drift([table("zzz", schema="public")], stored, "the database has no table public.zzz")
    check_drift(
        [table("orders", "totl numeric, id int")],
        stored,
        "public.orders has no column totl in the database; did you mean total?",
    )
    check_drift(
        [table("orders", schema="publc")],
        stored,
        "the database has no schema publc; did you mean public?",
    )


def test_what_is_no_drift() -> None:
    stored = [table("orders", "id integer, total numeric", "public")]
    check_drift([table("orders", schema="archive")], stored)
    check_drift([table("zzz")], stored, is_partial=True)
    check_drift([table("zzz")], [])
    check_drift([table("orders", "x int")], [table("orders", "")])
    check_drift([Table("zzz", database="other")], stored)
    # Without a schema, what any table of the name has is there.
    both = [table("t", "a int", "one"), table("t", "b int", "two")]
    check_drift([table("t", "a int, b int")], both)
    check_drift(
        [table("t", "a int, b int", "one")],
        both,
        "one.t has no column b in the database",
    )


@pytest.mark.parametrize(
    ("said", "stored", "dialect"),
    [
        ("INT", "bigint", "postgres"), ("SERIAL", "integer", "postgres"),
        ("TEXT", "character varying(20)", "postgres"), ("FLOAT", "numeric(10,2)", "postgres"),
        ("timestamp", "timestamp with time zone", "postgres"), ("int", "numeric(10,0)", "postgres"),
        ("mood", "text", "postgres"), ("boolean", "tinyint(1)", "mysql"), ("json", "longtext", "mysql"),
        ("int", "NUMBER(38,0)", "snowflake"), ("date", "TEXT", "sqlite"), ("", "text", "postgres"),
        ("text", "", "postgres"), ("int", "decimal(10)", "mysql"),
    ],
)  # fmt: skip
def test_types_that_agree(said: str, stored: str, dialect: str) -> None:
    check_drift([table("t", f"a {said}")], [Table("t", (Column("a", stored),))], dialect=dialect)


@pytest.mark.parametrize(
    ("said", "stored", "dialect"),
    [
        ("INT", "text", "postgres"), ("date", "timestamp without time zone", "postgres"),
        ("int", "numeric(10,2)", "postgres"), ("text", "text[]", "postgres"),
        ("integer", "TEXT", "sqlite"), ("varchar(3)", "int(11)", "mysql"),
        ("bool", "text", "duckdb"),
    ],
)  # fmt: skip
def test_types_that_do_not(said: str, stored: str, dialect: str) -> None:
    check_drift(
        [Table("t", (Column("a", said),))],
        [Table("t", (Column("a", stored),))],
        f"t.a is {stored} in the database, not {said}",
        dialect=dialect,
    )


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (Column("a", "numeric(10"), "this ( is never closed"),
        (Column("a", "integer)"), "this ) closes nothing"),
        (Column("a", "integer", default="'x"), "this string is never closed"),
    ],
)
@pytest.mark.parametrize("dialect", ["postgres", "mysql", "duckdb", "snowflake"])
def test_tables_that_no_statement_creates(column: Column, message: str, dialect: str) -> None:
    good = Table("good", (Column("id", "integer"),))
    found = validation_problems([good, Table("bad", (Column("id", "integer"), column))], dialect)
    assert len(found) == 1
    assert found[0].place.table == 1
    assert str(found[0]).startswith(
        "the statement that creates bad cannot be read: the column a of"
    )
    assert message in str(found[0])


def test_what_is_wrong_already_is_not_said_twice() -> None:
    bad = Table("bad", (Column("id", "integr("), Column("", "integer")))
    assert len(validation_problems([bad, bad], "postgres")) == 5
    assert validation_problems([], "postgres") == ()
    assert validation_problems([table("a", "id integer)")], "prql") == ()
