"""A small editor: a real client at the other end of a real pipe."""

import asyncio
import json
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Union

from cattrs import Converter
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

__all__ = [
    "SERVE",
    "Editor",
    "capabilities",
    "environment",
    "make_database",
    "running",
    "write_cache",
]

SERVE = "from defog_lsp.lsp.server import start_io; raise SystemExit(start_io())"
"""What the command line's ``serve`` does."""
_PATIENCE = 30.0


class Editor(LanguageClient):
    """Remembers what the server says, and answers what it asks."""

    def __init__(self) -> None:
        super().__init__("editor", "1", converter_factory=_converter)
        self.settings: Mapping[Any, object] = {}
        self.agreed = lsp.ServerCapabilities()
        self.diagnostics: dict[str, lsp.PublishDiagnosticsParams] = {}
        self.publications: list[lsp.PublishDiagnosticsParams] = []
        self.refreshes = 0
        """How often the server has asked for a pull."""
        self.statuses: list[dict[str, Any]] = []
        self.messages: list[str] = []
        self.logged: list[str] = []
        self.progress_values: list[Any] = []
        self.progress_tokens: list[str | int] = []
        self.registrations: dict[str, lsp.Registration] = {}
        self.exit_code: int | None = None
        self.stderr = b""
        self._news = asyncio.Event()
        self._hear()

    def _hear(self) -> None:
        def heard(method: str) -> Callable[[Callable[[Any], Any]], None]:
            def register(answer: Callable[[Any], Any]) -> None:
                def hear(params: Any) -> Any:
                    answered = answer(params)
                    self._news.set()
                    return answered

                self.feature(method)(hear)

            return register

        @heard(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params: lsp.PublishDiagnosticsParams) -> None:
            self.publications.append(params)
            self.diagnostics[params.uri] = params

        @heard(lsp.WORKSPACE_DIAGNOSTIC_REFRESH)
        def _(_params: None) -> None:
            self.refreshes += 1

        @heard("defog/status")
        def _(params: Any) -> None:
            self.statuses.append(params._asdict())

        @heard(lsp.WINDOW_SHOW_MESSAGE)
        def _(params: lsp.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @heard(lsp.WINDOW_LOG_MESSAGE)
        def _(params: lsp.LogMessageParams) -> None:
            self.logged.append(params.message)

        @heard(lsp.PROGRESS)
        def _(params: lsp.ProgressParams) -> None:
            self.progress_values.append(params.value)

        @heard(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def _(params: lsp.WorkDoneProgressCreateParams) -> None:
            self.progress_tokens.append(params.token)

        @heard(lsp.CLIENT_REGISTER_CAPABILITY)
        def _(params: lsp.RegistrationParams) -> None:
            self.registrations |= {it.id: it for it in params.registrations}

        @heard(lsp.CLIENT_UNREGISTER_CAPABILITY)
        def _(params: lsp.UnregistrationParams) -> None:
            for it in params.unregisterations:
                del self.registrations[it.id]

        @heard(lsp.WORKSPACE_CONFIGURATION)
        def _(params: lsp.ConfigurationParams) -> list[object]:
            return [self.settings.get(it.scope_uri) for it in params.items]

    async def until(self, true: Callable[[], Any], what: str) -> Any:
        """Wait for news until *true* returns something true, and return that."""
        end = time.monotonic() + _PATIENCE
        while not (found := true()):
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, end - time.monotonic()))
            except TimeoutError:
                raise AssertionError(
                    f"waited for {what}; statuses: {self.statuses[-3:]}; messages: "
                    f"{self.messages}; log: {self.logged}; stderr: {self.stderr.decode()}"
                ) from None
        return found

    async def codes(self, uri: str, expected: Sequence[str]) -> list[lsp.Diagnostic]:
        """Wait until the codes of the diagnostics of *uri* are the *expected* ones."""

        def found() -> lsp.PublishDiagnosticsParams | None:
            published = self.diagnostics.get(uri)
            codes = published and sorted(str(it.code) for it in published.diagnostics)
            return published if codes == sorted(expected) else None

        heard = f"{expected} at {uri}, heard {self.diagnostics.get(uri)}"
        published = await self.until(found, heard)
        return list(published.diagnostics)

    async def settled(self) -> None:
        """Wait until the metadata that there are have been loaded, however slow the machine."""
        await self.until(
            lambda: self.statuses and self.statuses[-1]["state"] != "loading", "metadata"
        )

    async def state(self, state: str, **fields: object) -> dict[str, Any]:
        """Wait until the last status has *state* and *fields*."""
        fields["state"] = state

        def last() -> dict[str, Any] | None:
            return next(
                (
                    it
                    for it in self.statuses[-1:]
                    if all(it[key] == value for key, value in fields.items())
                ),
                None,
            )

        found: dict[str, Any] = await self.until(last, f"the status {fields}")
        return found

    def open(self, uri: str, text: str, language_id: str = "sql", version: int = 1) -> None:
        item = lsp.TextDocumentItem(uri, language_id, version, text)
        self.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def change(self, uri: str, version: int, *changes: Any) -> None:
        """*changes* are whole texts or ``(start, end, text)`` with positions as pairs."""
        events: list[lsp.TextDocumentContentChangeEvent] = [
            lsp.TextDocumentContentChangeWholeDocument(it)
            if isinstance(it, str)
            else lsp.TextDocumentContentChangePartial(
                lsp.Range(lsp.Position(*it[0]), lsp.Position(*it[1])), it[2]
            )
            for it in changes
        ]
        identifier = lsp.VersionedTextDocumentIdentifier(version, uri)
        self.text_document_did_change(lsp.DidChangeTextDocumentParams(identifier, events))

    def close(self, uri: str) -> None:
        identifier = lsp.TextDocumentIdentifier(uri)
        self.text_document_did_close(lsp.DidCloseTextDocumentParams(identifier))

    def save(self, uri: str) -> None:
        identifier = lsp.TextDocumentIdentifier(uri)
        self.text_document_did_save(lsp.DidSaveTextDocumentParams(identifier))

    async def hover(self, uri: str, line: int, character: int) -> lsp.Hover | None:
        where = lsp.TextDocumentIdentifier(uri), lsp.Position(line, character)
        return await self.text_document_hover_async(lsp.HoverParams(*where))

    async def complete(self, uri: str, line: int, character: int) -> lsp.CompletionList | None:
        where = lsp.TextDocumentIdentifier(uri), lsp.Position(line, character)
        found = await self.text_document_completion_async(lsp.CompletionParams(*where))
        assert found is None or isinstance(found, lsp.CompletionList)
        return found

    async def pull(self, uri: str, previous: str | None = None) -> lsp.DocumentDiagnosticReport:
        identifier = lsp.TextDocumentIdentifier(uri)
        return await self.text_document_diagnostic_async(
            lsp.DocumentDiagnosticParams(identifier, previous_result_id=previous)
        )

    async def pull_workspace(
        self, previous: Mapping[str, str | None] | None = None, token: str | None = None
    ) -> Sequence[Any]:
        ids = [lsp.PreviousResultId(uri, it) for uri, it in (previous or {}).items() if it]
        params = lsp.WorkspaceDiagnosticParams(ids, partial_result_token=token)
        return list((await self.workspace_diagnostic_async(params)).items)

    async def command(self, name: str, *arguments: object) -> Any:
        params = lsp.ExecuteCommandParams(name, list(arguments))
        return await self.workspace_execute_command_async(params)

    async def leave(self) -> None:
        """Shut the server down in good order and wait for its end."""
        await self.shutdown_async(None)
        self.exit(None)
        await self.ended()

    async def ended(self) -> int:
        assert self._server is not None
        self.exit_code = await asyncio.wait_for(self._server.wait(), _PATIENCE)
        return self.exit_code

    async def read_stderr(self) -> None:
        assert self._server is not None
        assert self._server.stderr is not None
        while data := await self._server.stderr.read(4096):
            self.stderr += data


def _converter() -> Converter:
    """pygls' own, which takes an action that has a command for a command."""
    converter: Converter = default_converter()  # type: ignore[no-untyped-call]

    def action(value: Any, _: object) -> lsp.Command | lsp.CodeAction:
        is_command = isinstance(value.get("command"), str)
        shape: type[lsp.Command | lsp.CodeAction] = lsp.Command if is_command else lsp.CodeAction
        return converter.structure(value, shape)

    converter.register_structure_hook(Union[lsp.Command, lsp.CodeAction], action)  # noqa: UP007
    return converter


@asynccontextmanager
async def running(
    home: Path,
    *folders: Path,
    script: str = SERVE,
    can: lsp.ClientCapabilities | None = None,
    options: object = None,
    settings: Mapping[Any, object] | None = None,
    python: Sequence[str] = (),
    patch: str = "",
) -> AsyncIterator[Editor]:
    """An editor with a server of its own, which has *home* for everything it may write.

    *patch* is run where the server and each process that it starts begin.
    """
    editor = Editor()
    editor.settings = settings or {}
    environ = environment(home)
    if patch:
        patches = home / "patches"
        patches.mkdir(exist_ok=True)
        (patches / "sitecustomize.py").write_text(patch)
        places = (str(patches), environ.get("PYTHONPATH", ""))
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    await editor.start_io(sys.executable, *python, "-c", script, env=environ)
    reading = asyncio.create_task(editor.read_stderr())
    try:
        answer = await editor.initialize_async(
            lsp.InitializeParams(
                capabilities=capabilities() if can is None else can,
                process_id=os.getpid(),
                initialization_options=options,
                workspace_folders=[lsp.WorkspaceFolder(it.as_uri(), it.name) for it in folders],
            )
        )
        editor.agreed = answer.capabilities
        editor.initialized(lsp.InitializedParams())
        yield editor
        if editor._server is not None and editor._server.returncode is None:
            await editor.leave()
    finally:
        if editor._server is not None and editor._server.returncode is None:
            editor._server.kill()
        await editor.stop()  # type: ignore[no-untyped-call]
        await reading
    assert b"Traceback" not in editor.stderr, editor.stderr.decode()
    assert "failed: " not in "\n".join(editor.logged), editor.logged


def capabilities(**general: Any) -> lsp.ClientCapabilities:
    """Everything a good editor can do."""
    markdown = [lsp.MarkupKind.Markdown, lsp.MarkupKind.PlainText]
    return lsp.ClientCapabilities(
        general=lsp.GeneralClientCapabilities(**general),
        window=lsp.WindowClientCapabilities(work_done_progress=True),
        text_document=lsp.TextDocumentClientCapabilities(
            hover=lsp.HoverClientCapabilities(content_format=markdown),
            completion=lsp.CompletionClientCapabilities(
                completion_item=lsp.ClientCompletionItemOptions(
                    documentation_format=markdown, label_details_support=True
                )
            ),
            publish_diagnostics=lsp.PublishDiagnosticsClientCapabilities(
                version_support=True, code_description_support=True
            ),
        ),
        workspace=lsp.WorkspaceClientCapabilities(
            configuration=True,
            did_change_watched_files=lsp.DidChangeWatchedFilesClientCapabilities(
                dynamic_registration=True, relative_pattern_support=True
            ),
        ),
    )


def environment(home: Path) -> dict[str, str]:
    """The environment of a server that must not see the user's own folders."""
    kept = {key: it for key, it in os.environ.items() if not key.startswith("DEFOG")}
    return kept | {
        "HOME": str(home),
        "DEFOG_HOME": str(home / "defog"),
        "DEFOG_CACHE_DIR": str(home / "mirror"),
        "XDG_CACHE_HOME": str(home / "xdg"),
    }


def make_database(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements or ("create table users (id integer primary key, email text)",):
        connection.execute(statement)
    connection.commit()
    connection.close()


def write_cache(home: Path, database: Path, metadata: object, *, age_seconds: float = 0.0) -> Path:
    """Write the cache file of the SQLite *database* as another program would: in place."""
    from defog_metadata.store.cache import MetadataCache

    cache = MetadataCache(cache_dir=home / "defog/cache")
    creds = {"database": str(database)}
    path = cache.path(cache.generate_cache_key(db_type="sqlite", db_creds=creds))
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = {
        "metadata": metadata,
        "timestamp": time.time() - age_seconds,
        "db_type": "sqlite",
        "dev": False,
    }
    path.write_text(json.dumps(entry, indent=2))
    return path
