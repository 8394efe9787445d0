"""``defog.addMetadata {folder, dialect?}``: files that describe tables, for who has no database.

They are named in the folder's ``defog.toml``, and a first one is made where there is none. What it
names already and is there is taken instead.
Answered with ``{uri, file, error, saved}``, the URIs of both; with an *error* nothing was written.
"""

import asyncio

from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp import late_connections
from defog_lsp.lsp.configuration_file import ConfigurationFile, add, configuration_file
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.uris import uri_of
from defog_metadata.errors import DefogError


async def add_metadata(server: SqlLanguageServer, *arguments: object) -> dict[str, object]:
    folder, dialect = _read(arguments)
    file: ConfigurationFile | None = None
    made, error, is_saved = None, "", False
    try:
        file = await configuration_file(server, folder)
        edits = await asyncio.to_thread(
            late_connections.metadata_added, file.text, file.path, dialect
        )
        made = await asyncio.to_thread(late_connections.start_metadata, file.text, file.path)
        is_saved = not edits or await add(server, file, edits)
        await server.projects.reopened(file.path)
    except DefogError as refusal:
        error = str(refusal)
    return {
        "uri": None if file is None else file.uri,
        "file": None if made is None else uri_of(made),
        "error": error,
        "saved": is_saved,
    }


def _read(arguments: tuple[object, ...]) -> tuple[str, str]:
    match arguments:
        case ({"folder": str(folder), **rest},) if rest.keys() <= {"dialect"}:
            dialect = rest.get("dialect") or ""
            if isinstance(dialect, str):
                return folder, dialect
    raise JsonRpcInvalidParams("expected one object with a folder, and at most a dialect")
