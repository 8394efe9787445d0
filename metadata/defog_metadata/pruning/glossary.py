"""What a glossary says of tables and columns: the words of the statements that name them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar

from defog_metadata.pruning.terms import terms

__all__ = ["Glossary", "glossary_of", "names_in"]

_Key = TypeVar("_Key")
_Path = tuple[str, ...]
_Statements = frozenset[int]
_NONE: _Statements = frozenset()


@dataclass(frozen=True, eq=False)
class Glossary:
    """Statements, by number, by the casefolded names in them.

    An answer costs a few lookups, however long the glossary and however large the database.
    """

    words: tuple[tuple[str, ...], ...] = ()
    """Of each statement, as ``terms`` makes them."""
    named: Mapping[str, _Statements] = field(default_factory=lambda: MappingProxyType({}))
    """By every name, qualified or not, that may be a table's."""
    qualified: Mapping[_Path, _Statements] = field(default_factory=lambda: MappingProxyType({}))
    """By table and column, of ``table.column``."""
    marked: Mapping[str, _Statements] = field(default_factory=lambda: MappingProxyType({}))
    """By what can only be a name, standing alone: ``order_id``, or anything in backticks."""
    plain: Mapping[str, _Statements] = field(default_factory=lambda: MappingProxyType({}))
    """By what may be a name or just a word."""

    def of_table(self, table: str) -> tuple[str, ...]:
        """The words of the statements that name *table*, each once."""
        return self._words(self.named.get(table.casefold(), _NONE))

    def of_column(self, table: str, column: str) -> tuple[str, ...]:
        """The words of the statements that name *column* of *table*, each once.

        A column whose name is a plain word is named only beside its table: any text may speak of
        a total.
        """
        owner, key = table.casefold(), column.casefold()
        found = self.qualified.get((owner, key), _NONE) | self.marked.get(key, _NONE)
        if plain := self.plain.get(key):
            found |= plain & self.named.get(owner, _NONE)
        return self._words(found)

    def _words(self, statements: _Statements) -> tuple[str, ...]:
        found = (word for index in sorted(statements) for word in self.words[index])
        return tuple(dict.fromkeys(found))


def glossary_of(text: str) -> Glossary:
    """The glossary in *text*: one statement a line, plain or in Markdown."""
    words: list[tuple[str, ...]] = []
    named: defaultdict[str, set[int]] = defaultdict(set)
    qualified: defaultdict[_Path, set[int]] = defaultdict(set)
    marked: defaultdict[str, set[int]] = defaultdict(set)
    plain: defaultdict[str, set[int]] = defaultdict(set)
    for line in text.splitlines():
        said = terms(line)
        if not said:
            continue
        index = len(words)
        words.append(said)
        for path, is_marked in names_in(line):
            for name in path:
                named[name].add(index)
            for pair in pairwise(path):
                qualified[pair].add(index)
            if len(path) == 1:
                (marked if is_marked else plain)[path[0]].add(index)
    return Glossary(
        tuple(words), _frozen(named), _frozen(qualified), _frozen(marked), _frozen(plain)
    )


def _frozen(found: Mapping[_Key, Iterable[int]]) -> Mapping[_Key, _Statements]:
    return MappingProxyType({key: frozenset(it) for key, it in found.items()})


_PART = r"""["\[`]?[^\W\d][\w$]*["\]`]?"""
_PATH = re.compile(rf"{_PART}(?:\.{_PART})*")
_TEXT = re.compile(r"'[^']*'")
_LOOKS_LIKE_A_NAME = re.compile(r"\w_\w|[a-z][A-Z]")
_QUOTES = '"[]`'


def names_in(line: str) -> Iterator[tuple[_Path, bool]]:
    """The paths that may be names, casefolded, and whether they can be nothing else."""
    for index, part in enumerate(line.split("`")):
        is_code = index % 2 == 1
        # In code, what stands in quotes is a value; elsewhere it is an apostrophe.
        text = _TEXT.sub(" ", part) if is_code else part
        if is_code and " " in part.strip():
            yield (part.strip().casefold(),), True  # a name with spaces, if it is one
        for found in _PATH.finditer(text):
            path = tuple(it.strip(_QUOTES).casefold() for it in found[0].split("."))
            yield path, is_code or _LOOKS_LIKE_A_NAME.search(found[0]) is not None
