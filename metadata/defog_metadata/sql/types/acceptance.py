"""What an engine takes together, as tables of families.

A *family* is a group of types that the engine takes for each other everywhere. What is in no
family is not judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType

from sqlglot import exp

__all__ = ["LITERAL", "Acceptance", "read_families", "read_pairs"]

_Pairs = frozenset[tuple[str, str]]
LITERAL = "literal"
"""The family of a string literal, which has no type of its own yet."""


def read_pairs(lines: str) -> _Pairs:
    """The pairs of ``left: right right``, both ways round where a line starts with ``~``."""
    found: set[tuple[str, str]] = set()
    for line in filter(None, map(str.strip, lines.splitlines())):
        lefts, _, rights = line.lstrip("~").partition(":")
        for left, right in product(lefts.split(), rights.split()):
            found.add((left, right))
            if line.startswith("~"):
                found.add((right, left))
    return frozenset(found)


def read_families(lines: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        family, _, types = line.partition(":")
        found.update(dict.fromkeys(map(str.strip, types.split(",")), family))
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One engine's. A family in no pair of an operator is refused by it."""

    families: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    compared: _Pairs = frozenset()
    operators: Mapping[type[exp.Expr], _Pairs] = field(default_factory=lambda: MappingProxyType({}))
    merged: _Pairs = frozenset()
    """What may stand in one column of a UNION, or in the branches of one CASE."""
    assigned: _Pairs = frozenset()
    """Column first, then the value that it is given."""
    refused: Mapping[type[exp.Expr], frozenset[str]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """The families that a function of one argument refuses."""
    conditions: frozenset[str] = frozenset()
    """The families that are no condition."""
    equates_anything: bool = False
    """Whether ``=`` takes what ``<`` does not."""
    unites_anything: bool = False
    """Whether UNION takes what CASE does not."""
    reads_literals: bool = False
    """Whether a string literal becomes a value of the type that it meets, before any row does."""

    def family(self, base: str) -> str:
        """The family of a type without modifiers; empty for one that is not judged."""
        return self.families.get(base, "")

    def compares(self, left: str, right: str) -> bool:
        return _allows(self.compared, left, right)

    def orders(self, family: str) -> bool:
        """Whether values of *family* can be compared at all."""
        return not self.compared or not family or (family, family) in self.compared

    def calculates(self, operator: type[exp.Expr], left: str, right: str) -> bool:
        pairs = self.operators.get(operator)
        return pairs is None or _allows(pairs, left, right)

    def merges(self, left: str, right: str) -> bool:
        return _allows(self.merged, left, right)

    def assigns(self, column: str, value: str) -> bool:
        return _allows(self.assigned, column, value)

    def refuses(self, function: type[exp.Expr], family: str) -> bool:
        return family in self.refused.get(function, ())


def _allows(pairs: _Pairs, left: str, right: str) -> bool:
    return not pairs or not left or not right or (left, right) in pairs
