"""Pruned metadata as text for a prompt: definitions of tables, then how they are joined.

::

    CREATE TABLE orders ( -- one row per order
      id integer PRIMARY KEY,
      status text, -- one of 'new', 'paid'
      customer_id integer
    );
    -- Joins:
    -- orders.customer_id = customers.id
"""

from collections.abc import Sequence

from defog_metadata.catalog import Catalog, Column, Table

__all__ = ["JOINS", "column_line", "column_note", "condition", "table_lines", "table_note"]

JOINS = "-- Joins:\n"
_MOST_VALUES = 10


def table_name(table: Table, catalog: Catalog) -> str:
    """As a query must write it."""
    name = catalog.naming.write(table.name)
    if catalog.is_visible(table):
        return name
    return f"{catalog.naming.write(table.schema)}.{name}"


def table_lines(table: Table, catalog: Catalog, note: str) -> tuple[str, str]:
    """The first and the last line of a table's definition."""
    kind = "TABLE" if "view" not in table.kind else "VIEW"
    return f"CREATE {kind} {table_name(table, catalog)} ({_comment(note)}\n", ");\n"


def column_line(table: Table, column: Column, catalog: Catalog, note: str) -> str:
    # Every line ends with a comma: no line depends on whether another follows.
    key = " PRIMARY KEY" if table.primary_key == (column.name,) else ""
    declared = " ".join(filter(None, (catalog.naming.write(column.name), column.type)))
    return f"  {declared}{key},{_comment(note)}\n"


def table_note(table: Table) -> str:
    return _line(table.description)


def column_note(column: Column) -> str:
    """What is to be known of the column beside its type, in one line."""
    values = column.enum_values or column.common_values
    shown = ", ".join(f"'{it}'" for it in values[:_MOST_VALUES])
    more = ", …" if len(values) > _MOST_VALUES else ""
    kind = "one of" if column.enum_values else "such as"
    return "; ".join(
        filter(None, (_line(column.description), f"{kind} {_line(shown)}{more}" if shown else ""))
    )


def condition(
    table: Table, columns: Sequence[str], other: Table, others: Sequence[str], catalog: Catalog
) -> str:
    """``orders.customer_id = customers.id``; the tables alone where the columns are not known."""
    left, right = table_name(table, catalog), table_name(other, catalog)
    if not columns or len(columns) != len(others):
        return f"{left} with {right}"
    write = catalog.naming.write
    return " AND ".join(
        f"{left}.{write(one)} = {right}.{write(two)}"
        for one, two in zip(columns, others, strict=True)
    )


def _comment(note: str) -> str:
    return f" -- {note}" if note else ""


def _line(text: str) -> str:
    return " ".join(text.split())
