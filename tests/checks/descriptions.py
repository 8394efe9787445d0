"""The descriptions of the public schemas."""

import json
from pathlib import Path
from typing import Any

import pytest

__all__ = ["public_descriptions"]

_DATA = Path(__file__).parents[2].parent / "shared" / "data"


def public_descriptions() -> list[str]:
    """Each description once, of tables and columns, as they were published."""
    files = sorted(
        (*_DATA.glob("defog/golden/*.metadata.json"), *_DATA.glob("sample_schemas/*.json"))
    )
    if not files:
        pytest.skip("the public schemas are not here")
    return list(dict.fromkeys(it for file in files for it in _in(json.loads(file.read_text()))))


def _in(value: Any) -> list[str]:
    if isinstance(value, list):
        return [it for element in value for it in _in(element)]
    if not isinstance(value, dict):
        return []
    own = [value.get(key) for key in ("table_description", "column_description")]
    return [it for it in own if it] + [it for part in value.values() for it in _in(part)]
