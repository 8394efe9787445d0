"""Joins that foreign keys tell."""

from collections.abc import Iterator

from defog_metadata.catalog import ForeignKey, Naming, Table
from defog_metadata.sql.scopes import Relation

__all__ = ["conditions_between"]


def conditions_between(left: Relation, right: Relation, naming: Naming) -> Iterator[str]:
    """A condition for each foreign key from one of the two tables to the other."""
    for referring, referred in ((left, right), (right, left)):
        if referring.table is None or referred.table is None:
            continue
        for key in referring.table.foreign_keys:
            if referring.name and referred.name and _refers(key, referring.table, referred.table):
                sides = naming.repeat(referring.name), naming.repeat(referred.name)
                yield " AND ".join(
                    f"{sides[0]}.{naming.write(ours)} = {sides[1]}.{naming.write(theirs)}"
                    for ours, theirs in zip(key.columns, key.referred_columns, strict=False)
                )


def _refers(key: ForeignKey, table: Table, other: Table) -> bool:
    schema = key.referred_schema or table.schema
    return key.referred_table == other.name and schema in ("", other.schema)
