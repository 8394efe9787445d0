"""Hover in a glossary: what the metadata know of the table or column that is named."""

from defog_lsp.ide.hover import Hover
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.catalog.described import described_column, described_table
from defog_metadata.checks.vocabulary import tables_called, vocabulary_of
from defog_metadata.documents.glossary import read_glossary_file
from defog_metadata.pruning import Mention, mentions

__all__ = ["hover_glossary"]

_MOST = 3


def hover_glossary(text: str, offset: int, catalog: Catalog) -> Hover | None:
    """``None`` where nothing is named that *catalog* has.

    A plain word of the prose is a name only beside a table's: any text may speak of a total.
    """
    line = next((it for it in read_glossary_file(text) if it.span.touches(offset)), None)
    if line is None:
        return None
    found = list(mentions(line.text))
    at = offset - line.span.start
    touching = [it for it in found if it.span.touches(at)]
    for mention in sorted(touching, key=lambda it: len(it.parts), reverse=True):
        index = next((i for i, it in enumerate(mention.spans) if it.touches(at)), None)
        if index is None:
            continue
        parts = list(dict.fromkeys(_described(mention, index, found, catalog)))[:_MOST]
        if parts:
            return Hover(mention.spans[index].shifted(line.span.start), "\n\n---\n\n".join(parts))
    return None


def _described(mention: Mention, index: int, beside: list[Mention], catalog: Catalog) -> list[str]:
    path = mention.key[: index + 1]
    tables = tables_called(catalog, path)
    if tables and (len(mention.parts) > 1 or mention.is_marked or not _columns(mention, catalog)):
        return [described_table(it, catalog.naming) for it in tables]
    if len(path) > 1:
        owners = tables_called(catalog, path[:-1])
        columns = [(table, it) for table in owners for it in table.columns_like(path[-1])]
    else:
        named = {
            table for it in beside for key in it.key for table in tables_called(catalog, (key,))
        }
        columns = _columns(mention, catalog)
        here = [(table, column) for table, column in columns if table in named]
        columns = here or (columns if mention.is_marked else [])
    return [described_column(table, column, catalog.naming) for table, column in columns]


def _columns(mention: Mention, catalog: Catalog) -> list[tuple[Table, Column]]:
    """The columns of this name, of a few tables that have one."""
    key = mention.key[-1]
    owners = vocabulary_of(catalog).owners(key)
    return [
        (table, column)
        for owner in dict.fromkeys(owners)
        for table in catalog.source.named(owner.casefold())
        for column in table.columns_like(key)
    ]
