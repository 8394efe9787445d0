"""The public schemas that the statements are tried with."""

import json
from functools import lru_cache
from pathlib import Path

import pytest

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import read_metadata
from tests.support.databases import PUBLISHED

__all__ = ["SCHEMAS", "document", "tables"]

_FILES = {
    it.stem: it
    for folder in (PUBLISHED / "schemas", PUBLISHED.parent / "sample_schemas")
    for it in sorted(folder.glob("*.json"))
    if "." not in it.stem
}
SCHEMAS = tuple(_FILES) or ("absent",)
"""The 11 defog databases and the four sample schemas, as PostgreSQL shows them."""


def document(name: str) -> dict[str, object]:
    if name not in _FILES:
        pytest.skip("the public data sets are not beside the repository")
    return _read(_FILES[name])


def tables(name: str) -> tuple[Table, ...]:
    return read_metadata(document(name)).tables


@lru_cache(maxsize=32)
def _read(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found
