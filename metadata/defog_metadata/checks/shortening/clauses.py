"""Parts of a description that say no fact, the least missed first."""

import re
from collections.abc import Iterator

from defog_metadata.checks.shortening.facts import has_facts
from defog_metadata.checks.shortening.sentences import joined, sentences

__all__ = ["leavings"]

_FILLER = re.compile(
    r"\b(?:important|useful|helpful|reporting|analysis|analytics|analysts?|purposes?|internal use"
    r"|(?:legacy|historical) reasons)\b",
    re.IGNORECASE,
)
# What hangs on the end of a sentence, or stands in it between commas or brackets.
_HANGING = re.compile(
    r"\s*\([^()]*\)"
    r"|,? (?:so that|in order to|because|since it|as it|thus|therefore|thereby|which (?:is|are"
    r"|can be|may be|helps?|allows?|enables?|makes?)"
    r"|to (?:allow|enable|help|support|facilitate|ensure)"
    r"|for (?:use|reporting|analysis|analytics|easier|easy|convenience|display))\b[^,;.:()]*"
)
_LITTLE = 3
"""How few words are no sentence any more."""


def leavings(text: str) -> Iterator[tuple[str, str]]:
    """*text* without one part that says no fact, and that part; for each such part.

    The first sentence stays, since it says what the thing is; of it, parts may go.
    """
    parts = sentences(text)
    without = [(index, it) for index, it in enumerate(parts) if index and not has_facts(it)]
    filler = [it for it in without if _FILLER.search(it[1])]
    yield from (_without(parts, index) for index, _ in filler)
    for index, sentence in reversed(list(enumerate(parts))):
        for match in _HANGING.finditer(sentence):
            rest = sentence[: match.start()] + sentence[match.end() :]
            if not has_facts(match.group()) and len(rest.split()) >= _LITTLE:
                yield joined([*parts[:index], rest, *parts[index + 1 :]]), match.group().strip(" ,")
    yield from (_without(parts, index) for index, _ in reversed(without))


def _without(parts: list[str], index: int) -> tuple[str, str]:
    return joined([*parts[:index], *parts[index + 1 :]]), parts[index]
