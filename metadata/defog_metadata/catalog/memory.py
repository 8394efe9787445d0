"""A source of tables that are in memory: literals, small files."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from defog_metadata.catalog.index.about import about
from defog_metadata.catalog.index.memory import MemoryIndex
from defog_metadata.catalog.index.mentions import mentions, words_of
from defog_metadata.catalog.matching import Typed, best, best_columns, name_words
from defog_metadata.catalog.values import Table, TableSummary
from defog_metadata.lazy import lazy
from defog_metadata.spelling import nearest

__all__ = ["MemoryTables", "refers"]


class MemoryTables:
    """A source of tables that are already in memory."""

    def __init__(self, tables: Iterable[Table] = ()) -> None:
        self._tables = tuple(tables)
        self._by_key: dict[str, list[Table]] = {}
        for table in self._tables:
            self._by_key.setdefault(table.name.casefold(), []).append(table)
        self._schemas = sorted({it.schema for it in self._tables})
        self._summaries = sorted(
            ((it.name.casefold(), it.summary) for it in self._tables),
            key=lambda it: (it[0], it[1].schema),
        )

    def __len__(self) -> int:
        return len(self._tables)

    def schemas(self) -> Sequence[str]:
        return self._schemas

    def named(self, key: str) -> Sequence[Table]:
        return self._by_key.get(key, ())

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        found = [
            summary
            for key, summary in self._summaries
            if key.startswith(prefix) and (schema is None or summary.schema == schema)
        ]
        return found[:limit]

    @lazy
    def index(self) -> MemoryIndex:
        return MemoryIndex(self._tables)

    def matching(
        self, typed: str, *, schema: str | None = None, limit: int
    ) -> Sequence[TableSummary]:
        if not typed:
            return self.summaries(schema=schema, limit=limit)
        known = (it for it in self._known if schema in (None, it[-1].schema))
        return best(Typed(typed), known, limit=limit)

    def similar(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return nearest(key, self._by_key, limit=limit)

    def referring(self, table: Table, *, limit: int | None = None) -> Sequence[Table]:
        return [it for it in self._referring.get(table.name.casefold(), ()) if refers(it, table)][
            :limit
        ]

    def mentioning(self, table: Table, *, limit: int) -> Sequence[Table]:
        words = words_of(table.name)
        rarest = min((self._mentioning.get(it, ()) for it in words), key=len, default=())
        return [it for it in rarest if it != table and mentions(it, table.name)][:limit]

    def about(self, words: Sequence[str], *, limit: int) -> Sequence[Table]:
        return [self._tables[it] for it in about(self.index, words, limit=limit)]

    def having(self, column: str, *, limit: int) -> Sequence[TableSummary]:
        return [it.summary for it in self._having.get(column, ())[:limit]]

    def column_count(self) -> int:
        return sum(len(it.columns) for it in self._tables)

    def column_names(self, prefix: str = "", *, limit: int) -> Sequence[str]:
        start = bisect_left(self._column_keys, prefix)
        found = takewhile(lambda it: it.startswith(prefix), islice(self._column_keys, start, None))
        return [self._columns[it] for it in islice(found, limit)]

    def columns_matching(self, typed: str, *, limit: int) -> Sequence[str]:
        return best_columns(Typed(typed), self._columns.values(), limit=limit)

    def similar_columns(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return [self._columns[it] for it in nearest(key, self._column_keys, limit=limit)]

    def tables(self) -> Iterator[Table]:
        return iter(self._tables)

    @lazy
    def _known(self) -> list[tuple[str, tuple[str, ...], TableSummary]]:
        return [(key, name_words(it.name), it) for key, it in self._summaries]

    @lazy
    def _referring(self) -> Mapping[str, Sequence[Table]]:
        """By the casefolded names that foreign keys say."""
        found: dict[str, list[Table]] = {}
        for table in self._tables:
            for key in dict.fromkeys(it.referred_table.casefold() for it in table.foreign_keys):
                found.setdefault(key, []).append(table)
        return found

    @lazy
    def _mentioning(self) -> Mapping[str, Sequence[Table]]:
        """Views by the words of their queries."""
        found: dict[str, list[Table]] = {}
        for table in self._tables:
            for word in words_of(table.definition):
                found.setdefault(word, []).append(table)
        return found

    @lazy
    def _columns(self) -> Mapping[str, str]:
        """The first name of each casefolded form."""
        found: dict[str, str] = {}
        for table in self._tables:
            for column in table.columns:
                found.setdefault(column.name.casefold(), column.name)
        return found

    @lazy
    def _column_keys(self) -> Sequence[str]:
        return sorted(self._columns)

    @lazy
    def _having(self) -> Mapping[str, Sequence[Table]]:
        found: dict[str, list[Table]] = {}
        for table in self._tables:
            for key in dict.fromkeys(it.name.casefold() for it in table.columns):
                found.setdefault(key, []).append(table)
        return found


def refers(referring: Table, table: Table) -> bool:
    """Whether a foreign key of *referring* refers to *table*, letter case of the name aside."""
    key = table.name.casefold()
    return any(
        it.referred_table.casefold() == key
        and table.schema in ("", it.referred_schema or referring.schema)
        for it in referring.foreign_keys
    )
