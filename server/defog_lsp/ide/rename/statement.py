"""The statement that gives a table or column of a database its new name."""

from defog_lsp.ide.rename.stored import Renaming
from defog_metadata.catalog import Catalog

__all__ = ["rename_statement"]


def rename_statement(renaming: Renaming, catalog: Catalog) -> str:
    """In the dialect of *catalog*; empty for views, which engines rename in ways of their own."""
    table, column = renaming.stored.table, renaming.stored.column
    if table.kind != "table":
        return ""
    write = catalog.naming.write
    qualified = [write(it) for it in (table.schema, table.name) if it]
    if catalog.dialect == "tsql":
        path = ".".join((*qualified, *((write(column),) if column else ()))).replace("'", "''")
        new = renaming.name.replace("'", "''")
        return f"EXEC sp_rename '{path}', '{new}'" + (", 'COLUMN'" if column else "")
    altered = f"ALTER TABLE {'.'.join(qualified)} RENAME"
    if column:
        return f"{altered} COLUMN {write(column)} TO {write(renaming.name)}"
    # Without its schema the table would go into the one that is current.
    moves = catalog.dialect in _MOVES
    new_path = [*(qualified[:-1] if moves else ()), write(renaming.name)]
    return f"{altered} TO {'.'.join(new_path)}"


_MOVES = frozenset(("mysql", "snowflake", "databricks", "spark"))
