"""The tables and columns of the database that a text names, whatever it is; called in threads."""

from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp.loading import warm_up

if TYPE_CHECKING:
    from defog_lsp.ide.rename import Renamed, Stored
    from defog_lsp.lsp.session import Kind, View
    from defog_metadata.catalog import Catalog
    from defog_metadata.checks.vocabulary import StoredName
    from defog_metadata.text import Span

__all__ = ["names_in", "stored_at"]

# ruff: noqa: PLC0415 - importing late is what this module is for


def stored_at(view: "View", offset: int) -> "tuple[Renamed, Stored] | None":
    """The name at *offset*, if it surely is of the database, and what it names."""
    warm_up()
    from defog_lsp.ide import rename

    if view.kind == "sql":
        return rename.stored_at(view.snapshot, offset)
    found = _name_at(view, offset)
    if found is None:
        return None
    stored = rename.Stored(found.table, found.column)
    return rename.Renamed(found.span, stored.name), stored


def _name_at(view: "View", offset: int) -> "StoredName | None":
    from defog_lsp.ide import glossary, metadata
    from defog_metadata.checks.metadata.files import file_kind

    text, catalog = view.positions.text, view.snapshot.catalog
    match view.kind:
        case "metadata":
            return metadata.metadata_name_at(text, file_kind(view.path), offset, catalog)
        case "glossary":
            return glossary.glossary_name_at(text, offset, catalog)
        case _:
            return None


def names_in(
    text: str, path: Path, kind: "Kind", catalog: "Catalog", stored: "Stored"
) -> "list[Span]":
    """Where the *text* of a metadata file or a glossary names *stored*."""
    warm_up()
    from defog_lsp.ide import glossary, metadata
    from defog_metadata.checks.metadata.files import file_kind

    table, column = stored.table, stored.column
    match kind:
        case "metadata":
            return metadata.metadata_names(text, file_kind(path), catalog, table, column)
        case "glossary":
            return glossary.glossary_names_of(text, catalog, table, column)
        case _:
            return []
