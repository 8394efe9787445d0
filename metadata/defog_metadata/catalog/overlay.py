"""One source of tables over another: a workspace's definitions over a database's."""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TypeVar

from defog_metadata.catalog.index.about import about
from defog_metadata.catalog.index.mentions import mentions
from defog_metadata.catalog.index.overlaid import OverlaidIndex
from defog_metadata.catalog.index.protocol import TableIndex
from defog_metadata.catalog.matching import Typed, best, best_columns, name_words
from defog_metadata.catalog.memory import MemoryTables, refers
from defog_metadata.catalog.source import TableSource
from defog_metadata.catalog.values import Column, Table, TableSummary
from defog_metadata.lazy import lazy
from defog_metadata.spelling import nearest

__all__ = ["OverlaidTables"]

Named = TypeVar("Named", Table, TableSummary)


class OverlaidTables:
    """*upper* over *lower*: what *upper* says of a table wins, the rest shows through.

    A table of *upper* lies over the one of its name and schema, whatever the letter case; without
    a schema, over every table of its name. One that lies over none is added. *upper* should be
    small: all of it is looked at once, here.
    """

    def __init__(self, upper: TableSource, lower: TableSource) -> None:
        self._upper = upper
        self._lower = lower
        self._keys = dict.fromkeys(it.name.casefold() for it in upper.tables())
        self._length = len(lower)
        self._more_columns = 0
        schemas = set(lower.schemas())
        self._above: list[Table] = []
        self._summaries: list[tuple[str, TableSummary]] = []
        for key in self._keys:
            together = self.named(key)
            covered = lower.named(key)
            self._length += len(together) - len(covered)
            self._more_columns += sum(len(it.columns) for it in together)
            self._more_columns -= sum(len(it.columns) for it in covered)
            schemas.update(it.schema for it in together)
            self._above.extend(together)
            self._summaries.extend((key, it.summary) for it in together)
        self._schemas = sorted(schemas)

    @lazy
    def index(self) -> TableIndex:
        below, above = self._lower.index, dict[int, Table]()
        added: list[Table] = []
        for key in self._keys:
            numbers, together = below.named(key), self.named(key)
            above.update(zip(numbers, together, strict=False))
            added += together[len(numbers) :]
        above.update(enumerate(added, len(self._lower)))
        return OverlaidIndex(below, above)

    def __len__(self) -> int:
        return self._length

    def schemas(self) -> Sequence[str]:
        return self._schemas

    def named(self, key: str) -> Sequence[Table]:
        lower = self._lower.named(key)
        return _together(self._upper.named(key), lower) if key in self._keys else lower

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        above = [
            (key, it)
            for key, it in self._summaries
            if key.startswith(prefix) and (schema is None or it.schema == schema)
        ]
        # Some of what lies below is in *above* already, as it looks from up here.
        covered = sum(key.startswith(prefix) for key, _ in self._summaries)
        enough = None if limit is None else limit + covered
        below = [
            (key, it)
            for it in self._lower.summaries(prefix=prefix, schema=schema, limit=enough)
            if (key := it.name.casefold()) not in self._keys
        ]
        found = sorted([*above, *below], key=lambda it: (it[0], it[1].schema))
        return [it for _, it in found[:limit]]

    def matching(
        self, typed: str, *, schema: str | None = None, limit: int
    ) -> Sequence[TableSummary]:
        if not typed:
            return self.summaries(schema=schema, limit=limit)
        # As in ``summaries``: some of what lies below is in *above* already.
        below = self._lower.matching(typed, schema=schema, limit=limit + len(self._summaries))
        shown = [*self._shown(below)]
        shown += [it for _, it in self._summaries if schema in (None, it.schema)]
        known = ((it.name.casefold(), name_words(it.name), it) for it in shown)
        return best(Typed(typed), known, limit=limit)

    def similar(self, key: str, *, limit: int = 20) -> Sequence[str]:
        below = self._lower.similar(key, limit=limit)
        return nearest(key, dict.fromkeys((*self._keys, *below)), limit=limit)

    def referring(self, table: Table, *, limit: int | None = None) -> Sequence[Table]:
        above = [it for it in self._above if refers(it, table)]
        enough = None if limit is None else limit + len(self._above)
        return [*self._shown(self._lower.referring(table, limit=enough)), *above][:limit]

    def mentioning(self, table: Table, *, limit: int) -> Sequence[Table]:
        above = [it for it in self._above if it != table and mentions(it, table.name)]
        below = self._lower.mentioning(table, limit=limit + len(self._above))
        return [*self._shown(below), *above][:limit]

    def about(self, words: Sequence[str], *, limit: int) -> Sequence[Table]:
        return [self.index.table(it) for it in about(self.index, words, limit=limit)]

    def having(self, column: str, *, limit: int) -> Sequence[TableSummary]:
        above = [it.summary for it in self._above if it.columns_like(column)]
        below = self._lower.having(column, limit=limit + len(self._above))
        return [*self._shown(below), *above][:limit]

    def column_count(self) -> int:
        return self._lower.column_count() + self._more_columns

    def column_names(self, prefix: str = "", *, limit: int) -> Sequence[str]:
        # All columns of what lies below are still there.
        above = ((it.casefold(), it) for it in self._named_above.column_names(prefix, limit=limit))
        below = ((it.casefold(), it) for it in self._lower.column_names(prefix, limit=limit))
        found = {**dict(above), **dict(below)}
        return [found[it] for it in sorted(found)[:limit]]

    def columns_matching(self, typed: str, *, limit: int) -> Sequence[str]:
        above = self._named_above.columns_matching(typed, limit=limit)
        below = self._lower.columns_matching(typed, limit=limit)
        found = {it.casefold(): it for it in (*above, *below)}
        return best_columns(Typed(typed), found.values(), limit=limit)

    def similar_columns(self, key: str, *, limit: int = 20) -> Sequence[str]:
        below = self._lower.similar_columns(key, limit=limit)
        above = self._named_above.similar_columns(key, limit=limit)
        found = {it.casefold(): it for it in (*above, *below)}
        return [found[it] for it in nearest(key, found, limit=limit)]

    @lazy
    def _named_above(self) -> MemoryTables:
        return MemoryTables(self._above)

    def tables(self) -> Iterator[Table]:
        """In the order of what lies below; what lies over none comes last."""
        merged = {key: iter(self.named(key)) for key in self._keys}
        for table in self._lower.tables():
            key = table.name.casefold()
            yield next(merged[key]) if key in merged else table
        for added in merged.values():
            yield from added

    def _shown(self, below: Iterable[Named]) -> Iterator[Named]:
        """Those of *below* that nothing lies over."""
        return (it for it in below if it.name.casefold() not in self._keys)


def _together(uppers: Sequence[Table], lowers: Sequence[Table]) -> Sequence[Table]:
    """Tables of one name: every lower one with what lies over it, then what lies over none."""
    over: list[list[Table]] = [[] for _ in lowers]
    added: list[Table] = []
    for upper in uppers:
        places = _places(upper, uppers, lowers)
        for index in places:
            over[index].append(upper)
        if not places:
            added.append(upper)
    merged = [_merged(above, below) for above, below in zip(over, lowers, strict=True)]
    return [*merged, *added]


def _places(upper: Table, uppers: Sequence[Table], lowers: Sequence[Table]) -> list[int]:
    """The numbers of the tables that *upper* lies over."""
    found = [
        index
        for index, lower in enumerate(lowers)
        if _agree(upper.schema, lower.schema) and _agree(upper.database, lower.database)
    ]
    # Where names differ in letter case only, the one that is spelled alike is meant.
    for spelling in (attrgetter("name"), attrgetter("schema"), attrgetter("database")):
        alike = [index for index in found if spelling(lowers[index]) == spelling(upper)]
        found = alike or found
    # A table whose schema nobody knows cannot be in two.
    schemas = {it.schema.casefold() for it in uppers if it.schema}
    if upper.schema and len(schemas) > 1:
        found = [index for index in found if lowers[index].schema]
    return found


def _agree(one: str, other: str) -> bool:
    return not one or not other or one.casefold() == other.casefold()


def _merged(uppers: Sequence[Table], lower: Table) -> Table:
    for upper in uppers:
        lower = Table(
            name=lower.name,
            columns=_merged_columns(upper.columns, lower.columns),
            schema=lower.schema or upper.schema,
            database=lower.database or upper.database,
            kind=lower.kind,
            description=upper.description or lower.description,
            primary_key=upper.primary_key or lower.primary_key,
            unique_keys=upper.unique_keys or lower.unique_keys,
            foreign_keys=upper.foreign_keys or lower.foreign_keys,
            indexes=upper.indexes or lower.indexes,
            row_estimate=lower.row_estimate if upper.row_estimate is None else upper.row_estimate,
            definition=lower.definition or upper.definition,
        )
    return lower


def _merged_columns(uppers: Sequence[Column], lowers: Sequence[Column]) -> tuple[Column, ...]:
    spelled = {it.name: it for it in reversed(uppers)}
    known = {it.name for it in lowers}
    like = {it.name.casefold(): it for it in reversed(uppers) if it.name not in known}
    merged: list[Column] = []
    for lower in lowers:
        upper = spelled.pop(lower.name, None) or like.pop(lower.name.casefold(), None)
        if upper is not None:
            spelled.pop(upper.name, None)
        merged.append(lower if upper is None else _merged_column(upper, lower))
    return (*merged, *(it for it in uppers if spelled.pop(it.name, None) is not None))


def _merged_column(upper: Column, lower: Column) -> Column:
    return Column(
        name=lower.name,
        # The database knows its own types and defaults best; a file may be out of date.
        type=lower.type or upper.type,
        nullable=lower.nullable,
        default=lower.default if lower.default is not None else upper.default,
        description=upper.description or lower.description,
        enum_values=lower.enum_values or upper.enum_values,
        common_values=lower.common_values or upper.common_values,
    )
