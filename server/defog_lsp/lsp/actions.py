"""Code actions in LSP's words, as far as the client knows them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import converters
from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import View
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_lsp.ide.code_actions import CodeAction
    from defog_metadata.text import Edit, Span
    from defog_metadata.workspace.workspace import Workspace

__all__ = [
    "APPLY_EDIT",
    "REFRESH_METADATA",
    "as_actions",
    "insertion_of_table",
    "workspace_edit",
]

APPLY_EDIT = "defog.applyEdit"
REFRESH_METADATA = "defog.refreshMetadata"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What goes into the answer for each action."""

    server: SqlLanguageServer
    view: View
    diagnostics: "dict[tuple[str, Span], list[lsp.Diagnostic]]"

    @property
    def capabilities(self) -> Capabilities:
        return self.server.client.capabilities


async def as_actions(
    server: SqlLanguageServer,
    view: View,
    found: "Iterable[CodeAction]",
    diagnostics: "dict[tuple[str, Span], list[lsp.Diagnostic]]",
) -> list[lsp.Command | lsp.CodeAction]:
    """The actions that the client can take; *diagnostics* are its own, by code and place."""
    answer = _Answer(server, view, diagnostics)
    actions = [await _action(it, answer) for it in found]
    return [it for it in actions if it is not None]


async def _action(action: "CodeAction", answer: _Answer) -> lsp.Command | lsp.CodeAction | None:
    capabilities = answer.capabilities
    edit: lsp.WorkspaceEdit | None = None
    data: object = None
    command = _command(action, answer)
    if action.edits:
        edit = workspace_edit(
            answer.view.uri, answer.view.version, answer.view.positions, action.edits, capabilities
        )
    elif action.new_table is not None:
        uri, table = answer.view.uri, action.new_table
        if not await _has_file(answer.server, uri):
            return None
        if capabilities.code_action_edits_later:
            data = {"document": uri, "path": list(table.path), "columns": list(table.columns)}
        else:
            edit = await insertion_of_table(answer.server, uri, table.path, table.columns)
    if edit is None and data is None and command is None:
        return None
    if not capabilities.code_action_literals:
        return command or _applying(action.title, edit, capabilities)
    return lsp.CodeAction(
        action.title,
        action.kind,
        diagnostics=[
            it
            for finding in action.mends
            for it in answer.diagnostics.get((finding.code, finding.span), ())
        ]
        or None,
        is_preferred=True if action.is_preferred and capabilities.code_action_preferred else None,
        edit=edit,
        command=command,
        data=data,
    )


def _command(action: "CodeAction", answer: _Answer) -> lsp.Command | None:
    """What the client is to have executed, if the action is done that way."""
    uri, task = answer.view.uri, action.task
    _, feed = answer.server.projects.feed_for(uri)
    has_database = feed is not None and feed.connection is not None
    if action.refreshes_metadata:
        return (
            lsp.Command(action.title, REFRESH_METADATA, arguments=[uri]) if has_database else None
        )
    if task is None or (task.name in _FOR_DATABASES and not has_database):
        return None
    arguments: dict[str, object] = {"uri": uri, "tables": list(task.tables)}
    if task.columns:
        arguments["columns"] = list(task.columns)
    if task.dialect is not None:
        arguments["dialect"] = task.dialect
    return lsp.Command(action.title, f"defog.{task.name}", arguments=[arguments])


_FOR_DATABASES = frozenset(("createTables", "commentDatabase"))


def _applying(
    title: str, edit: lsp.WorkspaceEdit | None, capabilities: Capabilities
) -> lsp.Command | None:
    """For a client that knows commands alone: one that sends it the edit."""
    if edit is None or not capabilities.edits:
        return None
    written = converters.get_converter().unstructure(edit, lsp.WorkspaceEdit)
    return lsp.Command(title, APPLY_EDIT, arguments=[title, written])


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


async def insertion_of_table(
    server: SqlLanguageServer, uri: str, path: Sequence[str], columns: Sequence[str]
) -> lsp.WorkspaceEdit | None:
    """What adds a table to the metadata files that the document *uri* is checked against.

    ``None`` where none of them can be added to.
    """
    for file in await _files(server, uri):
        opened = server.opened(uri_of(file))
        text = opened.source if opened else await asyncio.to_thread(_read, file)
        edit = await asyncio.to_thread(late.table_addition, text, path, columns)
        if edit is not None:
            client = server.client
            positions = opened.positions if opened else Positions(text, client.encoding)
            version = opened.version if opened else None
            target = opened.uri if opened else uri_of(file)
            return workspace_edit(target, version, positions, [edit], client.capabilities)
    return None


async def _has_file(server: SqlLanguageServer, uri: str) -> bool:
    return bool(await _files(server, uri))


async def _files(server: SqlLanguageServer, uri: str) -> list[Path]:
    document = server.session.document(uri)
    workspace = document.project.workspace if document and document.project else None
    if workspace is None or not workspace.configuration.metadata:
        return []
    return await asyncio.to_thread(_json_files, workspace)


def _json_files(workspace: "Workspace") -> list[Path]:
    found = workspace.files(workspace.configuration.metadata)
    return [it for it in found if it.suffix.lower() == ".json"]


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return lines.read()
    except (OSError, UnicodeDecodeError):
        return ""
