"""A source of tables that tells what it has been asked, and refuses to be read as a whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

from defog_metadata.catalog import Table, TableSource, TableSummary
from defog_metadata.catalog.index import TableIndex

__all__ = ["WatchedTables"]

T = TypeVar("T")


class WatchedTables:
    """Answers as *source* does, and counts."""

    def __init__(self, source: TableSource) -> None:
        self._source = source
        self.questions: Counter[str] = Counter()
        """How often each has been asked."""
        self.answered: Counter[str] = Counter()
        """How many tables or names the answers had."""

    @property
    def given_tables(self) -> int:
        """How many whole tables have been handed out: in a mirror each is read and decoded."""
        return sum(self.answered[it] for it in ("named", "referring", "mentioning", "about"))

    @property
    def index(self) -> TableIndex:
        self.questions["index"] += 1
        return self._source.index

    def __len__(self) -> int:
        return len(self._source)

    def schemas(self) -> Sequence[str]:
        return self._source.schemas()

    def named(self, key: str) -> Sequence[Table]:
        return self._seen("named", self._source.named(key))

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        assert limit is not None, "all tables of a catalog"
        found = self._source.summaries(prefix=prefix, schema=schema, limit=limit)
        return self._seen("summaries", found)

    def matching(
        self, typed: str, *, schema: str | None = None, limit: int
    ) -> Sequence[TableSummary]:
        return self._seen("matching", self._source.matching(typed, schema=schema, limit=limit))

    def similar(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return self._seen("similar", self._source.similar(key, limit=limit))

    def referring(self, table: Table, *, limit: int | None = None) -> Sequence[Table]:
        assert limit is not None, "to a table that everything refers to"
        return self._seen("referring", self._source.referring(table, limit=limit))

    def mentioning(self, table: Table, *, limit: int) -> Sequence[Table]:
        return self._seen("mentioning", self._source.mentioning(table, limit=limit))

    def about(self, words: Sequence[str], *, limit: int) -> Sequence[Table]:
        return self._seen("about", self._source.about(words, limit=limit))

    def having(self, column: str, *, limit: int) -> Sequence[TableSummary]:
        return self._seen("having", self._source.having(column, limit=limit))

    def column_count(self) -> int:
        return self._source.column_count()

    def column_names(self, prefix: str = "", *, limit: int) -> Sequence[str]:
        return self._seen("column_names", self._source.column_names(prefix, limit=limit))

    def columns_matching(self, typed: str, *, limit: int) -> Sequence[str]:
        return self._seen("columns_matching", self._source.columns_matching(typed, limit=limit))

    def similar_columns(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return self._seen("similar_columns", self._source.similar_columns(key, limit=limit))

    def tables(self) -> Iterator[Table]:
        raise AssertionError("a request has read every table")

    def _seen(self, question: str, answer: Sequence[T]) -> Sequence[T]:
        self.questions[question] += 1
        self.answered[question] += len(answer)
        return answer
