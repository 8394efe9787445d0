"""What ranking asks of a catalog's words."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from defog_metadata.catalog.values import Table

__all__ = ["Postings", "TableIndex"]

Postings = tuple[Sequence[int], Sequence[float]]
"""The numbers of the tables in which a word occurs, ascending, and how much it says there."""


class TableIndex(Protocol):
    """A catalog's tables by number, and the words in them. Reading is thread-safe.

    Numbers count from zero, in the order in which the source streams its tables.
    """

    @property
    def forms(self) -> Mapping[str, str]:
        """By the stem of each word one of the forms that it appears in."""
        ...

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
        """The tables whose casefolded name is *key*."""
        ...

    def numbered(self, qualified: str) -> Sequence[int]:
        """The tables (one, but for a catalog that is wrong) of the qualified name *qualified*."""
        ...

    def having(self, key: str, schema: str) -> Sequence[int]:
        """The tables of *schema* with a column that is *key* (as ``rest_of`` has it).

        Only for what may be a key, going by its name.
        """
        ...

    def referring(self, number: int) -> Sequence[int]:
        """The tables whose foreign keys refer to the table."""
        ...
