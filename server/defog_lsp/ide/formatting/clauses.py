"""The clauses of a query, by the words that they begin with."""

from collections.abc import Iterator
from dataclasses import dataclass

from defog_lsp.ide.formatting.items import Atom, Brackets, Items, is_comment, word_at

__all__ = ["JOIN_WORDS", "Clause", "clauses"]


@dataclass(frozen=True, slots=True)
class Clause:
    head: Items
    """The words that it begins with; none for what stands before the first clause."""
    body: Items
    notes: Items = ()
    """Comments on lines of their own before it."""


def clauses(items: Items) -> Iterator[Clause]:
    start, head, index = 0, 0, 0
    notes: Items = ()
    while index < len(items):
        length = 0 if _is_join_condition(items, start, index) else _starts(items, index)
        if length and (index > start or head):
            end = _before_notes(items, start + head, index)
            yield Clause(items[start : start + head], items[start + head : end], notes)
            notes = items[end:index]
            start = index
        if length:
            head = length
            index += length
        else:
            index += 1
    yield Clause(items[start : start + head], items[start + head :], notes)


def _before_notes(items: Items, start: int, end: int) -> int:
    """Where the comments on lines of their own begin that stand directly before *end*."""
    while end > start and is_comment(items[end - 1]) and "\n" in items[end - 1].gap:
        end -= 1
    return end


def _is_join_condition(items: Items, start: int, index: int) -> bool:
    """Whether ``USING`` at *index* belongs to the join that begins at *start*."""
    joins = items[index].word == "USING" and word_at(items, start) in JOIN_WORDS
    return joins and index + 1 < len(items) and isinstance(items[index + 1], Brackets)


def _starts(items: Items, index: int) -> int:
    """How many words at *index* begin a clause; 0 where none does."""
    word = items[index].word
    if word not in _STARTS or _is_otherwise(items, index, word):
        return 0
    length = 1
    if word in JOIN_WORDS:
        while word_at(items, index + length - 1) != "JOIN":
            if word_at(items, index + length) not in JOIN_WORDS:
                return 0  # LEFT(a, 1), and FULL as a name
            length += 1
        return length
    for second in _STARTS[word]:
        words = second.split()
        if [word_at(items, index + 1 + i) for i in range(len(words))] == words:
            return 1 + len(words)
    return 0 if _STARTS[word] and "" not in _STARTS[word] else length


def _is_otherwise(items: Items, index: int, word: str) -> bool:
    """Whether the word at *index* means something else here than the beginning of a clause."""
    before, after = word_at(items, index - 1), word_at(items, index + 1)
    following = items[index + 1] if index + 1 < len(items) else None
    preceding = items[index - 1] if index else None
    if isinstance(preceding, Atom) and preceding.text == ".":
        return True
    match word:
        case "FROM":
            return before == "DISTINCT" and word_at(items, index - 2) in ("IS", "NOT")
        case "WITH":
            names = index + 2 < len(items) and word_at(items, index + 2) in ("AS", "")
            return after != "RECURSIVE" and not (names and isinstance(following, Atom))
        case "SET" | "VALUES" | "LIMIT" | "OFFSET" | "WINDOW" | "USING" | "RETURNING":
            is_called = isinstance(following, Brackets) and following.gap == ""
            return (is_called and word != "VALUES") or before in ("KEY", "ON", "DO", "AS")
        case "UPDATE" | "DELETE" | "INSERT":
            return before in ("FOR", "ON", "KEY", "THEN", "DO", "AFTER", "BEFORE", "OR", "NO")
        case _:
            return False


JOIN_WORDS = frozenset(
    "JOIN LEFT RIGHT FULL INNER OUTER CROSS NATURAL SEMI ANTI ASOF GLOBAL ANY".split()
)
# What a clause begins with, and what has to follow: the empty string where nothing has to.
_STARTS: dict[str, tuple[str, ...]] = {
    "WITH": ("RECURSIVE", ""),
    "SELECT": ("DISTINCT", "ALL", ""),
    "FROM": (),
    "WHERE": (),
    "PREWHERE": (),
    "GROUP": ("BY",),
    "HAVING": (),
    "QUALIFY": (),
    "WINDOW": (),
    "ORDER": ("BY", "SIBLINGS BY"),
    "PARTITION": ("BY",),
    "CLUSTER": ("BY",),
    "DISTRIBUTE": ("BY",),
    "CONNECT": ("BY",),
    "START": ("WITH",),
    "LIMIT": (),
    "OFFSET": (),
    "FETCH": ("FIRST", "NEXT"),
    "UNION": ("ALL BY NAME", "BY NAME", "ALL", "DISTINCT", ""),
    "INTERSECT": ("ALL", "DISTINCT", ""),
    "EXCEPT": ("ALL", "DISTINCT", ""),
    "MINUS": (),
    "INSERT": ("INTO", "OVERWRITE", "IGNORE INTO", "OR REPLACE INTO"),
    "REPLACE": ("INTO",),
    "VALUES": (),
    "UPDATE": (),
    "SET": (),
    "DELETE": ("FROM", ""),
    "MERGE": ("INTO",),
    "USING": (),
    "WHEN": ("MATCHED", "NOT MATCHED"),
    "RETURNING": (),
    "ON": ("CONFLICT", "DUPLICATE KEY UPDATE"),
    **dict.fromkeys(JOIN_WORDS, ()),
}
