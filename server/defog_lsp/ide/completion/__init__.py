"""Completion: what can be written at the caret."""

from defog_lsp.ide.completion.complete import complete
from defog_lsp.ide.completion.documentation import documentation
from defog_lsp.ide.completion.items import Completions, Item, ItemKind, Subject, SubjectKind

__all__ = [
    "Completions",
    "Item",
    "ItemKind",
    "Subject",
    "SubjectKind",
    "complete",
    "documentation",
]
