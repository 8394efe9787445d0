"""What a glossary says of tables and columns: the statements that name them, and their words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar

from defog_metadata.pruning.mentions import mentions
from defog_metadata.terms import terms

__all__ = ["Glossary", "glossary_of", "names_in"]

_Key = TypeVar("_Key")
_Path = tuple[str, ...]
_Statements = frozenset[int]
_NONE: _Statements = frozenset()
_HEADING = re.compile(r"\s*#{1,6}\s")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")


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
    statements: tuple[str, ...] = ()
    """As they are written, without what marks them as items of a list."""

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

    def said_of_table(self, table: str, *, most: int) -> tuple[str, ...]:
        """Up to *most* statements that name *table*, those that are about little else first."""
        return self._said([self.named.get(table.casefold(), _NONE)], most)

    def said_of_column(self, table: str, column: str, *, most: int) -> tuple[str, ...]:
        """Up to *most* statements that name *column* of *table*.

        Those that name both come first, then those that may mean the column of another table.
        """
        owner, key = table.casefold(), column.casefold()
        of_table = self.named.get(owner, _NONE)
        alone = self.marked.get(key, _NONE)
        beside = (alone | self.plain.get(key, _NONE)) & of_table
        return self._said([self.qualified.get((owner, key), _NONE), beside, alone], most)

    def _said(self, ranked: Sequence[_Statements], most: int) -> tuple[str, ...]:
        """*ranked* are statements in sets of which the first are the best."""
        found = [
            it for part in ranked for it in sorted(part, key=lambda x: (len(self.words[x]), x))
        ]
        return tuple(dict.fromkeys(self.statements[it] for it in found))[:most]

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
    statements: list[str] = []
    for line in text.splitlines():
        said = () if _HEADING.match(line) else terms(line)
        if not said:
            continue
        index = len(words)
        words.append(said)
        statements.append(_BULLET.sub("", line).strip())
        for path, is_marked in names_in(line):
            for name in path:
                named[name].add(index)
            for pair in pairwise(path):
                qualified[pair].add(index)
            if len(path) == 1:
                (marked if is_marked else plain)[path[0]].add(index)
    return Glossary(
        tuple(words),
        _frozen(named),
        _frozen(qualified),
        _frozen(marked),
        _frozen(plain),
        tuple(statements),
    )


def _frozen(found: Mapping[_Key, Iterable[int]]) -> Mapping[_Key, _Statements]:
    return MappingProxyType({key: frozenset(it) for key, it in found.items()})


def names_in(line: str) -> Iterator[tuple[_Path, bool]]:
    """The paths that may be names, casefolded, and whether they can be nothing else."""
    return ((it.key, it.is_marked) for it in mentions(line))
