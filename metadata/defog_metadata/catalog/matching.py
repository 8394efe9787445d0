"""Which names somebody may mean who has typed a part of one.

The rules, without an index: whatever finds names faster finds the same ones.
"""

import heapq
import re
from collections.abc import Iterable, Iterator, Sequence

from defog_metadata.catalog.values import TableSummary
from defog_metadata.spelling import distance

__all__ = [
    "ENOUGH",
    "SHORTEST_INSIDE",
    "SHORTEST_SLIP",
    "Typed",
    "abbreviates",
    "best",
    "best_columns",
    "closeness",
    "is_slip",
    "name_words",
    "slips_of",
]

SHORTEST_INSIDE = 3
"""Fewer letters are inside too many names to mean one of them."""
SHORTEST_SLIP = 4
"""In fewer letters a typing error cannot be told from another word."""
ENOUGH = 8
"""Where so many names fit what is typed, it is no abbreviation, and no typing error."""

_SHORT, _SLIP = 3, 4  # what ``closeness`` says of abbreviations, and farther than that
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def name_words(name: str) -> tuple[str, ...]:
    """The casefolded words of *name*.

    >>> name_words("order_lineItems2")
    ('order', 'line', 'items', '2')
    """
    return tuple(
        part.casefold() for word in _WORDS.findall(name) for part in _HUMPS.split(word) if part
    )


class Typed:
    """What somebody has typed of a name, in any letter case."""

    def __init__(self, text: str) -> None:
        self.key = text.casefold()
        found = _WORDS.findall(self.key)
        self.words = " ".join(found)
        """Its words; humps say nothing, since the letter case does not."""
        self.letters = "".join(found)


def best(
    typed: Typed, known: Iterable[tuple[str, Sequence[str], TableSummary]], *, limit: int
) -> list[TableSummary]:
    """The *limit* tables that *typed* means best of the *known* ones.

    Each comes after its casefolded name and its words. In the order of ``closeness``, shorter
    names first. Abbreviations, and then what is only a slip away, come where there are not
    ``ENOUGH`` others.
    """
    found: list[tuple[int, int, str, str, int, TableSummary]] = []
    others: list[tuple[int, str, Sequence[str], TableSummary]] = []
    for place, (key, words, it) in enumerate(known):
        close = closeness(typed, key, words)
        if close is None:
            others.append((place, key, words, it))
        else:
            found.append((close, len(key), key, it.schema, place, it))
    closer = [it for it in found if it[0] != _SHORT]
    if len(closer) >= ENOUGH:
        found = closer
    if len(found) < ENOUGH:
        found += [
            (_SLIP, len(key), key, it.schema, place, it)
            for place, key, words, it in others
            if is_slip(typed, words)
        ]
    return [it[-1] for it in heapq.nsmallest(limit, found)]


def best_columns(typed: Typed, known: Iterable[str], *, limit: int) -> list[str]:
    """The *limit* of the *known* different names of columns that *typed* means best.

    In the order of ``closeness``, shorter names first.
    """
    rated = ((closeness(typed, it.casefold(), name_words(it)), it) for it in known)
    found = [(close, len(it), it.casefold(), it) for close, it in rated if close is not None]
    return [it[-1] for it in heapq.nsmallest(limit, found)]


def closeness(typed: Typed, key: str, words: Sequence[str]) -> int | None:
    """How close the casefolded name *key* of *words* is to *typed*: 0 is closest, ``None`` not.

    0: it starts so; 1: the words from some word on do; 2: it contains it; 3: the beginnings of
    some words make it up in order.

    >>> [closeness(Typed(it), "order_line_items", ("order", "line", "items"))
    ...  for it in ("ord", "line_it", "ine_", "ordli", "x")]
    [0, 1, 2, 3, None]
    """
    if key.startswith(typed.key):
        return 0
    if not typed.letters:
        return None
    if any(it.startswith(typed.words) for it in _beginnings(words)):
        return 1
    if len(typed.key) >= SHORTEST_INSIDE and typed.key in key:
        return 2
    return _SHORT if abbreviates(typed.letters, words) else None


def is_slip(typed: Typed, words: Sequence[str]) -> bool:
    """Whether a name, from one of its *words* on, starts with what is typed but for one slip.

    >>> [is_slip(Typed(it), ("order", "items")) for it in ("oredr", "itmes", "order_it", "xy")]
    [True, True, True, False]
    """
    return len(typed.words) >= SHORTEST_SLIP and any(
        distance(typed.words, it[:length]) <= 1
        for it in _beginnings(words)
        for length in range(len(typed.words) - 1, min(len(typed.words) + 1, len(it)) + 1)
    )


def slips_of(text: str, letters: Iterable[str]) -> set[str]:
    """What somebody may have wanted to type who made one slip, with these *letters*.

    >>> sorted(slips_of("ab", "b"))
    ['a', 'ab', 'abb', 'b', 'ba', 'bab', 'bb']
    """
    found: set[str] = set()
    known = tuple(letters)
    for place in range(len(text) + 1):
        before, after = text[:place], text[place:]
        found.update(before + it + after for it in known)
        if after:
            found.add(before + after[1:])
            found.update(before + it + after[1:] for it in known)
        if len(after) > 1:
            found.add(before + after[1] + after[0] + after[2:])
    return found


def abbreviates(letters: str, words: Sequence[str]) -> bool:
    """Whether *letters* is made of beginnings of some *words*, in order: ``cuid``, ``cid``."""
    if not letters:
        return True
    for place, word in enumerate(words):
        for end in range(min(len(word), len(letters)), 0, -1):
            if word.startswith(letters[:end]) and abbreviates(letters[end:], words[place + 1 :]):
                return True
    return False


def _beginnings(words: Sequence[str]) -> Iterator[str]:
    return (" ".join(words[it:]) for it in range(len(words)))
