"""What finding names in the workspace needs, imported when first asked for; called in threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp.loading import warm_up

if TYPE_CHECKING:
    from defog_lsp.ide.workspace_symbols import StoredName
    from defog_lsp.lsp.session import View
    from defog_metadata.catalog import Catalog
    from defog_metadata.text import Span
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["Question", "questions", "stored_names", "written_names"]

# ruff: noqa: PLC0415 - importing late is what this module is for


@dataclass(frozen=True, slots=True)
class Question:
    """A golden query's question, at ``span`` of the *text* of a file."""

    path: Path
    text: str
    question: str
    span: "Span"


def stored_names(query: str, catalog: "Catalog") -> "list[StoredName]":
    warm_up()
    from defog_lsp.ide import workspace_symbols as feature

    return feature.stored_names(query, catalog)


def written_names(query: str, views: "Sequence[View]") -> "list[tuple[View, str, Span]]":
    """The CTEs, and the relations that the texts create, whose names may be meant."""
    warm_up()
    from defog_lsp.ide.document_symbols import document_symbols
    from defog_lsp.ide.workspace_symbols import may_mean

    return [
        (view, it.name, it.name_span)
        for view in views
        for statement in document_symbols(view.snapshot)
        for it in (statement, *statement.children)
        if it.kind in ("cte", "table", "view") and may_mean(query, it.name)
    ]


def questions(
    query: str,
    workspace: "Workspace",
    connection: "Connection | None",
    opened: Mapping[Path, str],
) -> list[Question]:
    """The golden questions that say what is asked for. Reads their files."""
    warm_up()
    from defog_lsp.ide.workspace_symbols import asks
    from defog_metadata.documents.golden import golden_kind, read_golden_file
    from defog_metadata.workspace.named_files import read_named_files

    files = read_named_files(workspace, connection, opened).get("golden queries", ())
    return [
        Question(file.path, file.text, it.question.text, it.question.place)
        for file in files
        for it in read_golden_file(file.text, golden_kind(file.path)).entries
        if asks(query, it.question.text)
    ]
