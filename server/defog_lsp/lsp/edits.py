"""Edits in LSP's words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions

if TYPE_CHECKING:
    from defog_metadata.text import Edit

__all__ = ["workspace_edit"]


def workspace_edit(
    uri: str,
    version: int | None,
    positions: Positions,
    edits: "Iterable[Edit]",
    capabilities: Capabilities,
) -> lsp.WorkspaceEdit:
    """*edits* of one text; of the version they are meant for, if the client minds versions."""
    ordered = sorted(edits, key=lambda it: it.span)
    changes = positions.text_edits(ordered)
    if not capabilities.document_changes:
        return lsp.WorkspaceEdit(changes={uri: changes})
    document = lsp.OptionalVersionedTextDocumentIdentifier(uri, version)
    return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(document, changes)])
