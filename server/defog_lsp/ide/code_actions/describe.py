"""Descriptions of what is named at the caret."""

from collections.abc import Iterator

from defog_lsp.ide.code_actions.actions import CodeAction, Task
from defog_lsp.ide.code_actions.tables import Tables
from defog_metadata.catalog.shapes.keys import key_of
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["describe"]


def describe(snapshot: Snapshot, tables: Tables) -> Iterator[CodeAction]:
    """Describe the table or column; or all columns of the table that nobody has described."""
    del snapshot
    if tables.named is None:
        return
    table, column = tables.named.table, tables.named.column
    written = tables.naming.write(table.name)
    key = key_of(table)
    if column is None:
        task = Task("describe", (key,))
        yield CodeAction(f"Describe {written}…", "defog.describe", task=task)
    else:
        task = Task("describe", (key,), (column.name,))
        title = f"Describe {written}.{tables.naming.write(column.name)}…"
        yield CodeAction(title, "defog.describe", task=task)
    missing = tuple(it.name for it in table.columns if not it.description.strip())
    if len(missing) > 1:
        title = f"Describe the {len(missing)} undescribed columns of {written}…"
        yield CodeAction(title, "defog.describe", task=Task("describe", (key,), missing))
