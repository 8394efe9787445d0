"""What we ask of the person, through the client.

LSP has a message with buttons and no more. Clients that can do more say so in the capability
``experimental.defog``, and answer these requests of ours:

``defog/openText {text, name, languageId}``
    Open a new document that is in no file.
``defog/askText {title, prompt, value}``
    A line of text, *value* to begin with; ``null`` when the person does not want to.
``defog/choose {title, items}``
    The index of one of the *items*, or ``null``.
``defog/save {uri}``
    Write an open document to its file; whether that was done.
``defog/secret {connection, folder, user, host, title, wrong}``
    The password of a connection of the folder with that URI, from where the client keeps secrets or
    else from the person; ``null`` when the person does not want to say it. It is ``wrong`` once the
    database has refused the last answer: then the person is asked, whatever is kept.

Every question has an answer in every client; what is done without one of these is said below.
"""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from defog_lsp.lsp import late_connections
from defog_lsp.lsp.client import Client
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from defog_metadata.workspace.asking import Question

__all__ = ["Dialogue"]

_log = logging.getLogger(__name__)


class Dialogue:
    """Questions and documents for the person, from the loop's thread only."""

    def __init__(self, server: LanguageServer, client: Client) -> None:
        self._server = server
        self._client = client
        self._folder: Path | None = None
        """For texts that clients can only show from a file; private, made when first needed."""

    def say(self, kind: lsp.MessageType, message: str) -> None:
        """Show *message*, also when it was shown before."""
        self._client.forget_shown(message)
        self._client.show(kind, message)

    async def confirm(self, question: str, yes: str) -> bool:
        """Whether the person presses the button *yes*."""
        return await self._press(question, [yes, "Cancel"], lsp.MessageType.Warning) == 0

    async def choose(self, title: str, items: Sequence[str]) -> int | None:
        """Which of *items*; a single one is not asked about."""
        if len(items) <= 1:
            return 0 if items else None
        if not self._client.capabilities.chooses:
            return await self._press(title, items, lsp.MessageType.Info)
        found = await self._ask("defog/choose", {"title": title, "items": list(items)})
        return found if isinstance(found, int) and 0 <= found < len(items) else None

    async def ask_text(self, title: str, prompt: str, value: str) -> str | None:
        """A line of text; ``None`` when there is none, or the client cannot ask for one."""
        if not self._client.capabilities.asks_texts:
            return None
        params = {"title": title, "prompt": prompt, "value": value}
        found = await self._ask("defog/askText", params)
        return found if isinstance(found, str) else None

    async def ask_secret(self, question: "Question", folder: str, *, wrong: bool) -> str | None:
        """A secret; ``None`` when there is none, or the client cannot ask for one.

        It is not written to any log from now on.
        """
        if not self._client.capabilities.asks_secrets:
            return None
        params = {
            "connection": question.connection,
            "folder": folder,
            "user": question.user,
            "host": question.host,
            "title": question.title,
            "wrong": wrong,
        }
        found = await self._ask("defog/secret", params)
        if not isinstance(found, str) or not found:
            return None
        late_connections.hide(found)
        return found

    async def open_text(self, text: str, name: str) -> str | None:
        """Show *text* as a document in SQL, called *name* where it has to have a file.

        Answers the URI of that file, which is in a temporary folder. A client that cannot be told
        to show a document tells the person where it is.
        """
        if self._client.capabilities.opens_texts:
            await self._ask("defog/openText", {"text": text, "name": name, "languageId": "sql"})
            return None
        file = await asyncio.to_thread(self._written, text, name)
        if not await self.show(uri_of(file)):
            self.say(lsp.MessageType.Info, f"Written to {file}")
        return uri_of(file)

    async def show(self, uri: str, range_: lsp.Range | None = None) -> bool:
        """Whether the client shows the document *uri*, with *range_* selected."""
        if not self._client.capabilities.shows_documents:
            return False
        params = lsp.ShowDocumentParams(uri, take_focus=True, selection=range_)
        try:
            return (await self._server.window_show_document_async(params)).success
        except JsonRpcException as error:
            _log.info("the client shows no document: %s", error)
            return False

    async def save(self, uri: str) -> bool:
        """Whether the client has written the open document *uri* to its file."""
        if not self._client.capabilities.saves:
            return False
        return await self._ask("defog/save", {"uri": uri}) is True

    async def _press(
        self, question: str, buttons: Sequence[str], kind: lsp.MessageType
    ) -> int | None:
        items = [lsp.MessageActionItem(it) for it in buttons]
        params = lsp.ShowMessageRequestParams(kind, question, items)
        try:
            pressed = await self._server.window_show_message_request_async(params)
        except JsonRpcException as error:
            _log.info("the client asks nothing: %s", error)
            return None
        return buttons.index(pressed.title) if pressed and pressed.title in buttons else None

    async def _ask(self, method: str, params: object) -> Any:
        try:
            return await self._server.protocol.send_request_async(method, params)
        except JsonRpcException as error:
            _log.warning("the client does not answer %s: %s", method, error)
            return None

    def kept(self, text: str, path: Sequence[str]) -> Path:
        """A file with *text*, the same one for the same *path*; for readers, so it is read-only."""
        file = self._file_for(".".join(path))
        file.unlink(missing_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o400)
        return file

    def _file_for(self, name: str) -> Path:
        import tempfile  # noqa: PLC0415 - rarely needed, and slow to load

        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="defog-"))
        stem = "".join(it if it.isalnum() or it in "-_." else "_" for it in name)
        return self._folder / f"{stem}.sql"

    def _written(self, text: str, name: str) -> Path:
        file, copy = self._file_for(name), 1
        while file.exists():  # one that is shown already is somebody's
            copy += 1
            file = self._file_for(f"{name}-{copy}")
        file.write_text(text, encoding="utf-8")
        return file
