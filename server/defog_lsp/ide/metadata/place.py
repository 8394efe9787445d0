"""What the text at some place in a metadata file names, in a file that need not be whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from defog_metadata.catalog.shapes.keys import join_key
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.documents.csv_text import CsvRow, CsvText, read_csv
from defog_metadata.documents.json_text import read_json
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Items, Members, Node, Scalar, as_text, member

__all__ = [
    "SHORT_KEY",
    "MetadataPlace",
    "Step",
    "metadata_place",
    "place_of_key",
    "place_of_text",
    "short_key_at",
]

SHORT_KEY = "foreign_key"
"""Of a column that says in one text which column it refers to."""

_CONTAINERS = frozenset(("columns", "column_metadata", "table_metadata"))
_FOREIGN = frozenset((SHORT_KEY, "foreign_keys"))
_OWN_COLUMNS = frozenset(("primary_key", "columns"))
"""Members of a table and its keys that are lists of its own columns."""
_REFERRED_TABLE = frozenset(("table", "referred_table"))
_REFERRED_COLUMN = frozenset(("column", "referred_columns"))


@dataclass(frozen=True, slots=True)
class MetadataPlace:
    """A text that names something; ``table`` is the key of the table that it is about."""

    names: Literal["table", "column", "type"]
    text: MappedText
    table: str = ""
    column: str = ""
    """Of a type: the column that has it."""
    is_key: bool = False
    """Of a table: whether its schema may stand before it."""
    others: tuple[str, ...] = ()
    """What stands in the places beside: the other columns of a list that has each once."""


@dataclass(frozen=True, slots=True)
class Step:
    """A node and what it is the value of; a path of them leads to a place in a file."""

    key: str
    node: Node


def metadata_place(text: str, kind: FileKind, offset: int) -> MetadataPlace | None:
    """``None`` where no name of the database stands, or can."""
    return _in_csv(text, offset) if kind == "csv" else _in_json(text, offset)


def _in_csv(text: str, offset: int) -> MetadataPlace | None:
    found = read_csv(text)
    row = next((it for it in found.rows if it.span.touches(offset)), None)
    if row is None:
        return None
    fields = dict(zip(found.header, row.fields, strict=False))
    name = next((it for it, field in fields.items() if field.place.touches(offset)), "")
    table = fields["table_name"].text if "table_name" in fields else ""
    column = fields["column_name"].text if "column_name" in fields else ""
    match name:
        case "table_name":
            return MetadataPlace("table", fields[name], is_key=True)
        case "column_name":
            others = tuple(_other_rows(found, row, table))
            return MetadataPlace("column", fields[name], table, others=others)
        case "data_type":
            return MetadataPlace("type", fields[name], table, column)
    return None


def _other_rows(found: CsvText, row: CsvRow, table: str) -> Iterator[str]:
    """The columns that other rows say of *table*."""
    for it in found.rows:
        fields = dict(zip(found.header, it.fields, strict=False))
        is_of_table = "table_name" in fields and fields["table_name"].text == table
        if it is not row and is_of_table and "column_name" in fields:
            yield fields["column_name"].text


def _in_json(text: str, offset: int) -> MetadataPlace | None:
    path, key = _path_to(text, offset)
    if key is not None:
        return place_of_key(key, path)
    content = _text_at(path, offset)
    return None if content is None else place_of_text(content, path)


def short_key_at(text: str, kind: FileKind, offset: int) -> MappedText | None:
    """``table.column`` at *offset*, as which a foreign key may be written."""
    path, key = _path_to(text, offset) if kind == "json" else ((), None)
    is_short = key is None and bool(path) and path[-1].key == SHORT_KEY
    return _text_at(path, offset) if is_short else None


def _path_to(text: str, offset: int) -> tuple[Sequence[Step], MappedText | None]:
    """The way to the value at *offset*; or to the object of a key, and that key."""
    root = read_json(text).root
    path = [] if root is None else [Step("", root)]
    while path:
        match path[-1].node:
            case Members(members=members):
                if key := next((it for it, _ in members if it.place.touches(offset)), None):
                    return path, key
                inside = next(
                    (Step(it.text, value) for it, value in members if _touches(value, offset)), None
                )
            case Items(items=items):
                inside = next((Step("", it) for it in items if _touches(it, offset)), None)
            case _:
                break
        if inside is None:
            break
        path.append(inside)
    return path, None


def _text_at(path: Sequence[Step], offset: int) -> MappedText | None:
    node = path[-1].node if path else None
    return node.content if isinstance(node, Scalar) and _is_in(node, offset) else None


def _touches(node: Node, offset: int) -> bool:
    return node.span.touches(offset)


def _is_in(node: Scalar, offset: int) -> bool:
    """Whether *offset* is inside the quotes of a text."""
    return as_text(node) is not None and node.content.place.touches(offset)


def place_of_key(key: MappedText, path: Sequence[Step]) -> MetadataPlace | None:
    """A key is a table's at the top of the shapes that have keys."""
    container = path[-1].node
    depth = len(path) - 1
    is_top = depth == 0 or (depth == 1 and path[-1].key == "table_metadata")
    if not is_top or not isinstance(container, Members):
        return None
    others = tuple(it.text for it, _ in container.members if it is not key)
    return MetadataPlace("table", key, is_key=True, others=others)


def place_of_text(text: MappedText, path: Sequence[Step]) -> MetadataPlace | None:
    """What *text*, at the end of *path*, names."""
    around = path[-2].node if len(path) > 1 else None
    key = path[-1].key or (path[-2].key if len(path) > 1 else "")
    is_foreign = any(it.key in _FOREIGN for it in path)
    table = _table_of(path)
    if is_foreign and key in _REFERRED_TABLE:
        return MetadataPlace("table", text, _referred(path))
    if is_foreign and key in _REFERRED_COLUMN:
        return MetadataPlace("column", text, _referred(path))
    if key == "table_name":
        return MetadataPlace("table", text, table)
    if key == "column_name":
        return MetadataPlace("column", text, table, others=tuple(_other_columns(path)))
    if key == "data_type" and isinstance(around, Members):
        name = as_text(member(around, "column_name"))
        return MetadataPlace("type", text, table, name.text if name else "")
    if key in _OWN_COLUMNS and isinstance(around, Items):
        others = tuple(it.content.text for it in around.items if isinstance(it, Scalar))
        return MetadataPlace(
            "column", text, table, others=tuple(i for i in others if i != text.text)
        )
    return None


def _table_of(path: Sequence[Step]) -> str:
    """The key of the table around the end of *path*."""
    for step in reversed(path):
        if isinstance(step.node, Members) and (name := as_text(member(step.node, "table_name"))):
            schema = as_text(member(step.node, "table_schema"))
            return join_key("", schema.text if schema else "", name.text)
    return next((it.key for it in path if it.key and it.key not in _CONTAINERS), "")


def _referred(path: Sequence[Step]) -> str:
    """The key of the table that the foreign key around the end of *path* refers to."""
    for step in reversed(path):
        if isinstance(step.node, Members):
            for names in (("table", "schema"), ("referred_table", "referred_schema")):
                if name := as_text(member(step.node, names[0])):
                    schema = as_text(member(step.node, names[1]))
                    return join_key("", schema.text if schema else "", name.text)
    return ""


def _other_columns(path: Sequence[Step]) -> Iterator[str]:
    column = path[-2].node
    columns = path[-3].node if len(path) > 2 else None  # noqa: PLR2004 - the list, the column, the name
    for it in columns.items if isinstance(columns, Items) else ():
        if (
            it is not column
            and isinstance(it, Members)
            and (name := as_text(member(it, "column_name")))
        ):
            yield name.text
