"""A table or column of the database in the other files of a workspace; called in threads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp import late
from defog_lsp.lsp.late_files import FileKind, Files, FileText, files_with, queries_in
from defog_lsp.lsp.late_stored import names_in, stored_at
from defog_lsp.lsp.loading import warm_up

if TYPE_CHECKING:
    from defog_lsp.ide.references import Place
    from defog_lsp.ide.rename import Renamed, Renaming
    from defog_lsp.lsp.session import Kind, View
    from defog_metadata.documents.mapped import MappedText
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.text import Edit

__all__ = [
    "EditsInFile",
    "PlacesInFile",
    "RenamedEverywhere",
    "references_elsewhere",
    "renamable",
    "rename",
]

# ruff: noqa: PLC0415 - importing late is what this module is for


@dataclass(frozen=True, slots=True)
class PlacesInFile:
    """Places in the *text* of a file."""

    path: Path
    text: str
    places: "Sequence[Place]"


@dataclass(frozen=True, slots=True)
class EditsInFile:
    """Edits of the *text* of a file; of the document that was asked about, without a ``path``."""

    path: Path | None
    text: str
    kind: FileKind
    edits: "Sequence[Edit]"


@dataclass(frozen=True, slots=True)
class RenamedEverywhere:
    files: Sequence[EditsInFile]
    is_stored: bool = False
    """Whether it is of the database."""
    statement: str = ""
    """What renames it in the database too, where that is where it is from."""


def references_elsewhere(view: "View", offset: int, files: Files) -> Iterator[PlacesInFile]:
    """Where other files name the table or column at *offset*.

    Reads those of the workspace that are about the same database, one by one.
    """
    warm_up()
    from defog_lsp.ide.references import Place, places

    found = stored_at(view, offset)
    if found is None:
        return
    _, stored = found
    symbol = stored.symbol
    for it in _texts(view, files, lambda text: stored.name.casefold() in text.casefold()):
        there: list[Place] = []
        if it.kind in ("glossary", "metadata"):
            names = names_in(it.text, it.path, it.kind, view.snapshot.catalog, stored)
            there = [Place(span, "read") for span in names]
        else:
            for sql, mapped in _statements(it, view, files):
                for one in places(sql, symbol):
                    there.append(Place(mapped.span(one.span), one.use) if mapped else one)
        if there:
            yield PlacesInFile(it.path, it.text, there)


def renamable(view: "View", offset: int) -> "Renamed | str":
    """The name at *offset*, or why it cannot be another."""
    warm_up()
    from defog_lsp.ide import rename as feature

    if found := stored_at(view, offset):
        return found[0]
    if view.kind != "sql":
        return feature.NO_NAME
    try:
        return feature.renamable(view.snapshot, offset)
    except feature.CannotRename as error:
        return str(error)


def rename(view: "View", offset: int, name: str, files: Files | None) -> RenamedEverywhere | str:
    """The edits of the document of *view* and of *files*, or why there are none."""
    warm_up()
    from defog_lsp.ide import rename as feature

    found = stored_at(view, offset)
    if found is None and view.kind != "sql":
        return feature.NO_NAME
    try:
        if found is None:
            own = feature.rename(view.snapshot, offset, name)
            return RenamedEverywhere([_of_view(view, own)])
        wanted = feature.renaming(found[1], name, view.snapshot.catalog)
        edited = [_of_view(view, _edits_of_view(view, wanted))]
    except feature.CannotRename as error:
        return str(error)
    if files is None:
        return RenamedEverywhere(edited, is_stored=True)
    if view.is_embedded:
        edited = []  # all of its file is looked at
    for it in _texts(view, files, _concern(wanted)):
        try:
            edits = _edits_in(it, view, files, wanted)
        except feature.CannotRename as error:
            return f"{it.path.name}: {error}"
        if edits:
            edited.append(EditsInFile(it.path, it.text, it.kind, edits))
    statement = feature.rename_statement(wanted, view.snapshot.catalog) if files.connection else ""
    return RenamedEverywhere(edited, is_stored=True, statement=statement)


def _of_view(view: "View", edits: "Sequence[Edit]") -> EditsInFile:
    kind: FileKind = "sql"
    if view.kind in ("glossary", "metadata"):
        kind = view.kind
    elif view.is_embedded or view.around is not None:
        kind = "golden queries"
    return EditsInFile(None, view.positions.text, kind, edits)


def _edits_of_view(view: "View", wanted: "Renaming") -> "Sequence[Edit]":
    if view.kind in ("glossary", "metadata"):
        return _edits_of_names(view.positions.text, view.path, view.kind, view, wanted)
    from defog_lsp.ide.rename import rename_stored

    return rename_stored(view.snapshot, wanted)


def _concern(wanted: "Renaming") -> Callable[[str], bool]:
    """Whether a text needs a look; a glossary may name a column without its table."""
    name = wanted.stored.name.casefold()
    return lambda text: name in text.casefold() or wanted.may_concern(text)


def _edits_in(it: FileText, view: "View", files: Files, wanted: "Renaming") -> "list[Edit]":
    from defog_lsp.ide.rename import rename_stored

    if it.kind in ("glossary", "metadata"):
        return _edits_of_names(it.text, it.path, it.kind, view, wanted)
    edits: list[Edit] = []
    for sql, mapped in _statements(it, view, files):
        there = rename_stored(sql, wanted)
        edits += mapped.edits(there) if mapped and there else there
    return sorted(edits, key=lambda one: one.span)


def _edits_of_names(
    text: str, path: Path, kind: "Kind", view: "View", wanted: "Renaming"
) -> "list[Edit]":
    """What renames the names that stand in no SQL."""
    from defog_lsp.ide.metadata import rename_in_metadata
    from defog_metadata.checks.metadata.files import file_kind
    from defog_metadata.text import Edit

    stored, catalog = wanted.stored, view.snapshot.catalog
    if kind == "metadata":
        return rename_in_metadata(
            text, file_kind(path), catalog, stored.table, stored.column, name=wanted.name
        )
    return [Edit(it, wanted.name) for it in names_in(text, path, kind, catalog, stored)]


def _statements(
    it: FileText, view: "View", files: Files
) -> "Iterator[tuple[Snapshot, MappedText | None]]":
    """The SQL in a file, each text with where it stands where that is not all of the file."""
    dialect = files.workspace.dialect_for(it.path) or view.snapshot.dialect
    whole = late.snapshot(it.text, view.snapshot.catalog, dialect)
    for sql, entry in queries_in(whole, it.path):
        yield sql, entry.sql if entry is not None else None


def _texts(view: "View", files: Files, concerns: Callable[[str], bool]) -> Iterator[FileText]:
    """The files, other than that of *view* itself, of which a look at the text *concerns* us."""
    return files_with(files, None if view.is_embedded else view.path, concerns)
