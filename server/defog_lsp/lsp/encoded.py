"""What is JSON already when it reaches the loop: results, and what we tell unasked."""

import json
from dataclasses import dataclass

__all__ = ["Encoded", "encoded"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The result of a request, or a notification's parameters, to be sent as they are."""

    body: bytes


def encoded(result: object) -> Encoded:
    """*result*, which is made of what JSON has, encoded. Meant for the thread that made it."""
    return Encoded(_ENCODER.encode(result).encode("ascii"))


_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)
