"""Glossary files: what a business means by its words, one statement a line."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from defog_metadata.text import TextFile
from defog_metadata.workspace.encoding import decode

__all__ = ["read_glossaries"]


def read_glossaries(paths: Iterable[Path]) -> Iterator[TextFile]:
    """All the files that can be read, plain or Markdown."""
    for path in paths:
        try:
            text, _ = decode(path.read_bytes())
        except OSError:
            continue
        yield TextFile(path, text)
