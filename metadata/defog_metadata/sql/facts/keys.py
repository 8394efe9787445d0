"""How keys tie tables together, and the joins that this suggests."""

from collections.abc import Iterator
from dataclasses import dataclass

from defog_metadata.catalog import Catalog, Name, Naming, Table, TableSummary
from defog_metadata.sql.scopes import Relation

__all__ = [
    "MOST_KEYED",
    "KeyPairs",
    "called",
    "condition",
    "conditions_between",
    "keyed_tables",
    "keys_between",
    "written_name",
]

MOST_KEYED = 50
"""So many of the tables that refer to one are looked at: to a calendar, thousands may."""


@dataclass(frozen=True, slots=True)
class KeyPairs:
    """Columns of one relation, in order, and those of another that they equal."""

    left: tuple[str, ...]
    right: tuple[str, ...]


def keys_between(table: Table, other: Table) -> Iterator[KeyPairs]:
    """The ways in which foreign keys tie *table* (left) to *other* (right), in both directions."""
    own = _keys_to(table, other)
    others = [KeyPairs(it.right, it.left) for it in _keys_to(other, table)]
    # A key to the table itself ties a row to its parent and to its children; to the parent first.
    yield from others + own if table == other else own + others


def _keys_to(table: Table, other: Table) -> list[KeyPairs]:
    return [
        KeyPairs(it.columns, it.referred_columns)
        for it in table.foreign_keys
        if _refers(it.referred_table, it.referred_schema or table.schema, other)
    ]


def conditions_between(relation: Relation, other: Relation, naming: Naming) -> Iterator[str]:
    """A condition for each foreign key between the two, the referring columns on the left."""
    for left, right in ((relation, other), (other, relation)):
        if left.table is not None and right.table is not None:
            for pairs in _keys_to(left.table, right.table):
                yield condition(called(left, naming), pairs, right, naming)


def _refers(name: str, schema: str, table: Table) -> bool:
    return name == table.name and (not schema or table.schema in ("", schema))


def keyed_tables(table: Table, catalog: Catalog) -> list[Table]:
    """The tables that keys tie to *table*, each once; those that it refers to first.

    Of those that refer to it, ``MOST_KEYED`` at the most.
    """
    found: dict[str, Table] = {}
    for key in table.foreign_keys:
        path = [Name(it, quoted=True) for it in (key.referred_schema or table.schema,) if it]
        referred = catalog.table(*path, Name(key.referred_table, quoted=True))
        if referred is not None:
            found.setdefault(referred.qualified_name, referred)
    for other in catalog.source.referring(table, limit=MOST_KEYED):
        if any(keys_between(other, table)):
            found.setdefault(other.qualified_name, other)
    return list(found.values())


def condition(alias: str, pairs: KeyPairs, other: Relation, naming: Naming) -> str:
    """``alias.id = o.customer_id``: the columns on the left are those of *alias*."""
    right = called(other, naming)
    return " AND ".join(
        f"{alias}.{naming.write(ours)} = {right}.{naming.write(theirs)}"
        for ours, theirs in zip(pairs.left, pairs.right, strict=False)
    )


def called(relation: Relation, naming: Naming) -> str:
    """The relation's name in this query, as a qualifier is written."""
    name = relation.name
    if name is None:
        return ""
    return naming.write(name.text) if name.quoted else name.text


def written_name(table: Table | TableSummary, catalog: Catalog) -> str:
    """The table's name as a query must write it, with its schema where that is needed."""
    name = catalog.naming.write(table.name)
    if catalog.is_visible(table):
        return name
    return f"{catalog.naming.write(table.schema)}.{name}"
