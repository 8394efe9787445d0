"""Standard input and output for a protocol, and for nothing else."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

__all__ = ["private_stdio"]


@contextmanager
def private_stdio() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Stdin and stdout for the protocol alone.

    Meanwhile a ``print``, here or in a driver written in C, goes to stderr, and whatever asks for
    input finds none.
    """
    stdin, stdout = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    printed, sys.stdout = sys.stdout, sys.stderr
    try:
        # Unbuffered: a thread that waits in a buffered stream holds its lock, on which Python
        # would stop with a fatal error when it exits.
        reader = os.fdopen(stdin, "rb", buffering=0, closefd=False)
        yield reader, os.fdopen(stdout, "wb", closefd=False)
    finally:
        sys.stdout = printed
        os.dup2(stdin, 0)
        os.dup2(stdout, 1)
