"""Files that do not have what is described yet: it is added, and the rest stays as it is."""

import json
from typing import Any

import pytest

from defog_metadata.catalog import Column, Table
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.errors import MetadataError
from defog_metadata.rules.fixes import applied
from defog_metadata.updates import Change, change_edits

USERS = Table("users", (Column("id", "int"), Column("email", "text")), "public")
ORDERS = Table("orders", (Column("id", "int"),), "sales")


def after(text: str, kind: FileKind, *changes: Change) -> str:
    return applied(text, change_edits(text, kind, changes))


def both(table: Table = USERS, **columns: str) -> Change:
    return Change(table, "All of it.", columns, is_visible=table.schema == "public")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"users": [{"column_name": "id", "data_type": "int"}]}',
            '{"users": {"table_description": "All of it.", "columns": [{"column_name": "id", '
            '"data_type": "int"}, {"column_name": "email", "data_type": "", '
            '"column_description": "Mail."}]}}',
        ),
        (
            "{}",
            '{\n  "users": {\n    "table_description": "All of it.",\n    "columns": [\n'
            '      {\n        "column_name": "email",\n        "data_type": "",\n'
            '        "column_description": "Mail."\n      }\n    ]\n  }\n}',
        ),
        (
            '{"table_metadata": [{"table_name": "users", "table_schema": "public", "column_metadata": []}]}',
            '{"table_metadata": [{"table_name": "users", "table_schema": "public", "column_metadata": [\n'
            '  {\n    "column_name": "email",\n    "data_type": "",\n    "column_description": "Mail."\n'
            '  }\n], "table_description": "All of it."}]}',
        ),
    ],
)
def test_json(text: str, expected: str) -> None:
    found = after(text, "json", both(email="Mail."))
    assert json.loads(found) == json.loads(expected)


def test_several_columns_of_several_tables() -> None:
    text = '{\n\t"users": {\n\t\t"columns": []\n\t}\n}\n'
    found = json.loads(after(text, "json", both(id="I", email="M"), both(ORDERS, id="O")))
    assert found["users"]["table_description"] == "All of it."
    assert [it["column_description"] for it in found["users"]["columns"]] == ["I", "M"]
    assert found["sales.orders"]["columns"][0]["column_description"] == "O"


def test_csv() -> None:
    text = "column_name,table_name,data_type,extra\r\nid,users,int,x\r\n"
    assert after(text, "csv", Change(USERS, None, {"email": "a, b", "id": "I"}), both(ORDERS)) == (
        "column_name,table_name,data_type,extra,column_description,table_description\r\n"
        "id,users,int,x,I,\r\n"
        'email,users,,,"a, b",\r\n'
        "id,sales.orders,,,,All of it.\r\n"
    )


def test_csv_without_a_last_line_end() -> None:
    text = "table_name,column_name,data_type,column_description\nusers,id,int,"
    assert after(text, "csv", Change(USERS, None, {"email": "M"})) == text + "\nusers,email,,M\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"users": [', "json"),
        ("[]", "json"),
        ("", "csv"),
        ('{"users": 1}', "json"),
        ("a,b\n1\n", "csv"),
    ],
)
def test_what_cannot_be_edited(text: str, kind: FileKind) -> None:
    with pytest.raises(MetadataError):
        change_edits(text, kind, [both(id="I")])


def test_letter_case_of_the_file_is_respected() -> None:
    text = '{"Users": [{"column_name": "ID", "data_type": "int"}]}'
    found: Any = json.loads(after(text, "json", Change(USERS, None, {"id": "I"})))
    assert found == {
        "Users": [{"column_name": "ID", "data_type": "int", "column_description": "I"}]
    }
