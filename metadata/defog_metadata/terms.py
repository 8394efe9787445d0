"""Text and names as the words that they are made of."""

import re
from functools import lru_cache
from itertools import takewhile

__all__ = ["shared_start", "stem", "stems", "terms", "words"]

_WORDS = re.compile(r"[^\W\d_]+|\d+")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_STOP = frozenset(
    """a an and are as at be been by did do does each for from had has have he her his how i if in
    into is it its list me my of on or our she show so than that the their them then there these
    they this those to was we were what when where which who whom whose why will with you your give
    find get return all any many much per using use should would can could
    """.split()
)


# Words of nearly every question, and of nearly every table: they tell a whole name apart from
# another, but say nothing of what a text is about.
_GENERAL = frozenset(("name", "names", "number"))


@lru_cache(maxsize=65536)
def terms(text: str) -> tuple[str, ...]:
    """The words of *text* in order: lower case, identifiers split, endings off, fillers out.

    >>> terms("How many customerOrders were shipped by region_id?")
    ('customer', 'order', 'ship', 'region', 'id')
    """
    return tuple(stem(it) for it in words(text) if it not in _GENERAL)


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """The words of *text* as ``terms`` has them, with their endings, and the general ones too.

    >>> words("How many customerOrders by name were shipped?")
    ('customer', 'orders', 'name', 'shipped')
    """
    found: list[str] = []
    for word in _WORDS.findall(text):
        # Most have no humps, which is cheaper to see than to look for them.
        found += (word,) if word.islower() else (it.lower() for it in _HUMPS.split(word))
    return tuple(it for it in found if it not in _STOP)


@lru_cache(maxsize=65536)
def stems(text: str) -> tuple[str, ...]:
    """The words of *text* in order, with their endings off and the general ones among them.

    >>> stems("How many customerOrders by name were shipped?")
    ('customer', 'order', 'name', 'ship')
    """
    return tuple(stem(it) for it in words(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """*word* without its commonest endings; crude, but the same for questions and names."""
    for ending, least, replacement in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            stem = word[: -len(ending)] + replacement
            # shipped, shipping: a doubled consonant belongs to the ending.
            if ending in {"ed", "ing"} and stem[-1:] == stem[-2:-1] and stem[-1:] not in "lse":
                stem = stem[:-1]
            return stem
    return word


def shared_start(one: str, other: str) -> str:
    """The letters that both begin with."""
    same = takewhile(lambda it: it[0] == it[1], zip(one, other, strict=False))
    return one[: sum(1 for _ in same)]


_ENDINGS = (
    ("sses", 2, "ss"),
    ("ies", 2, "y"),
    ("xes", 2, "x"),
    ("ches", 2, "ch"),
    ("shes", 2, "sh"),
    ("ss", 1, "ss"),
    ("us", 2, "us"),
    ("s", 3, ""),
    ("ing", 3, ""),
    ("ed", 3, ""),
    ("ly", 3, ""),
)
