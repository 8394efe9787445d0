"""Glossaries while somebody writes them: the names of tables and columns in prose."""

from defog_lsp.ide.glossary.complete import complete_glossary
from defog_lsp.ide.glossary.hover import hover_glossary
from defog_lsp.ide.glossary.links import Link, glossary_links
from defog_lsp.ide.glossary.named import glossary_name_at, glossary_names_of

__all__ = [
    "Link",
    "complete_glossary",
    "glossary_links",
    "glossary_name_at",
    "glossary_names_of",
    "hover_glossary",
]
