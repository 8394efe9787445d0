"""Code actions in LSP's words, as far as the client knows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import converters
from lsprotocol import types as lsp

from defog_lsp.lsp.additions import addition_of
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.edits import workspace_edit
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import View

if TYPE_CHECKING:
    from defog_lsp.ide.code_actions import CodeAction
    from defog_metadata.text import Span

__all__ = [
    "APPLY_EDIT",
    "REFRESH_METADATA",
    "applying",
    "as_actions",
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
    elif (added := action.new_table or action.golden) is not None:
        addition = addition_of(answer.view.uri, added)
        if action.golden is not None and answer.view.around is not None:
            return None  # it is among them
        if not capabilities.code_action_edits_later:
            edit = await addition.edit(answer.server)
        elif await addition.can_be_made(answer.server):
            data = addition.data
    if edit is None and data is None and command is None:
        return None
    if not capabilities.code_action_literals:
        return command or applying(action.title, edit, capabilities)
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


def applying(
    title: str, edit: lsp.WorkspaceEdit | None, capabilities: Capabilities
) -> lsp.Command | None:
    """Where there can be a command alone: one that sends the client the edit."""
    if edit is None or not capabilities.edits:
        return None
    written = converters.get_converter().unstructure(edit, lsp.WorkspaceEdit)
    return lsp.Command(title, APPLY_EDIT, arguments=[title, written])
