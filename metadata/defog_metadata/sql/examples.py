"""Golden queries as examples for pruning: what the answer to each question reads."""

from collections.abc import Iterable, Iterator

from defog_metadata.catalog import Catalog
from defog_metadata.pruning.evidence import Evidence, Example, Tie
from defog_metadata.pruning.prune import Pruner
from defog_metadata.sql.analysis import Analysis, analyse
from defog_metadata.sql.scopes import Field, Relation
from defog_metadata.sql.source.statements import split
from defog_metadata.sql.usage import usage_of

__all__ = ["example_of", "examples_of", "pruner_of"]


def pruner_of(
    catalog: Catalog, golden_queries: Iterable[tuple[str, str]] = (), glossary: str = ""
) -> Pruner:
    """A pruner of *catalog* that knows what *golden_queries*, questions with their SQL, read.

    *glossary* has one statement a line. To be kept as long as all three stay the same.
    """
    return Pruner(catalog, Evidence(examples_of(golden_queries, catalog), glossary))


def examples_of(golden_queries: Iterable[tuple[str, str]], catalog: Catalog) -> tuple[Example, ...]:
    """An example for each pair of a question and its SQL that reads a table of *catalog*.

    Takes some milliseconds for each: to be kept as long as the catalog is.
    """
    found = (example_of(question, sql, catalog) for question, sql in golden_queries)
    return tuple(it for it in found if it.tables)


def example_of(question: str, sql: str, catalog: Catalog) -> Example:
    """What *sql*, the answer to *question*, reads of *catalog*; nothing where it cannot be read."""
    dialect = catalog.dialect
    tables: set[str] = set()
    columns: set[tuple[str, str]] = set()
    for statement in split(sql, dialect):
        analysis = analyse(statement, catalog, dialect)
        tables.update(_tables(analysis))
        columns.update(_columns(analysis))
    tables.update(table for table, _ in columns)
    joins = usage_of([sql], catalog, dialect).joins
    ties = tuple(Tie(it.table, it.columns, it.other, it.other_columns) for it in joins)
    return Example(question, frozenset(tables), frozenset(columns), ties)


def _tables(analysis: Analysis) -> Iterator[str]:
    for reference in analysis.references:
        for target in reference.targets[:1]:
            if reference.kind == "table" and isinstance(target, Relation) and target.table:
                yield target.table.qualified_name


def _columns(analysis: Analysis) -> Iterator[tuple[str, str]]:
    for reference in analysis.references:
        for target in reference.targets[:1]:
            if isinstance(target, Field) and target.table and target.column:
                yield target.table.qualified_name, target.column.name
