"""What a code action adds to another file of the workspace than the one it was asked for in.

The file is looked for, and its edit made, when that is wanted: between the offer of an action and
its choice the file may change. ``data`` is what the client keeps in the meantime.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from defog_lsp.lsp import late, late_golden
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.edits import workspace_edit
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import Around
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_lsp.ide.code_actions import GoldenQuery, NewTable
    from defog_metadata.text import Edit

__all__ = ["Addition", "addition_of", "read_addition"]


@dataclass(frozen=True, slots=True)
class Addition(ABC):
    document: str
    """The URI of the document that the action is about."""

    @property
    @abstractmethod
    def data(self) -> Mapping[str, object]: ...

    @property
    @abstractmethod
    def refusal(self) -> str:
        """What to say where there is no edit."""

    def is_possible(self, around: Around) -> bool:
        """Whether there may be an edit. Reads files, for a thread."""
        return self.made(around) is not None

    @abstractmethod
    def made(self, around: Around) -> "tuple[Path, str, Edit] | None":
        """The file, its text and the edit of it. Reads files, for a thread."""

    async def can_be_made(self, server: SqlLanguageServer) -> bool:
        around = _around(server, self.document)
        return around is not None and await asyncio.to_thread(self.is_possible, around)

    async def edit(self, server: SqlLanguageServer) -> lsp.WorkspaceEdit | None:
        """The edit of the first file that can take it; ``None`` where none can."""
        around = _around(server, self.document)
        made = None if around is None else await asyncio.to_thread(self.made, around)
        if made is None:
            return None
        path, text, edit = made
        document = server.opened(uri_of(path))
        if document is not None and document.source != text:
            return None  # it has changed meanwhile
        client = server.client
        return workspace_edit(
            document.uri if document else uri_of(path),
            document.version if document else None,
            Positions(text, client.encoding),
            [edit],
            client.capabilities,
        )


@dataclass(frozen=True, slots=True)
class _TableAddition(Addition):
    path: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def data(self) -> Mapping[str, object]:
        return {
            "document": self.document,
            "path": list(self.path),
            "columns": list(self.columns),
        }

    @property
    def refusal(self) -> str:
        return "None of the metadata files that defog.toml names can be added to"

    def is_possible(self, around: Around) -> bool:
        # Offered unasked beside an unknown name: files of metadata are too large to be read then.
        return any(_metadata_files(around))

    def made(self, around: Around) -> "tuple[Path, str, Edit] | None":
        for path in _metadata_files(around):
            text = around.texts.get(path)
            text = _read(path) if text is None else text
            edit = late.table_addition(text, self.path, self.columns)
            if edit is not None:
                return path, text, edit
        return None


@dataclass(frozen=True, slots=True)
class _GoldenAddition(Addition):
    question: str
    sql: str

    @property
    def data(self) -> Mapping[str, object]:
        return {"document": self.document, "question": self.question, "sql": self.sql}

    @property
    def refusal(self) -> str:
        return (
            "None of the files of golden queries that defog.toml names can be added to, or the "
            "question is in one of them already"
        )

    def made(self, around: Around) -> "tuple[Path, str, Edit] | None":
        found = late_golden.addition(around, self.question, self.sql)
        return None if found is None else (found[0].path, found[0].text, found[1])


def addition_of(document: str, added: "NewTable | GoldenQuery") -> Addition:
    if added.what == "table":
        return _TableAddition(document, added.path, added.columns)
    return _GoldenAddition(document, added.question, added.sql)


def read_addition(data: Any) -> Addition | None:
    """The addition with *data*, which has been with the client."""
    match data:
        case {"document": str(uri), "path": [*path], "columns": [*columns]} if path:
            return _TableAddition(uri, tuple(map(str, path)), tuple(map(str, columns)))
        case {"document": str(uri), "question": str(question), "sql": str(sql)}:
            return _GoldenAddition(uri, question, sql)
    return None


def _around(server: SqlLanguageServer, document: str) -> Around | None:
    opened = server.session.document(document)
    return None if opened is None else server.session.around(opened)


def _metadata_files(around: Around) -> Iterator[Path]:
    workspace = around.workspace
    files = workspace.files(workspace.configuration.metadata)
    return (it for it in files if it.suffix.lower() == ".json")


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return lines.read()
    except (OSError, UnicodeDecodeError):
        return ""
