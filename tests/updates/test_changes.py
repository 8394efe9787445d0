"""What updates mean: names as the dialect compares them, and everything wrong in one message."""

from typing import Any

import pytest

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.errors import MetadataError
from defog_metadata.updates import batched, changed_table, resolved

USERS = Table("users", (Column("id"), Column("email"), Column("Name")), "public")
MIXED = Table("Orders", (Column("id"),), "public")
HERE, THERE = Table("log", (Column("id"),), "a"), Table("log", (Column("id"),), "b")
CATALOG = Catalog.of(USERS, MIXED, HERE, THERE)


def said(updates: Any, catalog: Catalog = CATALOG) -> dict[str, Any]:
    return {
        it.table.qualified_name: (it.description, dict(it.columns))
        for it in resolved(updates, catalog)
    }


@pytest.mark.parametrize(
    ("updates", "expected"),
    [
        ({"users": {"table_description": "X"}}, {"public.users": ("X", {})}),
        ({"USERS": {"columns": {"EMAIL": "M"}}}, {"public.users": (None, {"email": "M"})}),
        ({"public.users": {"columns": {"Name": "N"}}}, {"public.users": (None, {"Name": "N"})}),
        ({"Orders": {"columns": {"id": ""}}}, {"public.Orders": (None, {"id": ""})}),
        ({"a.log": {"table_description": ""}}, {"a.log": ("", {})}),
        ({"users": {}}, {}),
        ({"users": {"columns": None}}, {}),
        (
            {"users": {"table_description": "X"}, "public.users": {"columns": {"id": "I"}}},
            {"public.users": ("X", {"id": "I"})},
        ),
    ],
)
def test_names(updates: dict[str, Any], expected: dict[str, Any]) -> None:
    assert said(updates) == expected


@pytest.mark.parametrize(
    ("updates", "words"),
    [
        ({"user": {}}, "there is no table user (did you mean users?)"),
        ({"zebra": {}}, "there is no table zebra. Nothing was changed"),
        ({"users": {"columns": {"emial": "x"}}}, "has no column emial (did you mean email?)"),
        ({"users": {"columns": {"name": "x"}}}, "has no column name (did you mean Name?)"),
        ({"log": {}}, "there is no table log (did you mean a.log or b.log?)"),
        ({"users": {"description": "x"}}, "has description; there are table_description and"),
        ({"users": "x"}, "the update of users must be an object"),
        ({"users": {"table_description": 1}}, "must be text"),
        ({"users": {"columns": {"id": None}}}, "must be an object of texts"),
        ({"users": {"columns": ["id"]}}, "must be an object of texts"),
        ("users", "the updates must be an object"),
        (
            {"users": {"columns": {"id": "1"}}, "public.users": {"columns": {"id": "2"}}},
            "public.users.id is described twice, differently",
        ),
    ],
)
def test_mistakes(updates: Any, words: str) -> None:
    with pytest.raises(MetadataError) as caught:
        resolved(updates, CATALOG)
    assert words in str(caught.value)


def test_all_mistakes_are_in_one_message() -> None:
    with pytest.raises(MetadataError) as caught:
        resolved({"usres": {}, "users": {"columns": {"idd": "", "emial": ""}}}, CATALOG)
    message = str(caught.value)
    assert all(it in message for it in ("usres", "idd", "emial", "Nothing was changed."))


def test_a_name_of_several_tables() -> None:
    with pytest.raises(MetadataError, match=r"several tables: say a\.log or b\.log"):
        resolved({"log": {}}, Catalog.of(HERE, THERE, search_path=()))


def test_a_dialect_that_ignores_letter_case() -> None:
    catalog = Catalog.of(MIXED, dialect="sqlite", search_path=())
    assert said({"oRDERS": {"columns": {"ID": "x"}}}, catalog) == {
        "public.Orders": (None, {"id": "x"})
    }


def test_a_table_as_it_will_be() -> None:
    (change,) = resolved({"users": {"table_description": "X", "columns": {"id": "I"}}}, CATALOG)
    table = changed_table(change)
    assert [table.description, *(it.description for it in table.columns)] == ["X", "I", "", ""]


def test_many_at_once() -> None:
    assert batched(
        [
            {"table": "users", "updates": {"columns": {"id": "1"}}},
            {"table": "log", "updates": {"table_description": "L"}},
            {"table": "users", "updates": {"table_description": "U", "columns": {"id": "2"}}},
        ]
    ) == {
        "users": {"table_description": "U", "columns": {"id": "2"}},
        "log": {"table_description": "L", "columns": {}},
    }
    with pytest.raises(MetadataError, match="expected"):
        batched([{"table": "users"}])
