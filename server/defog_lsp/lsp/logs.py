"""Logging: warnings also go to the client, and nothing of a user's text goes anywhere."""

import asyncio
import logging

from lsprotocol import types as lsp

from defog_lsp.lsp.client import Client

__all__ = ["ClientLog", "quiet_pygls"]

_OURS = ("defog_lsp", "defog_metadata")


class ClientLog(logging.Handler):
    """Sends our warnings to the editor's log, from any thread."""

    def __init__(self, client: Client) -> None:
        super().__init__(logging.WARNING)
        self._client = client
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self) -> None:
        self._loop = asyncio.get_running_loop()
        for name in _OURS:
            logging.getLogger(name).addHandler(self)

    def detach(self) -> None:
        for name in _OURS:
            logging.getLogger(name).removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        is_error = record.levelno >= logging.ERROR
        kind = lsp.MessageType.Error if is_error else lsp.MessageType.Warning
        try:
            assert self._loop is not None  # noqa: S101 - attached
            self._loop.call_soon_threadsafe(self._client.log, kind, record.getMessage())
        except RuntimeError:  # the session has ended
            return


def quiet_pygls() -> None:
    """It logs whole messages, and so the user's documents and settings."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
