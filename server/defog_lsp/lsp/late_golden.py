"""What golden queries need, imported when first asked for; as ``late``, called in threads."""

from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp.loading import warm_up

if TYPE_CHECKING:
    from defog_lsp.ide.code_lens import Lens
    from defog_lsp.lsp.session import Around, View
    from defog_metadata.documents.golden import GoldenEntry, GoldenFile
    from defog_metadata.text import Edit, TextFile

__all__ = ["addition", "entry_at", "lenses", "uncovered"]

# ruff: noqa: PLC0415 - importing late is what this module is for


def entry_at(text: str, path: Path, offset: int) -> "GoldenEntry | None":
    """The golden query whose SQL a caret at *offset* of the file *path* is in."""
    warm_up()
    from defog_metadata.documents.golden import golden_kind, read_golden_file

    return read_golden_file(text, golden_kind(path)).entry_at(offset)


def addition(around: "Around", question: str, sql: str) -> "tuple[TextFile, Edit] | None":
    """The golden file that takes the query, and what adds it there. Reads the files."""
    warm_up()
    from defog_metadata.documents.golden_edits import golden_file_addition
    from defog_metadata.workspace.named_files import read_named_files

    files = read_named_files(around.workspace, around.connection, around.texts)
    return golden_file_addition(files.get("golden queries", ()), question, sql)


def lenses(view: "View") -> "list[Lens]":
    from defog_lsp.ide import code_lens as feature

    return feature.golden_lenses(_golden_file(view), view.snapshot, view.severities)


def uncovered(view: "View") -> str:
    """What the golden queries of *view* do not cover."""
    from defog_lsp.ide import code_lens as feature

    return feature.uncovered(_golden_file(view), view.snapshot)


def _golden_file(view: "View") -> "GoldenFile":
    from defog_metadata.documents.golden import golden_kind, read_golden_file

    return read_golden_file(view.positions.text, golden_kind(view.path))
