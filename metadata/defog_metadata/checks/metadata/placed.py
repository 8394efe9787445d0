"""Metadata files as tables that know where they are written, whatever is wrong with the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from defog_metadata.catalog import Table
from defog_metadata.checks.metadata.problems import Place
from defog_metadata.documents.faults import Fault
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Items, Members, Node, Scalar, as_text, member
from defog_metadata.text import Span

__all__ = ["PlacedColumn", "PlacedFile", "PlacedTable", "texts_in"]

# The members of JSON that say something of a table beside its name and its columns.
_MEMBERS = {
    "primary key": ("primary_key",),
    "unique key": ("unique_keys",),
    "foreign key": ("foreign_keys", "foreign_key"),
    "index": ("indexes",),
    "schema": ("table_schema",),
}


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    name: MappedText
    type: MappedText | None
    span: Span
    """Of all that is said of the column."""
    node: Node | None = None
    """In JSON."""


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """``columns`` are those of ``table``, in the same order."""

    table: Table
    names: tuple[MappedText, ...]
    """Its key or name; in CSV once for each column."""
    columns: tuple[PlacedColumn, ...]
    span: Span
    node: Node | None = None
    """In JSON."""
    has_key: bool = True
    """Whether a name is a key of the shapes, which may have a schema in it."""


@dataclass(frozen=True, slots=True)
class PlacedFile:
    tables: tuple[PlacedTable, ...] = ()
    faults: tuple[Fault, ...] = ()

    def texts(self, place: Place) -> tuple[MappedText, ...]:
        """What has to be changed where what is at *place* is to be called otherwise."""
        placed = self.tables[place.table]
        column = None if place.column is None else placed.columns[place.column]
        if place.part == "name":
            return placed.names if column is None else (column.name,)
        if place.part == "type":
            return (column.type,) if column and column.type else ()
        if place.part == "schema" and placed.has_key:
            return placed.names
        found = _named_in_members(placed, column, place)
        return (found,) if found else ()

    def span(self, place: Place) -> Span:
        """Where a reader should look."""
        placed = self.tables[place.table]
        column = None if place.column is None else placed.columns[place.column]
        texts = self.texts(place)
        if texts:
            return texts[0].place
        if column is not None:
            return column.name.place
        return placed.names[0].place if placed.names else placed.span


def texts_in(node: Node) -> Iterator[MappedText]:
    """Every text below *node*, keys aside, in the order of the file."""
    match node:
        case Scalar():
            if text := as_text(node):
                yield text
        case Items():
            for it in node.items:
                yield from texts_in(it)
        case Members():
            for _, it in node.members:
                yield from texts_in(it)


def _named_in_members(
    placed: PlacedTable, column: PlacedColumn | None, place: Place
) -> MappedText | None:
    """The text in a key or index that is the name which is meant."""
    for node in (column.node if column else None, placed.node):
        if isinstance(node, Members):
            for key in _MEMBERS.get(place.part, ()):
                value = member(node, key)
                for text in texts_in(value) if value else ():
                    if text.text.strip('"`') == place.name:
                        return text
    return None
