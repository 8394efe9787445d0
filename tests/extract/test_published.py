"""The 11 published databases, loaded into PostgreSQL: extraction gives what is published."""

from collections.abc import Mapping
from typing import Any

import pytest

from defog_metadata.catalog import Table
from defog_metadata.extract import extract
from tests.support.databases import apply_published_descriptions, published_schema

NAMES = (
    "academic advising atis broker car_dealership derm_treatment ewallet geography restaurants"
    " scholar yelp"
).split()


def shown(table: Table) -> dict[str, Any]:
    """A table as the published files write it."""
    columns = []
    for column in table.columns:
        keys = [it for it in table.foreign_keys if it.columns == (column.name,)]
        foreign_key = (
            {
                "schema": keys[0].referred_schema,
                "table": keys[0].referred_table,
                "column": keys[0].referred_columns[0],
            }
            if keys
            else None
        )
        columns.append(
            {
                "column_name": column.name,
                "data_type": column.type,
                "is_nullable": column.nullable,
                "column_description": column.description,
                "primary_key": column.name in table.primary_key,
                "foreign_key": foreign_key,
            }
        )
    return {"table_schema": table.schema, "table_name": table.name, "columns": columns}


def published(table: Mapping[str, Any]) -> dict[str, Any]:
    left_out = "column_default"  # published as null, even where the SQL has one
    columns = [
        {name: it for name, it in column.items() if name != left_out}
        | {"column_description": column["column_description"] or ""}
        for column in table["column_metadata"]
    ]
    return {
        "table_schema": table["table_schema"],
        "table_name": table["table_name"],
        "columns": columns,
    }


def by_name(tables: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"{it['table_schema']}.{it['table_name']}": it for it in tables}


@pytest.mark.parametrize("name", NAMES)
def test_extraction_gives_what_is_published(
    defog_databases: Mapping[str, dict[str, object]], name: str
) -> None:
    creds = defog_databases[name]
    apply_published_descriptions(creds, name)
    tables = published_schema(name)["table_metadata"]
    assert isinstance(tables, list)
    found = extract("postgres", creds)
    assert found.search_path == ("public",)
    assert by_name([shown(it) for it in found.tables]) == by_name(list(map(published, tables)))
