"""What moving files needs, imported when first asked for; as ``late``, called in threads."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp import late, late_file_links
from defog_lsp.lsp.loading import warm_up

if TYPE_CHECKING:
    from defog_metadata.text import Edit
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["edits_for_moves"]

# ruff: noqa: PLC0415 - importing late is what this module is for


def edits_for_moves(
    configurations: Sequence[Path],
    workspaces: "Sequence[Workspace]",
    opened: Mapping[Path, str],
    moves: Sequence[tuple[Path, Path]],
) -> "list[tuple[Path, str, list[Edit]]]":
    """The files that have to be changed: their text, and how. Reads them.

    These are *configurations* that name what is moved, and SQL files of *workspaces* that read it.
    """
    warm_up()
    from defog_metadata.workspace.moved_files import Move, edits_for_moves
    from defog_metadata.workspace.named_files import plain

    found: dict[Path, tuple[Path, str, list[Edit]]] = {}
    moved = [Move(plain(old), plain(new)) for old, new in moves]
    for path in configurations:
        text = late.text_now(path, opened)
        if text is None:
            continue
        edits = edits_for_moves(text, path, moved)
        if edits:
            found[path] = path, text, edits
    for workspace in workspaces:
        # What one is inside of another is found twice.
        for it in late_file_links.edits_for_moves(workspace, opened, moved):
            found[it[0]] = it
    return list(found.values())
