"""What a level of the tree of the metadata costs: what it shows, however large the database is."""

from defog_lsp.lsp.tree import children
from defog_metadata.catalog import Catalog, Column, MemoryTables, Table
from tests.support.watched_tables import WatchedTables

TABLES = 3000
PAGE = 1000


def watched() -> tuple[Catalog, WatchedTables]:
    columns = (Column("id", "int"), Column("note", "text"))
    tables = (Table(f"t{it:04}", schema="public", columns=columns) for it in range(TABLES))
    seen = WatchedTables(MemoryTables(tables))
    return Catalog(seen, "postgres", ("public",)), seen


def test_the_tables_of_a_schema_come_by_the_page() -> None:
    catalog, seen = watched()
    found = children("defog:/shop/public", catalog)
    assert [it.kind for it in found[-2:]] == ["table", "more"]
    assert seen.answered["summaries"] == PAGE + 1
    assert not seen.given_tables, "none is read"


def test_the_columns_of_a_table_are_one_table() -> None:
    catalog, seen = watched()
    assert [it.name for it in children("defog:/shop/public/t2000.sql", catalog)] == ["id", "note"]
    assert seen.given_tables == 1
    assert not seen.answered["summaries"]
