"""The words of tables that are in memory."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from defog_metadata.catalog.index.compounds import parts_of, root_of
from defog_metadata.catalog.index.protocol import LONGEST_SHORT, Lexicon
from defog_metadata.lazy import lazy
from defog_metadata.terms import stem

__all__ = ["MemoryLexicon", "TogetherLexicon"]


class MemoryLexicon:
    """The words *known*: by each term one of the forms that it appears in."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known

    def has(self, term: str) -> bool:
        return term in self._known

    def has_form(self, form: str) -> bool:
        return form in self._forms

    def of_root(self, root: str) -> Sequence[str]:
        return self._by_root.get(root, ())

    def with_part(self, part: str) -> Sequence[str]:
        return self._by_part.get(part, ())

    def shorts(self, letter: str) -> Sequence[str]:
        return self._short.get(letter, ())

    def forms(self, letter: str, shortest: int, longest: int) -> Iterable[str]:
        return (it for it in self._by_letter.get(letter, ()) if shortest <= len(it) <= longest)

    def containing(self, text: str) -> Iterable[str]:
        # One search in a long text takes a tenth of as many as there are words.
        place = self._text.find(text)
        while place >= 0:
            end = self._text.index("\n", place)
            yield self._text[self._text.rindex("\n", 0, place) + 1 : end]
            place = self._text.find(text, end)

    @lazy
    def _forms(self) -> frozenset[str]:
        return frozenset(self._known.values()) | self._known.keys()

    @lazy
    def _text(self) -> str:
        return "\n" + "\n".join(self._known.values()) + "\n"

    @lazy
    def _by_part(self) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for term, form in self._known.items():
            for part in parts_of(form, self.has_form):
                found[stem(part)].append(term)
        return dict(found)

    @lazy
    def _by_root(self) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for term, form in self._known.items():
            found[root_of(form)].append(term)
        return dict(found)

    @lazy
    def _by_letter(self) -> Mapping[str, Sequence[str]]:
        return _by_first_letter(self._known.values())

    @lazy
    def _short(self) -> Mapping[str, Sequence[str]]:
        short = [it for it in self._known if len(it) <= LONGEST_SHORT]
        return _by_first_letter([*short, *(it for it in self._by_part if it not in self._known)])


class TogetherLexicon:
    """The words of both.

    Exact but for words written together of one that only the first knows and one that only the
    second does.
    """

    def __init__(self, one: Lexicon, other: Lexicon) -> None:
        self._one, self._other = one, other

    def has(self, term: str) -> bool:
        return self._one.has(term) or self._other.has(term)

    def has_form(self, form: str) -> bool:
        return self._one.has_form(form) or self._other.has_form(form)

    def of_root(self, root: str) -> Iterable[str]:
        return {*self._one.of_root(root), *self._other.of_root(root)}

    def with_part(self, part: str) -> Iterable[str]:
        return {*self._one.with_part(part), *self._other.with_part(part)}

    def shorts(self, letter: str) -> Iterable[str]:
        return {*self._one.shorts(letter), *self._other.shorts(letter)}

    def forms(self, letter: str, shortest: int, longest: int) -> Iterable[str]:
        return {
            *self._one.forms(letter, shortest, longest),
            *self._other.forms(letter, shortest, longest),
        }

    def containing(self, text: str) -> Iterable[str]:
        return {*self._one.containing(text), *self._other.containing(text)}


def _by_first_letter(found: Iterable[str]) -> Mapping[str, Sequence[str]]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for it in found:
        grouped[it[:1]].append(it)
    return dict(grouped)
