"""Metadata files while somebody writes them: names and types from the database."""

from defog_lsp.ide.metadata.complete import complete_metadata
from defog_lsp.ide.metadata.hover import hover_metadata
from defog_lsp.ide.metadata.named import metadata_name_at, metadata_names, rename_in_metadata

__all__ = [
    "complete_metadata",
    "hover_metadata",
    "metadata_name_at",
    "metadata_names",
    "rename_in_metadata",
]
