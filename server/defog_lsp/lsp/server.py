"""The server: one session over stdin and stdout, or one for each TCP connection."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from defog_lsp.lsp.handlers import (
    call_hierarchy,
    code_action,
    code_action_resolve,
    code_lens,
    completion,
    completion_resolve,
    declaration,
    definition,
    diagnostic,
    did_change,
    did_change_configuration,
    did_change_files,
    did_change_watched_files,
    did_change_workspace_folders,
    did_close,
    did_open,
    did_save,
    document_highlight,
    document_link,
    document_symbol,
    execute_command,
    folding_range,
    formatting,
    hover,
    implementation,
    initialize,
    inlay_hint,
    linked_editing_range,
    notebook,
    references,
    rename,
    selection_range,
    semantic_tokens,
    shutdown,
    signature_help,
    text_document_content,
    tree,
    type_definition,
    will_rename_files,
    work_done_progress_cancel,
    workspace_diagnostic,
    workspace_symbol,
)
from defog_lsp.lsp.interpreter import share_time
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.logs import quiet_pygls
from defog_lsp.lsp.transport import (
    DaemonThreads,
    QueuedWriter,
    read_messages,
    stream_of,
)
from defog_lsp.stdio import private_stdio

__all__ = ["SqlLanguageServer", "create_server", "start_io", "start_tcp"]

_HANDLERS = (
    initialize,
    shutdown,
    did_open,
    did_change,
    did_save,
    did_close,
    hover,
    completion,
    completion_resolve,
    signature_help,
    code_action,
    code_action_resolve,
    code_lens,
    diagnostic,
    did_change_configuration,
    did_change_files,
    did_change_watched_files,
    did_change_workspace_folders,
    execute_command,
    will_rename_files,
    work_done_progress_cancel,
    workspace_diagnostic,
    workspace_symbol,
    declaration,
    definition,
    document_highlight,
    document_link,
    document_symbol,
    folding_range,
    formatting,
    call_hierarchy,
    implementation,
    inlay_hint,
    linked_editing_range,
    notebook,
    references,
    rename,
    selection_range,
    semantic_tokens,
    text_document_content,
    tree,
    type_definition,
)
_INTERRUPTED = 130


class _Writer(Protocol):
    def write(self, data: bytes, /) -> None: ...
    def close(self) -> None: ...


def create_server() -> SqlLanguageServer:
    server = SqlLanguageServer()
    for handler in _HANDLERS:
        handler.register(server)
    return server


def start_io() -> int:
    """Serve one client over stdin and stdout.

    Returns, as the process's exit code, 0 after an orderly ``shutdown`` and ``exit``, else 1.
    """
    quiet_pygls()

    async def serve() -> int:
        asyncio.get_running_loop().set_default_executor(DaemonThreads())
        return await _serve(create_server(), stream_of(stdin), QueuedWriter(stdout))

    with private_stdio() as (stdin, stdout):
        try:
            return asyncio.run(serve())
        except KeyboardInterrupt:
            return _INTERRUPTED


def start_tcp(
    host: str, port: int, *, on_listening: Callable[[str, int], None] | None = None
) -> int:
    """Serve every client that connects, each with a session of its own, until the last has left.

    *on_listening* is called with the address; port 0 takes a free one. Returns the exit code of
    the last session. Raises ``OSError`` when the address cannot be used.
    """
    quiet_pygls()
    try:
        return asyncio.run(_serve_tcp(host, port, on_listening))
    except KeyboardInterrupt:
        return _INTERRUPTED


async def _serve_tcp(host: str, port: int, on_listening: Callable[[str, int], None] | None) -> int:
    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    served: set[SqlLanguageServer] = set()

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = create_server()
        served.add(server)
        code = await _serve(server, reader, writer)
        served.discard(server)
        # Whoever only looks whether somebody is there is no client.
        others = any(it.protocol.is_initialized for it in served)
        if server.protocol.is_initialized and not others and not ended.done():
            ended.set_result(code)

    listening = await asyncio.start_server(session, host, port)
    async with listening:
        address = listening.sockets[0].getsockname()
        if on_listening is not None:
            on_listening(address[0], address[1])
        return await ended


async def _serve(server: SqlLanguageServer, reader: asyncio.StreamReader, writer: _Writer) -> int:
    share_time()
    reading = asyncio.ensure_future(_read(server, reader))
    server.stop = reading.cancel
    server.protocol.set_writer(writer)
    try:
        with suppress(asyncio.CancelledError):
            await reading
    finally:
        server.end()
        writer.close()
    return server.protocol.exit_code


async def _read(server: SqlLanguageServer, reader: asyncio.StreamReader) -> None:
    async for body in read_messages(reader):
        server.protocol.receive(body)
        if server.protocol.has_exited:
            return
