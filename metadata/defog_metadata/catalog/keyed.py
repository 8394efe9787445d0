"""Tables by the keys that they have in metadata: ``t``, ``schema.t``, ``database.schema.t``."""

from defog_metadata.catalog.catalog import Catalog
from defog_metadata.catalog.naming import Name
from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.catalog.values import Table

__all__ = ["table_of_key"]


def table_of_key(catalog: Catalog, key: str) -> Table | None:
    """The table that *key* names: exactly as it is stored, else as an unquoted name would."""
    database, schema, name = split_key(key)
    for it in catalog.source.named(name.casefold()):
        if (it.database, it.schema, it.name) == (database, schema, name):
            return it
    path = (schema, name) if schema else (name,)
    path = (database, *path) if database and schema else path
    return catalog.table(*(Name(it, quoted=True) for it in path)) or catalog.table(*map(Name, path))
