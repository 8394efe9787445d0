"""What can be done to the database itself. Whoever does it asks first."""

from collections.abc import Iterator

from defog_lsp.ide.code_actions.actions import CodeAction, Task
from defog_lsp.ide.code_actions.tables import Tables, keys_of
from defog_metadata.catalog.shapes.keys import key_of
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["WITH_COMMENTS", "change_database"]

WITH_COMMENTS = frozenset(("postgres", "redshift", "snowflake", "duckdb", "mysql"))
"""The dialects of databases whose comments ``defog_metadata.execution`` writes."""


def change_database(snapshot: Snapshot, tables: Tables) -> Iterator[CodeAction]:
    """Make the statement's tables, empty; write the descriptions of the one at the caret."""
    made = tables.statement or ((tables.named.table,) if tables.named else ())
    made = tuple(it for it in made if it.kind == "table")
    if made:
        title = f"Create {tables.label(made, 'statement')} in a database, without rows…"
        yield CodeAction(title, "defog.database", task=Task("createTables", keys_of(made)))
    table = tables.named.table if tables.named else None
    if table is None or snapshot.dialect not in WITH_COMMENTS:
        return
    if table.description or any(it.description for it in table.columns):
        title = f"Write the descriptions of {tables.naming.write(table.name)} to a database…"
        task = Task("commentDatabase", (key_of(table),))
        yield CodeAction(title, "defog.database", task=task)
