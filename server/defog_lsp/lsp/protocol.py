"""Messages: what pygls leaves out of the protocol's rules about wrong ones.

Every request is answered, also one that cannot be understood, comes too early or comes too
late. Notifications of that kind are ignored, as the specification asks.
"""

import json
import logging
import time
from collections.abc import Generator
from inspect import isawaitable
from typing import Any
from urllib.parse import unquote

import cattrs
from lsprotocol import types as lsp
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.document import Documents
from defog_lsp.lsp.encoded import Encoded
from defog_lsp.lsp.progress import asked_with

__all__ = ["SqlProtocol"]

_log = logging.getLogger(__name__)
_BUSY_SECONDS = 0.1
"""What follows a change of a text: its diagnostics, and the requests that editors send then."""
_QUIET_SECONDS = 30.0
"""After which a person does something else."""


class SqlProtocol(LanguageServerProtocol):
    """pygls' protocol, strict about states and polite about mistakes."""

    has_exited = False
    """Whether the client has sent ``exit``."""

    def __init__(self, server: LanguageServer, converter: cattrs.Converter) -> None:
        super().__init__(server, converter)
        self._heard = 0.0
        """When (``time.monotonic()``) the client last said something."""
        self._waiting: set[str | int] = set()
        """The requests that somebody waits for, by their ids."""

    @property
    def exit_code(self) -> int:
        """0 after a ``shutdown``, else 1, as the specification says."""
        return 0 if self._shutdown else 1

    @property
    def is_initialized(self) -> bool:
        return self._workspace is not None

    def is_busy(self) -> bool:
        """Whether somebody waits for an answer, or is typing. May be called in any thread."""
        return bool(self._waiting) or time.monotonic() - self._heard < _BUSY_SECONDS

    def is_quiet(self) -> bool:
        """Whether the client waits for nothing, and has said nothing for a while."""
        return not self._waiting and time.monotonic() - self._heard >= _QUIET_SECONDS

    def receive(self, body: bytes) -> None:
        """Handle one message. Never raises on what a client sent."""
        self._heard = time.monotonic()
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse(None, JsonRpcParseError("the message is not JSON"))
            return
        if not isinstance(data, dict) or data.get("jsonrpc") != self.VERSION:
            self._refuse(None, JsonRpcInvalidRequest("the message is not a JSON-RPC 2.0 object"))
            return
        method, message_id = data.get("method"), data.get("id")
        if method is not None and (refusal := self._untimely(method)):
            if message_id is not None:
                self._refuse(message_id, refusal)
            return
        try:
            message = self.structure_message(data)
        except JsonRpcException as error:
            self._misunderstood(method, message_id, error)
            return
        self.handle_message(message)

    def _handle_request(self, msg_id: str | int, method_name: str, params: Any) -> None:
        if method_name != lsp.WORKSPACE_DIAGNOSTIC:  # a client always has one of these open
            self._waiting.add(msg_id)
        with asked_with(getattr(params, "work_done_token", None)):
            super()._handle_request(msg_id, method_name, params)

    def _execute_handler(
        self, msg_id: str | int, handler: Any, callback: Any, *args: Any, **kwargs: Any
    ) -> None:
        def ended(future: Any) -> None:
            # pygls would keep that of each notification, so of each keystroke, for ever.
            if self._request_futures.get(msg_id) is future:
                del self._request_futures[msg_id]
            callback(future)

        super()._execute_handler(msg_id, handler, ended, *args, **kwargs)

    def _send_response(
        self, msg_id: Any, result: Any | None = None, error: lsp.ResponseError | None = None
    ) -> None:
        self._waiting.discard(msg_id)
        if error is not None or not isinstance(result, Encoded):
            super()._send_response(msg_id, result, error)
            return
        # As pygls' own, without a walk through what is JSON already.
        self._send_encoded(f'"id":{json.dumps(msg_id)},"result":', result)

    def notify_encoded(self, method: str, params: Encoded) -> None:
        """As ``notify``, with parameters that are JSON already."""
        self._send_encoded(f'"method":{json.dumps(method)},"params":', params)

    def _send_encoded(self, head: str, rest: Encoded) -> None:
        body = b'{"jsonrpc":"%b",%b%b}' % (self.VERSION.encode(), head.encode("ascii"), rest.body)
        if self.writer is not None:
            self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def _untimely(self, method: object) -> JsonRpcException | None:
        if method == lsp.EXIT:
            return None
        if self._shutdown:
            return JsonRpcInvalidRequest("the server has been shut down")
        if self.is_initialized:
            again = method == lsp.INITIALIZE
            return JsonRpcInvalidRequest("initialize was sent twice") if again else None
        if method == lsp.INITIALIZE:
            return None
        return JsonRpcServerNotInitialized("initialize has to be sent first")

    def _misunderstood(self, method: object, message_id: Any, error: JsonRpcException) -> None:
        if message_id is None:
            _log.warning("ignored a %s notification with wrong parameters", method)
        elif method is None:
            _log.warning("the client's answer to a request has the wrong shape")
            wrong = lsp.ResponseError(error.code, error.message)
            self._handle_response(message_id, error=wrong)
        else:
            self._refuse(message_id, _invalid(error))

    def _refuse(self, message_id: Any, error: JsonRpcException) -> None:
        # Not as lsprotocol's response, which would leave out an id that is null.
        refusal = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": message_id, "error": refusal})

    @lsp_method(lsp.EXIT)
    def lsp_exit(self, *_args: Any) -> Generator[Any, Any, None]:
        """End the session; whoever reads the messages looks at ``has_exited``."""
        self.has_exited = True
        yield from ()

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(
        self, params: lsp.InitializeParams
    ) -> Generator[Any, Any, lsp.InitializeResult]:
        steps = super().lsp_initialize(params)
        first = next(steps)  # pygls has made its workspace and is about to call our handler
        self._workspace = Documents(
            self.workspace.root_uri,
            lsp.TextDocumentSyncKind.Incremental,
            params.workspace_folders or [],
            self.workspace.position_encoding,
        )
        try:
            steps.send((yield first))
        except StopIteration as end:
            result: lsp.InitializeResult = end.value
            if (commands := result.capabilities.execute_command_provider) is not None:
                commands.work_done_progress = True
            if Capabilities.of(params.capabilities).pulls_once:
                # It is sent what it needs, and would show twice what it were to pull as well.
                result.capabilities.diagnostic_provider = None
            return result
        raise AssertionError("pygls calls one handler in initialize")

    @lsp_method(lsp.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: lsp.ExecuteCommandParams
    ) -> Any:
        # Not as pygls', which goes on with a command that the client has cancelled.
        command = self.fm.commands.get(params.command)
        if command is None:
            raise JsonRpcInvalidParams(f"there is no command {params.command}")
        result = command(*(params.arguments or ()))
        return await result if isawaitable(result) else result

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: lsp.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        if unquote(params.text_document.uri) not in self.workspace.text_documents:
            _log.warning("ignored a change of a document that is not open")
            return
        yield from super().lsp_text_document__did_change(params)


def _invalid(error: JsonRpcException) -> JsonRpcException:
    """*error* with the places of what is wrong, if it knows them."""
    cause = error.__cause__
    if not isinstance(cause, cattrs.BaseValidationError):
        return JsonRpcInvalidParams("the parameters have the wrong shape")
    return JsonRpcInvalidParams("; ".join(cattrs.transform_error(cause, path="message")))
