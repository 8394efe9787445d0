"""Where a glossary surely names a table or column: qualified, marked as code, or shaped so."""

from collections.abc import Iterator

from defog_metadata.catalog import Catalog, Table
from defog_metadata.checks.vocabulary import StoredName, tables_called
from defog_metadata.documents.glossary import GlossaryLine, read_glossary_file
from defog_metadata.pruning import mentions
from defog_metadata.text import Span

__all__ = ["glossary_name_at", "glossary_names_of"]


def glossary_names_of(text: str, catalog: Catalog, table: Table, column: str = "") -> list[Span]:
    """Where *table*, or its *column*, is named in *text*; never a plain word of prose.

    A column without its table counts where no other thing of the catalog is called so.
    """
    key = (column or table.name).casefold()
    return [
        span
        for line in read_glossary_file(text)
        for span, path in _paths(line)
        if path[-1] == key and _meant(path, catalog) == (table, column)
    ]


def glossary_name_at(text: str, offset: int, catalog: Catalog) -> StoredName | None:
    """The table or column that is surely named at *offset*."""
    line = next((it for it in read_glossary_file(text) if it.span.touches(offset)), None)
    for span, path in _paths(line) if line is not None else ():
        if span.touches(offset) and (meant := _meant(path, catalog)) is not None:
            return StoredName(span, *meant)
    return None


def _paths(line: GlossaryLine) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """The place of every name, with what qualifies it before it."""
    for mention in mentions(line.text):
        if mention.is_marked or len(mention.parts) > 1:
            for index, span in enumerate(mention.spans):
                yield span.shifted(line.span.start), mention.key[: index + 1]


def _meant(path: tuple[str, ...], catalog: Catalog) -> tuple[Table, str] | None:
    """The table at *path*, or the column with its table; ``None`` where it could be another."""
    # A schema's name may be a table's as well, and a table's name a column's.
    if tables := tables_called(catalog, path):
        return (tables[0], "") if len(tables) == 1 else None
    *qualifiers, name = path
    if qualifiers:
        owners = tables_called(catalog, qualifiers)
    else:
        owners = [
            table
            for it in catalog.source.having(name, limit=2)
            for table in catalog.source.named(it.name.casefold())
            if table.summary == it
        ]
    columns = owners[0].columns_like(name) if len(owners) == 1 else ()
    return (owners[0], columns[0].name) if len(columns) == 1 else None
