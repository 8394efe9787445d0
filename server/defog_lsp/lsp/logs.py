"""Logging: warnings also go to the client, and nothing of a user's text goes anywhere."""

import logging
from collections.abc import Callable

from defog_lsp.lsp import late_connections
from defog_lsp.lsp.client import Client

__all__ = ["ClientLog", "quiet_pygls"]

_OURS = ("defog_lsp", "defog_metadata")


class ClientLog(logging.Handler):
    """Sends our warnings to the editor's log, from any thread."""

    def __init__(self, client: Client) -> None:
        super().__init__(logging.WARNING)
        self._client = client
        self._log: Callable[[int, str], None] | None = None

    def attach(self) -> None:
        self._log = self._client.logger()
        for name in _OURS:
            logging.getLogger(name).addHandler(self)

    def detach(self) -> None:
        for name in _OURS:
            logging.getLogger(name).removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if self._log is not None:
            self._log(record.levelno, late_connections.redacted(record.getMessage()))


def quiet_pygls() -> None:
    """It logs whole messages, and so the user's documents and settings."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
