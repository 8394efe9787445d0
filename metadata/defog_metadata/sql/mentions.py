"""Which of the relations that a file has defined a statement may mean at all.

What a statement means depends on those alone, so that it need not be read again when others come,
change or go.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from defog_metadata.sql.scopes import Relation

__all__ = ["Mentions"]


class Mentions:
    """Finds those of *known* relations whose names stand in a text, in any form."""

    def __init__(self, known: Sequence[Relation]) -> None:
        self._known = known
        self._words = [_words_of(it) for it in known]
        self._always = [index for index, it in enumerate(self._words) if not it]
        self._by_word: dict[str, list[int]] = {}
        for index, words in enumerate(self._words):
            if words:
                self._by_word.setdefault(min(words), []).append(index)
        self._firsts = frozenset(self._by_word)

    def of(self, text: str) -> tuple[Relation, ...]:
        """Those that *text* may mean, and those without a name, in their order."""
        words = _words_in(text)
        found = [
            index
            for first in self._firsts & words
            for index in self._by_word[first]
            if self._words[index] <= words
        ]
        return tuple(self._known[it] for it in sorted((*self._always, *found)))


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
