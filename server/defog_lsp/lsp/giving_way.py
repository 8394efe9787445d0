"""Work in threads that nobody waits for: it lets everything else go first."""

import time
from collections.abc import Callable

from defog_metadata.progress import Stop

__all__ = ["GivingWay"]

_PAUSE_SECONDS = 0.005
_LONGEST_SECONDS = 0.25
"""Of one wait: so the work gets somewhere where somebody always waits for something."""


class GivingWay(Stop):
    """Whoever asks whether it is set waits while *is_busy*. For ``stopping``, in threads.

    Threads share one interpreter: the next statement of a file that nobody looks at would delay
    the answer that a person waits for.
    """

    __slots__ = ("_is_busy",)

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._is_busy = is_busy

    @property
    def is_set(self) -> bool:
        end = time.monotonic() + _LONGEST_SECONDS
        while self._is_busy() and time.monotonic() < end:
            time.sleep(_PAUSE_SECONDS)
        return super().is_set
