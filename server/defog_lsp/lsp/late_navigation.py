"""What navigation needs, imported when first asked for; as ``late``, called in threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp import late
from defog_lsp.lsp.late_stored import names_in, stored_at
from defog_lsp.lsp.loading import warm_up
from defog_metadata.progress import check_stopped, tell_progress

if TYPE_CHECKING:
    from defog_lsp.ide.definition import Source
    from defog_lsp.ide.document_symbols import DocumentSymbol
    from defog_lsp.ide.folding import Fold
    from defog_lsp.ide.glossary import Link
    from defog_lsp.ide.inlay_hints import InlayHint
    from defog_lsp.ide.references import Place
    from defog_lsp.ide.semantic_tokens import SemanticToken
    from defog_lsp.ide.statement_lenses import StatementLens
    from defog_lsp.lsp.session import View
    from defog_metadata.catalog import Catalog, Table
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.text import Span

__all__ = [
    "Created",
    "created",
    "ddl",
    "declaration",
    "definition",
    "document_symbols",
    "folds",
    "inlay_hints",
    "linked",
    "links",
    "place_in_ddl",
    "references",
    "selection_ranges",
    "semantic_tokens",
    "statement_lenses",
    "type_definition",
]

# ruff: noqa: PLC0415 - importing late is what this module is for


@dataclass(frozen=True, slots=True)
class Created:
    """A place in the *text* of a file."""

    path: Path
    text: str
    span: "Span"


def declaration(view: "View", offset: int) -> "Source | None":
    warm_up()
    from defog_lsp.ide import definition as feature

    if view.kind != "sql":
        return _source(view, offset)
    return feature.declaration(view.snapshot, offset)


def definition(view: "View", offset: int) -> "Source | None":
    warm_up()
    from defog_lsp.ide import definition as feature

    if view.kind != "sql":
        return _source(view, offset)
    return feature.definition(view.snapshot, offset)


def type_definition(view: "View", offset: int) -> "Source | None":
    warm_up()
    from defog_lsp.ide import definition as feature

    if view.kind != "sql":
        source = _source(view, offset)
        return source and replace(source, column="")
    return feature.type_definition(view.snapshot, offset)


def _source(view: "View", offset: int) -> "Source | None":
    """The table or column that a text names which is no SQL."""
    from defog_lsp.ide.definition import Source

    found = stored_at(view, offset)
    if found is None:
        return None
    named, stored = found
    return Source(named.span, table=stored.table, column=stored.column)


def references(view: "View", offset: int) -> "list[Place]":
    warm_up()
    from defog_lsp.ide import references as feature

    if view.kind == "sql":
        return feature.references(view.snapshot, offset)
    found = stored_at(view, offset)
    if found is None:
        return []
    text, catalog = view.positions.text, view.snapshot.catalog
    names = names_in(text, view.path, view.kind, catalog, found[1])
    return [feature.Place(it, "read") for it in names]


def linked(view: "View", offset: int) -> "list[Span]":
    """The places that are typed together: the alias at *offset*, everywhere that it is named."""
    warm_up()
    from defog_lsp.ide import rename as feature

    return feature.linked(view.snapshot, offset) if view.kind == "sql" else []


def document_symbols(view: "View") -> "Sequence[DocumentSymbol]":
    warm_up()
    from defog_lsp.ide import document_symbols as feature

    return feature.document_symbols(view.snapshot)


def links(view: "View") -> "list[Link]":
    """The tables that a glossary names."""
    warm_up()
    from defog_lsp.ide.glossary import glossary_links

    return glossary_links(view.positions.text, view.snapshot.catalog)


def folds(view: "View") -> "list[Fold]":
    warm_up()
    from defog_lsp.ide import folding as feature

    return feature.folds(view.snapshot)


def inlay_hints(view: "View", within: "Span") -> "list[InlayHint]":
    warm_up()
    from defog_lsp.ide import inlay_hints as feature

    return feature.inlay_hints(view.snapshot, within)


def statement_lenses(view: "View") -> "list[StatementLens]":
    warm_up()
    from defog_lsp.ide import statement_lenses as feature

    return feature.statement_lenses(view.snapshot, view.severities)


def selection_ranges(view: "View", offsets: Sequence[int]) -> "list[list[Span]]":
    warm_up()
    from defog_lsp.ide import selection_range as feature

    return [feature.selection_ranges(view.snapshot, it) for it in offsets]


def semantic_tokens(view: "View", within: "Span | None") -> "list[SemanticToken]":
    warm_up()
    from defog_lsp.ide import semantic_tokens as feature

    return feature.semantic_tokens(view.snapshot, within)


def created(
    root: Path, source: "Source", snapshot: "Snapshot", opened: "Mapping[Path, str]"
) -> "Created | None":
    """Where a SQL file below *root* creates the table of *source*. Reads the files."""
    from defog_lsp.ide import definition as feature

    table = source.table
    paths = late.sql_files(root) if table is not None else []
    for done, path in enumerate(paths):
        check_stopped()
        tell_progress(done, len(paths), f"{done} of {len(paths)} files")
        text = late.text_now(path, opened)
        if text is not None and table is not None and table.name.casefold() in text.casefold():
            there = late.snapshot(text, snapshot.catalog, snapshot.dialect)
            if (span := feature.created(there, table, source.column)) is not None:
                return Created(path, text, span)
    return None


def ddl(catalog: "Catalog", tables: "Sequence[Table]", source_dialect: str, origin: str) -> str:
    """What creates *tables* in the catalog's own dialect. Raises ``ConfigurationError``."""
    warm_up()
    from defog_lsp.ide import ddl as feature

    return feature.ddl_document(
        catalog, tables, catalog.dialect, source_dialect=source_dialect, origin=origin
    )


def place_in_ddl(text: str, source: "Source") -> "Span":
    """Where the table or column of *source* is named in *text*; the beginning if it is not."""
    from defog_lsp.ide import definition as feature
    from defog_metadata.text import Span

    there = late.snapshot(text, None, "")
    found = feature.created(there, source.table, source.column) if source.table else None
    return found or Span(0, 0)
