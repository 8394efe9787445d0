"""Results that are JSON already when they reach the loop."""

import json
from dataclasses import dataclass

__all__ = ["Encoded", "encoded"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """What a request is answered with, for the protocol to send as it is."""

    body: bytes


def encoded(result: object) -> Encoded:
    """*result*, which is made of what JSON has, encoded. Meant for the thread that made it."""
    return Encoded(_ENCODER.encode(result).encode("ascii"))


_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)
