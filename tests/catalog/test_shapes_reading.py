"""Documents as they are found: every shape, every spelling, and what is said of bad ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from defog_metadata.catalog import Column, ForeignKey, Table
from defog_metadata.catalog.shapes import Shape, read_metadata, read_metadata_csv
from defog_metadata.errors import MetadataError
from tests.support.tools import REPOSITORY

DATA = REPOSITORY.parent / "shared" / "data"
ID: dict[str, object] = {"column_name": "id", "data_type": "integer"}


def documents(pattern: str) -> list[Any]:
    found = sorted(DATA.glob(pattern))
    if not found:
        reason = "the public data beside the repository is absent"
        return [pytest.param(DATA, marks=pytest.mark.skip(reason=reason), id="absent")]
    return [pytest.param(it, id=str(it.relative_to(DATA))) for it in found]


@pytest.mark.parametrize("path", documents("**/*.json"))
def test_public_documents(path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))
    metadata = read_metadata(data)
    raw = data["table_metadata"]
    if isinstance(raw, dict):
        assert metadata.shape == "published"
        expected = [(key, [it["column_name"] for it in rows]) for key, rows in raw.items()]
        found = [
            (it.qualified_name, [column.name for column in it.columns]) for it in metadata.tables
        ]
        assert metadata.glossary == data.get("glossary", "")
    else:
        assert metadata.shape == "seed"
        expected = [
            (it["table_name"], [column["column_name"] for column in it["column_metadata"]])
            for it in raw
        ]
        found = [(it.name, [column.name for column in it.columns]) for it in metadata.tables]
        assert referring(metadata.tables) == sum(
            column["foreign_key"] is not None for it in raw for column in it["column_metadata"]
        )
    assert found == expected
    assert all(column.type for it in metadata.tables for column in it.columns)


def referring(tables: tuple[Table, ...]) -> int:
    return sum(len(it.foreign_keys) for it in tables)


@pytest.mark.parametrize("path", documents("defog/golden/*.csv"))
def test_public_csv_files_of_another_kind_say_what_is_missing(path: Path) -> None:
    with pytest.raises(MetadataError, match=r"line 1: the header has no table_name, column_name"):
        read_metadata_csv(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        ({"table_metadata": [{"table_name": "t", "column_metadata": [ID]}]}, "seed"),
        ({"table_metadata": [{"table_name": "t", "column_metadata": [ID]}], "db": "x"}, "seed"),
        ({"t": [ID]}, "columns"),
        ({"t": [ID], "db": "shop", "source": {"repo": "r"}}, "columns"),
        ({"t": {"table_description": "", "columns": [ID]}}, "tables"),
        ({"t": {"columns": [ID]}}, "tables"),
        ({"t": {"columns": [ID]}, "u": [ID]}, "tables"),
        ({"table_metadata": {"t": [ID]}, "glossary": ""}, "published"),
        ({"table_metadata": {"t": [ID]}}, "published"),
        ({"table_metadata": {"t": {"columns": [ID]}}, "glossary": None}, "published"),
        ({"table_metadata": []}, "seed"),
        ({"table_metadata": {}}, "published"),
        ({}, "tables"),
        # Tables whose names are those of the shapes' own keys.
        ({"table_metadata": [ID]}, "columns"),
        ({"table_metadata": {"table_description": "", "columns": [ID]}}, "tables"),
        ({"table_metadata": {"columns": [ID]}}, "published"),
        ({"table_metadata": {"columns": [ID], "table_description": [ID]}}, "published"),
        ({"glossary": [ID]}, "columns"),
        ({"source": {"table_description": "", "columns": [ID]}}, "tables"),
    ],
)
def test_shapes_are_told_apart(data: object, shape: Shape) -> None:
    metadata = read_metadata(data)
    assert metadata.shape == shape
    assert all(it.columns == (Column("id", "integer"),) for it in metadata.tables)
    assert bool(metadata.tables) == ("column_name" in json.dumps(data))


def only(data: object) -> Table:
    (table,) = read_metadata(data).tables
    return table


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("orders", ("", "", "orders")),
        ("sales.orders", ("", "sales", "orders")),
        ("dwh.sales.orders", ("dwh", "sales", "orders")),
        ("dwh..orders", ("dwh", "", "orders")),
        ('sales."order.lines"', ("", "sales", "order.lines")),
        ("my.project.sales.orders", ("my.project", "sales", "orders")),
    ],
)
def test_table_keys(key: str, expected: tuple[str, str, str]) -> None:
    table = only({key: [ID]})
    assert (table.database, table.schema, table.name) == expected


@pytest.mark.parametrize(
    ("said", "nullable"),
    [
        ("YES", True),
        ("NO", False),
        ("no", False),
        (True, True),
        (False, False),
        (None, True),
        ("", True),
        (0, False),
        (1, True),
        ("false", False),
    ],
)
def test_is_nullable(said: object, *, nullable: bool) -> None:
    assert only({"t": [ID | {"is_nullable": said}]}).columns[0].nullable is nullable


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, ()),
        ("", ()),
        ("customers.id", (ForeignKey(("id",), "customers", ("id",)),)),
        ("crm.customers.id", (ForeignKey(("id",), "customers", ("id",), "crm"),)),
        (
            {"schema": "crm", "table": "customers", "column": "id"},
            (ForeignKey(("id",), "customers", ("id",), "crm"),),
        ),
        (
            {"schema": None, "table": "customers", "column": "id"},
            (ForeignKey(("id",), "customers", ("id",)),),
        ),
    ],
)
def test_foreign_key_of_a_column(said: object, expected: tuple[ForeignKey, ...]) -> None:
    assert only({"t": [ID | {"foreign_key": said}]}).foreign_keys == expected


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("BASE TABLE", "table"),
        ("table", "table"),
        (None, "table"),
        ("VIEW", "view"),
        ("SYSTEM VIEW", "view"),
        ("materialized view", "materialized view"),
        ("MATERIALIZED_VIEW", "materialized view"),
        ("FOREIGN", "foreign table"),
        ("EXTERNAL", "foreign table"),
    ],
)
def test_table_type(said: object, kind: str) -> None:
    seed = {"table_name": "t", "table_type": said, "column_metadata": []}
    assert only({"table_metadata": [seed]}).kind == kind


def test_everything_that_may_be_null() -> None:
    column = ID | {
        "is_nullable": None,
        "column_default": None,
        "column_description": None,
        "primary_key": None,
        "foreign_key": None,
    }
    seed = {
        "table_name": "t",
        "table_schema": None,
        "table_description": None,
        "table_type": None,
        "column_metadata": [column],
        "row_estimate": None,
    }
    assert only({"table_metadata": [seed]}) == Table("t", (Column("id", "integer"),))


def test_unknown_keys_are_ignored() -> None:
    seed = {"table_name": "t", "owner": {}, "column_metadata": [ID | {"collation": 3}]}
    data = {"table_metadata": [seed], "source": [], "glossary": ["not", "text"], "note": 1}
    assert only(data) == Table("t", (Column("id", "integer"),))


def test_defaults_that_are_not_text() -> None:
    rows = [ID | {"column_default": it} for it in (0, 1.5, True, "now()")]
    assert [it.default for it in only({"t": rows}).columns] == ["0", "1.5", "true", "now()"]


def test_primary_key_in_the_order_of_the_columns_unless_the_table_says_it() -> None:
    rows = [{"column_name": it, "data_type": "", "primary_key": True} for it in ("a", "b")]
    assert only({"t": rows}).primary_key == ("a", "b")
    assert only({"t": {"columns": rows, "primary_key": ["b", "a"]}}).primary_key == ("b", "a")


def test_duplicates_are_kept() -> None:
    seed = {"table_name": "t", "column_metadata": [ID, ID]}
    metadata = read_metadata({"table_metadata": [seed, seed]})
    assert [(it.name, len(it.columns)) for it in metadata.tables] == [("t", 2), ("t", 2)]


def test_search_path_is_where_bare_keys_live() -> None:
    entry = {"table_description": "", "columns": [ID]}
    metadata = read_metadata(
        {
            "t": entry | {"table_schema": "app"},
            "u": entry | {"table_schema": "public"},
            "v": entry | {"table_schema": "app"},
            "w": entry,
            "sales.t": entry | {"table_schema": "sales"},
        }
    )
    assert metadata.search_path == ("app", "public")
    assert [it.schema for it in metadata.tables] == ["app", "public", "app", "", "sales"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {"table_metadata": [{}, {"table_name": "t"}]},
            "table_metadata[0].table_name: missing",
        ),
        (
            {"table_metadata": [{"table_name": "t"}]},
            "table_metadata[0].column_metadata: missing",
        ),
        (
            {
                "table_metadata": [
                    {"table_name": "t", "column_metadata": []},
                    {"table_name": "u", "column_metadata": [ID, ID | {"data_type": 4}]},
                ]
            },
            "table_metadata[1].column_metadata[1].data_type: expected text, found a number",
        ),
        (
            {"table_metadata": [{"table_name": 1, "column_metadata": []}]},
            "table_metadata[0].table_name: expected text, found a number",
        ),
        (
            {"table_metadata": [{"table_name": "t", "column_metadata": {"id": ID}}]},
            "table_metadata[0].column_metadata: expected a list, found an object",
        ),
        (
            {"table_metadata": ["t"]},
            "table_metadata[0]: expected an object, found text",
        ),
        (
            {"table_metadata": {"t": [{"column_name": "id"}]}},
            "table_metadata.t[0].data_type: missing",
        ),
        ({"table_metadata": {"t": None}}, "table_metadata.t: expected a list of columns"),
        ({"table_metadata": {"t": []}, "glossary": []}, "glossary: expected text or null"),
        (
            {"orders": {"columns": [ID, ID, {"data_type": "integer"}]}},
            "orders.columns[2].column_name: missing",
        ),
        ({"orders": {"table_description": "No columns."}}, "orders.columns: missing"),
        ({"orders": {"columns": "id"}}, "orders.columns: expected a list, found text"),
        (
            {"orders": {"columns": [], "table_description": {}}},
            "orders.table_description: expected text or null, found an object",
        ),
        ({"orders": [ID], "customers": 5}, "customers: expected a list of columns"),
        ({"orders": [ID, "id"]}, "orders[1]: expected an object, found text"),
        ({"orders": [ID, ["id"]]}, "orders[1]: expected an object, found a list"),
        (
            {"orders": [{"column_name": None, "data_type": ""}]},
            "orders[0].column_name: expected text, found null",
        ),
        (
            {"sales.orders": [ID | {"column_description": True}]},
            '["sales.orders"][0].column_description: expected text or null, found true',
        ),
        (
            {'say "x"': [ID | {"column_default": []}]},
            r'["say \"x\""][0].column_default: expected text or null, found a list',
        ),
        (
            {"t": [ID | {"is_nullable": "maybe"}]},
            't[0].is_nullable: expected "YES", "NO", true, false or null, found "maybe"',
        ),
        (
            {"t": [ID | {"primary_key": 2}]},
            't[0].primary_key: expected "YES", "NO", true, false or null, found 2',
        ),
        (
            {"t": [ID | {"foreign_key": "customers"}]},
            't[0].foreign_key: expected "table.column", found text without a dot',
        ),
        (
            {"t": [ID | {"foreign_key": 5}]},
            "t[0].foreign_key: expected an object, found a number",
        ),
        (
            {"t": [ID | {"foreign_key": {"table": "u", "column": 1}}]},
            "t[0].foreign_key.column: expected text, found a number",
        ),
        (
            {"t": [ID | {"custom_type_labels": ["a", 1]}]},
            "t[0].custom_type_labels[1]: expected text, found a number",
        ),
        (
            {"t": {"columns": [], "foreign_keys": [{"columns": ["a"], "referred_table": "u"}]}},
            "t.foreign_keys[0].referred_columns: missing",
        ),
        (
            {"t": {"columns": [], "indexes": [{"name": "i", "columns": [], "unique": "no"}]}},
            "t.indexes[0].unique: expected true or false, found text",
        ),
        (
            {"t": {"columns": [], "row_estimate": 1.5}},
            "t.row_estimate: expected a whole number, found 1.5",
        ),
        (
            {"t": {"columns": [], "table_type": ["view"]}},
            "t.table_type: expected text or null, found a list",
        ),
    ],
)
def test_bad_elements_are_named(data: object, message: str) -> None:
    with pytest.raises(MetadataError) as caught:
        read_metadata(data)
    assert str(caught.value).startswith(message)
    assert f"{caught.value.path}: {caught.value.problem}" == str(caught.value)


def test_a_reference_may_leave_out_nothing_but_its_schema() -> None:
    for given in ({"schema": "s"}, {"table": "u"}, {"column": "id"}, {}):
        with pytest.raises(MetadataError, match=r"^t\[0\]\.foreign_key\.(table|column): missing"):
            read_metadata({"t": [ID | {"foreign_key": given}]})


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "text",
        [],
        [ID],
        {"t": 5},
        {"t": {}},
        {"error": "not found"},
        {"table_metadata": None},
        {"metadata": {"t": [ID]}, "timestamp": 1.0},
    ],
)
def test_what_is_in_no_shape_is_answered_with_the_shapes(data: object) -> None:
    with pytest.raises(MetadataError) as caught:
        read_metadata(data)
    for part in ("table_metadata", "column_metadata", "table_description", "glossary", "CSV"):
        assert part in str(caught.value)


def test_csv() -> None:
    text = (
        "\ufefftable_name,column_name,data_type,column_description,table_description\r\n"
        'sales.orders,id,integer,"The order, as numbered",Orders.\r\n'
        "customers,id,integer,,\r\n"
        "\r\n"
        'sales.orders,note,text,"one ""quoted""\nline",\r\n'
    )
    assert read_metadata_csv(text).tables == (
        Table(
            "orders",
            (
                Column("id", "integer", description="The order, as numbered"),
                Column("note", "text", description='one "quoted"\nline'),
            ),
            "sales",
            description="Orders.",
        ),
        Table("customers", (Column("id", "integer"),)),
    )


def test_csv_without_descriptions_in_any_order_of_columns() -> None:
    text = "Data_Type, Column_Name ,table_name,extra\ninteger,id,t,x\n"
    assert read_metadata_csv(text).tables == (Table("t", (Column("id", "integer"),)),)


HEADER = "table_name,column_name,data_type,column_description\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: expected the header table_name,column_name"),
        ("\n\n", "line 1: expected the header table_name,column_name"),
        ("table,column\n", "line 1: the header has no table_name, column_name, data_type"),
        (HEADER + "t,id,integer,one, two\n", "line 2: expected 4 fields, found 5"),
        (HEADER + "t,id\n", "line 2: expected 4 fields, found 2"),
        (HEADER + "t,a,b,c\n,id,integer,\n", "line 3: table_name: missing"),
        (HEADER + 't,a,b,"two\nlines"\nt,,integer,\n', "line 4: column_name: missing"),
        (HEADER + 't,a,b,"never closed\n', "line 2: not valid CSV"),
        (HEADER + 't,a,b,"closed" early\n', "line 2: not valid CSV"),
        (HEADER + f"t,a,b,{'x' * 200_000}\n", "line 2: not valid CSV"),
    ],
)
def test_bad_csv_is_answered_with_its_line(text: str, message: str) -> None:
    with pytest.raises(MetadataError) as caught:
        read_metadata_csv(text)
    assert str(caught.value).startswith(message)
