"""What writes new descriptions into a metadata file, whatever it has already. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes.keys import join_key
from defog_metadata.checks.metadata.files import FileKind, read_placed
from defog_metadata.checks.metadata.placed import PlacedTable
from defog_metadata.documents.csv_text import read_csv, written_field
from defog_metadata.documents.json_edits import element_added
from defog_metadata.documents.nodes import Items, Members, member
from defog_metadata.documents.table_addition import table_addition
from defog_metadata.errors import MetadataError
from defog_metadata.rules.fixes import applied
from defog_metadata.text import Edit, Span
from defog_metadata.updates.changes import Change
from defog_metadata.updates.description_edits import Description, description_edits

__all__ = ["change_edits", "place_in"]


def change_edits(text: str, kind: FileKind, changes: Iterable[Change]) -> tuple[Edit, ...]:
    """The edits of *text*, a metadata file, that make it say *changes*.

    Tables and columns that it does not have are added as its other ones are written. Raises
    ``MetadataError`` for a text that is broken, or in no known shape.
    """
    if faults := read_placed(text, kind).faults:
        raise MetadataError("", f"it cannot be edited as it is: {faults[0].message}")
    changes = tuple(changes)
    added = text
    for change in changes:
        added = _with_names(added, kind, change)
    edits = description_edits(added, kind, _descriptions(added, kind, changes))
    return edits if added == text else (_difference(text, applied(added, edits)),)


def place_in(tables: Sequence[Table], wanted: Table) -> int | None:
    """The number of the last of a file's *tables* that speaks of *wanted*, a table of the catalog.

    As metadata files lie over a catalog: a schema that is not said may be any, and letter case
    counts only between tables that differ in nothing else.
    """
    alike = [
        index
        for index, it in enumerate(tables)
        if it.name.casefold() == wanted.name.casefold()
        and _agree(it.schema, wanted.schema)
        and _agree(it.database, wanted.database)
    ]
    exact = [it for it in alike if tables[it].name == wanted.name]
    return next(reversed(exact or alike), None)


def _agree(one: str, other: str) -> bool:
    return not one or not other or one.casefold() == other.casefold()


def _descriptions(text: str, kind: FileKind, changes: Iterable[Change]) -> Iterator[Description]:
    placed = read_placed(text, kind).tables
    tables = [it.table for it in placed]
    for change in changes:
        index = place_in(tables, change.table)
        if index is None:
            raise MetadataError("", f"it has no place for {change.table.qualified_name}")
        if change.description is not None:
            yield Description(index, None, change.description)
        for name, said in change.columns.items():
            column = _column_in(tables[index], name)
            if column is None:
                raise MetadataError("", f"it has no place for {change.table.name}.{name}")
            yield Description(index, column, said)


def _column_in(table: Table, name: str) -> int | None:
    """The number of the last column of a file's *table* that is meant by the stored *name*."""
    exact = [index for index, it in enumerate(table.columns) if it.name == name]
    alike = [i for i, it in enumerate(table.columns) if it.name.casefold() == name.casefold()]
    return next(reversed(exact or alike), None)


def _with_names(text: str, kind: FileKind, change: Change) -> str:
    """*text* with the table and the columns of *change* added, where they are not there."""
    placed = read_placed(text, kind).tables
    index = place_in([it.table for it in placed], change.table)
    if index is None:
        return _with_table(text, kind, change, [it.table for it in placed])
    missing = [it for it in change.columns if _column_in(placed[index].table, it) is None]
    if kind == "csv":
        return _with_rows(text, placed[index].names[0].text, missing) if missing else text
    for name in missing:
        # Read again: what is added stands behind the last one, which it then is itself.
        node = _columns_of(read_placed(text, kind).tables[index])
        if node is None:
            raise MetadataError("", f"{change.table.name} has no list of columns there")
        row = {"column_name": name, "data_type": "", "column_description": ""}
        text = applied(text, [element_added(text, node, row)])
    return text


def _with_table(text: str, kind: FileKind, change: Change, tables: Sequence[Table]) -> str:
    table = change.table
    schema = "" if change.is_visible and not any(it.schema for it in tables) else table.schema
    columns = list(change.columns)
    if kind == "csv":
        # There, a table is what its columns say that they are of.
        columns = columns or [it.name for it in table.columns[:1]]
        return _with_rows(text, join_key("", schema, table.name), columns)
    edit = table_addition(text, (schema, table.name) if schema else (table.name,), columns)
    if edit is None:
        raise MetadataError("", "it is in no known shape of metadata")
    return applied(text, [edit])


def _columns_of(placed: PlacedTable) -> Items | None:
    node = placed.node
    if isinstance(node, Members):
        found = member(node, "column_metadata") or member(node, "columns")
        return found if isinstance(found, Items) else None
    return node if isinstance(node, Items) else None


def _with_rows(text: str, key: str, columns: Iterable[str]) -> str:
    header = read_csv(text).header
    newline = "\r\n" if "\r\n" in text else "\n"
    rows = "".join(
        ",".join(
            written_field({"table_name": key, "column_name": it}.get(name, "")) for name in header
        )
        + newline
        for it in columns
    )
    return f"{text}{'' if text.endswith(newline) else newline}{rows}"


def _difference(before: str, after: str) -> Edit:
    """One edit that makes *after* of *before*."""
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    end = next(
        (i for i in range(shorter - start) if before[-1 - i] != after[-1 - i]), shorter - start
    )
    return Edit(Span(start, len(before) - end), after[start : len(after) - end])
