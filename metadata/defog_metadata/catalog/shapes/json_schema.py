"""The shapes as JSON Schema, derived from the records that read them."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from defog_metadata.catalog.shapes.reading import NOTES
from defog_metadata.catalog.shapes.records import (
    ColumnRecord,
    Default,
    Flag,
    KeyFlag,
    Reference,
    SeedRecord,
    TableRecord,
    Text,
)
from defog_metadata.catalog.values import TableKind

__all__ = ["metadata_schema"]

Schema = dict[str, Any]

_ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "table_name": "The table's name, without its schema.",
        "table_description": "What a row of the table is, in a sentence or two.",
        "column_name": "The column's name, as the database stores it.",
        "data_type": "The column's type, as the database shows it.",
        "column_description": "What the column means: units, allowed values, where it comes from.",
        "custom_type_labels": "The labels of an enumerated type.",
        "common_values": "The most frequent values of a text column.",
        "primary_key": "Whether the column is part of the primary key; of a table, its columns.",
        "foreign_key": "The column that this one refers to.",
        "row_estimate": "About how many rows the table has.",
        "definition": "The query of a view.",
    }
)
_FLAG = {"enum": ["YES", "NO"]}


def metadata_schema() -> Schema:
    """A JSON Schema (draft 7) that takes what ``read_metadata`` takes, written the usual way."""
    table = {"anyOf": [{"type": "array", "items": _of(ColumnRecord)}, _of(TableRecord)]}
    entry = {"$ref": "#/definitions/table"}
    row = {"type": "object", "required": ["column_name"], "not": {"required": ["table_name"]}}
    is_seed = {"type": "array", "not": {"contains": row}}
    seed = {"properties": {"table_metadata": {"type": "array", "items": _of(SeedRecord)}}}
    published = {
        "properties": {
            "table_metadata": {"additionalProperties": entry},
            "glossary": {"type": ["string", "null"]},
        }
    }
    keyed = {"properties": {it: {} for it in sorted(NOTES)}, "additionalProperties": entry}
    return {
        "definitions": {"table": table},
        "type": "object",
        "if": {"required": ["table_metadata"], "properties": {"table_metadata": is_seed}},
        "then": seed,
        "else": {
            "if": {
                "required": ["table_metadata"],
                "properties": {
                    "table_metadata": {"type": "object", "not": {"required": ["columns"]}}
                },
            },
            "then": published,
            "else": keyed,
        },
    }


def _of(hint: Any) -> Schema:
    """What the converter takes for a value of the type *hint*."""
    written = _WRITTEN.get(hint)
    if written is not None:
        return written()
    if get_origin(hint) in (Union, UnionType):
        parts = [_of(it) for it in get_args(hint) if it is not NoneType]
        return {"anyOf": [*parts, {"type": "null"}]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _of(get_args(hint)[0])}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    raise TypeError(f"nothing is known of how {hint} is written")


def _object(record: type) -> Schema:
    hints = get_type_hints(record)
    properties = {it.name: {**_of(hints[it.name]), **_described(it.name)} for it in fields(record)}
    required = [
        it.name for it in fields(record) if it.default is MISSING and it.default_factory is MISSING
    ]
    return {"type": "object", "properties": properties, "required": required}


def _described(name: str) -> Schema:
    return {"description": _ABOUT[name]} if name in _ABOUT else {}


def _reference() -> Schema:
    """An object, or ``"table.column"``."""
    return {"anyOf": [_object(Reference), {"type": "string", "pattern": "^$|\\."}]}


_WRITTEN: Mapping[Any, Callable[[], Schema]] = MappingProxyType(
    {
        str: lambda: {"type": "string"},
        int: lambda: {"type": "integer"},
        bool: lambda: {"type": "boolean"},
        Text: lambda: {"type": ["string", "null"]},
        TableKind: lambda: {"type": ["string", "null"]},
        Default: lambda: {"type": ["string", "number", "boolean"]},
        Flag: lambda: {"anyOf": [_FLAG, {"type": ["boolean", "null", "string", "integer"]}]},
        KeyFlag: lambda: {"anyOf": [_FLAG, {"type": ["boolean", "null", "string", "integer"]}]},
        Reference: _reference,
    }
)
