"""Which of the relations that a file has defined a statement may mean at all.

What a statement means depends on those alone, so that it need not be read again when others come,
change or go.
"""

import re
from functools import lru_cache

from defog_metadata.sql.scopes import Relation

__all__ = ["Mentions"]


class Mentions:
    """Finds those of known relations whose names stand in a text, in any form.

    The relations of a file's statements are mostly the same, one or another aside: they are
    looked up by their words once for all, and then by which of them are known.
    """

    def __init__(self) -> None:
        self._words: dict[int, frozenset[str]] = {}
        self._by_word: dict[str, list[Relation]] = {}
        """By the first of its words; under the empty one those that anything may mean. They stay
        here with their ids, which nothing else can then be given."""
        self._places: dict[int, tuple[tuple[Relation, ...], dict[int, int]]] = {}

    def of(self, text: str, known: tuple[Relation, ...]) -> tuple[Relation, ...]:
        """Those of *known* that *text* may mean, in their order."""
        if not known:
            return ()
        places = self._places_in(known)
        words = _words_in(text)
        found = {  # a set: two threads may have entered the same one
            places[id(it)]
            for first in (self._by_word.keys() & words) | {""}
            for it in self._by_word.get(first, ())
            if id(it) in places and self._words[id(it)] <= words
        }
        return tuple(known[it] for it in sorted(found))

    def _places_in(self, known: tuple[Relation, ...]) -> dict[int, int]:
        """Where each of *known* stands among them, by its id."""
        if (found := self._places.get(id(known))) is not None:
            return found[1]
        places = dict(zip(map(id, known), range(len(known)), strict=True))
        for new in places.keys() - self._words.keys():
            relation = known[places[new]]
            words = self._words[new] = _words_of(relation)
            self._by_word.setdefault(min(words, default=""), []).append(relation)
        if len(self._places) >= _MOST:
            self._places = {}
        self._places[id(known)] = known, places
        return places


_MOST = 16
"""Of what is known at different places of a file: it is asked for from one to the next."""


def _words_of(relation: Relation) -> frozenset[str]:
    """None of a relation that anything may mean, such as an operator."""
    if relation.kind == "routine" and not relation.path:
        return frozenset()
    name = relation.path[-1] if relation.path else relation.name
    return _words_in(name.text) if name is not None else frozenset()


@lru_cache(maxsize=8192)
def _words_of_short(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _words_in(text: str) -> frozenset[str]:
    if len(text) > _LONG:
        return _words_of_short.__wrapped__(text)
    return _words_of_short(text)


_WORD = re.compile(r"\w+")
_LONG = 10_000
"""Characters of a text whose words are not worth remembering with it."""
