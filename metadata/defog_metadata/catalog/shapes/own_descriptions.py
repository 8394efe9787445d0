"""Descriptions that somebody wrote into a document that a database's contents are kept in.

They lie in the documented places, where every reader finds them. What the database itself said
there is beside them, under the extra key ``database_description``: it marks them as somebody's
own, so that the next extraction keeps them, and tells what to go back to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.catalog.shapes.reading import TableStream

__all__ = [
    "OwnDescriptions",
    "as_extracted",
    "describe",
    "own_descriptions",
]

_OWN_KEY = "database_description"
TablePath = tuple[str, str, str]
"""Database, schema and name, as the document has them."""


@dataclass(frozen=True)
class OwnDescriptions:
    """What is to be said of one table; an empty text goes back to what the database says."""

    table: str | None = None
    """``None``: leave what there is."""
    columns: Mapping[str, str] = field(default_factory=dict)


def describe(metadata: dict[str, Any], own: Mapping[TablePath, OwnDescriptions]) -> set[TablePath]:
    """Write *own* into *metadata*, in any shape, in place; the tables that are not there.

    Columns that are not there are passed over.
    """
    missing = set(own)
    for place in _places(metadata):
        said = own.get(place.path)
        if said is None:
            continue
        missing.discard(place.path)
        if said.table is not None:
            _say(place.entry(), "table_description", said.table)
        for column in place.columns:
            text = said.columns.get(column.get("column_name", ""))
            if text is not None:
                _say(column, "column_description", text)
    return missing


def own_descriptions(metadata: dict[str, Any]) -> dict[TablePath, OwnDescriptions]:
    """What was written with ``describe``, to be written again after an extraction."""
    found: dict[TablePath, OwnDescriptions] = {}
    for place in _places(metadata):
        table = place.object
        own = OwnDescriptions(
            _text(table, "table_description") if table is not None and _OWN_KEY in table else None,
            {
                it["column_name"]: _text(it, "column_description")
                for it in place.columns
                if _OWN_KEY in it and isinstance(it.get("column_name"), str)
            },
        )
        if own.table is not None or own.columns:
            found[place.path] = own
    return found


def as_extracted(metadata: dict[str, Any]) -> dict[str, Any]:
    """*metadata* as the database said it: without what was written with ``describe``. In place."""
    for place in _places(metadata):
        if place.object is not None:
            _say(place.object, "table_description", "")
        for column in place.columns:
            _say(column, "column_description", "")
    return metadata


def _say(element: dict[str, Any], key: str, text: str) -> None:
    of_database = element.get(_OWN_KEY) if _OWN_KEY in element else element.get(key)
    of_database = of_database if isinstance(of_database, str) else ""
    if _OWN_KEY not in element and not text:
        return  # nothing to go back from
    element.pop(_OWN_KEY, None)
    element[key] = text or of_database
    if text and text != of_database:
        element[_OWN_KEY] = of_database


def _text(element: Mapping[str, Any], key: str) -> str:
    value = element.get(key)
    return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class _Place:
    """One table of a document. ``holder[key]`` is what the document has for it."""

    path: TablePath
    holder: Any
    key: Any

    @property
    def object(self) -> dict[str, Any] | None:
        value = self.holder[self.key]
        return value if isinstance(value, dict) else None

    def entry(self) -> dict[str, Any]:
        """As an object, which a bare list of columns becomes: it has no place for more."""
        if self.object is None:
            columns = self.holder[self.key]
            self.holder[self.key] = {"table_description": "", "columns": columns}
        found: dict[str, Any] = self.holder[self.key]
        return found

    @property
    def columns(self) -> list[dict[str, Any]]:
        table = self.object
        rows = self.holder[self.key] if table is None else _rows(table)
        return [it for it in rows if isinstance(it, dict)] if isinstance(rows, list) else []


def _rows(table: Mapping[str, Any]) -> Any:
    return table.get("column_metadata") if "column_metadata" in table else table.get("columns")


def _places(metadata: dict[str, Any]) -> Iterator[_Place]:
    shape = TableStream(metadata).shape
    if shape == "seed":
        for index, it in enumerate(metadata["table_metadata"]):
            if isinstance(it, dict):
                path = (
                    _text(it, "table_database"),
                    _text(it, "table_schema"),
                    _text(it, "table_name"),
                )
                yield _Place(path, metadata["table_metadata"], index)
        return
    holder = metadata["table_metadata"] if shape == "published" else metadata
    for key in list(holder):
        value = holder[key]
        if isinstance(value, list):
            yield _Place(split_key(key), holder, key)
        elif isinstance(value, dict) and "columns" in value:
            database, schema, name = split_key(key)
            yield _Place(
                (
                    _named(value, "table_database", database),
                    _named(value, "table_schema", schema),
                    _named(value, "table_name", name),
                ),
                holder,
                key,
            )


def _named(value: Mapping[str, Any], key: str, otherwise: str) -> str:
    given = value.get(key)
    return given if isinstance(given, str) else otherwise
