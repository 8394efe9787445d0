"""Words that are written together, and what words have in common."""

from collections.abc import Callable

__all__ = ["LONGEST_AFFIX", "SHORTEST_PART", "parts_of", "root_of"]

SHORTEST_PART = 4
LONGEST_AFFIX = 3
"""What may stand before a known word in a compound without being known itself: ``tbl``, ``sb``."""
_SHORTEST_COMPOUND = 5
_LONGEST_START = 5

# The words that the names of columns end with in any schema: in one where nothing is separated
# they never stand alone.
_ENDINGS = frozenset(
    """id key code name date time type number num no nr count flag desc status address price cost
    amount amt qty quantity total value rate year month day start end text title level rank score
    """.split()
)
_SUFFIXES = (
    *("izations", "ization", "ations", "ation", "ments", "ment", "ances", "ance", "ences"),
    *("ence", "ings", "ing", "ities", "ity", "ives", "ive", "ures", "ure", "ors", "or", "ers"),
    *("er", "als", "al", "ions", "ion", "ists", "ist", "ies", "ied", "es", "ed", "ly", "s"),
    *("e", "y"),
)
_SHORTEST_ROOT = 3


def parts_of(word: str, is_form: Callable[[str], bool]) -> tuple[str, ...]:
    """The known words that *word* is made of without separators; none if it is not.

    A few letters before them need not be known.
    """
    if len(word) < _SHORTEST_COMPOUND:
        return ()
    covers = _covers(word, is_form)
    for start in range(min(_LONGEST_START, len(word))):
        found = covers[start]
        if not found or (start > LONGEST_AFFIX + 1 and not is_form(word[:start])):
            continue
        if start or len(found) > 1:
            return (word[:start], *found) if start > 1 else found
    return ()


def _covers(word: str, is_form: Callable[[str], bool]) -> list[tuple[str, ...] | None]:
    """From each letter on, the fewest known words that the rest is, the first the longest."""
    found: list[tuple[str, ...] | None] = [*([None] * len(word)), ()]
    for start in range(len(word) - 1, -1, -1):
        best: tuple[str, ...] | None = None
        for end in range(len(word), start + 1, -1):
            rest = found[end]
            if rest is None or (best is not None and len(rest) + 1 >= len(best)):
                continue
            if end - start < len(word) and _is_word(word[start:end], is_form):
                best = (word[start:end], *rest)
        found[start] = best
    return found


def _is_word(part: str, is_form: Callable[[str], bool]) -> bool:
    return part in _ENDINGS or (len(part) >= SHORTEST_PART and is_form(part))


def root_of(word: str) -> str:
    """What *word* shares with the others that are made of the same.

    >>> root_of("citation"), root_of("cited")
    ('cit', 'cit')
    """
    for ending in _SUFFIXES:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ROOT:
            return word[: -len(ending)]
    return word
