"""Lists of numbers as SQLite keeps them."""

import sys
import zlib
from array import array
from collections.abc import Iterable
from itertools import accumulate
from operator import sub

__all__ = ["packed_numbers", "packed_weights", "storable", "unpacked_numbers", "unpacked_weights"]

_IS_SWAPPED = sys.byteorder == "big"
_LEAST_SQUEEZED = 256


def packed_numbers(numbers: "array[int]") -> bytes:
    """Ascending *numbers* as what lies between them, which squeezes to a byte or two each."""
    between = array("I", numbers[:1])
    between.extend(map(sub, numbers[1:], numbers))
    return _packed(between)


def unpacked_numbers(chunks: Iterable[bytes]) -> "array[int]":
    """The numbers of all *chunks*, in order."""
    found = array("I")
    for it in chunks:
        found.extend(accumulate(_unpacked("I", it)))
    return found


def packed_weights(weights: "array[float]") -> bytes:
    return _packed(weights)


def unpacked_weights(chunks: Iterable[bytes]) -> "array[float]":
    found = array("f")
    for it in chunks:
        found.extend(_unpacked("f", it))
    return found


def storable(text: str) -> str:
    """*text* without lone surrogates, which JSON can say and SQLite cannot store."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _packed(values: "array[int] | array[float]") -> bytes:
    if _IS_SWAPPED:
        values = values[:]
        values.byteswap()
    data = values.tobytes()
    # A first byte tells what follows; most lists are too short to become shorter.
    return b"z" + zlib.compress(data, 1) if len(data) >= _LEAST_SQUEEZED else b"r" + data


def _unpacked(kind: str, data: bytes) -> "array[int]":
    found = array(kind)
    found.frombytes(zlib.decompress(data[1:]) if data[:1] == b"z" else data[1:])
    if _IS_SWAPPED:
        found.byteswap()
    return found
