"""Table keys: ``t``, ``schema.t``, ``database.schema.t``.

A part that itself contains a dot is written in double quotes, as SQL would: ``sales."a.b"``.
"""

import re
from collections.abc import Sequence

from defog_metadata.catalog.values import Table

__all__ = ["join_key", "key_of", "split_key"]

_PART = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^.]*))\.')


def split_key(key: str) -> tuple[str, str, str]:
    """The database, schema and table that *key* names; empty where it does not say.

    Of more than three parts the leading ones are the database's, whose names may have dots where
    a cloud project names them.

    >>> split_key("warehouse.sales.orders")
    ('warehouse', 'sales', 'orders')
    >>> split_key('sales."order.lines"')
    ('', 'sales', 'order.lines')
    """
    parts = [
        it["plain"] if it["quoted"] is None else it["quoted"].replace('""', '"')
        for it in _PART.finditer(f"{key}.")
    ]
    *leading, name = parts
    schema = leading.pop() if leading else ""
    return ".".join(leading), schema, name


def join_key(database: str, schema: str, name: str) -> str:
    """The inverse of ``split_key``.

    >>> join_key("", "sales", "orders")
    'sales.orders'
    >>> join_key("warehouse", "", "orders")
    'warehouse..orders'
    """
    parts: Sequence[str] = (name,)
    if database:
        parts = (database, schema, name)
    elif schema:
        parts = (schema, name)
    return ".".join(map(_quoted_if_needed, parts))


def key_of(table: Table) -> str:
    """The whole key of *table*, with all parts that are known."""
    return join_key(table.database, table.schema, table.name)


def _quoted_if_needed(part: str) -> str:
    if "." not in part and not part.startswith('"'):
        return part
    doubled = part.replace('"', '""')
    return f'"{doubled}"'
