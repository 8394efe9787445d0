"""Descriptions that somebody wrote into a document that a database's contents are kept in.

They lie in the documented places, where every reader finds them. What the database itself said
there is beside them, under the extra key ``database_description``: it marks them as somebody's
own, so that the next extraction keeps them, and tells what to go back to.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.catalog.shapes.reading import TableStream
from defog_metadata.catalog.shapes.recognition import TABLES

__all__ = [
    "OwnDescriptions",
    "TablePath",
    "as_extracted",
    "describe",
    "describe_entry",
    "own_descriptions",
    "own_descriptions_in",
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
    return set(own) - {it.path for it in _places(metadata) if _describe(it, own)}


def describe_entry(
    key: str, entry: dict[str, Any], own: Mapping[TablePath, OwnDescriptions]
) -> TablePath | None:
    """As ``describe``, for the *entry* that shape B has at *key*; the table, if *own* has any."""
    place = _place_in({key: entry}, key)
    return place.path if place is not None and _describe(place, own) else None


def own_descriptions(metadata: dict[str, Any]) -> dict[TablePath, OwnDescriptions]:
    """What was written with ``describe``, to be written again after an extraction."""
    return _own(_places(metadata))


def own_descriptions_in(
    entries: Iterable[tuple[str | int, Any]],
) -> dict[TablePath, OwnDescriptions]:
    """As ``own_descriptions``, of what a document has for its tables (see ``entries_of``)."""
    places = (_place_in({key: value}, key) for key, value in entries)
    return _own(it for it in places if it is not None)


def as_extracted(metadata: dict[str, Any]) -> dict[str, Any]:
    """*metadata* as the database said it: without what was written with ``describe``. In place."""
    for place in _places(metadata):
        if place.object is not None:
            _say(place.object, "table_description", "")
        for column in place.columns:
            _say(column, "column_description", "")
    return metadata


def _own(places: Iterable["_Place"]) -> dict[TablePath, OwnDescriptions]:
    found: dict[TablePath, OwnDescriptions] = {}
    for place in places:
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


def _describe(place: "_Place", own: Mapping[TablePath, OwnDescriptions]) -> bool:
    """Write what *own* has for the table at *place*; whether it has anything."""
    said = own.get(place.path)
    if said is None:
        return False
    if said.table is not None:
        _say(place.entry(), "table_description", said.table)
    for column in place.columns:
        text = said.columns.get(column.get("column_name", ""))
        if text is not None:
            _say(column, "column_description", text)
    return True


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
    holder: Any = metadata if shape in ("columns", "tables") else metadata[TABLES]
    for key in range(len(holder)) if shape == "seed" else list(holder):
        place = _place_in(holder, key)
        if place is not None:
            yield place


def _place_in(holder: Any, key: str | int) -> _Place | None:
    """The table that *holder* has at *key*, an index in the seed shape's list."""
    value = holder[key]
    if isinstance(key, int):
        if not isinstance(value, dict):
            return None
        path = (
            _text(value, "table_database"),
            _text(value, "table_schema"),
            _text(value, "table_name"),
        )
        return _Place(path, holder, key)
    database, schema, name = split_key(key)
    if isinstance(value, list):
        return _Place((database, schema, name), holder, key)
    if not isinstance(value, dict) or "columns" not in value:
        return None
    path = (
        _named(value, "table_database", database),
        _named(value, "table_schema", schema),
        _named(value, "table_name", name),
    )
    return _Place(path, holder, key)


def _named(value: Mapping[str, Any], key: str, otherwise: str) -> str:
    given = value.get(key)
    return given if isinstance(given, str) else otherwise
