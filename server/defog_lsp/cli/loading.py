"""The metadata that a command works on."""

import sys

from defog_lsp.cli.asking import with_secrets
from defog_lsp.cli.progress import progress_bar
from defog_metadata.workspace import Connection, LoadedMetadata, Workspace

__all__ = ["loaded_metadata"]


def loaded_metadata(
    workspace: Workspace, connection: Connection | None, *, is_offline: bool
) -> LoadedMetadata:
    """What is at hand for *connection*; what was never extracted is, unless *is_offline*.

    Raises ``DefogError`` for a database that cannot be read.
    """
    with progress_bar() as progress:
        loaded = workspace.metadata(connection, progress=progress)
        if connection is None or loaded.timestamp is not None or is_offline:
            return loaded
    # A broken defog.toml is reported by itself, and first.
    if any(it.severity == "error" for it in workspace.problems):
        return loaded
    print(
        f"defog-lsp: connection {connection.name} was never extracted, doing it now",
        file=sys.stderr,
    )
    connection = with_secrets(connection)
    with progress_bar() as progress:
        return workspace.refresh(connection, progress=progress)
