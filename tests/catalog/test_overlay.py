"""A workspace's definitions over a database's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defog_metadata.catalog import (
    Catalog,
    Column,
    ForeignKey,
    MemoryTables,
    Name,
    OverlaidTables,
    Table,
)
from tests.catalog.strategies import catalogs


def over(upper: Table | list[Table], *lower: Table) -> list[Table]:
    """What can be seen from above."""
    uppers = [upper] if isinstance(upper, Table) else upper
    return [*OverlaidTables(MemoryTables(uppers), MemoryTables(lower)).tables()]


def test_what_the_file_says_wins_and_the_rest_shows_through() -> None:
    database = Table(
        "orders",
        (
            Column("id", "integer", nullable=False, default="1", description="from the database"),
            Column("total", "numeric(10,2)", description="from the database"),
            Column("mood", "mood", enum_values=("ok", "sad"), common_values=("ok",)),
        ),
        "sales",
        kind="view",
        description="from the database",
        primary_key=("id",),
        row_estimate=12,
    )
    file = Table(
        "orders",
        (
            Column("total", "float", description="from the file"),
            Column("margin", "float", description="only in the file"),
            Column("id", "int"),
        ),
        description="from the file",
        foreign_keys=(ForeignKey(("id",), "ids", ("id",)),),
    )
    assert over(file, database) == [
        Table(
            "orders",
            (
                Column(
                    "id", "integer", nullable=False, default="1", description="from the database"
                ),
                Column("total", "numeric(10,2)", description="from the file"),
                Column("mood", "mood", enum_values=("ok", "sad"), common_values=("ok",)),
                Column("margin", "float", description="only in the file"),
            ),
            "sales",
            kind="view",
            description="from the file",
            primary_key=("id",),
            foreign_keys=(ForeignKey(("id",), "ids", ("id",)),),
            row_estimate=12,
        )
    ]


def described(name: str, schema: str = "", database: str = "") -> Table:
    return Table(name, schema=schema, database=database, description="described")


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        # Without a schema, over every table of the name; with one, over that.
        ("t", ["a.t", "b.t", "u"], ["a.t +", "b.t +", "u"]),
        ("a.t", ["a.t", "b.t"], ["a.t +", "b.t"]),
        ("A.T", ["a.t", "b.t"], ["a.t +", "b.t"]),
        ("c.t", ["a.t", "b.t"], ["a.t", "b.t", "c.t +"]),
        ("d.a.t", ["a.t", "b.t"], ["d.a.t +", "b.t"]),
        ("d.a.t", ["e.a.t"], ["e.a.t", "d.a.t +"]),
        # The database does not say where its table is; the file does.
        ("a.t", ["t"], ["a.t +"]),
        ("a.t, b.t", ["t"], ["t", "a.t +", "b.t +"]),
        ("a.t, b.t", ["a.t", "b.t"], ["a.t +", "b.t +"]),
        # Of names that differ in letter case only, the one spelled alike.
        ("T", ["a.t", "a.T"], ["a.t", "a.T +"]),
        ("A.t", ["a.t", "A.t"], ["a.t", "A.t +"]),
        ("tT", ["a.t", "a.Tt"], ["a.t", "a.Tt +"]),
        ("new", ["a.t"], ["a.t", "new +"]),
        ("new", [], ["new +"]),
    ],
)
def test_which_table_lies_over_which(upper: str, lower: list[str], expected: list[str]) -> None:
    def table(text: str, description: str = "") -> Table:
        *qualifiers, name = text.split(".")
        schema, database = (*reversed(qualifiers), "", "")[:2]
        return Table(name, schema=schema, database=database, description=description)

    uppers = [table(it, "described") for it in upper.split(", ")]
    found = over(uppers, *map(table, lower))
    assert [f"{it.qualified_name}{' +' if it.description else ''}" for it in found] == expected


def test_columns_by_spelling_then_by_letter_case() -> None:
    lower = Table("t", (Column("id", "a"), Column("Id", "b"), Column("other", "c")))
    upper = Table(
        "t",
        tuple(Column(it, description=f"of {it}") for it in ("Id", "ID", "OTHER", "Other", "Id")),
    )
    (found,) = over(upper, lower)
    assert [(it.name, it.type, it.description) for it in found.columns] == [
        ("id", "a", "of ID"),
        ("Id", "b", "of Id"),
        ("other", "c", "of OTHER"),
        ("Other", "", "of Other"),
    ]


def test_lookups_through_a_catalog() -> None:
    upper = MemoryTables([described("users"), described("extra", "public")])
    lower = MemoryTables([Table("users", (Column("id"),), "public"), Table("plain", schema="crm")])
    catalog = Catalog(OverlaidTables(upper, lower), "postgres", ("public",))
    users = catalog.table(Name("users"))
    assert users is not None
    assert (users.description, users.schema, len(users.columns)) == ("described", "public", 1)
    assert catalog.table(Name("extra")) is not None
    assert catalog.table(Name("plain")) is None
    assert catalog.table(Name("crm"), Name("plain")) is not None
    assert len(catalog.source) == 3
    assert catalog.source.schemas() == ["crm", "public"]


def test_a_schema_that_only_the_file_has() -> None:
    source = OverlaidTables(MemoryTables([described("t", "mine")]), MemoryTables([Table("t")]))
    assert [it.schema for it in source.summaries(schema="mine")] == ["mine"]
    assert "mine" in source.schemas()


@settings(max_examples=40)
@given(catalogs, catalogs, st.sampled_from(["", "o", "order", "a"]), st.none() | st.integers(0, 5))
def test_every_question_gives_the_same_picture(
    upper: list[Table], lower: list[Table], prefix: str, limit: int | None
) -> None:
    source = OverlaidTables(MemoryTables(upper), MemoryTables(lower))
    seen = MemoryTables(source.tables())
    assert len(source) == len(seen)
    assert {*seen.schemas()} <= {*source.schemas()}
    keys = {it.name.casefold() for it in seen.tables()}
    for key in keys:
        assert sorted(source.named(key), key=repr) == sorted(seen.named(key), key=repr)
    for schema in (None, *seen.schemas()):
        found = source.summaries(prefix=prefix, schema=schema, limit=limit)
        every = seen.summaries(prefix=prefix, schema=schema)
        assert len(found) == len(every[:limit])
        order = [(it.name.casefold(), it.schema) for it in every]
        assert [(it.name.casefold(), it.schema) for it in found] == order[:limit]
        if limit is None:
            assert sorted(found, key=repr) == sorted(every, key=repr)
        matching = source.matching(prefix, schema=schema, limit=limit or 3)
        wanted = seen.matching(prefix, schema=schema, limit=limit or 3)
        assert [(it.name.casefold(), it.schema) for it in matching] == [
            (it.name.casefold(), it.schema) for it in wanted
        ]
    assert [*source.index.lengths] == [*seen.index.lengths]
    for table in seen.tables():
        assert sorted(source.referring(table), key=repr) == sorted(seen.referring(table), key=repr)
        mentioning = source.mentioning(table, limit=99)
        assert sorted(mentioning, key=repr) == sorted(seen.mentioning(table, limit=99), key=repr)
        assert len(source.mentioning(table, limit=1)) == min(len(mentioning), 1)
        assert source.similar(table.name.casefold())[0] == table.name.casefold()
    for column in {it.name.casefold() for table in seen.tables() for it in table.columns}:
        assert sorted(source.having(column, limit=99), key=repr) == sorted(
            seen.having(column, limit=99), key=repr
        )
    assert source.column_count() == seen.column_count()
    columns = [it.casefold() for it in source.column_names(prefix[:1], limit=limit or 3)]
    assert columns == [it.casefold() for it in seen.column_names(prefix[:1], limit=limit or 3)]
    for column in source.column_names(limit=99):
        assert source.similar_columns(column.casefold())[0].casefold() == column.casefold()
    for word in ("order", "id", "custom", "a"):
        assert source.about([word], limit=5) == seen.about([word], limit=5)


@settings(max_examples=40)
@given(catalogs)
def test_nothing_above_changes_nothing(lower: list[Table]) -> None:
    source = OverlaidTables(MemoryTables(), MemoryTables(lower))
    assert [*source.tables()] == lower
    assert [*source.summaries()] == [*MemoryTables(lower).summaries()]


@settings(max_examples=40)
@given(catalogs)
def test_nothing_below_shows_what_is_above(upper: list[Table]) -> None:
    source = OverlaidTables(MemoryTables(upper), MemoryTables())
    assert sorted(source.tables(), key=repr) == sorted(upper, key=repr)
