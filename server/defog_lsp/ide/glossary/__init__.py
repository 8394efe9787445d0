"""Glossaries while somebody writes them: the names of tables and columns in prose."""

from defog_lsp.ide.glossary.complete import complete_glossary
from defog_lsp.ide.glossary.hover import hover_glossary

__all__ = ["complete_glossary", "hover_glossary"]
