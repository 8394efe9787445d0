"""Which of a catalog's words a question's words stand for.

People write *customer* where a column says ``cust``, *order date* where it says ``orderdate``, and
*citations* where it says ``cited``. What follows are rules of the language of names, not a list of
synonyms: they know no subject.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from defog_metadata.catalog.index import LONGEST_SHORT, Lexicon
from defog_metadata.catalog.index.compounds import (
    LONGEST_AFFIX,
    SHORTEST_PART,
    parts_of,
    root_of,
)
from defog_metadata.spelling import distance
from defog_metadata.terms import shared_start, stem, words

__all__ = ["Asked", "Vocabulary"]

# How sure it is that a question's word means a catalog's word, by what ties them.
_SAME = 1.0
_RELATED = 0.6
"""Of one root: *citation*, ``cited``."""
_PART = 0.8
"""A part of a name without separators: *price*, ``dailyprice``."""
_SHORT = 0.5
"""An abbreviation: *quantity*, ``qty``."""
_MISSPELLED = 0.5

_SHORTEST_SHORT = 2
_SHORTEST_MISSPELLED = 5
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of the question, and the catalog's words that it may mean, each with how surely."""

    word: str
    means: Mapping[str, float]


class Vocabulary:
    """The words that a catalog is written in, as ``terms`` makes them. Never changes."""

    def __init__(self, known: Lexicon) -> None:
        self._known = known

    def asked(self, question: str) -> tuple[Asked, ...]:
        """The words of *question*, each once; those that mean nothing here included."""
        written = words(question)
        found: dict[str, dict[str, float]] = {}
        for word in written:
            term = stem(word)
            if term not in found:
                found[term] = dict(self._meant(word, term))
        for one, other in _neighbours(question):
            joined = stem(one + other)
            for term in (stem(one), stem(other)):
                if term in found and self._known.has(joined):
                    found[term][joined] = _SAME
        return tuple(Asked(word, means) for word, means in found.items())

    def _meant(self, word: str, term: str) -> Iterator[tuple[str, float]]:
        """What *word* may mean; where a word is found twice the later, surer tie counts."""
        if term.isdigit():
            if self._known.has(term):
                yield term, _SAME
            return
        is_known = self._known.has(term)
        found = [
            *((it, _SHORT) for it in self._abbreviations(word)),
            *((it, _SHORT) for it in (() if is_known else self._abbreviated(word))),
            *((it, _PART) for it in self._compounds(word, term)),
            *((it, _RELATED) for it in self._known.of_root(root_of(word))),
            *([(term, _SAME)] if is_known else []),
        ]
        yield from found or ((it, _MISSPELLED) for it in self._alike(word))

    def _abbreviations(self, word: str) -> Iterator[str]:
        if len(word) >= SHORTEST_PART:
            for it in self._known.shorts(word[:1]):
                if is_short_for(it, word):
                    yield from (it,) if self._known.has(it) else self._known.with_part(it)

    def _abbreviated(self, word: str) -> Iterator[str]:
        # An ordinary short word is no abbreviation: *car* is not for ``carrier``.
        if len(word) <= LONGEST_SHORT and (len(word) >= SHORTEST_PART or not _vowels(word[1:])):
            for it in self._known.forms(word[:1], len(word) + 2, _LONGEST):
                if is_short_for(word, it):
                    yield stem(it)

    def _compounds(self, word: str, term: str) -> Iterator[str]:
        yield from self._known.with_part(term)
        for form in {word, term}:
            if len(form) >= SHORTEST_PART:
                for found in self._known.containing(form):
                    # Where it is a part twice, the last one counts.
                    before, _, after = found.rpartition(form)
                    if (before or after) and self._is_affix(before) and self._is_tail(after):
                        yield stem(found)

    def _is_affix(self, part: str) -> bool:
        return len(part) <= LONGEST_AFFIX or self._is_made_of_words(part)

    def _is_tail(self, part: str) -> bool:
        return part in ("", "s") or part.isdigit() or self._is_made_of_words(part)

    def _is_made_of_words(self, part: str) -> bool:
        return self._known.has_form(part) or bool(parts_of(part, self._known.has_form))

    def _alike(self, word: str) -> Iterator[str]:
        if len(word) >= _SHORTEST_MISSPELLED:
            most = 1 if len(word) < 2 * SHORTEST_PART else 2
            for it in self._known.forms(word[:1], len(word) - most, len(word) + most):
                if distance(word, it) <= most:
                    yield stem(it)


def is_short_for(short: str, word: str) -> bool:
    """Whether *short* abbreviates *word*: begins it, or goes on with some of its consonants.

    >>> is_short_for("cust", "customer"), is_short_for("qty", "quantity")
    (True, True)
    >>> is_short_for("dept", "department"), is_short_for("dt", "date")
    (True, True)
    >>> is_short_for("car", "customer"), is_short_for("dad", "dashboard")
    (False, False)
    """
    if not _SHORTEST_SHORT <= len(short) < len(word) - 1 or not short.isalpha():
        return False
    begun = len(shared_start(short, word))
    if begun == len(short):
        return begun > _SHORTEST_SHORT
    if not begun or _vowels(short[begun:]) or (begun > 1 and _is_chance(short)):
        return False
    letters = iter(word[begun:])
    is_in_order = all(it in letters for it in short[begun:])
    # Two letters must reach to the word's end: ``dt`` of *date*, ``no`` of nothing.
    return is_in_order and (len(short) > _SHORTEST_SHORT or short[-1] in word[-2:])


def _is_chance(short: str) -> bool:
    """Whether a few letters with a vowel among them may as well be a word of their own."""
    return len(short) < SHORTEST_PART and _vowels(short[1:])


def _vowels(letters: str) -> bool:
    return not _VOWELS.isdisjoint(letters)


_VOWELS = frozenset("aeiou")
_WORD = re.compile(r"[^\W\d_]+")


def _neighbours(question: str) -> Iterator[tuple[str, str]]:
    written = [it.lower() for it in _WORD.findall(question)]
    return pairwise(written)
