"""As much of JSON Schema (draft 7) as the project's schemas use; anything else is an error."""

import re
from typing import Any

__all__ = ["violations"]

_TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "number": (int, float), "integer": int,
    "boolean": bool, "null": type(None),
}  # fmt: skip
_NOTES = {"$schema", "title", "description", "definitions"}


def violations(
    value: object, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = ""
) -> list[str]:
    """What of *value* the *schema* does not take, each with its path; empty for a valid one."""
    root = root or schema
    found: list[str] = []
    for keyword, said in schema.items():
        if keyword not in _NOTES and keyword not in ("then", "else"):
            found += _check(keyword, said, value, schema=schema, root=root, at=at)
    return found


def _valid(value: object, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    return not violations(value, schema, root)


def _check(
    keyword: str, said: Any, value: Any, *, schema: dict[str, Any], root: dict[str, Any], at: str
) -> list[str]:
    match keyword:
        case "$ref":
            return violations(value, root["definitions"][said.rpartition("/")[2]], root, at)
        case "type":
            kinds = [said] if isinstance(said, str) else said
            return [] if any(_is(value, it) for it in kinds) else [f"{at}: not {kinds}"]
        case "enum":
            return [] if value in said else [f"{at}: none of {said}"]
        case "const":
            return [] if value == said else [f"{at}: not {said}"]
        case "anyOf":
            return [] if any(_valid(value, it, root) for it in said) else [f"{at}: none fits"]
        case "allOf":
            return [it for part in said for it in violations(value, part, root, at)]
        case "not":
            return [f"{at}: is what it must not be"] if _valid(value, said, root) else []
        case "if":
            branch = schema.get("then" if _valid(value, said, root) else "else")
            return violations(value, branch, root, at) if branch else []
        case "required":
            missing = [it for it in said if isinstance(value, dict) and it not in value]
            return [f"{at}: lacks {it}" for it in missing]
        case "properties":
            members = value if isinstance(value, dict) else {}
            return [
                it
                for key, part in said.items()
                if key in members
                for it in violations(members[key], part, root, f"{at}.{key}")
            ]
        case "additionalProperties":
            members = value if isinstance(value, dict) else {}
            rest = [it for it in members if it not in schema.get("properties", {})]
            if said is False:
                return [f"{at}: unknown {it}" for it in rest]
            return [
                it for key in rest for it in violations(members[key], said, root, f"{at}.{key}")
            ]
        case "propertyNames":
            names = value if isinstance(value, dict) else {}
            return [it for key in names for it in violations(key, said, root, f"{at}.{key}")]
        case "items":
            items = value if isinstance(value, list) else []
            return [
                it
                for i, one in enumerate(items)
                for it in violations(one, said, root, f"{at}[{i}]")
            ]
        case "contains":
            holds = not isinstance(value, list) or any(_valid(it, said, root) for it in value)
            return [] if holds else [f"{at}: contains none"]
        case "pattern":
            return (
                []
                if not isinstance(value, str) or re.search(said, value)
                else [f"{at}: not {said}"]
            )
        case "minimum":
            is_less = isinstance(value, (int, float)) and value < said
            return [f"{at}: less than {said}"] if is_less else []
    raise AssertionError(f"the validator does not know {keyword}")


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[kind])
