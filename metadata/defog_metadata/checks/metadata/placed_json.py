"""JSON in any of the shapes, with places."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import Shape, TableStream
from defog_metadata.catalog.shapes.reading import is_note, read_entry, read_seed_entry
from defog_metadata.checks.metadata.placed import PlacedColumn, PlacedFile, PlacedTable
from defog_metadata.documents.faults import Fault
from defog_metadata.documents.json_text import read_json
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Items, Members, Node, Scalar, as_text, member, plain
from defog_metadata.errors import MetadataError
from defog_metadata.text import Span

__all__ = ["entries_of", "read_placed_json"]

_TABLES = "table_metadata"
_STEP = re.compile(r'\["((?:\\.|[^"\\])*)"\]|\[(\d+)\]|\.?([^\W\d]\w*)')


def read_placed_json(text: str) -> PlacedFile:
    """Read *text*; never fails. A column that cannot be read is left out, and so said."""
    root, faults = read_json(text)
    found = list(faults)
    if root is None:
        return PlacedFile(faults=tuple(found))
    try:
        shape = TableStream(plain(root)).shape
    except MetadataError as error:
        # What is half typed is in no shape yet: one thing at a time.
        if not found:
            found.append(_fault(root, error))
        return PlacedFile(faults=tuple(found))
    tables = [
        placed for key, node in entries_of(root, shape) for placed in _entry(key, node, found)
    ]
    return PlacedFile(tuple(tables), tuple(sorted(set(found))))


def entries_of(root: Node, shape: Shape) -> Iterator[tuple[MappedText | None, Node]]:
    """What stands for a table each, with its key in the shapes that have keys."""
    if not isinstance(root, Members):
        return
    container = member(root, _TABLES) if shape in ("seed", "published") else root
    match container:
        case Items():
            for it in container.items:
                yield None, it
        case Members():
            for key, value in container.members:
                if shape == "published" or not is_note(key.text, plain(value)):
                    yield key, value


def _entry(key: MappedText | None, node: Node, faults: list[Fault]) -> Iterator[PlacedTable]:
    if isinstance(node, Scalar) and not node.is_text and not node.content.text:
        return  # a key without a value yet, which is said already
    columns = _columns(key, node)
    value = plain(node)
    left = list(range(len(columns.items))) if columns else []
    while True:
        try:
            table = read_seed_entry(value, "") if key is None else read_entry(key.text, value, "")
        except MetadataError as error:
            faults.append(_fault(_without(node, columns, left), error))
            if not _leave_out(value, error.path, left):
                return
        else:
            break
    kept = [columns.items[it] for it in left] if columns else []
    placed = [it for it in map(_column, kept) if it is not None]
    if len(placed) != len(table.columns):
        table, placed = replace(table, columns=()), []
    yield PlacedTable(
        table, _names(key, node, table), tuple(placed), node.span, node, has_key=_is_key(key, node)
    )


def _columns(key: MappedText | None, node: Node) -> Items | None:
    if isinstance(node, Members):
        node = member(node, "column_metadata" if key is None else "columns") or node
    return node if isinstance(node, Items) else None


def _without(node: Node, columns: Items | None, left: list[int]) -> Node:
    """*node* with only those of its *columns* that are *left*: what an error's path is about."""
    if columns is None:
        return node
    rest = columns._replace(items=tuple(columns.items[it] for it in left))
    if not isinstance(node, Members):
        return rest
    return node._replace(
        members=tuple((key, rest if it is columns else it) for key, it in node.members)
    )


def _leave_out(value: object, path: str, left: list[int]) -> bool:
    """Take what stands at *path* out of *value*, with all of its column; whether there is more."""
    steps = list(_steps(path))
    is_in_columns = steps[:1] in (["columns"], ["column_metadata"]) and len(steps) > 1
    if isinstance(value, dict) and is_in_columns:
        value, steps = value[steps[0]], steps[1:]
    if isinstance(value, list) and steps and isinstance(steps[0], int):
        del value[steps[0]], left[steps[0]]
        return True
    if isinstance(value, dict) and steps and steps[0] in value:
        # Without its columns or its name, nothing can be said of a table.
        is_needed = steps[0] in ("columns", "column_metadata", "table_name")
        del value[steps[0]]
        return not is_needed
    return False


def _column(node: Node) -> PlacedColumn | None:
    if not isinstance(node, Members):
        return None
    name = as_text(member(node, "column_name"))
    if name is None:
        return None
    return PlacedColumn(name, as_text(member(node, "data_type")), node.span, node)


def _names(key: MappedText | None, node: Node, table: Table) -> tuple[MappedText, ...]:
    named = as_text(member(node, "table_name")) if isinstance(node, Members) else None
    if named is not None and named.text == table.name:
        same = key is not None and key.text == named.text
        return (named, key) if same and key is not None else (named,)
    return (key,) if key is not None else ()


def _is_key(key: MappedText | None, node: Node) -> bool:
    has_name = isinstance(node, Members) and as_text(member(node, "table_name")) is not None
    return key is not None and not has_name


def _fault(node: Node, error: MetadataError) -> Fault:
    steps = list(_steps(error.path))
    # The place says where; what is missing there has none.
    name = steps[-1] if steps and isinstance(steps[-1], str) else ""
    return Fault(_span(node, steps), f"{name}: {error.problem}".removeprefix(": "))


def _span(node: Node, steps: Iterable[str | int]) -> Span:
    """The place of what *steps* lead to from *node*, or the nearest one above it that is there."""
    for step in steps:
        found: Node | None = None
        if isinstance(node, Members) and isinstance(step, str):
            found = member(node, step)
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            found = node.items[step]
        if found is None:
            break
        node = found
    # Of an object or a list, all of it would be too much to underline.
    return node.span if isinstance(node, Scalar) else Span(node.span.start, node.span.start + 1)


def _steps(path: str) -> Iterator[str | int]:
    for match in _STEP.finditer(path):
        quoted, index, name = match.groups()
        if index is not None:
            yield int(index)
        else:
            yield name if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
