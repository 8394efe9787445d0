"""What a catalog asks for its tables."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from defog_metadata.catalog.index import TableIndex
from defog_metadata.catalog.values import Table, TableSummary

__all__ = ["TableSource"]


class TableSource(Protocol):
    """Where a catalog's tables come from. Reading is thread-safe; contents never change.

    A question costs by its answer and not by the number of tables, ``tables`` aside.
    """

    @property
    def index(self) -> TableIndex:
        """The words in the tables, and the tables by number."""
        ...

    def __len__(self) -> int: ...

    def schemas(self) -> Sequence[str]:
        """The names of all schemas, sorted; the empty string for tables without one."""
        ...

    def named(self, key: str) -> Sequence[Table]:
        """Every table, in any schema, whose casefolded name is *key*."""
        ...

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        """Tables whose casefolded name starts with *prefix*, by name; *schema* exactly."""
        ...

    def matching(
        self, typed: str, *, schema: str | None = None, limit: int
    ) -> Sequence[TableSummary]:
        """Tables that *typed*, in any letter case, may mean; *schema* exactly.

        In the order of ``matching.closeness``, shorter names first; as ``summaries`` where nothing
        is typed.
        """
        ...

    def similar(self, key: str, *, limit: int = 20) -> Sequence[str]:
        """Casefolded table names that a misspelt *key* may mean; the caller says how well."""
        ...

    def referring(self, table: Table, *, limit: int | None = None) -> Sequence[Table]:
        """The tables with a foreign key that refers to *table*."""
        ...

    def mentioning(self, table: Table, *, limit: int) -> Sequence[Table]:
        """Views whose queries have all words of *table*'s name; they may use it, or not.

        *table* itself is left out.
        """
        ...

    def about(self, words: Sequence[str], *, limit: int) -> Sequence[Table]:
        """Tables that *words*, as ``terms`` makes them, occur in, the best first (BM25).

        In names, descriptions and values, of their columns as well.
        """
        ...

    def having(self, column: str, *, limit: int) -> Sequence[TableSummary]:
        """Tables with a column whose casefolded name is *column*."""
        ...

    def column_count(self) -> int:
        """How many columns all tables have together."""
        ...

    def column_names(self, prefix: str = "", *, limit: int) -> Sequence[str]:
        """The names of columns that start with the casefolded *prefix*, by their casefolded form.

        Each once, however many tables have it and whatever their letter cases.
        """
        ...

    def columns_matching(self, typed: str, *, limit: int) -> Sequence[str]:
        """The names of columns that *typed*, in any letter case, may mean.

        Each once, in the order of ``matching.closeness``, shorter names first.
        """
        ...

    def similar_columns(self, key: str, *, limit: int = 20) -> Sequence[str]:
        """Column names that a misspelt casefolded *key* may mean; the caller says how well."""
        ...

    def tables(self) -> Iterator[Table]:
        """Every table, streamed; for checks over a whole catalog, never for an answer."""
        ...
