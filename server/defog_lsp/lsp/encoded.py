"""What is JSON already when it reaches the loop: results, and what we tell unasked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from cattrs import Converter
from pygls.protocol import default_converter

__all__ = ["Encoded", "encoded", "listed", "plain"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The result of a request, or a notification's parameters, to be sent as they are."""

    body: bytes


def encoded(result: object) -> Encoded:
    """*result*, which is made of what JSON has, encoded. Meant for the thread that made it."""
    return Encoded(_ENCODER.encode(result).encode("ascii"))


def plain(value: object, shape: object = None) -> Any:
    """A value of the protocol, of *shape* where that says more than its type, as JSON has it."""
    return _converter().unstructure(value, shape)


def listed(head: str, items: Iterable[object], tail: str) -> Encoded:
    """Values of the protocol as a list, between what is JSON already.

    One by one: no other thread runs while one is encoded.
    """
    texts = (_ENCODER.encode(plain(it)) for it in items)
    return Encoded(f"{head}[{','.join(texts)}]{tail}".encode("ascii"))


@cache
def _converter() -> Converter:
    converter: Converter = default_converter()  # type: ignore[no-untyped-call]
    return converter


_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)
