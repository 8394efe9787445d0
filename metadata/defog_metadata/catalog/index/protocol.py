"""What ranking asks of a catalog's words."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from defog_metadata.catalog.values import ForeignKey, Table

__all__ = ["LONGEST_SHORT", "Lexicon", "Postings", "TableIndex"]

Postings = tuple[Sequence[int], Sequence[float]]
"""The numbers of the tables in which a word occurs, ascending, and how much it says there."""

LONGEST_SHORT = 6
"""Longer terms abbreviate none."""


class Lexicon(Protocol):
    """The words of a catalog: terms (their stems), and of each one form that it appears in."""

    def has(self, term: str) -> bool: ...

    def has_form(self, form: str) -> bool:
        """Whether *form* is a term, or the form that is kept of one."""
        ...

    def of_root(self, root: str) -> Iterable[str]:
        """The terms whose forms have the root *root* (see ``compounds.root_of``)."""
        ...

    def with_part(self, part: str) -> Iterable[str]:
        """The terms whose forms are written together of words, *part* the stem of one of them."""
        ...

    def shorts(self, letter: str) -> Iterable[str]:
        """The terms of at most ``LONGEST_SHORT`` letters, and the parts that are no terms.

        Those that begin with *letter*.
        """
        ...

    def forms(self, letter: str, shortest: int, longest: int) -> Iterable[str]:
        """The forms that begin with *letter*, of so many letters."""
        ...

    def containing(self, text: str) -> Iterable[str]:
        """The forms that *text*, at least four letters, is a part of."""
        ...


class TableIndex(Protocol):
    """A catalog's tables by number, and the words in them. Reading is thread-safe.

    Numbers count from zero, in the order in which the source streams its tables.
    """

    @property
    def lexicon(self) -> Lexicon: ...

    @property
    def lengths(self) -> Sequence[float]:
        """Of each table: how many words it has, weighted as in its postings."""
        ...

    @property
    def mean_length(self) -> float: ...

    def postings(self, term: str) -> Postings: ...

    def table(self, number: int) -> Table: ...

    def schema(self, number: int) -> str: ...

    def named(self, key: str) -> Sequence[int]:
        """The tables whose casefolded name is *key*, ascending."""
        ...

    def numbered(self, qualified: str) -> Sequence[int]:
        """The tables (one, but for a catalog that is wrong) of the qualified name *qualified*."""
        ...

    def keyed(self, key: str, schema: str) -> Sequence[tuple[int, str]]:
        """The tables of *schema* with a column that is *key* (as ``rest_of`` has it), and its name.

        Ascending. Only for what may be a key, going by its name.
        """
        ...

    def referring(self, key: str, schema: str) -> Sequence[tuple[int, ForeignKey]]:
        """The foreign keys that refer to *schema*'s table of the casefolded name *key*.

        Each with the number of its table, ascending. An empty *schema* may be any.
        """
        ...
