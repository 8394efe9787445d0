"""Descriptions of somebody's own in a document of any shape: written, found again, taken away."""

import json
from typing import Any

import pytest

from defog_metadata.catalog.shapes import read_metadata
from defog_metadata.catalog.shapes.own_descriptions import (
    OwnDescriptions,
    as_extracted,
    describe,
    own_descriptions,
)

ROWS: list[dict[str, Any]] = [
    {"column_name": "id", "data_type": "int", "column_description": "Of the database."},
    {"column_name": "name", "data_type": "text"},
]
SHAPES: dict[str, dict[str, Any]] = {
    "seed": {
        "table_metadata": [
            {"table_name": "t", "table_schema": "s", "column_metadata": ROWS},
            {"table_name": "u", "table_schema": "s", "column_metadata": ROWS},
        ]
    },
    "columns": {"s.t": ROWS, "s.u": ROWS},
    "tables": {
        "t": {"table_description": "", "table_schema": "s", "columns": ROWS},
        "s.u": {"columns": ROWS},
    },
    "published": {"table_metadata": {"s.t": ROWS, "s.u": ROWS}, "glossary": "- one"},
}
T, U = ("", "s", "t"), ("", "s", "u")
OWN: dict[tuple[str, str, str], OwnDescriptions] = {
    T: OwnDescriptions("Mine.", {"id": "My id.", "name": "My name."})
}


def fresh(shape: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(SHAPES[shape]))
    return found


def said(metadata: dict[str, Any]) -> dict[str, list[str]]:
    return {
        it.name: [it.description, *(column.description for column in it.columns)]
        for it in read_metadata(json.loads(json.dumps(metadata))).tables
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_in_every_shape(shape: str) -> None:
    metadata = fresh(shape)
    assert not describe(metadata, OWN)
    assert said(metadata) == {
        "t": ["Mine.", "My id.", "My name."],
        "u": ["", ROWS[0]["column_description"], ""],
    }
    assert own_descriptions(metadata) == OWN
    assert read_metadata(metadata).glossary == read_metadata(SHAPES[shape]).glossary
    assert said(as_extracted(metadata)) == said(SHAPES[shape])
    assert not own_descriptions(metadata)


@pytest.mark.parametrize("shape", SHAPES)
def test_kept_through_an_extraction(shape: str) -> None:
    metadata = fresh("tables")
    describe(metadata, OWN)
    again = fresh(shape)
    describe(again, own_descriptions(metadata))
    assert said(again)["t"] == ["Mine.", "My id.", "My name."]


def test_an_empty_text_goes_back_to_the_database() -> None:
    metadata = fresh("tables")
    describe(metadata, OWN)
    describe(metadata, {T: OwnDescriptions("", {"id": ""})})
    assert said(metadata)["t"] == ["", "Of the database.", "My name."]
    assert own_descriptions(metadata) == {T: OwnDescriptions(None, {"name": "My name."})}


def test_what_the_database_says_itself_is_nobodys_own() -> None:
    metadata = fresh("tables")
    describe(metadata, {T: OwnDescriptions(None, {"id": "Of the database."})})
    assert not own_descriptions(metadata)


def test_tables_and_columns_that_are_not_there() -> None:
    metadata = fresh("tables")
    nowhere = ("", "", "t")
    assert describe(
        metadata, {nowhere: OwnDescriptions("x"), T: OwnDescriptions(None, {"y": "x"})}
    ) == {nowhere}
    assert metadata == SHAPES["tables"]
    assert describe(metadata, {U: OwnDescriptions("x")}) == set()
