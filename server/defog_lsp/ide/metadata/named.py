"""Where a metadata file names a table or column: in its own entry, and in the keys of others."""

from collections.abc import Iterator

from defog_lsp.ide.metadata.place import MetadataPlace, Step, place_of_key, place_of_text
from defog_metadata.catalog import Catalog, Table
from defog_metadata.catalog.shapes.keys import join_key, key_of, split_key
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.checks.vocabulary import tables_called
from defog_metadata.documents.csv_text import read_csv
from defog_metadata.documents.json_text import read_json
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Items, Members, Node, Scalar
from defog_metadata.progress import check_stopped
from defog_metadata.text import Edit, Span

__all__ = ["metadata_names", "rename_in_metadata"]


def metadata_names(
    text: str, kind: FileKind, catalog: Catalog, table: Table, column: str = ""
) -> list[Span]:
    """Where *table*, or its *column*, is named in *text*, without what qualifies it."""
    found = _found(text, kind, catalog, table, column)
    return [name.span(part) for name, part, _ in found]


def rename_in_metadata(  # noqa: PLR0913 - what is named, and how it is to be called
    text: str, kind: FileKind, catalog: Catalog, table: Table, column: str, *, name: str
) -> list[Edit]:
    """What calls *table*, or its *column*, *name* in *text*."""
    edits: list[Edit] = []
    for written, part, is_key in _found(text, kind, catalog, table, column):
        new = join_key("", "", name) if is_key else name
        edits += written.edits([Edit(part, new)])
    return sorted(edits, key=lambda it: it.span)


_Found = tuple[MappedText, Span, bool]
"""A text, the part of it that is the name, and whether that is one of a key's parts."""


def _found(
    text: str, kind: FileKind, catalog: Catalog, table: Table, column: str
) -> Iterator[_Found]:
    names = _Names(catalog, table, column)
    if kind == "csv":
        yield from names.in_csv(text)
    elif (root := read_json(text).root) is not None:
        yield from names.in_json(root)


class _Names:
    def __init__(self, catalog: Catalog, table: Table, column: str) -> None:
        self._catalog = catalog
        self._table = table
        self._column = column
        self._name = (column or table.name).casefold()

    def in_csv(self, text: str) -> Iterator[_Found]:
        read = read_csv(text)
        for row in read.rows:
            check_stopped()
            fields = dict(zip(read.header, row.fields, strict=False))
            table = fields.get("table_name")
            if table is None or not self._is_table(table.text):
                continue
            if not self._column:
                yield from self._part(table)
            elif (column := fields.get("column_name")) and self._is_called(column.text):
                yield _whole(column)

    def in_json(self, root: Node) -> Iterator[_Found]:
        paths: list[tuple[Step, ...]] = [(Step("", root),)]
        while paths:
            check_stopped()
            path = paths.pop()
            match path[-1].node:
                case Members(members=members):
                    for key, value in members:
                        if self._may_be(key):
                            yield from self._if_meant(place_of_key(key, path))
                        paths.append((*path, Step(key.text, value)))
                case Items(items=items):
                    paths += [(*path, Step("", it)) for it in items]
                case Scalar(content=content, is_text=True) if self._may_be(content):
                    if path[-1].key == "foreign_key":
                        yield from self._in_short_key(content)
                    else:
                        yield from self._if_meant(place_of_text(content, path))

    def _may_be(self, text: MappedText) -> bool:
        return self._name in text.text.casefold()

    def _if_meant(self, place: MetadataPlace | None) -> Iterator[_Found]:
        if place is None or place.names == "type":
            return
        if place.names == "column":
            if self._column and self._is_called(place.text.text) and self._is_table(place.table):
                yield _whole(place.text)
        elif not self._column and self._is_table(place.table or place.text.text):
            yield from self._part(place.text) if place.is_key else [_whole(place.text)]

    def _in_short_key(self, text: MappedText) -> Iterator[_Found]:
        """``"foreign_key": "table.column"``."""
        schema, table, column = split_key(text.text)
        if not self._is_table(join_key("", schema, table)):
            return
        end = len(text.text)
        behind = end - len(column)
        if text.text[behind:] != column or not text.text[:behind].endswith(f"{table}."):
            return  # in quotes, which hardly anybody writes here
        if not self._column:
            yield text, Span(behind - 1 - len(table), behind - 1), True
        elif self._is_called(column):
            yield text, Span(behind, end), True

    def _part(self, key: MappedText) -> Iterator[_Found]:
        """The last part of a table's key, in its quotes where it has some."""
        name = split_key(key.text)[2]
        for written in (name, join_key("", "", name)):
            if key.text.endswith(written) and not key.text.endswith('"', 0, -len(written)):
                yield key, Span(len(key.text) - len(written), len(key.text)), True
                return

    def _is_called(self, column: str) -> bool:
        found = self._table.column(column) or next(iter(self._table.columns_like(column)), None)
        return found is not None and found.name == self._column

    def _is_table(self, key: str) -> bool:
        """Whether *key* can mean no other table."""
        database, schema, name = split_key(key)
        if name.casefold() != self._table.name.casefold():
            return False
        parts = tuple(it.casefold() for it in (database, schema, name) if it)
        found = tables_called(self._catalog, parts)
        own = [it for it in found if it.name == name] or found
        return [key_of(it) for it in own] == [key_of(self._table)]


def _whole(text: MappedText) -> _Found:
    return text, Span(0, len(text.text)), False
