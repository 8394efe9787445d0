"""The published JSON schemas take what the readers take, and refuse what they refuse."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import (
    read_metadata,
    write_columns,
    write_published,
    write_seed,
    write_tables,
)
from defog_metadata.documents.golden import read_golden_file
from defog_metadata.errors import MetadataError
from defog_metadata.workspace import read_configuration
from defog_metadata.workspace.schemas import schema
from tests.catalog.strategies import tables
from tests.support.databases import PUBLISHED
from tests.support.json_schema import violations
from tests.support.tools import REPOSITORY
from tests.workspace.test_configuration import COMPLETE

METADATA, GOLDEN, CONFIGURATION = map(schema, ("metadata", "golden-queries", "configuration"))
PUBLIC = [
    *sorted((PUBLISHED / "schemas").glob("*.json")),
    *sorted((PUBLISHED / "golden").glob("*.json")),
    *sorted((PUBLISHED.parent / "sample_schemas").glob("*.json")),
]


def is_metadata(value: object) -> bool:
    try:
        read_metadata(value)
    except MetadataError:
        return False
    return True


@pytest.mark.parametrize("path", PUBLIC, ids=lambda it: it.name)
def test_public_metadata(path: Path) -> None:
    assert violations(json.loads(path.read_text(encoding="utf-8")), METADATA) == []


@given(tables())
def test_what_is_written_is_taken(table: Table) -> None:
    for written in (
        write_seed([table]),
        write_tables([table]),
        write_columns([table]),
        write_published([table], ""),
    ):
        value = json.loads(json.dumps(written))
        assert violations(value, METADATA) == [], value


COLUMN = {"column_name": "id", "data_type": "int"}


@pytest.mark.parametrize(
    "value",
    [
        {}, {"t": []}, {"t": [COLUMN]}, {"t": {"columns": [COLUMN]}}, {"version": 1, "t": [COLUMN]},
        {"table_metadata": []}, {"table_metadata": {"t": [COLUMN]}, "glossary": None},
        {"table_metadata": [{"table_name": "t", "column_metadata": []}]},
        {"table_metadata": [COLUMN]}, {"t": [{**COLUMN, "is_nullable": "NO", "column_default": 3}]},
        {"t": [{**COLUMN, "foreign_key": "u.id"}]}, {"t": [{**COLUMN, "primary_key": "YES", "extra": 1}]},
        {"t": [{**COLUMN, "foreign_key": {"table": "u", "column": "id"}}]},
        {"t": {"columns": [], "indexes": [{"name": "i", "columns": ["id"]}], "row_estimate": 3.0}},
    ],
)  # fmt: skip
def test_both_take(value: object) -> None:
    assert is_metadata(value)
    assert violations(value, METADATA) == []


@pytest.mark.parametrize(
    "value",
    [
        [], 1, {"t": 1}, {"t": [{"column_name": "id"}]}, {"t": [{**COLUMN, "data_type": 1}]},
        {"t": {"columns": [1]}}, {"t": {"table_description": ""}}, {"table_metadata": [{}]},
        {"table_metadata": {"t": 1}}, {"table_metadata": {"t": [COLUMN]}, "glossary": 1},
        {"t": [{**COLUMN, "foreign_key": {"table": "u"}}]}, {"t": [{**COLUMN, "foreign_key": "u"}]},
        {"t": {"columns": [], "primary_key": "id"}}, {"t": [{**COLUMN, "custom_type_labels": "a"}]},
    ],
)  # fmt: skip
def test_both_refuse(value: object) -> None:
    assert not is_metadata(value)
    assert violations(value, METADATA)


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        ([], True), ([{"question": "q", "sql": "s"}], True), ([{"question": "q", "query": "s", "x": 1}], True),
        ({"golden_queries": [{"question": "q", "sql": "s"}]}, True), ([{"question": "q"}], False),
        ([{"sql": "s"}], False), ({"queries": []}, False), ([1], False), (3, False), ([{"question": 1, "sql": "s"}], False),
    ],
)  # fmt: skip
def test_golden_queries(value: object, is_good: bool) -> None:
    assert (read_golden_file(json.dumps(value), "json").problems == ()) == is_good
    assert (violations(value, GOLDEN) == []) == is_good


def configurations() -> list[str]:
    documented = (REPOSITORY / "docs" / "configuration.md").read_text(encoding="utf-8")
    return [
        COMPLETE,
        (REPOSITORY / "examples" / "shop" / "defog.toml").read_text(encoding="utf-8"),
        *re.findall(r"```toml\n(.*?)```", documented, re.DOTALL),
    ]


@pytest.mark.parametrize("text", configurations())
def test_complete_configurations(text: str) -> None:
    assert violations(tomllib.loads(text), CONFIGURATION) == []


SHOP = 'db_type = "postgres"\nhost = "h"\ndatabase = "d"\nuser = "u"\n'
BAD = (
    "nothing = 1", "dialect = 1", "metadata = 'x'", "metadata = [1]", "[rules]\nnone = 'off'",
    "[rules]\nselect-star = 'on'", "[diagnostics]\nrun = 'never'", "[diagnostics]\ndebounce_ms = -1",
    "[diagnostics]\ndebounce_ms = 1.5", "[cache]\nttl = 1", "[cache]\nttl_seconds = 'x'",
    "[pruning]\nprune_max_tokens = 0", "connections = 1", "[connections]\na = 1", "[connections.a]\nx = 1",
    f"[connections.a]\n{SHOP}account = 'x'", '[connections.a]\ndb_type = "postgres"\nhost = "h"',
    f"[connections.a]\n{SHOP}password = {{ file = 'x' }}", f"[connections.a]\n{SHOP}port = 'x'",
    f"[connections.a]\n{SHOP}password = {{ ask = false }}", f"[connections.a]\n{SHOP}port = {{ ask = true }}",
    f"[connections.a]\n{SHOP}frequent_values = 'yes'", "[[files]]\ninclude = ['x']", "files = 1",
    f"[connections.a]\n{SHOP}[[files]]\ninclude = 'x'\nconnection = 'a'",
)  # fmt: skip
GOOD = (
    f"[connections.a]\n{SHOP}password = {{ ask = true }}",
    "", "dialect = 'postgresql'", f"[connections.a]\n{SHOP}", f"[connections.a]\n{SHOP}connect_timeout = 3",
    f"[connections.a]\n{SHOP}port = {{ env = 'PORT' }}\npassword = {{ keyring = 'x' }}",
    "[connections.a]\ndb_type = 'sqlite'\ndatabase = 'x.db'\nschema_whitelist = ['main']",
    "[cache]\nttl_seconds = 1.5", "[connections.a]\ndb_type = 'mariadb'\nhost = 'h'\ndatabase = 'd'\nuser = 'u'",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_good"), [*((it, False) for it in BAD), *((it, True) for it in GOOD)]
)
def test_configurations(text: str, is_good: bool) -> None:
    assert (read_configuration(text, Path("defog.toml"))[1] == ()) == is_good
    value: dict[str, Any] = tomllib.loads(text)
    assert (violations(value, CONFIGURATION) == []) == is_good
