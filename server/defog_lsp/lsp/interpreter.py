"""What of the interpreter's own work would keep the loop waiting, arranged so that it does not.

A full garbage collection looks at every object: 0.1 to 0.3 seconds with a large file open, and no
thread runs meanwhile. Nearly all that lives does so for long, so that there is nothing to gain
while somebody types. It is done when nobody has asked for anything for a while.
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
_MOST = 150
"""Of the latter (each for some 7,000 objects more), before memory matters more than time."""
_WORTH = 10
_LOOK_SECONDS = 1.0


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
