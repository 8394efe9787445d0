"""Other names: for what a text itself names (``own``), and for what is stored (``stored``)."""

from defog_lsp.ide.rename.meaning import NO_NAME, CannotRename
from defog_lsp.ide.rename.own import Renamed, linked, renamable, rename
from defog_lsp.ide.rename.statement import rename_statement
from defog_lsp.ide.rename.stored import Renaming, Stored, rename_stored, renaming, stored_at

__all__ = [
    "NO_NAME",
    "CannotRename",
    "Renamed",
    "Renaming",
    "Stored",
    "linked",
    "renamable",
    "rename",
    "rename_statement",
    "rename_stored",
    "renaming",
    "stored_at",
]
