"""Which tables and columns of a database a set of golden queries covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from defog_metadata.catalog import Catalog, Name, Table
from defog_metadata.sql.facts.touched import touched
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["Coverage", "UncoveredColumn", "coverage"]


@dataclass(frozen=True, slots=True)
class UncoveredColumn:
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is covered of a catalog, counted, and what is not, by name, in the catalog's order.

    Tables are called as a query would have to call them: qualified only where the bare name does
    not mean them. Names are as the database stores them. The columns of tables that are not
    covered are not covered either, and listed.
    """

    tables_covered: int
    total_tables: int
    columns_covered: int
    total_columns: int
    uncovered_tables: tuple[str, ...]
    uncovered_columns: tuple[UncoveredColumn, ...]

    @property
    def coverage_percentage(self) -> float:
        """The share of the columns, to two decimals; 0 where there are none."""
        return round(100 * self.columns_covered / (self.total_columns or 1), 2)

    def as_dict(self) -> dict[str, object]:
        """The documented result of ``check_golden_queries_coverage``."""
        return {
            "tables_covered": self.tables_covered,
            "total_tables": self.total_tables,
            "columns_covered": self.columns_covered,
            "total_columns": self.total_columns,
            "coverage_percentage": self.coverage_percentage,
            "uncovered_tables": list(self.uncovered_tables),
            "uncovered_columns": [
                {"table": it.table, "column": it.column} for it in self.uncovered_columns
            ],
        }


def coverage(queries: Iterable[str], catalog: Catalog, dialect: str) -> Coverage:
    """What *queries*, SQL of *dialect*, cover of *catalog*.

    What counts is said in ``defog_metadata.sql.facts.touched``; names that mean nothing are passed
    over. The catalog is read from beginning to end, but not where the same of it is covered as the
    last time, and never held.
    """
    tables: set[str] = set()
    columns: set[tuple[str, str]] = set()
    for sql in queries:
        for analysis in Snapshot(sql, catalog, dialect).analyses:
            found = touched(analysis, catalog.naming)
            tables.update(found.tables)
            columns |= found.columns
    last = _last.get(catalog)
    if last is None or last[:2] != (tables, columns):
        # What is typed in one query rarely changes what all of them touch.
        last = _last[catalog] = tables, columns, _counted(catalog, tables, columns)
    return last[2]


_last: WeakKeyDictionary[Catalog, tuple[set[str], set[tuple[str, str]], Coverage]] = (
    WeakKeyDictionary()
)


def _counted(catalog: Catalog, tables: set[str], columns: set[tuple[str, str]]) -> Coverage:
    total_tables = total_columns = 0
    uncovered_tables: list[str] = []
    uncovered_columns: list[UncoveredColumn] = []
    names = _Names(catalog)
    for table in catalog.source.tables():
        total_tables += 1
        total_columns += len(table.columns)
        key = table.qualified_name
        missing = [it.name for it in table.columns if (key, it.name) not in columns]
        if key in tables and not missing:
            continue
        name = names.of(table)
        if key not in tables:
            uncovered_tables.append(name)
        uncovered_columns += (UncoveredColumn(name, it) for it in missing)
    return Coverage(
        total_tables - len(uncovered_tables),
        total_tables,
        total_columns - len(uncovered_columns),
        total_columns,
        tuple(uncovered_tables),
        tuple(uncovered_columns),
    )


class _Names:
    """How a query has to call the tables of a catalog, found out once for all of them."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        schemas = frozenset(catalog.source.schemas())
        self._path = [it for it in catalog.search_path if it in schemas]

    def of(self, table: Table) -> str:
        if not table.schema or table.schema in self._path[:1]:
            return table.name
        if self._path and table.schema not in self._path:
            return table.qualified_name
        # Another of this name may be found before it.
        called = self._catalog.elsewhere(Name(table.name, quoted=True))
        order = [it.schema for it in called if it.schema in self._path or not self._path]
        first = next((it for it in self._path if it in order), order[0] if order else "")
        return table.name if first == table.schema else table.qualified_name
