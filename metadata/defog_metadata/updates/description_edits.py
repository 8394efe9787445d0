"""Descriptions put into metadata files that people keep, without touching the rest of them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from defog_metadata.checks.metadata.files import FileKind, read_placed
from defog_metadata.checks.metadata.placed import PlacedFile
from defog_metadata.documents.csv_text import CsvRow, read_csv, written_field
from defog_metadata.documents.json_edits import element_added
from defog_metadata.documents.nodes import Items, Members, Node, Scalar, member
from defog_metadata.text import Edit, Span

__all__ = ["Description", "description_edits"]


@dataclass(frozen=True, slots=True)
class Description:
    """What is to be said of a table of a file, or of one of its columns, by their numbers."""

    table: int
    column: int | None
    text: str


def description_edits(
    text: str, kind: FileKind, descriptions: Iterable[Description]
) -> tuple[Edit, ...]:
    """What writes *descriptions* into *text*, in its order; numbers as in ``read_placed(text)``.

    A description that is there is replaced. A table in the shape that has no place for its
    description gets into the shape that has one.
    """
    placed = read_placed(text, kind)
    written = (
        _csv(text, placed, list(descriptions))
        if kind == "csv"
        else _json(text, placed, descriptions)
    )
    return tuple(sorted(written, key=lambda it: it.span))


# JSON


def _json(text: str, placed: PlacedFile, descriptions: Iterable[Description]) -> Iterator[Edit]:
    for it in descriptions:
        table = placed.tables[it.table]
        if it.column is not None:
            node = table.columns[it.column].node
            if isinstance(node, Members):
                yield _member_set(text, node, "column_description", it.text)
        elif isinstance(table.node, Members):
            yield _member_set(text, table.node, "table_description", it.text)
        elif isinstance(table.node, Items):
            yield from _wrapped(table.node, it.text)


def _member_set(text: str, node: Members, key: str, value: str) -> Edit:
    found: Node | None = member(node, key)
    if found is None:
        return element_added(text, node, value, key)
    if isinstance(found, Scalar) and found.is_text:
        return Edit(found.content.place, found.content.written(value))
    return Edit(found.span, json.dumps(value, ensure_ascii=False))


def _wrapped(columns: Items, description: str) -> Iterator[Edit]:
    """The list of a table's columns made an object that has a description beside it."""
    start, end = columns.span.start, columns.span.end
    said = json.dumps(description, ensure_ascii=False)
    yield Edit(Span(start, start), f'{{"table_description": {said}, "columns": ')
    yield Edit(Span(end, end), "}")


# CSV


def _csv(text: str, placed: PlacedFile, descriptions: list[Description]) -> Iterator[Edit]:
    found = read_csv(text)
    if found.header_row is None:
        return
    header = list(found.header)
    rows = {it.span: it for it in found.rows}
    wanted = {
        "column_description": any(it.column is not None for it in descriptions),
        "table_description": any(it.column is None for it in descriptions),
    }
    missing = [name for name, is_wanted in wanted.items() if is_wanted and name not in header]
    values: dict[Span, dict[str, str]] = {}
    for it in descriptions:
        table = placed.tables[it.table]
        columns = table.columns if it.column is None else (table.columns[it.column],)
        name = "table_description" if it.column is None else "column_description"
        for index, column in enumerate(columns):
            row = rows[column.span]
            # Said on every row by some writers, on the first by others.
            if it.column is not None or index == 0 or _says(row, header, name):
                values.setdefault(row.span, {})[name] = it.text
    if missing:
        end = found.header_row.span.end
        yield Edit(Span(end, end), "".join(f",{it}" for it in missing))
    for row in found.rows:
        said = values.get(row.span, {})
        for name, value in said.items():
            if name in header:
                yield _field_set(row, header.index(name), value)
        if missing and len(row.fields) == len(header):
            end = row.span.end
            yield Edit(
                Span(end, end), "".join(f",{written_field(said.get(it, ''))}" for it in missing)
            )


def _says(row: CsvRow, header: list[str], name: str) -> bool:
    return name in header and bool(row.fields[header.index(name)].text)


def _field_set(row: CsvRow, index: int, value: str) -> Edit:
    place = row.fields[index].place
    is_quoted = row.fields[index].notation.needs_quotes is None
    # With its quotes, where it has any.
    span = Span(place.start - 1, place.end + 1) if is_quoted else place
    return Edit(span, written_field(value))
