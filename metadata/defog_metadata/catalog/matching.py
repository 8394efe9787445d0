"""Which names somebody may mean who has typed a part of one.

The rules, without an index: whatever finds names faster finds the same ones.
"""

import re
from collections.abc import Sequence

from defog_metadata.spelling import distance

__all__ = ["SHORTEST_INSIDE", "SHORTEST_SLIP", "Typed", "abbreviates", "closeness", "name_words"]

SHORTEST_INSIDE = 3
"""Fewer letters are inside too many names to mean one of them."""
SHORTEST_SLIP = 4
"""In fewer letters a typing error cannot be told from another word."""

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


def closeness(typed: Typed, key: str, words: Sequence[str]) -> int | None:
    """How close the casefolded name *key* of *words* is to *typed*: 0 is closest, ``None`` not.

    0: it starts so; 1: the words from some word on do; 2: it contains it; 3: the beginnings of
    some words make it up in order; 4: as 0 or 1, but for one slip.

    >>> [closeness(Typed(it), "order_line_items", ("order", "line", "items"))
    ...  for it in ("ord", "line_it", "ine_", "ordli", "oredr", "x")]
    [0, 1, 2, 3, 4, None]
    """
    if key.startswith(typed.key):
        return 0
    if not typed.letters:
        return None
    beginnings = [" ".join(words[it:]) for it in range(len(words))]
    if any(it.startswith(typed.words) for it in beginnings):
        return 1
    if len(typed.key) >= SHORTEST_INSIDE and typed.key in key:
        return 2
    if abbreviates(typed.letters, words):
        return 3
    if len(typed.words) >= SHORTEST_SLIP and any(
        _starts_alike(typed.words, it) for it in beginnings
    ):
        return 4
    return None


def abbreviates(letters: str, words: Sequence[str]) -> bool:
    """Whether *letters* is made of beginnings of some *words*, in order: ``cuid``, ``cid``."""
    if not letters:
        return True
    for place, word in enumerate(words):
        for end in range(min(len(word), len(letters)), 0, -1):
            if word.startswith(letters[:end]) and abbreviates(letters[end:], words[place + 1 :]):
                return True
    return False


def _starts_alike(typed: str, name: str) -> bool:
    return any(
        distance(typed, name[:length]) <= 1
        for length in range(len(typed) - 1, min(len(typed) + 1, len(name)) + 1)
    )
