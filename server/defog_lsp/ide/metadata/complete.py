"""Completion in a metadata file: tables, columns and types, where their names stand."""

from collections.abc import Iterator

from defog_lsp.ide.completion.items import Completions, Item, ItemKind, Subject
from defog_lsp.ide.metadata.place import MetadataPlace, metadata_place
from defog_lsp.ide.metadata.stored import columns_called, tables_called
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.catalog.shapes.keys import join_key, split_key
from defog_metadata.checks.metadata.files import FileKind
from defog_metadata.sql.types.vocabulary import types_of
from defog_metadata.text import Edit, Span

__all__ = ["complete_metadata"]

_MOST_ITEMS = 100


def complete_metadata(text: str, kind: FileKind, offset: int, catalog: Catalog) -> Completions:
    """What *catalog* has that can be named at *offset*; of tables, a hundred at the most."""
    place = metadata_place(text, kind, offset)
    if place is None:
        return Completions()
    match place.names:
        case "table":
            prefix = text[place.text.place.start : offset]
            return _tables(place, prefix, catalog)
        case "column":
            return Completions(tuple(_columns(place, catalog)))
        case "type":
            return Completions(tuple(_types(place, catalog)))


def _tables(place: MetadataPlace, typed: str, catalog: Catalog) -> Completions:
    _, schema, name = split_key(typed)
    found = catalog.source.summaries(
        prefix=name.casefold(), schema=schema or None, limit=_MOST_ITEMS + len(place.others) + 1
    )
    there = {it.casefold() for it in place.others}
    items: list[Item] = []
    for it in found:
        is_qualified = bool(schema) or not catalog.is_visible(it)
        key = join_key("", it.schema if is_qualified else "", it.name)
        if key.casefold() not in there:
            written = key if place.is_key else it.name
            subject = Subject("table", table=it.name, schema=it.schema)
            items.append(
                _item(
                    place,
                    written,
                    "view" if "view" in it.kind else "table",
                    documentation=it.description,
                    description=it.schema,
                    subject=subject,
                )
            )
    return Completions(tuple(items[:_MOST_ITEMS]), is_incomplete=len(items) > _MOST_ITEMS)


def _columns(place: MetadataPlace, catalog: Catalog) -> Iterator[Item]:
    there = {it.casefold() for it in place.others}
    seen: set[str] = set()
    for table in tables_called(catalog, place.table):
        for column in table.columns:
            if column.name.casefold() not in there and column.name not in seen:
                seen.add(column.name)
                yield _item(
                    place,
                    column.name,
                    "column",
                    documentation=column.description,
                    detail=column.type,
                    description=table.name,
                    subject=_subject(table, column),
                )


def _subject(table: Table, column: Column) -> Subject:
    return Subject("column", column.name, table.name, table.schema, table.database)


def _types(place: MetadataPlace, catalog: Catalog) -> Iterator[Item]:
    """The type that the column has before all that it could have."""
    own = [it.type for _, it in columns_called(catalog, place.table, place.column) if it.type]
    for name in dict.fromkeys((*own, *types_of(catalog.dialect))):
        yield _item(place, name, "type", detail="in the database" if name in own else "")


def _item(  # noqa: PLR0913 - all that is told of one
    place: MetadataPlace,
    name: str,
    kind: ItemKind,
    *,
    documentation: str = "",
    detail: str = "",
    description: str = "",
    subject: Subject | None = None,
) -> Item:
    first, *others = place.text.edits([Edit(Span(0, len(place.text.text)), name)])
    return Item(
        name, kind, first.span, first.text, detail, description, documentation,
        subject=subject, extra_edits=tuple(others), filter_text=first.text,
    )  # fmt: skip
