"""The other side: what the client can do, and what we tell it."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lsprotocol import types as lsp
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from defog_lsp.lsp.encoded import Encoded

__all__ = ["Capabilities", "Client"]

_log = logging.getLogger(__name__)

STATUS = "defog/status"
_WHOLE_TEXTS = 12
"""The Neovim, after ``0.``, that puts in what an item says: github.com/neovim/neovim/pull/37949."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The client's capabilities that make a difference to us."""

    hover_markdown: bool = False
    completion_markdown: bool = False
    label_details: bool = False
    later_kinds: bool = False
    """Whether it knows other kinds of completion items than those of LSP's first version."""
    snippets: bool = False
    resolves_documentation: bool = False
    """Whether it asks for the documentation of a completion item once it shows the item."""
    insert_replace: bool = False
    """Whether it lets its user choose if a completion replaces the rest of the word too."""
    default_edit_range: bool = False
    """Whether a completion list may say once what all of its items replace."""
    cuts_texts: bool = False
    """Whether it puts in no more than the first word of a completion item that is no snippet."""
    signature_markdown: bool = False
    parameter_offsets: bool = False
    code_description: bool = False
    related_information: bool = False
    unnecessary_tag: bool = False
    pulls: bool = False
    """Whether it asks for the diagnostics of documents, and can be told to ask again; then they
    are not sent unasked."""
    pulls_once: bool = False
    """Whether it asks, but only when a text changes: it would not hear of new metadata."""
    refreshes_lenses: bool = False
    """Whether it can be told to ask for code lenses again."""
    refreshes_hints: bool = False
    refreshes_tokens: bool = False
    progress: bool = False
    configuration: bool = False
    configuration_registration: bool = False
    watching: bool = False
    relative_patterns: bool = False
    code_action_literals: bool = False
    code_action_preferred: bool = False
    code_action_edits_later: bool = False
    """Whether an action's edit may be made when it has been chosen (``codeAction/resolve``)."""
    document_changes: bool = False
    change_annotations: bool = False
    """Whether it shows edits in groups, and asks about those that need it."""
    edits: bool = False
    """Whether it makes edits that we send (``workspace/applyEdit``)."""
    shows_documents: bool = False
    nested_symbols: bool = False
    """Whether it shows an outline as a tree."""
    definition_links: bool = False
    """Whether it can show what name a definition is of."""
    resolves_symbols: bool = False
    """Whether it asks for the place of a symbol of the workspace once it is chosen."""
    table_documents: bool = False
    """Whether it asks for the text of ``defog:`` documents (``defog_lsp.lsp.table_documents``)."""
    opens_texts: bool = False
    """This and the next four are what our own editor modules can do beyond LSP; they say so in
    ``experimental.defog``. See ``defog_lsp.lsp.dialogue``."""
    asks_texts: bool = False
    chooses: bool = False
    saves: bool = False
    asks_secrets: bool = False

    @classmethod
    def of(
        cls, capabilities: lsp.ClientCapabilities, client: lsp.ClientInfo | None = None
    ) -> "Capabilities":
        def has(path: str) -> bool:
            return bool(get_capability(capabilities, path, default=False))

        def markdown(path: str) -> bool:
            formats = get_capability(capabilities, path, default=None) or ()
            return lsp.MarkupKind.Markdown in formats

        def of_diagnostics(name: str) -> Any:
            """What it can do with diagnostics, however it gets them."""
            ways = ("publish_diagnostics", "diagnostic")
            found = (get_capability(capabilities, f"text_document.{it}.{name}") for it in ways)
            return next(filter(None, found), None)

        pulls = get_capability(capabilities, "text_document.diagnostic") is not None
        pulls_again = has("workspace.diagnostics.refresh_support")
        tags = of_diagnostics("tag_support.value_set") or ()
        item = "text_document.completion.completion_item"
        signature = "text_document.signature_help.signature_information"
        files = "workspace.did_change_watched_files"
        action = "text_document.code_action"
        experimental = capabilities.experimental
        own = experimental.get("defog") if isinstance(experimental, Mapping) else None
        ours = own if isinstance(own, Mapping) else {}
        resolved = get_capability(capabilities, f"{action}.resolve_support.properties", default=())
        return cls(
            hover_markdown=markdown("text_document.hover.content_format"),
            completion_markdown=markdown(f"{item}.documentation_format"),
            label_details=has(f"{item}.label_details_support"),
            later_kinds=has("text_document.completion.completion_item_kind.value_set"),
            snippets=has(f"{item}.snippet_support"),
            resolves_documentation="documentation"
            in (
                get_capability(capabilities, f"{item}.resolve_support.properties", default=None)
                or ()
            ),
            insert_replace=has(f"{item}.insert_replace_support"),
            default_edit_range="editRange"
            in (
                get_capability(
                    capabilities, "text_document.completion.completion_list.item_defaults"
                )
                or ()
            ),
            cuts_texts=client is not None and _cuts_texts(client),
            signature_markdown=markdown(f"{signature}.documentation_format"),
            parameter_offsets=has(f"{signature}.parameter_information.label_offset_support"),
            code_description=bool(of_diagnostics("code_description_support")),
            related_information=bool(of_diagnostics("related_information")),
            unnecessary_tag=lsp.DiagnosticTag.Unnecessary in tags,
            pulls=pulls and pulls_again,
            pulls_once=pulls and not pulls_again,
            refreshes_lenses=has("workspace.code_lens.refresh_support"),
            refreshes_hints=has("workspace.inlay_hint.refresh_support"),
            refreshes_tokens=has("workspace.semantic_tokens.refresh_support"),
            progress=has("window.work_done_progress"),
            configuration=has("workspace.configuration"),
            configuration_registration=has(
                "workspace.did_change_configuration.dynamic_registration"
            ),
            watching=has(f"{files}.dynamic_registration"),
            relative_patterns=has(f"{files}.relative_pattern_support"),
            code_action_literals=has(f"{action}.code_action_literal_support"),
            code_action_preferred=has(f"{action}.is_preferred_support"),
            code_action_edits_later=(has(f"{action}.data_support") and "edit" in (resolved or ())),
            document_changes=has("workspace.workspace_edit.document_changes"),
            change_annotations=has("workspace.workspace_edit.change_annotation_support"),
            edits=has("workspace.apply_edit"),
            shows_documents=has("window.show_document.support"),
            nested_symbols=has(
                "text_document.document_symbol.hierarchical_document_symbol_support"
            ),
            resolves_symbols="location.range"
            in (get_capability(capabilities, "workspace.symbol.resolve_support.properties") or ()),
            definition_links=has("text_document.definition.link_support"),
            table_documents=has("workspace.text_document_content")
            or ours.get("tableDocuments") is True,
            opens_texts=ours.get("openText") is True,
            asks_texts=ours.get("askText") is True,
            chooses=ours.get("choose") is True,
            saves=ours.get("save") is True,
            asks_secrets=ours.get("secret") is True,
        )


def _cuts_texts(client: lsp.ClientInfo) -> bool:
    """Whether it is a Neovim before 0.12, which has no capability that says so."""
    version = re.match(r"0\.(\d+)\.", client.version or "")
    return client.name == "Neovim" and version is not None and int(version[1]) < _WHOLE_TEXTS


class Client:
    """What we say to the client, from the loop's thread only."""

    def __init__(
        self, server: LanguageServer, notify_encoded: Callable[[str, Encoded], None]
    ) -> None:
        self._server = server
        self._notify_encoded = notify_encoded
        self._shown: set[str] = set()
        self.capabilities = Capabilities()
        self.encoding: lsp.PositionEncodingKind | str = lsp.PositionEncodingKind.Utf16

    def show(self, kind: lsp.MessageType, message: str) -> None:
        """A message for the user, each only once until ``forget_shown``."""
        if message not in self._shown:
            self._shown.add(message)
            self._server.window_show_message(lsp.ShowMessageParams(kind, message))

    def forget_shown(self, message: str) -> None:
        """*message* is no longer true: it is shown again when it becomes so."""
        self._shown.discard(message)

    def log(self, kind: lsp.MessageType, message: str) -> None:
        self._server.window_log_message(lsp.LogMessageParams(kind, message))

    def logger(self) -> Callable[[int, str], None]:
        """As ``log``, for other threads and with the levels of ``logging``."""
        loop = asyncio.get_running_loop()

        def log(level: int, message: str) -> None:
            is_error = level >= logging.ERROR
            kind = lsp.MessageType.Error if is_error else lsp.MessageType.Warning
            with suppress(RuntimeError):  # the session has ended
                loop.call_soon_threadsafe(self.log, kind, message)

        return log

    def status(self, status: Mapping[str, object]) -> None:
        self._server.protocol.notify(STATUS, dict(status))

    def publish(
        self, uri: str, diagnostics: Sequence[lsp.Diagnostic], version: int | None = None
    ) -> None:
        params = lsp.PublishDiagnosticsParams(uri, diagnostics, version)
        self._server.text_document_publish_diagnostics(params)

    def publish_encoded(self, diagnostics: Encoded) -> None:
        """As ``publish``, with the parameters of the notification as JSON."""
        self._notify_encoded(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, diagnostics)

    async def pull_again(self) -> None:
        """Ask the client to ask for all diagnostics again."""
        try:
            await self._server.workspace_diagnostic_refresh_async(None)
        except JsonRpcException as error:
            _log.info("the client does not pull again: %s", error)

    async def lenses_again(self) -> None:
        """Ask the client to ask for all code lenses again."""
        try:
            await self._server.workspace_code_lens_refresh_async(None)
        except JsonRpcException as error:
            _log.info("the client asks for no lenses again: %s", error)

    async def tokens_again(self) -> None:
        """Ask the client to ask for all semantic tokens and inlay hints again, as it can."""
        try:
            if self.capabilities.refreshes_tokens:
                await self._server.workspace_semantic_tokens_refresh_async(None)
            if self.capabilities.refreshes_hints:
                await self._server.workspace_inlay_hint_refresh_async(None)
        except JsonRpcException as error:
            _log.info("the client asks for no tokens or hints again: %s", error)

    def tell_part(self, part: Encoded) -> None:
        """A part of an answer: the parameters of ``$/progress``, with the request's token."""
        self._notify_encoded(lsp.PROGRESS, part)

    def progress(
        self,
        token: str | int,
        value: lsp.WorkDoneProgressBegin | lsp.WorkDoneProgressReport | lsp.WorkDoneProgressEnd,
    ) -> None:
        self._server.protocol.notify(lsp.PROGRESS, lsp.ProgressParams(token, value))

    async def create_progress(self, token: str | int) -> bool:
        """Whether the client agrees to show the progress called *token*."""
        if not self.capabilities.progress:
            return False
        try:
            await self._server.window_work_done_progress_create_async(
                lsp.WorkDoneProgressCreateParams(token)
            )
        except JsonRpcException as error:
            _log.info("the client shows no progress: %s", error)
            return False
        return True

    async def settings(self, scopes: Sequence[str | None]) -> Sequence[object]:
        """The editor's section ``defog`` for each scope (a folder's URI; ``None``: none)."""
        items = [lsp.ConfigurationItem(scope_uri=it, section="defog") for it in scopes]
        try:
            found = await self._server.workspace_configuration_async(lsp.ConfigurationParams(items))
        except JsonRpcException as error:
            _log.warning("the client gave no settings: %s", error)
            return [None] * len(scopes)
        return found if len(found) == len(scopes) else [None] * len(scopes)

    async def apply(self, label: str, edit: lsp.WorkspaceEdit) -> bool:
        """Whether the client has made *edit*."""
        try:
            answer = await self._server.workspace_apply_edit_async(
                lsp.ApplyWorkspaceEditParams(edit, label)
            )
        except JsonRpcException as error:
            _log.info("the client makes no edit: %s", error)
            return False
        return answer.applied

    async def register(self, *registrations: lsp.Registration) -> None:
        try:
            await self._server.client_register_capability_async(
                lsp.RegistrationParams(registrations)
            )
        except JsonRpcException as error:
            _log.info("the client registers nothing: %s", error)

    async def unregister(self, *registrations: lsp.Unregistration) -> None:
        try:
            await self._server.client_unregister_capability_async(
                lsp.UnregistrationParams(registrations)
            )
        except JsonRpcException as error:
            _log.info("the client unregisters nothing: %s", error)
