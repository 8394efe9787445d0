"""What the rest of the statement says where it says nearly the same.

People repeat themselves: what stands behind the same two words elsewhere (``a , b`` in the select
list, ``a , `` in GROUP BY) is likely to be wanted again, and an alias tells what it is a name for.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from defog_metadata.pruning import terms
from defog_metadata.sql.source.lexer import Token
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.sql.unfinished.levels import Level

__all__ = ["Phrases"]

_LIMITS = {"<": 1, "<=": 1, ">": -1, ">=": -1}
_ENDS_ITEM = frozenset((",", "FROM", ";"))


class Phrases:
    """Facts about one caret, asked for the name of every candidate."""

    def __init__(self, caret: Caret) -> None:
        before, after = caret.tokens, caret.after
        own_before, own_after = _words(before[-2:]), _words(after[:2])
        columns = {it.name.key for it in caret.others if it.kind == "column"}
        self._following: set[str] = set()
        self._preceding: set[str] = set()
        self._limits: Counter[str] = Counter()
        sequences: list[list[str]] = []
        for tokens in (before, after):
            sequences.append([])
            for start, end in _chains(tokens):
                name = tokens[end - 1].key
                if name in columns:
                    sequences[-1].append(name)
                if end < len(tokens):
                    self._limits[name] += _LIMITS.get(tokens[end].text, 0)
                if own_before and _words(tokens[max(start - 2, 0) : start]) == own_before:
                    self._following.add(name)
                if own_after and _words(tokens[end : end + 2]) == own_after:
                    self._preceding.add(name)
        self._own_limit = _LIMITS.get(after[0].text, 0) if after else None
        self._beside = set(_beside(*sequences))
        self._alias = set(terms(_alias(caret)))

    def follows(self, name: str) -> bool:
        """Whether the name stands elsewhere behind the same two words."""
        return name in self._following

    def precedes(self, name: str) -> bool:
        """Whether the name stands elsewhere before the same two words."""
        return name in self._preceding

    def is_beside(self, name: str) -> bool:
        """Whether the name stands elsewhere next to the column that is next to the caret."""
        return name in self._beside

    def is_half_bounded(self, name: str) -> bool:
        """Whether the name has an upper or a lower limit, and this could be the other one."""
        limit = self._limits[name]
        return bool(limit) if self._own_limit is None else self._own_limit * limit < 0

    def is_repeated(self, name: str) -> bool:
        """Whether any of the facts above is true of the name."""
        return (
            name in self._following
            or name in self._preceding
            or name in self._beside
            or self.is_half_bounded(name)
        )

    def fits_alias(self, name: str) -> float:
        """The share of the alias's words that the name has, from 0 to 1."""
        if not self._alias:
            return 0.0
        return len(self._alias.intersection(terms(name))) / len(self._alias)


def _beside(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """The names next to the last of *before*, or the first of *after*, where that stands again."""
    own = {*before[-1:], *after[:1]}
    for names in (before, after):
        for first, second in pairwise(names):
            if first in own:
                yield second
            if second in own:
                yield first


def _chains(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where the names with their qualifiers begin and end."""
    index = 0
    while index < len(tokens):
        start = index
        index += 1
        if tokens[start].kind not in {"word", "quoted"}:
            continue
        while index + 1 < len(tokens) and tokens[index].text == ".":
            index += 2
        yield start, index


def _words(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(it.key for it in tokens) if len(tokens) > 1 else ()


def _alias(caret: Caret) -> str:
    """The name that is given, behind the caret, to the item of the select list it is in."""
    depth = _depth(caret.level)
    if depth is None:
        return ""
    tokens = caret.after
    for index, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if depth < 0:
            return ""
        if depth == 0 and token.word in _ENDS_ITEM:
            named = tokens[:index]
            break
    else:
        named = tokens
    is_named = len(named) > 1 and named[-1].kind in {"word", "quoted"} and named[-2].text != "."
    return named[-1].key if is_named and named[-1].word != "END" else ""


def _depth(level: Level) -> int | None:
    """How many brackets the caret is in within its item of a select list."""
    depth = 0
    found: Level | None = level
    while found is not None:
        if _in_select_list(found.shape):
            return depth
        depth += found.shape[:4] != "CASE"
        found = found.outer
    return None


def _in_select_list(shape: str) -> bool:
    words = shape.split(" ")
    last = max((i for i, it in enumerate(words) if it == "SELECT"), default=-1)
    return last >= 0 and "FROM" not in words[last:]
