"""What ``defog.toml`` leaves to people: asked for when needed, kept while the session lasts.

Nothing of it is written anywhere; whether a client keeps it is the client's business.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from defog_lsp.lsp import late_connections
from defog_lsp.lsp.client import Client
from defog_lsp.lsp.dialogue import Dialogue

if TYPE_CHECKING:
    from defog_metadata.workspace.asking import Question
    from defog_metadata.workspace.configuration import Connection

__all__ = ["Answers", "Secrets"]

Answers = Mapping[str, str]
"""The secrets of a connection by their fields; see ``Connection.answered``."""

_Key = tuple[str, "Question"]
"""A folder's URI and what was asked for it."""
_MOST_REFUSALS = 3
"""In a row, before a person has to ask for more: servers lock out who tries too often."""


class Secrets:
    """The answers of one session, from the loop's thread only."""

    def __init__(self, client: Client, dialogue: Dialogue) -> None:
        self._client = client
        self._dialogue = dialogue
        self._known: dict[_Key, str] = {}
        self._declined: set[_Key] = set()
        self._refusals: dict[_Key, int] = {}
        self._one_at_a_time = asyncio.Lock()
        """Clients show one question, and take its place by the next one."""

    @property
    def can_ask(self) -> bool:
        return self._client.capabilities.asks_secrets

    async def known(self, folder: str, connection: "Connection") -> Answers | None:
        """What *connection* needs, without asking anybody; ``None`` where something is missing.

        Raises ``ConfigurationError`` for a connection that cannot be used.
        """
        keys = await self._keys(folder, connection)
        found = {key[1].field: self._known[key] for key in keys if key in self._known}
        return found if len(found) == len(keys) else None

    async def may_ask(self, folder: str, connection: "Connection") -> bool:
        """Whether nobody has declined, and the database has not refused too often."""
        return not any(
            it in self._declined or self._refusals.get(it, 0) >= _MOST_REFUSALS
            for it in await self._keys(folder, connection)
        )

    async def ask(self, folder: str, connection: "Connection") -> Answers | None:
        """What *connection* needs, asked for where it is not known; ``None`` if it is not given."""
        async with self._one_at_a_time:
            for key in await self._keys(folder, connection):
                if key in self._known:
                    continue
                wrong = key in self._refusals
                answer = await self._dialogue.ask_secret(key[1], folder, wrong=wrong)
                if answer is None:
                    self._declined.add(key)
                    return None
                self._known[key] = answer
        return await self.known(folder, connection)

    async def refused(self, folder: str, connection: "Connection") -> None:
        """The database does not take what was given."""
        for key in await self._keys(folder, connection):
            self._known.pop(key, None)
            self._refusals[key] = self._refusals.get(key, 0) + 1

    async def accepted(self, folder: str, connection: "Connection") -> None:
        """The database takes what was given."""
        for key in await self._keys(folder, connection):
            self._refusals.pop(key, None)

    async def reconsider(self, folder: str, connection: "Connection") -> None:
        """A person wants the database to be read: whoever has declined may be asked again."""
        for key in await self._keys(folder, connection):
            self._declined.discard(key)
            if key in self._refusals:
                self._refusals[key] = 1  # still wrong, and to be tried as often as at first

    def forget(self) -> None:
        """Everything, as if nobody had been asked yet."""
        self._known.clear()
        self._declined.clear()
        self._refusals.clear()

    async def _keys(self, folder: str, connection: "Connection") -> list[_Key]:
        if not connection.asked:
            return []
        # Who is asked about, and on which host, may itself be kept in a keyring.
        found = await asyncio.to_thread(late_connections.questions, connection)
        return [(folder, it) for it in found]
