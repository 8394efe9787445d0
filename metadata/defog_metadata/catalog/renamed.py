"""A source in which one table, or one of its columns, has another name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from defog_metadata.catalog.index import TableIndex
from defog_metadata.catalog.memory import refers
from defog_metadata.catalog.source import TableSource
from defog_metadata.catalog.values import ForeignKey, Table, TableSummary

__all__ = ["RenamedTables"]


@dataclass(frozen=True, eq=False)
class RenamedTables:
    """*lower* as it would be after ``alter table … rename``; foreign keys follow.

    For finding out what names would mean. Whatever is looked for by words (``about``, ``index``)
    is still found by the old name.
    """

    lower: TableSource
    table: Table
    """As *lower* has it."""
    name: str
    """The new one: of ``column``, or of the table where that is empty."""
    column: str = ""

    @property
    def index(self) -> TableIndex:
        return self.lower.index

    def __len__(self) -> int:
        return len(self.lower)

    def schemas(self) -> Sequence[str]:
        return self.lower.schemas()

    def named(self, key: str) -> Sequence[Table]:
        found = [it for it in map(self._after, self.lower.named(key)) if it.name.casefold() == key]
        old = self.table.name.casefold()
        if not self.column and key == self.name.casefold() != old:
            found += (self._after(it) for it in self.lower.named(old) if self._is_meant(it))
        return found

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        enough = None if limit is None else limit + 1
        return self._summed(
            self.lower.summaries(prefix=prefix, schema=schema, limit=enough), prefix, schema
        )[:limit]

    def matching(
        self, typed: str, *, schema: str | None = None, limit: int
    ) -> Sequence[TableSummary]:
        return self._summed(self.lower.matching(typed, schema=schema, limit=limit), None, schema)

    def similar(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return [it for it in self.lower.similar(key, limit=limit) if self.column or self.named(it)]

    def referring(self, table: Table, *, limit: int | None = None) -> Sequence[Table]:
        before = self.table if table.name == self.name and not self.column else table
        return [self._after(it) for it in self.lower.referring(before, limit=limit)]

    def mentioning(self, table: Table, *, limit: int) -> Sequence[Table]:
        # The queries of stored views are kept as they were.
        before = self.table if table.name == self.name and not self.column else table
        return [self._after(it) for it in self.lower.mentioning(before, limit=limit)]

    def about(self, words: Sequence[str], *, limit: int) -> Sequence[Table]:
        return [self._after(it) for it in self.lower.about(words, limit=limit)]

    def having(self, column: str, *, limit: int) -> Sequence[TableSummary]:
        found = [
            it
            for it in self._summed(self.lower.having(column, limit=limit + 1), None, None)
            if not self._is_of_table(it) or self._renamed.columns_like(column)
        ]
        if self.column and column == self.name.casefold():
            found += [self._renamed.summary] if self._renamed.summary not in found else []
        return found[:limit]

    def column_count(self) -> int:
        return self.lower.column_count()

    def column_names(self, prefix: str = "", *, limit: int) -> Sequence[str]:
        return self.lower.column_names(prefix, limit=limit)

    def columns_matching(self, typed: str, *, limit: int) -> Sequence[str]:
        return self.lower.columns_matching(typed, limit=limit)

    def similar_columns(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return self.lower.similar_columns(key, limit=limit)

    def tables(self) -> Iterator[Table]:
        return map(self._after, self.lower.tables())

    @property
    def _renamed(self) -> Table:
        return self._after(self.table)

    def _summed(
        self, found: Iterable[TableSummary], prefix: str | None, schema: str | None
    ) -> list[TableSummary]:
        if self.column:
            return [*found]
        rest = [it for it in found if not self._is_of_table(it)]
        new = self._renamed.summary
        is_wanted = prefix is not None and new.name.casefold().startswith(prefix)
        if is_wanted and schema in (None, new.schema):
            rest.append(new)
        return sorted(rest, key=lambda it: (it.name.casefold(), it.schema)) if is_wanted else rest

    def _is_of_table(self, it: TableSummary) -> bool:
        return (it.name, it.schema) == (self.table.name, self.table.schema)

    def _is_meant(self, it: Table) -> bool:
        ours = (self.table.database, self.table.schema, self.table.name)
        return (it.database, it.schema, it.name) == ours

    def _after(self, it: Table) -> Table:
        keys = it.foreign_keys
        if refers(it, self.table):
            keys = tuple(self._referring(key, it) for key in keys)
        if not self._is_meant(it):
            return it if keys is it.foreign_keys else replace(it, foreign_keys=keys)
        if not self.column:
            return replace(it, name=self.name, foreign_keys=keys)
        return replace(
            it,
            columns=tuple(
                replace(one, name=self._called(one.name)) if one.name == self.column else one
                for one in it.columns
            ),
            primary_key=self._all_called(it.primary_key),
            unique_keys=tuple(
                replace(one, columns=self._all_called(one.columns)) for one in it.unique_keys
            ),
            foreign_keys=tuple(replace(one, columns=self._all_called(one.columns)) for one in keys),
            indexes=tuple(
                replace(one, columns=self._all_called(one.columns)) for one in it.indexes
            ),
        )

    def _referring(self, key: ForeignKey, table: Table) -> ForeignKey:
        if not refers(replace(table, foreign_keys=(key,)), self.table):
            return key
        if not self.column:
            return replace(key, referred_table=self.name)
        return replace(key, referred_columns=self._all_called(key.referred_columns))

    def _all_called(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self._called, names))

    def _called(self, name: str) -> str:
        return self.name if name == self.column else name
