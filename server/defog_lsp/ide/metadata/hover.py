"""Hover in a metadata file: what the database knows of the table or column that is named."""

from defog_lsp.ide.hover import Hover
from defog_lsp.ide.metadata.named import metadata_name_at
from defog_lsp.ide.metadata.place import metadata_place
from defog_lsp.ide.metadata.stored import columns_called, tables_called
from defog_metadata.catalog import Catalog
from defog_metadata.catalog.described import described_column, described_table
from defog_metadata.checks.metadata.files import FileKind

__all__ = ["hover_metadata"]


def hover_metadata(text: str, kind: FileKind, offset: int, catalog: Catalog) -> Hover | None:
    """``None`` where nothing is named that *catalog* has."""
    place = metadata_place(text, kind, offset)
    if place is None:
        return _of_short_key(text, kind, offset, catalog)
    naming = catalog.naming
    if place.names == "table":
        found = [described_table(it, naming) for it in tables_called(catalog, place.text.text)]
    else:
        column = place.column if place.names == "type" else place.text.text
        columns = columns_called(catalog, place.table, column)
        found = [described_column(table, it, naming) for table, it in columns]
    parts = dict.fromkeys(found)
    return Hover(place.text.place, "\n\n---\n\n".join(parts)) if parts else None


def _of_short_key(text: str, kind: FileKind, offset: int, catalog: Catalog) -> Hover | None:
    named = metadata_name_at(text, kind, offset, catalog)
    if named is None:
        return None
    column = named.table.column(named.column)
    if column is None:
        return Hover(named.span, described_table(named.table, catalog.naming))
    return Hover(named.span, described_column(named.table, column, catalog.naming))
