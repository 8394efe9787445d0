"""Which of a catalog's words a question's words stand for.

People write *customer* where a column says ``cust``, *order date* where it says ``orderdate``, and
*citations* where it says ``cited``. What follows are rules of the language of names, not a list of
synonyms: they know no subject.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

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

_SHORTEST_PART = 4
_LONGEST_AFFIX = 3
"""What may stand before a known word in a compound without being known itself: ``tbl``, ``sb``."""
_SHORTEST_SHORT, _LONGEST_SHORT = 2, 6
_SHORTEST_MISSPELLED = 5
_SHORTEST_COMPOUND = 5

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


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of the question, and the catalog's words that it may mean, each with how surely."""

    word: str
    means: Mapping[str, float]


class Vocabulary:
    """The words that a catalog is written in, as ``terms`` makes them. Never changes."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """*known* has, by the stem of each word, one of the forms that it appears in."""
        self._known = known

    def __contains__(self, term: str) -> bool:
        return term in self._known

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
                if joined in self._known and term in found:
                    found[term][joined] = _SAME
        return tuple(Asked(word, means) for word, means in found.items())

    def _meant(self, word: str, term: str) -> Iterator[tuple[str, float]]:
        """What *word* may mean; where a word is found twice the later, surer tie counts."""
        if term.isdigit():
            if term in self._known:
                yield term, _SAME
            return
        is_known = term in self._known
        found = [
            *((it, _SHORT) for it in self._abbreviations(word)),
            *((it, _SHORT) for it in (() if is_known else self._abbreviated(word))),
            *((it, _PART) for it in self._compounds(word, term)),
            *((it, _RELATED) for it in self._by_root.get(_root(word), ())),
            *([(term, _SAME)] if is_known else []),
        ]
        yield from found or ((it, _MISSPELLED) for it in self._alike(word))

    def _abbreviations(self, word: str) -> Iterator[str]:
        if len(word) >= _SHORTEST_PART:
            for it in self._short.get(word[:1], ()):
                if is_short_for(it, word):
                    yield from (it,) if it in self._known else self._by_part[it]

    def _abbreviated(self, word: str) -> Iterator[str]:
        # An ordinary short word is no abbreviation: *car* is not for ``carrier``.
        if len(word) <= _LONGEST_SHORT and (len(word) >= _SHORTEST_PART or not _vowels(word[1:])):
            for it in self._by_letter.get(word[:1], ()):
                if is_short_for(word, it):
                    yield stem(it)

    def _compounds(self, word: str, term: str) -> Iterator[str]:
        yield from self._by_part.get(term, ())
        for form in {word, term}:
            if len(form) >= _SHORTEST_PART:
                for found in re.finditer(rf"\n([^\n]*){re.escape(form)}([^\n]*)(?=\n)", self._text):
                    before, after = found.groups()
                    if (before or after) and self._is_affix(before) and self._is_tail(after):
                        yield stem(before + form + after)

    def _is_affix(self, part: str) -> bool:
        return len(part) <= _LONGEST_AFFIX or bool(self.parts(part)) or part in self._forms

    def _is_tail(self, part: str) -> bool:
        return part in ("", "s") or part.isdigit() or part in self._forms or bool(self.parts(part))

    def _alike(self, word: str) -> Iterator[str]:
        if len(word) >= _SHORTEST_MISSPELLED:
            most = 1 if len(word) < 2 * _SHORTEST_PART else 2
            for it in self._by_letter.get(word[:1], ()):
                if abs(len(it) - len(word)) <= most and distance(word, it) <= most:
                    yield stem(it)

    def parts(self, word: str) -> tuple[str, ...]:
        """The known words that *word* is made of without separators; none if it is not.

        A few letters before them need not be known.
        """
        if len(word) < _SHORTEST_COMPOUND:
            return ()
        covers = self._covers(word)
        for start in range(min(_LONGEST_SHORT - 1, len(word))):
            found = covers[start]
            if not found or (start > _LONGEST_AFFIX + 1 and word[:start] not in self._forms):
                continue
            if start or len(found) > 1:
                return (word[:start], *found) if start > 1 else found
        return ()

    def _covers(self, word: str) -> list[tuple[str, ...] | None]:
        """From each letter on, the fewest known words that the rest is, the first the longest."""
        found: list[tuple[str, ...] | None] = [*([None] * len(word)), ()]
        for start in range(len(word) - 1, -1, -1):
            best: tuple[str, ...] | None = None
            for end in range(len(word), start + 1, -1):
                rest = found[end]
                if rest is None or (best is not None and len(rest) + 1 >= len(best)):
                    continue
                if end - start < len(word) and self._is_word(word[start:end]):
                    best = (word[start:end], *rest)
            found[start] = best
        return found

    def _is_word(self, part: str) -> bool:
        return part in _ENDINGS or (len(part) >= _SHORTEST_PART and part in self._forms)

    @cached_property
    def _forms(self) -> frozenset[str]:
        return frozenset(self._known.values()) | self._known.keys()

    @cached_property
    def _text(self) -> str:
        return "\n" + "\n".join(self._known.values()) + "\n"

    @cached_property
    def _by_part(self) -> Mapping[str, tuple[str, ...]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for term, form in self._known.items():
            for part in self.parts(form):
                found[stem(part)].append(term)
        return {part: tuple(it) for part, it in found.items()}

    @cached_property
    def _by_root(self) -> Mapping[str, tuple[str, ...]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for term, form in self._known.items():
            found[_root(form)].append(term)
        return {part: tuple(it) for part, it in found.items()}

    @cached_property
    def _by_letter(self) -> Mapping[str, tuple[str, ...]]:
        return _by_first_letter(self._known.values())

    @cached_property
    def _short(self) -> Mapping[str, tuple[str, ...]]:
        short = [it for it in self._known if len(it) <= _LONGEST_SHORT]
        return _by_first_letter([*short, *(it for it in self._by_part if it not in self._known)])


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
    return len(short) < _SHORTEST_PART and _vowels(short[1:])


def _vowels(letters: str) -> bool:
    return not _VOWELS.isdisjoint(letters)


_VOWELS = frozenset("aeiou")


def _root(word: str) -> str:
    for ending in _SUFFIXES:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ROOT:
            return word[: -len(ending)]
    return word


def _by_first_letter(found: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for it in found:
        grouped[it[:1]].append(it)
    return {letter: tuple(it) for letter, it in grouped.items()}


_WORD = re.compile(r"[^\W\d_]+")


def _neighbours(question: str) -> Iterator[tuple[str, str]]:
    written = [it.lower() for it in _WORD.findall(question)]
    return pairwise(written)
