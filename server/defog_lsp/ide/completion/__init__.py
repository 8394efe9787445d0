"""Completion: what can be written at the caret."""

from defog_lsp.ide.completion.complete import complete
from defog_lsp.ide.completion.items import Completions, Item, ItemKind

__all__ = ["Completions", "Item", "ItemKind", "complete"]
