"""The files of a workspace that may name something of its database; read in threads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from defog_lsp.lsp import late
from defog_metadata.progress import check_stopped, tell_progress

if TYPE_CHECKING:
    from defog_metadata.documents.golden import GoldenEntry
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["FileKind", "FileText", "Files", "files_with", "queries_in"]

# ruff: noqa: PLC0415 - importing late is what this module is for

FileKind = Literal["sql", "golden queries", "glossary", "metadata"]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a workspace that are about the database of ``connection``."""

    workspace: "Workspace"
    connection: "Connection | None"
    opened: Mapping[Path, str]
    """The texts of those that are open."""


@dataclass(frozen=True, slots=True)
class FileText:
    path: Path
    text: str
    kind: FileKind


def files_with(
    files: Files, own: Path | None, concerns: Callable[[str], bool]
) -> Iterator[FileText]:
    """The *files*, other than *own*, of which a look at the text *concerns* us, one by one."""
    from defog_metadata.workspace.named_files import read_named_files

    workspace = files.workspace
    named = read_named_files(workspace, files.connection, files.opened)
    known: set[Path] = set()
    for kind, texts in named.items():
        for file in texts:
            known.add(file.path)
            if file.path != own and (_has_escapes(file.text) or concerns(file.text)):
                yield FileText(file.path, file.text, kind)
    paths = late.sql_files(workspace.configuration.root)
    for done, path in enumerate(paths):
        check_stopped()
        tell_progress(done, len(paths), f"{done} of {len(paths)} files")
        if path == own or path in known:
            continue
        if workspace.connection_for(path) != files.connection:
            continue
        text = late.text_now(path, files.opened)
        if text is not None and concerns(text):
            yield FileText(path, text, "sql")


def _has_escapes(text: str) -> bool:
    """Whether names in a JSON, YAML or CSV text may be written as others than they are."""
    return any(it in text for it in ("\\", '""', "''"))


def queries_in(
    whole: "Snapshot", path: Path | None
) -> "Iterator[tuple[Snapshot, GoldenEntry | None]]":
    """The SQL in the file *path*, which *whole* is of: that, or each golden query with its entry.

    What is no SQL file has golden queries.
    """
    if path is None or path.suffix.lower() == ".sql":
        yield whole, None
        return
    from defog_metadata.documents.golden import golden_kind, read_golden_file

    for entry in read_golden_file(whole.text, golden_kind(path)).entries:
        yield replace(whole, text=entry.sql.text), entry
