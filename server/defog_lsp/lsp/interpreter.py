"""What of the interpreter's own work would keep the loop waiting, arranged so that it does not.

A full garbage collection looks at every object: up to half a second with a large file open, in
which no thread runs. Nearly all that there is lives for long, and what does not is mostly freed
without a collection, so that there is little to gain while somebody works. It is done when nobody
has said anything for a while.
"""

import asyncio
import gc
import sys
from collections.abc import Callable

__all__ = ["collect_when_quiet", "hold_collections", "keep_loaded", "share_time"]

_SWITCH_SECONDS = 0.001
"""How long a thread that computes keeps the loop waiting."""
_YOUNG, _MIDDLE = 700, 10
"""As Python has it: collections of what is new, and of what has survived one; both are short."""
_MOST = 600
"""Of the latter, before a full one is done whoever waits: millions of objects have come and stayed,
each of the collections stands for 7,000. A file of 10,000 lines makes as many as a half of that."""
_WORTH = 50
"""Of the latter, before a full one is worth its time."""
_LOOK_SECONDS = 5.0


def hold_collections() -> None:
    """No collections until ``share_time``: while modules are loaded, nothing is garbage."""
    gc.disable()


def share_time() -> None:
    """Let the loop run soon whatever threads do, and collections wait for a quiet moment."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(_YOUNG, _MIDDLE, _MOST)
    keep_loaded()
    gc.enable()


def keep_loaded() -> None:
    """What there is now stays, such as modules, and need not be looked at again."""
    gc.freeze()


async def collect_when_quiet(is_quiet: Callable[[], bool]) -> None:
    """Collect garbage where enough may have come together and *is_quiet* says that nobody waits."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if gc.get_count()[2] >= _WORTH and is_quiet():
            gc.collect()
