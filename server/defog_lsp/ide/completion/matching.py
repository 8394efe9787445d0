"""How well a name fits what has been typed of it."""

import re

__all__ = ["fit", "stands_for"]

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def fit(typed: str, name: str) -> int | None:
    """How far *name* is from *typed*: 0 is best, ``None`` is no match at all.

    A prefix beats a later part (``id`` in ``customer_id``), which beats initials (``cid``),
    which beat letters that merely come in order.
    """
    if not typed:
        return 0
    wanted, given = typed.casefold(), name.casefold()
    if given == wanted:
        return 0
    if given.startswith(wanted):
        return 1
    parts = [it.casefold() for it in _PARTS.findall(name)]
    if any(it.startswith(wanted) for it in parts):
        return 2
    if _abbreviates(wanted, parts):
        return 3
    if wanted in given:
        return 4
    letters = iter(given)
    # The first letter must be right: anything else looks like noise to whoever is typing.
    return 5 if given[:1] == wanted[:1] and all(it in letters for it in wanted) else None


def stands_for(alias: str, name: str) -> float:
    """How likely *alias* is short for *name*, from 0 to 1: initials, of a later part, letters.

    >>> [stands_for(it, "user_sessions") for it in ("us", "s", "usn", "x")]
    [1.0, 0.8, 0.4, 0.0]
    """
    wanted = alias.casefold().rstrip("0123456789") or alias.casefold()
    parts = [it.casefold() for it in _PARTS.findall(name)]
    if parts and wanted[:1] == parts[0][:1] and _abbreviates(wanted, parts):
        return 1.0
    if any(_abbreviates(wanted, parts[index:]) for index in range(1, len(parts))):
        return 0.8
    letters = iter(name.casefold())
    return 0.4 if all(it in letters for it in wanted) else 0.0


def _abbreviates(wanted: str, parts: list[str]) -> bool:
    """Whether *wanted* is made of beginnings of the parts, in order: ``cuid``, ``cid``."""
    if not wanted:
        return True
    if not parts:
        return False
    head, *rest = parts
    longest = next(
        (i for i in range(min(len(head), len(wanted)), 0, -1) if head.startswith(wanted[:i])), 0
    )
    return any(_abbreviates(wanted[i:], rest) for i in range(longest, 0, -1)) or _abbreviates(
        wanted, rest
    )
