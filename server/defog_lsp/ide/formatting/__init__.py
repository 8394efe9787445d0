"""Formatting: the same text with other white space, and keywords in one letter case."""

from defog_lsp.ide.formatting.formatting import Style, format_document, format_range, format_typed

__all__ = ["Style", "format_document", "format_range", "format_typed"]
