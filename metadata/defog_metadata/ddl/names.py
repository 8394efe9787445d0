"""Names of tables, and of what belongs to them, as one dialect writes them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from defog_metadata.catalog import Naming, Table, naming_of
from defog_metadata.catalog.dialects import default_search_path
from defog_metadata.ddl.flavours import Flavour, schemas_are_databases

__all__ = ["Names", "distinct_names", "in_target_schemas"]

# Bare, each of them would begin a constraint or an index where a column is expected, or the IF
# of IF NOT EXISTS where a table is.
_BEGINNINGS = frozenset(
    """check constraint exclude foreign fulltext if index key like period primary spatial
    unique""".split()
)


class Names:
    """Writes names, quoted where they have to be."""

    def __init__(self, dialect: str) -> None:
        self._naming: Naming = naming_of(dialect)

    def __call__(self, stored: str) -> str:
        written = self._naming.write(stored)
        if written != stored or not self._begins_something_else(stored):
            return written
        return f"{self._naming.quote_open}{stored}{self._naming.quote_close}"

    def _begins_something_else(self, name: str) -> bool:
        # MySQL takes `_latin1` for the character set of a text.
        is_introducer = self._naming.dialect == "mysql" and name.startswith("_")
        return is_introducer or name.lower() in _BEGINNINGS

    def listed(self, columns: Iterable[str]) -> str:
        return f"({', '.join(map(self, columns))})"

    def path(self, *parts: str) -> str:
        """``schema.name``, without the parts that are empty."""
        return ".".join(self(it) for it in parts if it)


def in_target_schemas(tables: Sequence[Table], source: str, flavour: Flavour) -> list[Table]:
    """*tables* of *source* under the schemas that they are created in; empty: the default.

    Schemas stay as they are, but the default one, which becomes the default one of the other
    dialect. Where a schema is a database (MySQL), that is the database connected to: the tables of
    one schema go there, and come from there, whatever it is called. SQLite has no schemas: where
    two tables would be called the same, the schema becomes part of the name.
    """
    usual = set(default_search_path(source))
    own = {it.schema for it in tables if it.schema}
    is_single = len(own) == 1 and (flavour.schemas == "databases" or schemas_are_databases(source))
    clashing = {
        name
        for name, count in Counter(it.name.casefold() for it in tables).items()
        if flavour.schemas == "none" and count > 1
    }

    def placed(database: str, schema: str, name: str) -> tuple[str, str, str]:
        if flavour.schemas == "none":
            is_clash = name.casefold() in clashing and schema
            return "", "", f"{schema}_{name}" if is_clash else name
        is_moved = source != flavour.dialect and flavour.schemas != "databases"
        if (is_single and schema in own) or (is_moved and schema in usual):
            schema = flavour.default_schema
        keeps_database = flavour.has_catalogs and source == flavour.dialect and schema
        return database if keeps_database else "", schema, name

    found = []
    for table in tables:
        database, schema, name = placed(table.database, table.schema, table.name)
        keys = []
        for key in table.foreign_keys:
            _, referred_schema, referred = placed(
                "", key.referred_schema or table.schema, key.referred_table
            )
            keys.append(replace(key, referred_schema=referred_schema, referred_table=referred))
        found.append(
            replace(table, database=database, schema=schema, name=name, foreign_keys=tuple(keys))
        )
    return found


def distinct_names(tables: Sequence[Table], flavour: Flavour) -> list[Table]:
    """*tables* whose indexes and constraints are called so that *flavour* takes them all.

    An index has a name in its table in MySQL and in its schema elsewhere; a foreign key in its
    schema in MySQL and in its table elsewhere. A second one gets the table's name in front; a
    second foreign key, none at all.
    """
    indexes: Counter[tuple[str, str]] = Counter()
    keys: Counter[tuple[str, str]] = Counter()
    for table in tables:
        indexes.update((table.schema, it.name.casefold()) for it in table.indexes)
        keys.update((table.schema, it.name.casefold()) for it in table.foreign_keys)
    taken = {(it.schema, it.name.casefold()) for it in tables}
    if flavour.indexes == "inline":
        indexes.clear()
        taken.clear()
    found = []
    for table in tables:
        schema = table.schema
        found.append(
            replace(
                table,
                indexes=tuple(
                    replace(it, name=f"{table.name}_{it.name}")
                    if indexes[schema, it.name.casefold()] > 1
                    or (schema, it.name.casefold()) in taken
                    else it
                    for it in table.indexes
                ),
                foreign_keys=tuple(
                    replace(it, name="")
                    if flavour.indexes == "inline" and keys[schema, it.name.casefold()] > 1
                    else it
                    for it in table.foreign_keys
                ),
            )
        )
    return found
