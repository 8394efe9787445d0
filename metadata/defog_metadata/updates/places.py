"""Where a metadata file describes a table or column, or would. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from defog_metadata.checks.metadata.files import FileKind, read_placed
from defog_metadata.checks.metadata.placed import PlacedColumn, PlacedTable
from defog_metadata.documents.csv_text import read_csv
from defog_metadata.documents.nodes import Members, Scalar, member
from defog_metadata.text import Span
from defog_metadata.updates.changes import Change
from defog_metadata.updates.edits import place_in

__all__ = ["description_place", "undescribed"]


def description_place(text: str, kind: FileKind, change: Change) -> Span:
    """Where the first description of *change* stands: the text inside its quotes, also if empty.

    Where the file has none, what is said of the column or table; else the start of the file.
    """
    placed = _table(text, kind, change)
    if placed is None:
        return Span(0, 0)
    wanted = next(iter(change.columns), None)
    column = None if wanted is None or change.description is not None else _column(placed, wanted)
    found = _description(text, kind, placed, column)
    if found is not None:
        return found
    named = [column.name] if column else placed.names
    return named[0].place if named else placed.span


def undescribed(text: str, kind: FileKind, change: Change) -> Change:
    """What of *change* has no place in the file yet."""
    placed = _table(text, kind, change)
    if placed is None:
        return change
    is_there = _description(text, kind, placed, None) is not None
    return replace(
        change,
        description=None if is_there else change.description,
        columns=dict(_undescribed_columns(text, kind, placed, change)),
    )


def _undescribed_columns(
    text: str, kind: FileKind, placed: PlacedTable, change: Change
) -> Iterator[tuple[str, str]]:
    for name, said in change.columns.items():
        column = _column(placed, name)
        if column is None or _description(text, kind, placed, column) is None:
            yield name, said


def _table(text: str, kind: FileKind, change: Change) -> PlacedTable | None:
    tables = read_placed(text, kind).tables
    index = place_in([it.table for it in tables], change.table)
    return None if index is None else tables[index]


def _column(placed: PlacedTable, name: str) -> PlacedColumn | None:
    named = list(zip(placed.table.columns, placed.columns, strict=True))
    exact = [it for column, it in named if column.name == name]
    alike = [it for column, it in named if column.name.casefold() == name.casefold()]
    return next(reversed(exact or alike), None)


def _description(
    text: str, kind: FileKind, placed: PlacedTable, column: PlacedColumn | None
) -> Span | None:
    key = "table_description" if column is None else "column_description"
    if kind == "csv":
        return _field(text, key, column or next(iter(placed.columns), None))
    node = placed.node if column is None else column.node
    found = member(node, key) if isinstance(node, Members) else None
    if isinstance(found, Scalar) and found.is_text:
        return found.content.place
    return found.span if found else None


def _field(text: str, key: str, column: PlacedColumn | None) -> Span | None:
    found = read_csv(text)
    row = next((it for it in found.rows if column and it.span == column.span), None)
    index = found.header.index(key) if key in found.header else None
    if row is None or index is None or index >= len(row.fields):
        return None
    return row.fields[index].place
