"""What is told of an item once somebody looks at it.

Clients that ask for it get the whole of it, made from the names in the item's ``Subject`` alone,
since by then the document may have changed. To others the list itself brings what is at hand.
"""

from collections.abc import Sequence

from sqlglot.dialects.dialect import Dialect

from defog_lsp.ide.completion.items import Subject
from defog_metadata.catalog import Catalog, Table, TableSummary
from defog_metadata.catalog.described import (
    column_facts,
    described_column,
    described_table,
    in_glossary,
)
from defog_metadata.pruning import Glossary
from defog_metadata.sql.facts.stored_views import StoredViews
from defog_metadata.sql.functions import described, functions_of
from defog_metadata.sql.scopes import Field

__all__ = ["brief", "documentation", "subject_of_field", "subject_of_table"]

_MOST_STATEMENTS = 3


def documentation(
    subject: Subject, catalog: Catalog, dialect: str, glossary: Glossary | None = None
) -> str:
    """Markdown; the empty string where the subject is not there (any more)."""
    if dialect and Dialect.get(dialect) is None:
        return ""
    if subject.kind == "function":
        function = functions_of(dialect).get(subject.name)
        return described(function) if function is not None else ""
    table = _table(subject, catalog)
    if table is None:
        return ""
    table = StoredViews(catalog).described(table)
    known = glossary or Glossary()
    if subject.kind == "table":
        said = known.said_of_table(table.name, most=_MOST_STATEMENTS)
        return _with(described_table(table, catalog.naming), said)
    column = table.column(subject.name)
    if column is None:
        return ""
    said = known.said_of_column(table.name, column.name, most=_MOST_STATEMENTS)
    return _with(described_column(table, column, catalog.naming), said)


def _with(described_: str, said: Sequence[str]) -> str:
    return "\n\n".join(filter(None, (described_, in_glossary(said))))


def brief(field: Field) -> str:
    """What is known of a column beside its type and its table."""
    if field.column is None or field.table is None:
        return ""
    facts = column_facts(field.table, field.column)
    return "\n\n".join(filter(None, (field.column.description, *facts)))


def subject_of_table(table: Table | TableSummary | None) -> Subject | None:
    if table is None:
        return None
    database = table.database if isinstance(table, Table) else ""
    return Subject("table", table=table.name, schema=table.schema, database=database)


def subject_of_field(field: Field) -> Subject | None:
    """The column that the field's value comes from, whatever the query calls it."""
    table, column = field.table, field.column
    if table is None or column is None:
        return None
    return Subject("column", column.name, table.name, table.schema, table.database)


def _table(subject: Subject, catalog: Catalog) -> Table | None:
    """By the names as they are stored: what is in scope has no say in it."""
    return next(
        (
            it
            for it in catalog.source.named(subject.table.casefold())
            if (it.name, it.schema) == (subject.table, subject.schema)
            and subject.database in ("", it.database)
        ),
        None,
    )
