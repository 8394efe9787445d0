"""A client that speaks bytes: for what no good client says, and for when it falls silent."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.lsp.editor import SERVE, environment

__all__ = ["INITIALIZE", "Raw", "framed", "raw_server"]

_PATIENCE = 30.0
INITIALIZE: Mapping[str, object] = {"processId": None, "rootUri": None, "capabilities": {}}


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


class Raw:
    """Messages over any pair of streams."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._ids = 0
        self.heard: list[Any] = []

    def send_bytes(self, data: bytes) -> None:
        self.writer.write(data)

    def send(self, **message: object) -> None:
        self.send_bytes(framed(json.dumps({"jsonrpc": "2.0", **message}).encode()))

    def notify(self, method: str, params: object = None) -> None:
        self.send(method=method, params=params)

    def ask(self, method: str, params: object = None) -> int:
        self._ids += 1
        self.send(id=self._ids, method=method, params=params)
        return self._ids

    async def request(self, method: str, params: object = None) -> Any:
        """The response, whatever notifications come before it."""
        return await self.response(self.ask(method, params))

    async def response(self, message_id: object) -> Any:
        while True:
            message = await self.receive()
            if "method" not in message and message.get("id") == message_id:
                return message
            self.heard.append(message)

    async def receive(self) -> Any:
        async with asyncio.timeout(_PATIENCE):
            header = await self.reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.partition(b":")[2])
                for line in header.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            return json.loads(await self.reader.readexactly(length))

    async def greet(self) -> Any:
        answer = await self.request("initialize", INITIALIZE)
        self.notify("initialized", {})
        return answer


class RawProcess(Raw):
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        assert process.stdin is not None
        super().__init__(process.stdout, process.stdin)
        self.process = process

    async def ended(self) -> int:
        async with asyncio.timeout(_PATIENCE):
            return await self.process.wait()


@asynccontextmanager
async def raw_server(
    home: Path, script: str = SERVE, python: Sequence[str] = ()
) -> AsyncIterator[RawProcess]:
    with (home / "stderr.txt").open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *python,
            "-c",
            script,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env=environment(home),
        )
        raw = RawProcess(process)
        try:
            yield raw
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            raw.writer.close()
            # The pipes' transports end with the loop's next turns.
            await asyncio.sleep(0.01)
