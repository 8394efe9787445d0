"""A language client that costs next to nothing, and the same for every server.

Messages are framed by hand. The clock of an answer stops when its last byte is read, before its
JSON is looked at; requests are made into bytes before the clock starts.
"""

import contextlib
import json
import os
import re
import selectors
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.processes import MARK, end_all

__all__ = ["Client", "Document", "NoAnswer", "framed"]

Message = dict[str, Any]

_CAPABILITIES: Message = {
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "workspaceFolders": True,
    },
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"versionSupport": True},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "completion": {
            "contextSupport": True,
            "completionItem": {
                "snippetSupport": True,
                "labelDetailsSupport": True,
                "documentationFormat": ["markdown", "plaintext"],
                "resolveSupport": {"properties": ["documentation", "detail"]},
            },
        },
    },
    "window": {"workDoneProgress": True},
}
_LENGTH = re.compile(rb"Content-Length: *(\d+)", re.IGNORECASE)
_READ = 1 << 16  # what a pipe holds


class NoAnswer(Exception):
    """The server said nothing within the time allowed, or has ended; the message says which."""


class Client:
    """A server as a process, spoken to by one thread.

    *mark* is what its processes are known by (see ``processes``); *settings* is what it gets for
    every section of the configuration that it asks for.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        folder: Path,
        environment: Mapping[str, str],
        mark: str,
        settings: Message | None = None,
    ) -> None:
        self.folder, self._settings, self._mark = folder, settings, mark
        self._log = (folder / f"{Path(command[0]).name}.stderr").open("wb")
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**environment, MARK: mark},
            cwd=folder,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._into, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._out, selectors.EVENT_READ)
        self._unread = bytearray()
        self._last_id = 0
        self.capabilities: Message = {}

    @property
    def pid(self) -> int:
        return self._process.pid

    def initialize(self, limit: float) -> float:
        """Seconds from the start of the process to the answer of ``initialize``."""
        uri = self.folder.as_uri()
        parameters = {
            "processId": os.getpid(),
            "rootUri": uri,
            "rootPath": str(self.folder),
            "capabilities": _CAPABILITIES,
            "workspaceFolders": [{"uri": uri, "name": self.folder.name}],
        }
        asked = time.perf_counter() - self.started
        answer, seconds = self.ask("initialize", parameters, limit)
        self.capabilities = answer["capabilities"]
        self.notify("initialized", {})
        return asked + seconds

    @property
    def is_incremental(self) -> bool:
        sync = self.capabilities.get("textDocumentSync")
        return (sync.get("change") if isinstance(sync, dict) else sync) == 2

    def notify(self, method: str, params: Message) -> None:
        self.send(framed({"jsonrpc": "2.0", "method": method, "params": params}))

    def ask(
        self, method: str, params: Message, limit: float, *, before: bytes = b""
    ) -> tuple[Any, float]:
        """The result of a request, and the seconds until it was there.

        *before* is sent with it, in the same breath: the edit that it is about.
        """
        self._last_id += 1
        wanted = self._last_id
        request = {"jsonrpc": "2.0", "id": wanted, "method": method, "params": params}
        data = before + framed(request)
        begun = self.send(data)
        for received, at in self.messages(limit):
            if received.get("id") == wanted and "method" not in received:
                if "error" in received:
                    raise NoAnswer(f"error: {received['error'].get('message')}")
                return received.get("result"), at - begun
        raise NoAnswer(f"no answer within {limit:.0f} s")

    def send(self, data: bytes) -> float:
        """When *data* began to be written."""
        begun = time.perf_counter()
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._into, rest) :]
        except OSError:
            raise NoAnswer("the server has ended") from None
        return begun

    def messages(self, limit: float) -> Iterator[tuple[Message, float]]:
        """What the server sends within *limit* seconds, and when the last of it had arrived.

        Requests of the server's are answered.
        """
        give_up = time.perf_counter() + limit
        while (frame := self._frame(give_up)) is not None:
            at = time.perf_counter()
            message = json.loads(frame)
            if "method" in message and "id" in message:
                self._answer(message)
            yield message, at

    def settle(self, quiet: float) -> None:
        """Read until nothing comes for *quiet* seconds."""
        while next(self.messages(quiet), None) is not None:
            pass

    def close(self, limit: float = 5.0) -> None:
        """Ask the server to end; end it where it does not."""
        with contextlib.suppress(NoAnswer):
            self.ask("shutdown", {}, limit)
            self.notify("exit", {})
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._waiting.close()
        self._log.close()
        try:
            self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        end_all(self._mark)

    def _answer(self, request: Message) -> None:
        result = None
        if request["method"] == "workspace/configuration":
            result = [self._settings for _ in request["params"]["items"]]
        self.send(framed({"jsonrpc": "2.0", "id": request["id"], "result": result}))

    def _frame(self, give_up: float) -> bytes | None:
        """The next message, ``None`` when there is none in time."""
        head = self._until(lambda: self._unread.find(b"\r\n\r\n") + 1, give_up)
        if not head:
            return None
        # Before it, some servers have lines of their log.
        found = _LENGTH.search(self._unread, 0, head)
        if found is None:
            raise NoAnswer(f"not a message: {bytes(self._unread[:100])!r}")
        length = int(found[1])
        start, end = head + 3, head + 3 + length
        if not self._until(lambda: len(self._unread) >= end, give_up):
            return None
        frame = bytes(self._unread[start:end])
        del self._unread[:end]
        return frame

    def _until(self, found: Callable[[], int], give_up: float) -> int:
        while not (result := found()):
            left = give_up - time.perf_counter()
            if left <= 0 or not self._waiting.select(left):
                return 0
            data = os.read(self._out, _READ)
            if not data:
                raise NoAnswer("the server has ended")
            self._unread += data
        return result


class Document:
    """The file *name*, open in *client*'s server, edited in the way that the server prefers."""

    def __init__(self, client: Client, name: str, text: str) -> None:
        self.uri = (client.folder / name).as_uri()
        self._client, self._text, self.version = client, text, 1
        item = {"uri": self.uri, "languageId": "sql", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": item})

    def close(self) -> None:
        self._client.notify("textDocument/didClose", {"textDocument": {"uri": self.uri}})

    def becoming(self, text: str) -> bytes:
        """The notification that the whole text has become *text*: one line, as the old one."""
        return self.replacing(self._text, text)

    def replacing(self, old: str, new: str) -> bytes:
        """The notification that the first *old* of the text has become *new*, ready to be sent."""
        start = self._text.index(old)
        before = self._text[:start]
        line, character = before.count("\n"), start - (before.rfind("\n") + 1)
        assert "\n" not in old
        self._text = before + new + self._text[start + len(old) :]
        self.version += 1
        change: Message = {"text": self._text}
        if self._client.is_incremental:
            change = {
                "range": {
                    "start": {"line": line, "character": character},
                    "end": {"line": line, "character": character + len(old)},
                },
                "text": new,
            }
        document = {"uri": self.uri, "version": self.version}
        return framed(
            {
                "jsonrpc": "2.0",
                "method": "textDocument/didChange",
                "params": {"textDocument": document, "contentChanges": [change]},
            }
        )


def framed(message: Message) -> bytes:
    """*message* as it goes over the wire."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
