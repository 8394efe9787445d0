"""How keys tie tables together, and the joins that this suggests."""

from collections.abc import Iterator
from dataclasses import dataclass

from defog_metadata.catalog import Catalog, Name, Naming, Table
from defog_metadata.sql.scopes import Relation

__all__ = [
    "MOST_TABLES",
    "KeyPairs",
    "called",
    "condition",
    "free_alias",
    "keyed_tables",
    "keys_between",
    "written_name",
]

MOST_TABLES = 500
"""A database with more tables is asked only for those that the keys of the tables in FROM name."""


@dataclass(frozen=True, slots=True)
class KeyPairs:
    """Columns of one relation, in order, and those of another that they equal."""

    left: tuple[str, ...]
    right: tuple[str, ...]


def keys_between(table: Table, other: Table) -> Iterator[KeyPairs]:
    """The ways in which foreign keys tie *table* (left) to *other* (right), in both directions."""
    for key in table.foreign_keys:
        if _refers(key.referred_table, key.referred_schema or table.schema, other):
            yield KeyPairs(key.columns, key.referred_columns)
    if table == other:
        return
    for key in other.foreign_keys:
        if _refers(key.referred_table, key.referred_schema or other.schema, table):
            yield KeyPairs(key.referred_columns, key.columns)


def _refers(name: str, schema: str, table: Table) -> bool:
    return name == table.name and (not schema or table.schema in ("", schema))


def keyed_tables(table: Table, catalog: Catalog) -> list[Table]:
    """The tables that keys tie to *table*, each once; those that it refers to first."""
    found: dict[str, Table] = {}
    for key in table.foreign_keys:
        path = [Name(it, quoted=True) for it in (key.referred_schema or table.schema,) if it]
        referred = catalog.table(*path, Name(key.referred_table, quoted=True))
        if referred is not None:
            found.setdefault(referred.qualified_name, referred)
    if len(catalog.source) <= MOST_TABLES:
        for other in catalog.source.tables():
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


def written_name(table: Table, catalog: Catalog) -> str:
    """The table's name as a query must write it, with its schema where that is needed."""
    name = catalog.naming.write(table.name)
    if catalog.is_visible(table):
        return name
    return f"{catalog.naming.write(table.schema)}.{name}"


def free_alias(name: str, taken: set[str]) -> str:
    """The initials of *name*, or more of it, or with a number, until nothing is called so."""
    parts = [it for it in name.casefold().split("_") if it]
    initials = "".join(it[0] for it in parts) or "t"
    candidates = [initials, name.casefold()[:3]]
    candidates += [f"{initials}{number}" for number in range(2, 100)]
    return next(it for it in candidates if it not in taken and it.isidentifier())
