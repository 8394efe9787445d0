"""What is known beside a catalog of which questions its tables answer, and how it is joined.

Prepared by those who can read it: golden queries are SQL (see ``defog_metadata.sql.examples``).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from defog_metadata.lazy import lazy
from defog_metadata.pruning.glossary import names_in
from defog_metadata.terms import terms

__all__ = ["Evidence", "Example", "Statement", "Tie"]


@dataclass(frozen=True, slots=True)
class Tie:
    """``columns`` of one table equal, in order, ``other_columns`` of another.

    Tables go by their qualified names.
    """

    table: str
    columns: tuple[str, ...]
    other: str
    other_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question whose answer is known, and what that answer reads."""

    question: str
    tables: frozenset[str] = frozenset()
    """By their qualified names."""
    columns: frozenset[tuple[str, str]] = frozenset()
    """By their table's qualified name, and their own."""
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of the glossary, and the names that it may contain, casefolded, table first."""

    text: str
    paths: tuple[tuple[str, ...], ...]
    marked: frozenset[tuple[str, ...]]
    """Of these, those that can be nothing but names."""
    defines: tuple[frozenset[str], ...]
    """The words of each term whose meaning it tells: of ``Net Sales (NS) = …`` two terms'."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Examples, and a glossary of one statement a line, plain or in Markdown."""

    examples: tuple[Example, ...] = ()
    glossary: str = ""

    @lazy
    def statements(self) -> tuple[Statement, ...]:
        found = []
        for line in self.glossary.splitlines():
            names = list(names_in(line))
            if names:
                marked = frozenset(path for path, is_marked in names if is_marked)
                paths = tuple(dict.fromkeys(path for path, _ in names))
                text = line.strip().lstrip("-*+ ")
                found.append(Statement(text, paths, marked, tuple(_defined(text))))
        return tuple(found)

    def similar(self, question: str, most: int) -> list[tuple[float, Example]]:
        """The *most* examples whose questions are most like *question*, each from 0 to 1."""
        found = self._questions.similar(question)
        return [(share, self.examples[index]) for share, index in found[:most]]

    def speaking(self, question: str, most: int) -> list[tuple[float, Statement]]:
        """The *most* statements that say most of what *question* is about, each from 0 to 1.

        One that tells the meaning of a term in it says much, however long the question.
        """
        asked = frozenset(terms(question))
        found = []
        for share, index in self._statements.covering(question):
            statement = self.statements[index]
            is_told = any(it <= asked for it in statement.defines)
            found.append((max(share, _DEFINITION) if is_told else share, statement))
        return sorted(found, key=lambda it: -it[0])[:most]

    @lazy
    def _questions(self) -> "_Texts":
        return _Texts(it.question for it in self.examples)

    @lazy
    def _statements(self) -> "_Texts":
        return _Texts(it.text for it in self.statements)


_DEFINITION = 0.6
_DEFINES = re.compile(r"\s*(?:=|:|\b(?:is|are|means?|stands? for|refers? to)\b)\s")
_BRACKETS = re.compile(r"\(([^)]*)\)")
_CODE_IN_BRACKETS = re.compile(r"\([^()]*`[^()]*\)")
_SHORT_FORM = re.compile(r"\b[A-Z][A-Z0-9]{1,9}\b")
_LONGEST_TERM = 4


def _defined(text: str) -> Iterator[frozenset[str]]:
    """The terms before the word or sign by which *text* tells what they mean."""
    text = _CODE_IN_BRACKETS.sub(" ", text)
    sign = _DEFINES.search(text)
    head = text[: sign.start()] if sign else ""
    phrases = [_BRACKETS.sub(" ", head), *_BRACKETS.findall(head), *_SHORT_FORM.findall(head)]
    for phrase in phrases:
        words = terms(phrase)
        if 0 < len(words) <= _LONGEST_TERM:
            yield frozenset(words)


class _Texts:
    """Texts as weighed words: rare ones count for more."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words = [Counter(terms(it)) for it in texts]
        self._texts: defaultdict[str, list[int]] = defaultdict(list)
        for index, words in enumerate(self._words):
            for word in words:
                self._texts[word].append(index)
        self._lengths = [math.hypot(*(self._rarity(it) for it in words)) for words in self._words]

    def similar(self, text: str) -> list[tuple[float, int]]:
        """By the cosine of the angle between the two, the most alike first."""
        asked = dict.fromkeys(terms(text))
        length = math.hypot(*(self._rarity(it) for it in asked))
        shared = self._shared(asked, power=2)
        return _best({it: value / (length * self._lengths[it]) for it, value in shared.items()})

    def covering(self, text: str) -> list[tuple[float, int]]:
        """By how much of *text* they share, the best first."""
        asked = dict.fromkeys(terms(text))
        whole = sum(self._rarity(it) for it in asked)
        return _best({it: value / whole for it, value in self._shared(asked, power=1).items()})

    def _shared(self, asked: Iterable[str], *, power: int) -> Mapping[int, float]:
        found: defaultdict[int, float] = defaultdict(float)
        for word in asked:
            for index in self._texts.get(word, ()):
                found[index] += self._rarity(word) ** power
        return found

    def _rarity(self, word: str) -> float:
        return math.log(1 + (len(self._words) + 1) / (len(self._texts.get(word, ())) + 0.5))


def _best(found: Mapping[int, float]) -> list[tuple[float, int]]:
    return sorted(
        ((value, index) for index, value in found.items()), key=lambda it: (-it[0], it[1])
    )
