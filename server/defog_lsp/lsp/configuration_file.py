"""The ``defog.toml`` of a folder, added to while everything else in it stays."""

import asyncio
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
    opened: SqlDocument | None
    """The document that the client has it open as."""

    @property
    def uri(self) -> str:
        return self.opened.uri if self.opened else uri_of(self.path)

    @property
    def folder(self) -> str:
        """The URI of the folder that it is about."""
        return uri_of(self.path.parent)


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
    return ConfigurationFile(path, text, opened)


async def add(server: SqlLanguageServer, file: ConfigurationFile, edit: "Edit") -> bool:
    """Make *edit* in *file*; whether it is on the disk now.

    It is not where the client has changed it without saving: then somebody has to. Raises
    ``ConfigurationError`` where it cannot be made.
    """
    if file.opened is None:
        await asyncio.to_thread(late_connections.write, file.path, file.text, edit)
        return True
    saved = await asyncio.to_thread(late_connections.read, file.path)
    uri, version = file.opened.uri, file.opened.version
    if not await apply(server, "Set up", uri, version, file.text, [edit]):
        raise ConfigurationError(f"{file.path.name} is open and could not be edited")
    return saved == file.text and await server.dialogue.save(uri)
