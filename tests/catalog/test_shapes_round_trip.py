"""What is written is read back, whatever the tables are."""

import json
from collections.abc import Iterable, Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from defog_metadata.catalog import Column, ForeignKey, Table
from defog_metadata.catalog.shapes import (
    Metadata,
    read_metadata,
    read_metadata_csv,
    table_from_json,
    table_to_json,
    write_columns,
    write_csv,
    write_published,
    write_seed,
    write_tables,
)
from defog_metadata.catalog.shapes.keys import join_key, split_key
from tests.catalog.strategies import catalogs, names, tables


def reread(written: object) -> Metadata:
    """Through the text of a file: what a tuple or a key becomes there counts too."""
    return read_metadata(json.loads(json.dumps(written)))


def in_order(found: Iterable[Table]) -> list[Table]:
    return sorted(found, key=repr)


@settings(max_examples=40)
@given(catalogs)
def test_seed_is_lossless(found: list[Table]) -> None:
    metadata = reread(write_seed(found))
    assert metadata.tables == tuple(found)
    assert metadata.shape == "seed"


@settings(max_examples=40)
@given(catalogs, st.lists(names, max_size=3, unique=True))
@example([Table("t", schema="b"), Table("u", schema="a"), Table("t", schema="a")], ["a", "b"])
@example([Table("a.b", schema="public"), Table("b", schema="a")], ["public"])
@example([Table("t", schema="public"), Table("t")], ["public"])
def test_tables_are_lossless(found: list[Table], search_path: list[str]) -> None:
    metadata = reread(write_tables(found, search_path))
    assert in_order(metadata.tables) == in_order(found)
    assert metadata.shape == "tables"
    # Schemas that have no table of their own to show leave no trace; the others keep their order.
    assert list(metadata.search_path) == [it for it in search_path if it in metadata.search_path]


@settings(max_examples=40)
@given(catalogs)
def test_tables_without_a_search_path_keep_their_order(found: list[Table]) -> None:
    metadata = reread(write_tables(found))
    assert metadata.tables == tuple(found)
    assert metadata.search_path == ()


def test_the_search_path_survives_whatever_the_order_of_the_tables() -> None:
    found = [Table("t", schema="late"), Table("u", schema="early"), Table("v", schema="off")]
    metadata = reread(write_tables(found, ["early", "late"]))
    assert metadata.search_path == ("early", "late")
    assert [*write_tables(found, ["early", "late"])] == ["u", "t", "off.v"]


def test_a_name_in_two_schemas_of_the_path_is_bare_in_the_first() -> None:
    found = [Table("t", schema="late"), Table("t", schema="early")]
    assert [*write_tables(found, ["early", "late"])] == ["t", "late.t"]


@given(tables())
def test_one_table_is_lossless(table: Table) -> None:
    assert table_from_json(json.loads(json.dumps(table_to_json(table)))) == table


@given(st.just("") | names, st.just("") | names, names)
def test_keys_split_into_what_they_were_joined_from(database: str, schema: str, name: str) -> None:
    assert split_key(join_key(database, schema, name)) == (database, schema, name)


def documented(found: Iterable[Table]) -> list[Table]:
    """What the shapes without extra keys have a place for."""
    return [
        Table(
            it.name,
            tuple(Column(c.name, c.type, description=c.description) for c in it.columns),
            it.schema,
            it.database,
        )
        for it in found
    ]


def once(found: Sequence[Table]) -> list[Table]:
    """Tables that have a name and columns of their own, so that rows can tell them apart."""
    return [*{(it.database, it.schema, it.name): it for it in found if it.columns}.values()]


@settings(max_examples=40)
@given(catalogs.map(once))
def test_columns_shape_keeps_what_it_documents(found: list[Table]) -> None:
    metadata = reread(write_columns(found))
    assert list(metadata.tables) == documented(found)
    assert metadata.shape == ("columns" if found else "tables")


@settings(max_examples=40)
@given(catalogs.map(once), st.text())
def test_published_shape_keeps_what_it_documents(found: list[Table], glossary: str) -> None:
    metadata = reread(write_published(found, glossary))
    assert list(metadata.tables) == documented(found)
    assert (metadata.shape, metadata.glossary) == ("published", glossary)


@settings(max_examples=40)
@given(catalogs.map(once))
def test_csv_keeps_what_it_documents(found: list[Table]) -> None:
    metadata = read_metadata_csv(write_csv(found))
    with_description = [
        Table(it.name, it.columns, it.schema, it.database, description=table.description)
        for it, table in zip(documented(found), found, strict=True)
    ]
    assert list(metadata.tables) == with_description
    assert metadata.shape == "csv"


def test_seed_writes_the_documented_keys_first() -> None:
    orders = Table(
        "orders",
        (Column("id", "integer", nullable=False), Column("customer", "integer", default="0")),
        "sales",
        primary_key=("id",),
        foreign_keys=(ForeignKey(("customer",), "customers", ("id",), "crm"),),
    )
    (table,) = write_seed([orders])["table_metadata"]
    assert [*table][:4] == ["table_name", "table_schema", "table_description", "column_metadata"]
    assert [*table["column_metadata"][0].items()] == [
        ("column_name", "id"),
        ("data_type", "integer"),
        ("is_nullable", "NO"),
        ("column_default", None),
        ("column_description", ""),
        ("primary_key", True),
        ("foreign_key", None),
    ]
    assert table["column_metadata"][1]["is_nullable"] == "YES"
    assert table["column_metadata"][1]["column_default"] == "0"
    assert table["column_metadata"][1]["foreign_key"] == {
        "schema": "crm",
        "table": "customers",
        "column": "id",
    }


def test_tables_have_what_the_defog_library_writes() -> None:
    mood = Column("mood", "mood", description="How it went.", enum_values=("sad", "ok"))
    place = Column("place", "text", common_values=("here",))
    written = write_tables(
        [Table("visits", (mood, place), "public", description="Visits.")], ["public"]
    )
    entry = written["visits"]
    assert entry["table_description"] == "Visits."
    assert entry["columns"] == [
        {
            "column_name": "mood",
            "data_type": "mood",
            "column_description": "How it went.",
            "custom_type_labels": ["sad", "ok"],
        },
        # A key that the library does not know.
        {
            "column_name": "place",
            "data_type": "text",
            "column_description": "",
            "common_values": ["here"],
        },
    ]
