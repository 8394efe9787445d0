"""The forms of a workspace's files as JSON Schema (draft 7), for tools that know that alone."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from defog_metadata.catalog.shapes.json_schema import metadata_schema
from defog_metadata.documents.settings import Setting
from defog_metadata.workspace.settings import settings

__all__ = ["SCHEMAS", "schema"]

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_SECRETS = [
    {
        "type": "object",
        "properties": {source: _TEXT},
        "required": [source],
        "additionalProperties": False,
    }
    for source in ("env", "keyring")
]
_ASKED = {
    "type": "object",
    "properties": {"ask": {"const": True}},
    "required": ["ask"],
    "additionalProperties": False,
}


def schema(name: str) -> Schema:
    """The schema called *name*, one of ``SCHEMAS``."""
    title, make = SCHEMAS[name]
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **make()}


def _golden_queries() -> Schema:
    entry = {
        "type": "object",
        "properties": {
            "question": {"type": "string", "description": "What somebody asks."},
            "sql": {"type": "string", "description": "The SQL that answers it."},
            "query": {"type": "string", "description": "The same as sql."},
        },
        "required": ["question"],
        "anyOf": [{"required": ["sql"]}, {"required": ["query"]}],
    }
    entries = {"type": "array", "items": entry}
    whole = {
        "type": "object",
        "properties": {"golden_queries": entries},
        "required": ["golden_queries"],
    }
    return {"anyOf": [entries, whole]}


def _configuration() -> Schema:
    return _section(settings(), settings().children)


def _section(setting: Setting, children: tuple[Setting, ...]) -> Schema:
    found: Schema = {
        "type": "object",
        "properties": {it.name: _described(it) for it in children},
        "additionalProperties": False,
    }
    required = [it.name for it in setting.children if it.is_required]
    return {**found, "required": required} if required else found


def _described(setting: Setting) -> Schema:
    about = f"{setting.about[:1].upper()}{setting.about[1:]}."
    return {**_value(setting), "description": about}


def _value(setting: Setting) -> Schema:
    match setting.kind:
        case "text" if setting.has_other_spellings:
            return {"anyOf": [{"enum": list(setting.choices)}, _TEXT]}
        case "text":
            return {"enum": list(setting.choices)} if setting.choices else _TEXT
        case "secret":
            return {"anyOf": [_TEXT, _ASKED, *_SECRETS]}
        case "texts":
            return {"type": "array", "items": _TEXT}
        case "number":
            least = {} if setting.least is None else {"minimum": setting.least}
            return {"type": "integer" if setting.is_whole else "number", **least}
        case "flag":
            return {"type": "boolean"}
        case "section":
            return _section(setting, setting.children)
        case "named sections":
            return {"type": "object", "additionalProperties": _variants(setting)}
        case "repeated sections":
            return {"type": "array", "items": _section(setting, setting.children)}


def _variants(setting: Setting) -> Schema:
    """Any field of any variant, and by the chooser's value those that it needs."""
    needed = [
        {
            "if": {"properties": {setting.chooser: {"const": chosen}}},
            "then": {
                "required": [it.name for it in children if it.is_required],
                "propertyNames": {"enum": [it.name for it in setting.children_for(chosen)]},
            },
        }
        for chosen, children in setting.variants.items()
    ]
    found = _section(setting, setting.every_child)
    fields = {it.name: it.kind for children in setting.variants.values() for it in children}
    for name in (it for it, kind in fields.items() if kind != "secret"):
        # Any of these may be kept elsewhere, not only what has to be.
        said = found["properties"][name]
        plain = {key: said[key] for key in said if key != "description"}
        about = {"description": said["description"]}
        found["properties"][name] = {"anyOf": [plain, *_SECRETS], **about}
    return {**found, "allOf": needed}


SCHEMAS: Mapping[str, tuple[str, Callable[[], Schema]]] = MappingProxyType(
    {
        "metadata": ("Metadata of tables and columns", metadata_schema),
        "golden-queries": ("Questions with the SQL that answers them", _golden_queries),
        "configuration": ("defog.toml", _configuration),
    }
)
