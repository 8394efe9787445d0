"""Which known words a misspelled one may have meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher

__all__ = ["nearest"]

_CLOSE_ENOUGH = 0.7


def nearest(written: str, known: Iterable[str], *, limit: int = 3) -> tuple[str, ...]:
    """Up to *limit* of the *known* words, the closest first; letter case is ignored.

    >>> nearest("custmer_id", ["id", "customer_id", "amount"])
    ('customer_id',)
    """
    matcher = SequenceMatcher(b=written.casefold(), autojunk=False)
    rated: list[tuple[float, str]] = []
    for word in dict.fromkeys(known):
        matcher.set_seq1(word.casefold())
        if (
            matcher.real_quick_ratio() >= _CLOSE_ENOUGH
            and matcher.quick_ratio() >= _CLOSE_ENOUGH
            and (ratio := matcher.ratio()) >= _CLOSE_ENOUGH
        ):
            rated.append((-ratio, word))
    return tuple(word for _, word in sorted(rated)[:limit])
