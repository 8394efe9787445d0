"""The files that SQL files read, on the disk; called in threads."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp import late
from defog_lsp.lsp.loading import warm_up
from defog_metadata.progress import check_stopped

if TYPE_CHECKING:
    from defog_lsp.lsp.session import View
    from defog_metadata.sql.facts.files_read import FileRead
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.text import Edit, Span
    from defog_metadata.workspace.moved_files import Move
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["FileLink", "edits_for_moves", "file_links"]

# ruff: noqa: PLC0415 - importing late is what this module is for


@dataclass(frozen=True, slots=True)
class FileLink:
    """The name at ``span`` leads to the file ``path``, seen from ``folder``."""

    span: "Span"
    path: Path
    folder: Path
    is_beside: bool
    """Whether ``folder`` is that of the text's file, wherever a client is started."""
    read: "FileRead"


def file_links(view: "View", folders: Sequence[Path]) -> list[FileLink]:
    """The files that the text of *view* names where it reads them, as far as there are such.

    Clients look where they were started: that may have been in any of *folders*, or beside the
    file of *view*.
    """
    return list(_links(view.snapshot, view.path, folders))


def _links(snapshot: "Snapshot", file: Path, folders: Sequence[Path]) -> Iterator[FileLink]:
    warm_up()
    from defog_metadata.sql.facts.files_read import files_read
    from defog_metadata.workspace.named_files import plain

    beside = [file.parent] if file.is_absolute() else []
    for it in files_read(snapshot):
        check_stopped()
        path = _path(it)
        paths = [path] if path.suffix or not it.ending else [path, path.with_suffix(it.ending)]
        places = (
            (folder, folder / path)
            for folder in (beside if it.is_beside else [*folders, *beside])
            for path in paths
        )
        found = next((place for place in places if _is_file(place[1])), None)
        if found is not None:
            folder, path = found
            is_beside = it.is_beside or folder not in folders
            yield FileLink(it.span, plain(path), folder, is_beside, it)


def _path(read: "FileRead") -> Path:
    path = Path(read.name)
    try:
        return path.expanduser()
    except RuntimeError:  # ``~somebody`` whom nobody knows
        return path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long, a folder that is not ours to read
        return False


def edits_for_moves(
    workspace: "Workspace", opened: Mapping[Path, str], moves: "Sequence[Move]"
) -> "Iterator[tuple[Path, str, list[Edit]]]":
    """What makes the SQL files of *workspace* read the same files after *moves*. Reads them."""
    root = workspace.configuration.root
    for path in late.sql_files(root):
        check_stopped()
        text = late.text_now(path, opened)
        if text is None:
            continue
        snapshot = late.snapshot(text, None, workspace.dialect_for(path))
        links = _links(snapshot, path, [root])
        edits = [edit for it in links if (edit := _edit(it, path, moves)) is not None]
        if edits:
            yield path, text, edits


def _edit(link: FileLink, file: Path, moves: "Sequence[Move]") -> "Edit | None":
    """What makes the text of *file* read the file of *link* wherever the two are moved."""
    from defog_metadata.text import Edit
    from defog_metadata.workspace.named_files import plain

    written, before = link.read.name, _path(link.read)
    path = _moved(link.path, moves)
    folder = _moved(plain(file), moves).parent if link.is_beside else link.folder
    if before.is_absolute() or (path, folder) == (link.path, link.folder):
        name = path.as_posix() if path != link.path else written
    else:
        name = os.path.relpath(path, folder).replace(os.sep, "/")
        is_there = os.path.normpath(folder / before.with_suffix(link.path.suffix)) == str(path)
        name = written if is_there else f"{_start(written, name)}{name}"
    if not before.suffix and name != written:
        name = name.removesuffix(link.read.ending)
    text = link.read.written(name) if name != written else None
    return None if text is None else Edit(link.span, text)


def _start(written: str, name: str) -> str:
    return "./" if written.startswith("./") and not name.startswith("../") else ""


def _moved(path: Path, moves: "Sequence[Move]") -> Path:
    return next((new for it in moves if (new := it.of(path)) is not None), path)
