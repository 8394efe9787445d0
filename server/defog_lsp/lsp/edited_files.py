"""Files that the client may have open: then it is the client who edits them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp import late_tables
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.document import SqlDocument
from defog_lsp.lsp.edits import workspace_edit
from defog_lsp.lsp.language_server import SqlLanguageServer

if TYPE_CHECKING:
    from defog_metadata.text import Edit

__all__ = ["apply", "opened_as"]


def opened_as(server: SqlLanguageServer, file: Path) -> SqlDocument | None:
    """The document that the client has *file* open as, by whatever path."""
    for it in server.session.documents:
        is_named_so = it.path is not None and it.path.name == file.name
        if is_named_so and it.path and late_tables.same_file(it.path, file):
            return server.opened(it.uri)
    return None


async def apply(  # noqa: PLR0913, PLR0917 - a text, and what to do with it
    server: SqlLanguageServer,
    label: str,
    uri: str,
    version: int | None,
    text: str,
    edits: "Sequence[Edit]",
) -> bool:
    """Whether the client has made *edits* in the document *uri*, which has *text*."""
    client = server.client
    if not client.capabilities.edits:
        return False
    positions = Positions(text, client.encoding)
    edit = workspace_edit(uri, version, positions, edits, client.capabilities)
    return await client.apply(label, edit)
