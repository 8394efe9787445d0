"""The files that a ``defog.toml`` names, and what it says they are."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from defog_metadata.documents.kinds import DocumentKind
from defog_metadata.text import TextFile
from defog_metadata.workspace.configuration import Configuration, Connection
from defog_metadata.workspace.encoding import decode
from defog_metadata.workspace.globs import expand, matches_file
from defog_metadata.workspace.workspace import Workspace

__all__ = ["NamedTexts", "kind_of", "named_files", "plain", "read_named_files"]

NamedTexts = Mapping[DocumentKind, tuple[TextFile, ...]]


def named_files(configuration: Configuration) -> Mapping[Path, DocumentKind]:
    """Every file that is there, absolute, in the order of the lists; looks into folders.

    A file in two lists is what the first of golden queries, glossary and metadata says.
    """
    found: dict[Path, DocumentKind] = {}
    for kind, patterns in _lists(configuration).items():
        for pattern in patterns:
            for path in expand(configuration.root, pattern):
                found.setdefault(plain(path), kind)
    return found


def kind_of(configuration: Configuration, path: Path) -> DocumentKind | None:
    """What *configuration* says that the file *path* is, whether it is there or not."""
    relative = os.path.relpath(plain(path), plain(configuration.root)).replace(os.sep, "/")
    for kind, patterns in _lists(configuration).items():
        if any(
            matches_file(os.path.normpath(it).replace(os.sep, "/"), relative) for it in patterns
        ):
            return kind
    return None


def _lists(configuration: Configuration) -> Mapping[DocumentKind, tuple[str, ...]]:
    return {
        "golden queries": configuration.golden_queries,
        "glossary": configuration.glossary,
        "metadata": configuration.metadata,
    }


def read_named_files(
    workspace: Workspace,
    connection: Connection | None,
    texts: Mapping[Path, str] = MappingProxyType({}),
) -> NamedTexts:
    """The texts of the files that *workspace* names and that go with *connection*, by kind.

    *texts* count for what is in the files of these paths. What cannot be read is left out: it is
    told where the file itself is checked.
    """
    found: dict[DocumentKind, tuple[TextFile, ...]] = {}
    for path, kind in named_files(workspace.configuration).items():
        if workspace.connection_for(path) == connection:
            text = texts.get(path)
            try:
                text = decode(path.read_bytes())[0] if text is None else text
            except OSError:
                continue
            found[kind] = (*found.get(kind, ()), TextFile(path, text))
    return found


def plain(path: Path) -> Path:
    """*path* as ``named_files`` writes it: absolute and without detours, links as they are."""
    return Path(os.path.normpath(path.absolute()))
