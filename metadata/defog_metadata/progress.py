"""How long work tells its caller where it is, and asks whether to go on."""

from collections.abc import Callable

__all__ = ["Cancelled", "Progress"]

Progress = Callable[[int, int | None, str], None]
"""Called with what is done, how much there is in total (``None``: unknown) and what is next."""

Cancelled = Callable[[], bool]
"""Answers whether the caller wants the work to stop."""
