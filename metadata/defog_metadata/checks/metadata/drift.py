"""What metadata says that its database, as it was last read, contradicts."""

from collections.abc import Iterator, Sequence

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.checks.metadata.kinds import disagree
from defog_metadata.checks.metadata.problems import MetadataProblem, Place
from defog_metadata.progress import check_stopped
from defog_metadata.rules.mends import did_you_mean
from defog_metadata.spelling import is_clear, nearest

__all__ = ["drift"]


def drift(tables: Sequence[Table], database: Catalog) -> Iterator[MetadataProblem]:
    """Tables and columns that *database* lacks, and types that it has otherwise.

    What *tables* lack is no drift: metadata may describe a part. A partial *database*, such as one
    of which only some schemas are read, may have the tables that it lacks; so may a schema that it
    does not cover at all. A table without a schema means every table of its name, as it does where
    metadata is laid over a database.
    """
    for index, table in enumerate(tables):
        check_stopped()
        if not table.name.strip():
            continue
        stored = [it for it in database.source.named(table.name.casefold()) if _agree(table, it)]
        if stored:
            yield from _columns(index, table, stored, database.dialect)
        elif (problem := _table(index, table, database)) is not None:
            yield problem


def _agree(table: Table, stored: Table) -> bool:
    return all(
        not said or not known or said.casefold() == known.casefold()
        for said, known in ((table.schema, stored.schema), (table.database, stored.database))
    )


def _table(index: int, table: Table, database: Catalog) -> MetadataProblem | None:
    schemas = [it for it in database.source.schemas() if it]
    schema = next((it for it in schemas if it.casefold() == table.schema.casefold()), None)
    if table.schema and schemas and schema is None:
        # A schema that is spelled like no other may well be one that is not read.
        close = nearest(table.schema, schemas, limit=1)
        if not is_clear(table.schema, close):
            return None
        message = did_you_mean(f"the database has no schema {table.schema}", close)
        return MetadataProblem(
            "metadata-drift", Place(index, part="schema", name=table.schema), message, close
        )
    if table.database or (database.is_partial and not table.schema):
        return None
    if not len(database.source):
        return None
    close = nearest(table.name, database.similar(table.name, schema=schema), limit=3)
    message = did_you_mean(f"the database has no table {table.qualified_name}", close)
    return MetadataProblem("metadata-drift", Place(index), message, close)


def _columns(
    index: int, table: Table, stored: Sequence[Table], dialect: str
) -> Iterator[MetadataProblem]:
    if not all(it.columns for it in stored):
        return  # of one of them nobody knows the columns
    for place, column in enumerate(table.columns):
        found = [it for one in stored for it in one.columns_like(column.name)]
        if not column.name.strip():
            continue
        if not found:
            names = dict.fromkeys(it.name for one in stored for it in one.columns)
            start = f"{stored[0].qualified_name} has no column {column.name} in the database"
            close = nearest(column.name, names)
            yield MetadataProblem(
                "metadata-drift", Place(index, place), did_you_mean(start, close), close
            )
        elif all(disagree(column.type, it.type, dialect) for it in found):
            yield _type(Place(index, place, "type"), table, column, found[0])


def _type(place: Place, table: Table, column: Column, stored: Column) -> MetadataProblem:
    message = (
        f"{table.qualified_name}.{column.name} is {stored.type} in the database, not {column.type}"
    )
    return MetadataProblem("metadata-drift", place, message, (stored.type,))
