"""Which known words a misspelled one may have meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher

__all__ = ["distance", "is_clear", "nearest", "recased"]

# How many slips a word may have, as a share of its length, and at the most.
_SLIPS = 0.3
_MOST_SLIPS = 4
# Shorter words are too many, and too much alike, for one to be clearly meant.
_SHORTEST_CLEAR = 3
# What a part of a name must have to tell which name it is a part of.
_SHORTEST_PART = 3


def nearest(written: str, known: Iterable[str], *, limit: int = 3) -> tuple[str, ...]:
    """Up to *limit* of the *known* words, the closest first; letter case is ignored.

    Words that are equally close are in the order in which *known* gives them.

    >>> nearest("custmer_id", ["id", "customer_id", "amount"])
    ('customer_id',)
    >>> nearest("usm", ["sum", "um", "usage"]), nearest("created", ["created_at"])
    (('sum', 'um'), ('created_at',))
    """
    key = written.casefold()
    letters = frozenset(key)
    rated: list[tuple[float, float, int, str]] = []
    for index, word in enumerate(dict.fromkeys(known)):
        other = word.casefold()
        bound = _bound(len(key), len(other))
        # Most words have too many other letters, which is cheaper to see than what is between.
        if abs(len(key) - len(other)) <= bound and len(letters ^ set(other)) <= 2 * bound:
            slips = distance(key, other)
            if slips <= bound and not len(key) == len(other) == slips:
                ratio = SequenceMatcher(None, key, other, autojunk=False).ratio()
                rated.append((slips, -ratio, index, word))
                continue
        if _is_part(key, other) or _is_part(other, key):
            rated.append((_MOST_SLIPS + 1, abs(len(key) - len(other)), index, word))
    return tuple(word for *_, word in sorted(rated)[:limit])


def is_clear(written: str, close: tuple[str, ...]) -> bool:
    """Whether the first of *close*, the words nearest to *written*, is surely the one meant."""
    if not close or len(written) < _SHORTEST_CLEAR:
        return False
    best, *others = (distance(written.casefold(), it.casefold()) for it in close[:2])
    return best <= _bound(len(written), len(close[0])) and all(it > best for it in others)


def distance(left: str, right: str) -> int:
    """How many letters must be added, dropped, changed or swapped with a neighbour.

    The bit-parallel algorithm of H. Hyyrö (2003): a column of the table is one integer.

    >>> distance("count", "ocunt"), distance("sum", "um"), distance("", "ab")
    (1, 1, 2)
    """
    if not left:
        return len(right)
    places: dict[str, int] = {}
    for index, letter in enumerate(left):
        places[letter] = places.get(letter, 0) | 1 << index
    every = (1 << len(left)) - 1
    last = 1 << (len(left) - 1)
    found = len(left)
    more, fewer, before, diagonal = every, 0, 0, 0
    for letter in right:
        here = places.get(letter, 0)
        swapped = ((~diagonal & here) << 1) & before
        diagonal = ((((here & more) + more) ^ more) | here | fewer | swapped) & every
        up, down = fewer | (~(diagonal | more) & every), diagonal & more
        found += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & every, down << 1 & every
        more, fewer = down | (~(diagonal | up) & every), up & diagonal
        before = here
    return found


def recased(word: str, written: str) -> str:
    """*word* in the letter case of *written*, a misspelling of it, as far as that goes.

    >>> recased("count", "COgNT"), recased("sbtransaction", "sbTransacton")
    ('COUNT', 'sbTransaction')
    """
    letters: list[str] = []
    matcher = SequenceMatcher(None, word.casefold(), written.casefold(), autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            letters += written[other_start:other_end]
        else:
            around = written[max(other_start - 1, 0) : other_start] + written[other_end:][:1]
            if len(around) == 1:  # at an edge, a capital alone says nothing
                around = written[:other_start][-2:] + written[other_end:][:2]
            is_upper = len(around) > 1 and around.isupper()
            letters += word[start:end].upper() if is_upper else word[start:end]
    return "".join(letters)


def _bound(length: int, other: int) -> int:
    return min(max(1, round(_SLIPS * max(length, other))), _MOST_SLIPS)


def _is_part(part: str, whole: str) -> bool:
    """Whether *whole* starts or ends with *part* and an underscore between it and the rest."""
    return len(part) >= _SHORTEST_PART and (
        whole.startswith(f"{part}_") or whole.endswith(f"_{part}")
    )
