"""Answers that are lists, told in parts as they are found (``partialResultToken``)."""

import json
import time
from collections.abc import Iterator
from typing import TypeVar

from defog_lsp.lsp.client import Client
from defog_lsp.lsp.encoded import listed
from defog_lsp.lsp.tasks import in_thread

__all__ = ["in_parts"]

T = TypeVar("T")
_PART_SECONDS = 0.25
"""After which what has been found so far is told."""


async def in_parts(client: Client, token: str | int | None, found: Iterator[T]) -> list[T]:
    """All that is *found*, in threads; nothing where the client, by its *token*, was told before.

    *found* are values of the protocol.
    """
    if token is None:
        return await in_thread(list, found)
    head = f'{{"token":{json.dumps(token)},"value":'
    while part := await in_thread(_part, found):
        client.tell_part(await in_thread(listed, head, part, "}"))
    return []


def _part(found: Iterator[T]) -> list[T]:
    """The next ones; empty when there are no more."""
    began = time.monotonic()
    part: list[T] = []
    for it in found:
        part.append(it)
        if time.monotonic() - began > _PART_SECONDS:
            break
    return part
