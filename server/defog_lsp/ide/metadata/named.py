"""Where a metadata file names a table or column: in its own entry, and in the keys of others."""

from collections.abc import Iterator

from defog_lsp.ide.metadata.place import (
    SHORT_KEY,
    MetadataPlace,
    Step,
    metadata_place,
    place_of_key,
    place_of_text,
    short_key_at,
)
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.catalog.shapes.keys import join_key, key_of, split_key
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.checks.vocabulary import StoredName, tables_called
from defog_metadata.documents.csv_text import read_csv
from defog_metadata.documents.json_text import read_json
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Items, Members, Node, Scalar
from defog_metadata.progress import check_stopped
from defog_metadata.text import Edit, Span

__all__ = ["metadata_name_at", "metadata_names", "rename_in_metadata"]


def metadata_name_at(text: str, kind: FileKind, offset: int, catalog: Catalog) -> StoredName | None:
    """The table or column that is surely named at *offset*."""
    for names, found in _named_at(text, kind, offset, catalog):
        for name, part, _ in found:
            if (span := name.span(part)).touches(offset):
                return StoredName(span, names.table, names.column)
    return None


def _named_at(
    text: str, kind: FileKind, offset: int, catalog: Catalog
) -> "Iterator[tuple[_Names, Iterator[_Found]]]":
    """What may be named at *offset*, and where the text there names it."""
    if key := short_key_at(text, kind, offset):
        schema, name, column = split_key(key.text)
        table = _table_called(catalog, join_key("", schema, name))
        stored = _column_called(table, column) if table is not None else None
        if table is not None:
            for it in (stored.name if stored is not None else "", ""):
                names = _Names(catalog, table, it)
                yield names, names.in_short_key(key)
    place = metadata_place(text, kind, offset)
    if place is None or place.names == "type":
        return
    if place.names == "table":
        table, name = _table_called(catalog, place.table or place.text.text), ""
    else:
        table = _table_called(catalog, place.table)
        stored = _column_called(table, place.text.text) if table is not None else None
        if stored is None:
            return
        name = stored.name
    if table is not None:
        names = _Names(catalog, table, name)
        yield names, names.if_meant(place)


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
        self.table = table
        self.column = column
        self._name = (column or table.name).casefold()

    def in_csv(self, text: str) -> Iterator[_Found]:
        read = read_csv(text)
        for row in read.rows:
            check_stopped()
            fields = dict(zip(read.header, row.fields, strict=False))
            table = fields.get("table_name")
            if table is None or not self._is_table(table.text):
                continue
            if not self.column:
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
                            yield from self.if_meant(place_of_key(key, path))
                        paths.append((*path, Step(key.text, value)))
                case Items(items=items):
                    paths += [(*path, Step("", it)) for it in items]
                case Scalar(content=content, is_text=True) if self._may_be(content):
                    if path[-1].key == SHORT_KEY:
                        yield from self.in_short_key(content)
                    else:
                        yield from self.if_meant(place_of_text(content, path))

    def _may_be(self, text: MappedText) -> bool:
        return self._name in text.text.casefold()

    def if_meant(self, place: MetadataPlace | None) -> Iterator[_Found]:
        if place is None or place.names == "type":
            return
        if place.names == "column":
            if self.column and self._is_called(place.text.text) and self._is_table(place.table):
                yield _whole(place.text)
        elif not self.column and self._is_table(place.table or place.text.text):
            yield from self._part(place.text) if place.is_key else [_whole(place.text)]

    def in_short_key(self, text: MappedText) -> Iterator[_Found]:
        """``"foreign_key": "table.column"``."""
        schema, table, column = split_key(text.text)
        if not self._is_table(join_key("", schema, table)):
            return
        end = len(text.text)
        behind = end - len(column)
        if text.text[behind:] != column or not text.text[:behind].endswith(f"{table}."):
            return  # in quotes, which hardly anybody writes here
        if not self.column:
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
        found = _column_called(self.table, column)
        return found is not None and found.name == self.column

    def _is_table(self, key: str) -> bool:
        """Whether *key* can mean no other table."""
        if split_key(key)[2].casefold() != self.table.name.casefold():
            return False
        found = _table_called(self._catalog, key)
        return found is not None and key_of(found) == key_of(self.table)


def _table_called(catalog: Catalog, key: str) -> Table | None:
    """The only table that *key* can mean."""
    path = [it.casefold() for it in split_key(key) if it]
    found = tables_called(catalog, path) if path else []
    found = [it for it in found if it.name == split_key(key)[2]] or found
    return found[0] if len(found) == 1 else None


def _column_called(table: Table, name: str) -> Column | None:
    alike = table.columns_like(name)
    return table.column(name) or (alike[0] if len(alike) == 1 else None)


def _whole(text: MappedText) -> _Found:
    return text, Span(0, len(text.text)), False
