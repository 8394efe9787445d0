"""From a written name to a table or column: qualifiers, search path, spelling."""

import pytest

from defog_metadata.catalog import Catalog, Column, MemoryTables, Name, Table, TableSummary

TABLES = (
    Table("users", (Column("id"), Column("Id")), "public"),
    Table("Users", schema="public"),
    Table("users", schema="crm"),
    Table("orders", schema="sales"),
    Table("orders", schema="archive"),
    Table("notes"),
    Table("orders", schema="sales", database="dwh"),
)


def path(text: str) -> list[Name]:
    return [Name(it.strip('"'), it.startswith('"')) for it in text.split(".")]


def check(
    text: str,
    expected: str | None,
    *,
    dialect: str = "postgres",
    search_path: tuple[str, ...] = ("public",),
    tables: tuple[Table, ...] = TABLES,
) -> None:
    found = Catalog(MemoryTables(tables), dialect, search_path).table(*path(text))
    assert (found.qualified_name if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("users", "public.users"),
        ("USERS", "public.users"),
        ('"Users"', "public.Users"),
        ('"USERS"', None),
        ("crm.users", "crm.users"),
        ("CRM.USERS", "crm.users"),
        ('"CRM".users', None),
        ("public.orders", None),
        # Off the path, a bare name does not mean it.
        ("orders", None),
        ("sales.orders", "sales.orders"),
        ("dwh.sales.orders", "sales.orders"),
        ("dwh.archive.orders", "archive.orders"),
        ("nope", None),
        ("nope.users", None),
        # Where the metadata does not say, a qualifier cannot be wrong.
        ("notes", "notes"),
        ("anywhere.notes", "notes"),
        ("dwh..notes", "notes"),
        ("server.dwh.sales.orders", "sales.orders"),
    ],
)
def test_table(text: str, expected: str | None) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("search_path", "expected"),
    [
        (("sales", "archive"), "sales.orders"),
        (("archive", "sales"), "archive.orders"),
        (("nowhere", "archive"), "archive.orders"),
        # No schema of it exists here, so it says nothing about these tables.
        (("nowhere",), "sales.orders"),
        ((), "sales.orders"),
    ],
)
def test_search_path(search_path: tuple[str, ...], expected: str) -> None:
    check("orders", expected, search_path=search_path)


def test_a_database_that_differs_is_another_table() -> None:
    here, there = (Table("t", schema="s", database=it) for it in ("here", "there"))
    check("there.s.t", "there.s.t", tables=(here, there))
    check("elsewhere.s.t", None, tables=(here, there))
    check("s.t", "here.s.t", tables=(here, there))


def test_an_empty_qualifier_stands_for_the_servers_default() -> None:
    tables = (Table("t", schema="dbo", database="shop"), Table("t", schema="dbo", database="crm"))
    check("crm..t", "crm.dbo.t", tables=tables, dialect="tsql", search_path=("dbo",))


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        ("sqlite", "USERS", "public.users"),
        ("sqlite", '"Users"', "public.Users"),
        ("snowflake", "users", "public.users"),
        ("snowflake", '"USERS"', "public.users"),
        ("snowflake", '"uSERS"', None),
        ("clickhouse", "USERS", None),
        ("clickhouse", "Users", "public.Users"),
    ],
)
def test_the_dialect_decides_about_letter_case(
    dialect: str, text: str, expected: str | None
) -> None:
    check(text, expected, dialect=dialect)


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        ("postgres", "ID", "id"),
        ("postgres", '"Id"', "Id"),
        ("postgres", '"ID"', None),
        ("sqlite", "Id", "Id"),
        ("sqlite", "ID", "id"),
        ("postgres", "nope", None),
    ],
)
def test_column(dialect: str, text: str, expected: str | None) -> None:
    (name,) = path(text)
    found = Catalog.of(*TABLES, dialect=dialect).column(TABLES[0], name)
    assert (found.name if found else None) == expected


def test_what_a_bare_name_is_enough_for() -> None:
    catalog = Catalog.of(*TABLES)
    visible = [it.qualified_name for it in TABLES if catalog.is_visible(it)]
    assert visible == ["public.users", "public.Users", "notes"]
    everywhere = Catalog(MemoryTables(TABLES), "postgres", ("nowhere",))
    assert all(map(everywhere.is_visible, TABLES))


def test_elsewhere_and_schemas() -> None:
    catalog = Catalog.of(*TABLES)
    assert [it.schema for it in catalog.elsewhere(Name("users"))] == ["public", "crm"]
    assert catalog.has_schema(Name("CRM"))
    assert not catalog.has_schema(Name("CRM", quoted=True))
    assert not catalog.has_schema(Name("nope"))


def test_a_catalog_that_knows_nothing() -> None:
    catalog = Catalog()
    assert not catalog
    assert catalog.table(Name("users")) is None
    assert Catalog.of(*TABLES)


def test_tables_in_memory() -> None:
    source = MemoryTables(TABLES)
    assert len(source) == 7
    assert source.schemas() == ["", "archive", "crm", "public", "sales"]
    assert [it.schema for it in source.named("users")] == ["public", "public", "crm"]
    assert source.named("Users") == ()
    assert tuple(source.tables()) == TABLES


@pytest.mark.parametrize(
    ("prefix", "schema", "limit", "expected"),
    [
        ("", None, 2, [("notes", ""), ("orders", "archive")]),
        ("us", None, None, [("users", "crm"), ("users", "public"), ("Users", "public")]),
        ("us", "public", None, [("users", "public"), ("Users", "public")]),
        ("", "", None, [("notes", "")]),
        ("x", None, None, []),
        ("", None, 0, []),
    ],
)
def test_summaries_in_memory(
    prefix: str, schema: str | None, limit: int | None, expected: list[tuple[str, str]]
) -> None:
    found = MemoryTables(TABLES).summaries(prefix=prefix, schema=schema, limit=limit)
    assert list(found) == [TableSummary(name, within) for name, within in expected]
