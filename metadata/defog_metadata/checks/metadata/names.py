"""Names of tables and columns: each there, and there once."""

from collections.abc import Iterable, Iterator, Sequence

from defog_metadata.catalog import Table
from defog_metadata.checks.metadata.problems import MetadataProblem, Place

__all__ = ["duplicates", "empty_names"]

# Where letter case never makes two columns of one name. Tables may differ by it in MySQL (file
# systems) and BigQuery (data sets); SQL Server's collations may tell all names apart.
_CASELESS_COLUMNS = frozenset(
    "bigquery databricks duckdb hive mysql redshift spark spark2 sqlite trino presto athena".split()
)
_CASELESS_TABLES = _CASELESS_COLUMNS - {"bigquery", "mysql"}


def empty_names(tables: Sequence[Table]) -> Iterator[MetadataProblem]:
    """Tables and columns whose name is nothing but space."""
    for index, table in enumerate(tables):
        if not table.name.strip():
            schema = f" in the schema {table.schema}" if table.schema else ""
            message = f"table {index + 1}{schema} has no name"
            yield MetadataProblem("configuration", Place(index), message)
        for place, column in enumerate(table.columns):
            if not column.name.strip():
                message = f"column {place + 1} of {_shown(table, index)} has no name"
                yield MetadataProblem("configuration", Place(index, place), message)


def duplicates(tables: Sequence[Table], dialect: str) -> Iterator[MetadataProblem]:
    """Tables, and columns of a table, that the *dialect* takes for the same.

    A table without a schema is not taken for one that has it: which of several it means depends on
    the database.
    """
    keys = (
        tuple(_key(it, dialect in _CASELESS_TABLES) for it in (t.database, t.schema, t.name))
        for t in tables
    )
    for index, first in _repeated(keys):
        if tables[index].name.strip():
            message = f"the table {tables[index].qualified_name} is defined twice"
            yield MetadataProblem("metadata-duplicate", Place(index), message, earlier=Place(first))
    for index, table in enumerate(tables):
        names = (_key(it.name, dialect in _CASELESS_COLUMNS) for it in table.columns)
        for place, first in _repeated(names):
            name = table.columns[place].name
            if name.strip():
                yield MetadataProblem(
                    "metadata-duplicate",
                    Place(index, place),
                    f"{_shown(table, index)} has the column {name} twice",
                    earlier=Place(index, first),
                )


def _key(name: str, is_caseless: bool) -> str:
    return name.casefold() if is_caseless else name


def _repeated(keys: Iterable[object]) -> Iterator[tuple[int, int]]:
    """The index of everything that has been there before, and of its first appearance."""
    first: dict[object, int] = {}
    for index, key in enumerate(keys):
        if first.setdefault(key, index) != index:
            yield index, first[key]


def _shown(table: Table, index: int) -> str:
    return table.qualified_name if table.name.strip() else f"table {index + 1}"
