"""Names of the database by a part of them: tables, and columns with the tables that have them.

``ord`` finds ``orders`` and ``customer_orders``, ``oli`` finds ``order_line_items``, and so with
columns; with a dot, ``orders.tot``, columns of the tables that are called so. Where nothing is
typed there are tables, as far as a list is of use.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from defog_metadata.catalog import Catalog, TableSummary
from defog_metadata.catalog.matching import Typed, closeness, name_words

__all__ = ["StoredName", "asks", "may_mean", "stored_names"]

_MOST_LISTED = 500
"""Tables where nothing is typed: some clients look for names in the list themselves."""
_MOST_TABLES = 50
_MOST_COLUMNS = 50
_MOST_CALLED_ALIKE = 10
"""Different columns that start as is typed, and tables before a dot."""


@dataclass(frozen=True, slots=True)
class StoredName:
    """A table, or the column of it that is not empty."""

    table: TableSummary
    column: str = ""

    @property
    def name(self) -> str:
        return self.column or self.table.name


def stored_names(query: str, catalog: Catalog) -> list[StoredName]:
    """The names that *query* may mean, tables first, the closest of each first."""
    wanted = query.strip()
    if not wanted:
        return list(map(StoredName, catalog.source.summaries(limit=_MOST_LISTED)))
    qualifier, dot, name = wanted.rpartition(".")
    if dot:
        return list(islice(_in_tables(qualifier, name, catalog), _MOST_COLUMNS))
    tables = catalog.source.matching(wanted, limit=_MOST_TABLES)
    columns = islice(_called(wanted, catalog), _MOST_COLUMNS)
    return [*map(StoredName, tables), *columns]


def _called(wanted: str, catalog: Catalog) -> Iterator[StoredName]:
    """The columns that may be meant, and where they are."""
    source = catalog.source
    for name in source.columns_matching(wanted, limit=_MOST_CALLED_ALIKE):
        for it in source.having(name.casefold(), limit=_MOST_CALLED_ALIKE):
            yield StoredName(it, name)


def _in_tables(qualifier: str, wanted: str, catalog: Catalog) -> Iterator[StoredName]:
    """The columns that *wanted* may mean, of the tables that *qualifier* may mean."""
    schema, _, name = qualifier.rpartition(".")
    typed = Typed(wanted)
    for summary in catalog.source.matching(name, limit=_MOST_CALLED_ALIKE):
        if schema and summary.schema.casefold() != schema.casefold():
            continue
        for table in catalog.source.named(summary.name.casefold()):
            if table.schema == summary.schema:
                rated = (
                    (closeness(typed, it.name.casefold(), name_words(it.name)), it.name)
                    for it in table.columns
                )
                fitting = sorted((far, it) for far, it in rated if far is not None)
                yield from (StoredName(summary, it) for _, it in fitting)


def may_mean(query: str, name: str) -> bool:
    """Whether *query* may mean *name*, which a text gives, as it may mean a stored one."""
    return closeness(Typed(query.strip()), name.casefold(), name_words(name)) is not None


def asks(query: str, question: str) -> bool:
    """Whether all words of *query* are in *question*."""
    known = question.casefold()
    return all(it in known for it in query.casefold().split())
