"""Metadata whose tables no statement can create, because of what it says of a type or a default."""

from collections.abc import Iterator, Sequence

from defog_metadata.catalog import Table
from defog_metadata.checks.metadata.problems import MetadataProblem, Place
from defog_metadata.ddl import WITHOUT_DDL, ddl_problems

__all__ = ["uncreatable"]


def uncreatable(tables: Sequence[Table], dialect: str) -> Iterator[MetadataProblem]:
    """What cannot be read of the statements that create *tables* in *dialect*, once for a table.

    Whether they run only a database can tell: see ``defog_metadata.execution``. Tables and columns
    need names.
    """
    if not dialect or dialect in WITHOUT_DDL:
        return
    places = {id(it): index for index, it in enumerate(tables)}
    for table, reason in ddl_problems(tables, dialect):
        message = f"the statement that creates {table.qualified_name} cannot be read: {reason}"
        yield MetadataProblem("metadata-type", Place(places[id(table)]), message)
