"""The smallest client that a language server takes for an editor: JSON-RPC over stdio.

Messages stay dictionaries, as they are on the wire: the demo shows what really comes.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from defog_metadata.errors import DefogError

__all__ = ["Client", "SessionFailed", "server_command"]

Message = dict[str, Any]
_PATIENCE_SECONDS = 60.0


class SessionFailed(DefogError):
    """The server did not do what a session needs."""


class Client:
    """One server process, from ``async with`` to its end."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: IO[bytes]
    ) -> None:
        self._command = command
        self._folder = folder
        self._environment = environment
        self._log = log
        self._answers: dict[int, asyncio.Future[Message]] = {}
        self._heard: list[Message] = []
        self._news = asyncio.Condition()
        self._ended = False

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=self._folder,
            env=dict(self._environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._log,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                await self.request("shutdown", None)
                self.notify("exit", None)
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._process.wait()
        finally:
            if self._process.returncode is None:
                with suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()
            await self._reading

    @property
    def exit_status(self) -> int | None:
        return self._process.returncode

    def notify(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    async def request(self, method: str, params: object) -> Any:
        """The result; raises ``SessionFailed`` for an error, an end or a long silence."""
        number = len(self._answers) + 1
        future = self._answers[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": params})
        if self._ended:
            raise SessionFailed(f"the server ended before {method}")
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                answer = await future
        except TimeoutError:
            raise SessionFailed(f"the server did not answer {method}") from None
        if "error" in answer:
            raise SessionFailed(f"the server answered {method} with {answer['error']}")
        return answer["result"]

    async def heard(self, method: str, accept: Callable[[Any], bool]) -> Any:
        """The parameters of the first notification *method* that *accept* takes."""
        seen = 0
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._news:
                while True:
                    for message in self._heard[seen:]:
                        if message["method"] == method and accept(message["params"]):
                            return message["params"]
                    seen = len(self._heard)
                    if self._ended:
                        raise SessionFailed(f"the server ended before {method}")
                    await self._news.wait()
        except TimeoutError:
            said = [it["params"] for it in self._heard if it["method"] == method]
            raise SessionFailed(f"no {method} as expected came, but {said}") from None

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        if self._process.stdin is not None:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def _read(self) -> None:
        stream = self._process.stdout
        if stream is None:
            return
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                header = await stream.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.partition(b":")[2])
                    for line in header.splitlines()
                    if line.lower().startswith(b"content-length:")
                )
                await self._receive(json.loads(await stream.readexactly(length)))
        self._ended = True
        for future in self._answers.values():
            if not future.done():
                future.set_result({"error": "nothing: it ended"})
        async with self._news:
            self._news.notify_all()

    async def _receive(self, message: Message) -> None:
        if "method" not in message:
            future = self._answers[message["id"]]
            if not future.done():
                future.set_result(message)
        elif "id" in message:
            # An editor without settings and without wishes.
            items = (message.get("params") or {}).get("items")
            self._send({"id": message["id"], "result": [None] * len(items) if items else None})
        else:
            async with self._news:
                self._heard.append(message)
                self._news.notify_all()


def server_command() -> list[str]:
    return [sys.executable, "-m", "defog_lsp", "serve"]
