"""Edits in LSP's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions

if TYPE_CHECKING:
    from defog_metadata.text import Edit

__all__ = ["FileEdits", "workspace_edit", "workspace_edits"]


@dataclass(frozen=True, slots=True)
class FileEdits:
    """Edits of one file, of the version that they are meant for; ``None`` for a closed one."""

    uri: str
    version: int | None
    positions: Positions
    edits: "Sequence[Edit]"
    kind: str = ""
    """What the edits are shown under where the client shows them in groups."""


def workspace_edit(
    uri: str,
    version: int | None,
    positions: Positions,
    edits: "Iterable[Edit]",
    capabilities: Capabilities,
) -> lsp.WorkspaceEdit:
    """*edits* of one text; of the version they are meant for, if the client minds versions."""
    ordered = sorted(edits, key=lambda it: it.span)
    return workspace_edits([FileEdits(uri, version, positions, ordered)], capabilities)


def workspace_edits(
    files: Iterable[FileEdits],
    capabilities: Capabilities,
    groups: Mapping[str, lsp.ChangeAnnotation] = MappingProxyType({}),
) -> lsp.WorkspaceEdit:
    """The edits of *files*, in *groups* by their kinds where the client can show these."""
    files = [*files]
    if not capabilities.document_changes:
        return lsp.WorkspaceEdit(
            changes={it.uri: it.positions.text_edits(it.edits) for it in files}
        )
    if not capabilities.change_annotations:
        groups = {}
    return lsp.WorkspaceEdit(
        document_changes=[
            lsp.TextDocumentEdit(
                lsp.OptionalVersionedTextDocumentIdentifier(it.uri, it.version),
                _in_group(it, groups),
            )
            for it in files
        ],
        change_annotations={it.kind: groups[it.kind] for it in files if it.kind in groups} or None,
    )


def _in_group(
    file: FileEdits, groups: Mapping[str, lsp.ChangeAnnotation]
) -> list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit]:
    edits = file.positions.text_edits(file.edits)
    if file.kind not in groups:
        return [*edits]
    return [lsp.AnnotatedTextEdit(file.kind, it.range, it.new_text) for it in edits]
