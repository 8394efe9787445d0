"""Which tables and columns of a database a set of golden queries covers."""

from collections.abc import Iterable
from dataclasses import dataclass

from defog_metadata.catalog import Catalog, Name, Table
from defog_metadata.progress import check_stopped
from defog_metadata.sql.facts.touched import touched
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["Coverage", "Covered", "UncoveredColumn", "coverage", "covered"]


@dataclass(frozen=True, slots=True)
class UncoveredColumn:
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Covered:
    """How much is covered of a catalog."""

    tables_covered: int
    total_tables: int
    columns_covered: int
    total_columns: int

    @property
    def coverage_percentage(self) -> float:
        """The share of the columns, to two decimals; 0 where there are none."""
        return round(100 * self.columns_covered / (self.total_columns or 1), 2)


@dataclass(frozen=True, slots=True)
class Coverage(Covered):
    """What is covered of a catalog, counted, and what is not, by name, in the catalog's order.

    Tables are called as a query would have to call them: qualified only where the bare name does
    not mean them. Names are as the database stores them. The columns of tables that are not
    covered are not covered either, and listed.
    """

    uncovered_tables: tuple[str, ...]
    uncovered_columns: tuple[UncoveredColumn, ...]

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


def covered(queries: Iterable[str], catalog: Catalog, dialect: str) -> Covered:
    """How much *queries*, SQL of *dialect*, cover of *catalog*; its tables are not read.

    What counts is said in ``defog_metadata.sql.facts.touched``; names that mean nothing are passed
    over.
    """
    tables, columns = _touched(queries, catalog, dialect)
    source = catalog.source
    return Covered(len(tables), len(source), len(columns), source.column_count())


def coverage(queries: Iterable[str], catalog: Catalog, dialect: str) -> Coverage:
    """As ``covered``, and what is not: the catalog is read from beginning to end, never held."""
    tables, columns = _touched(queries, catalog, dialect)
    return _counted(catalog, tables, columns)


def _touched(
    queries: Iterable[str], catalog: Catalog, dialect: str
) -> tuple[set[str], set[tuple[str, str]]]:
    """The qualified names of tables, and these with names of columns."""
    tables: set[str] = set()
    columns: set[tuple[str, str]] = set()
    for sql in queries:
        check_stopped()
        for analysis in Snapshot(sql, catalog, dialect).analyses:
            found = touched(analysis, catalog.naming)
            tables.update(found.tables)
            columns |= found.columns
    return tables, columns


def _counted(catalog: Catalog, tables: set[str], columns: set[tuple[str, str]]) -> Coverage:
    total_tables = total_columns = 0
    uncovered_tables: list[str] = []
    uncovered_columns: list[UncoveredColumn] = []
    names = _Names(catalog)
    for table in catalog.source.tables():
        check_stopped()
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
