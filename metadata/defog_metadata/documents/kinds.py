"""What the files are that a workspace keeps beside its SQL."""

from typing import Literal

__all__ = ["DOCUMENT_ENDINGS", "DocumentKind"]

DocumentKind = Literal["golden queries", "glossary", "metadata"]

DOCUMENT_ENDINGS = frozenset((".csv", ".json", ".md", ".markdown", ".txt", ".yaml", ".yml"))
"""Of files that are looked at only where a ``defog.toml`` says what they are."""
