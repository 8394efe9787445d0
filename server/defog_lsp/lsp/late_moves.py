"""What moving files needs, imported when first asked for; as ``late``, called in threads."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp import late
from defog_lsp.lsp.loading import warm_up

if TYPE_CHECKING:
    from defog_metadata.text import Edit

__all__ = ["edits_for_moves"]

# ruff: noqa: PLC0415 - importing late is what this module is for


def edits_for_moves(
    configurations: Sequence[Path], opened: Mapping[Path, str], moves: Sequence[tuple[Path, Path]]
) -> "list[tuple[Path, str, list[Edit]]]":
    """The *configurations* that have to be changed: their text, and how. Reads them."""
    warm_up()
    from defog_metadata.workspace.moved_files import Move, edits_for_moves

    found = []
    for path in configurations:
        text = late.text_now(path, opened)
        if text is None:
            continue
        edits = edits_for_moves(text, path, [Move(*it) for it in moves])
        if edits:
            found.append((path, text, edits))
    return found
