"""How much memory a process needs."""

import resource
import sys

__all__ = ["peak_memory"]


def peak_memory() -> float:
    """The most that this process has ever held, in MiB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
