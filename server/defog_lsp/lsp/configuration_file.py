"""The ``defog.toml`` of a folder, added to while everything else in it stays."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp import late, late_connections
from defog_lsp.lsp.document import SqlDocument
from defog_lsp.lsp.edited_files import apply, opened_as
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.uris import path_of, uri_of
from defog_metadata.errors import ConfigurationError

if TYPE_CHECKING:
    from defog_metadata.text import Edit

__all__ = ["ConfigurationFile", "add", "configuration_file"]

_NAME = "defog.toml"


@dataclass(frozen=True)
class ConfigurationFile:
    """What is in force in a folder, or would be; ``text`` is empty where there is no file yet."""

    path: Path
    text: str
    folder: str
    """The URI of the folder that it is about, as the client has it."""
    opened: SqlDocument | None
    """The document that the client has it open as."""

    @property
    def uri(self) -> str:
        return self.opened.uri if self.opened else uri_of(self.path)


async def configuration_file(server: SqlLanguageServer, folder: str) -> ConfigurationFile:
    """That of the folder *folder*, a URI. Raises ``ConfigurationError`` for what is no folder."""
    root = path_of(folder)
    if root is None or not await asyncio.to_thread(root.is_dir):
        raise ConfigurationError(f"{folder} is no folder")
    projects = server.projects.at(folder)
    known = next((it.location.configuration for it in projects), None)
    path = known or await asyncio.to_thread(late.find_configuration, root) or root / _NAME
    opened = opened_as(server, path)
    text = opened.source if opened else await asyncio.to_thread(late_connections.read, path)
    about = (it.location.folder for it in projects if it.location.root == path.parent)
    return ConfigurationFile(path, text, next(about, uri_of(path.parent)), opened)


async def add(server: SqlLanguageServer, file: ConfigurationFile, edits: "Sequence[Edit]") -> bool:
    """Make *edits* in *file*; whether it is on the disk now.

    It is not where the client has changed it without saving: then somebody has to. Raises
    ``ConfigurationError`` where they cannot be made.
    """
    if file.opened is None:
        await asyncio.to_thread(late_connections.write, file.path, file.text, edits)
        return True
    saved = await asyncio.to_thread(late_connections.read, file.path)
    uri, version = file.opened.uri, file.opened.version
    if not await apply(server, "Set up", uri, version, file.text, edits):
        raise ConfigurationError(f"{file.path.name} is open and could not be edited")
    return saved == file.text and await server.dialogue.save(uri)
