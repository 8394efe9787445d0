"""Completion in a glossary: tables and columns, where somebody begins to write a name."""

import re
from collections.abc import Iterator

from defog_lsp.ide.completion.items import Completions, Item, Subject
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.checks.vocabulary import tables_called
from defog_metadata.documents.glossary import GlossaryLine, read_glossary_file
from defog_metadata.pruning import mentions
from defog_metadata.text import Span

__all__ = ["complete_glossary"]

_MOST_ITEMS = 60
_TYPED = re.compile(r"(?P<owner>(?:[^\W\d][\w$]*\.)*)(?P<name>[\w$]*)$")


def complete_glossary(text: str, offset: int, catalog: Catalog) -> Completions:
    """The names of *catalog* that begin with what stands before *offset*.

    Behind a table's name and a dot all its columns; in backticks all of those of the tables that
    the line names, and all tables; in prose only once a letter has been written.
    """
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    before = text[start:offset]
    typed = _TYPED.search(before)
    if typed is None:  # cannot happen: it may be empty
        return Completions()
    behind = re.compile(r"[\w$]*").match(text, offset)
    place = Span(offset - len(typed["name"]), behind.end() if behind else offset)
    prefix = typed["name"].casefold()
    if owner := typed["owner"]:
        path = [it.casefold() for it in owner.rstrip(".").split(".")]
        items = list(_behind(path, prefix, place, catalog))
    elif prefix or before.count("`") % 2 == 1:
        line = next((it for it in read_glossary_file(text) if it.span.touches(offset)), None)
        items = list(_alone(line, prefix, place, catalog))
    else:
        return Completions()
    return Completions(tuple(items[:_MOST_ITEMS]), is_incomplete=len(items) > _MOST_ITEMS)


def _behind(path: list[str], prefix: str, place: Span, catalog: Catalog) -> Iterator[Item]:
    """The columns of the table at *path*, else the tables of the schema."""
    for table in tables_called(catalog, path):
        for column in table.columns:
            if column.name.casefold().startswith(prefix):
                yield _column(table, column, place)
    if len(path) == 1:
        for schema in catalog.source.schemas():
            if schema.casefold() == path[0]:
                yield from _tables(prefix, place, catalog, schema)


def _alone(line: GlossaryLine | None, prefix: str, place: Span, catalog: Catalog) -> Iterator[Item]:
    """Columns of the tables on the line, tables, and columns of any."""
    found = mentions(line.text) if line is not None else ()
    named = {key: None for it in found for key in it.key}
    tables = {table: None for key in named for table in tables_called(catalog, (key,))}
    seen: set[str] = set()
    for table in tables:
        for column in table.columns:
            key = column.name.casefold()
            if key.startswith(prefix) and key not in seen:
                seen.add(key)
                yield _column(table, column, place)
    yield from _tables(prefix, place, catalog)
    if not prefix:
        return
    # Each has at least one owner; those that are on the line have been named.
    for name in catalog.source.column_names(prefix, limit=_MOST_ITEMS + 1 + len(seen)):
        if (key := name.casefold()) not in seen:
            yield from _of_any_table(key, place, catalog)


def _of_any_table(key: str, place: Span, catalog: Catalog) -> Iterator[Item]:
    for owner in catalog.source.having(key, limit=1):
        for table in catalog.source.named(owner.name.casefold()):
            if table.summary == owner:
                for column in table.columns_like(key)[:1]:
                    yield _column(table, column, place)


def _tables(
    prefix: str, place: Span, catalog: Catalog, schema: str | None = None
) -> Iterator[Item]:
    for it in catalog.source.summaries(prefix=prefix, schema=schema, limit=_MOST_ITEMS + 1):
        yield Item(
            it.name,
            "view" if "view" in it.kind else "table",
            place,
            it.name,
            description=it.schema,
            documentation=it.description,
            subject=Subject("table", table=it.name, schema=it.schema),
            filter_text=it.name,
        )


def _column(table: Table, column: Column, place: Span) -> Item:
    return Item(
        column.name,
        "column",
        place,
        column.name,
        detail=column.type,
        description=table.name,
        documentation=column.description,
        subject=Subject("column", column.name, table.name, table.schema, table.database),
        filter_text=column.name,
    )
