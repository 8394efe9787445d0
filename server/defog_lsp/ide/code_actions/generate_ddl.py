"""The statements that make the tables of a place."""

from collections.abc import Iterator

from defog_lsp.ide.code_actions.actions import CodeAction, Task
from defog_lsp.ide.code_actions.tables import Tables, keys_of
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["generate_ddl"]


def generate_ddl(snapshot: Snapshot, tables: Tables) -> Iterator[CodeAction]:
    """DDL of the table at the caret, of the statement's tables, of the file's, each if it differs.

    In the dialect of the text; for the narrowest of them also in another one.
    """
    labels = [(it.label, keys_of(it.tables)) for it in tables.places if it.tables]
    for label, keys in labels:
        task = Task("generateDdl", keys, dialect=snapshot.dialect)
        yield CodeAction(f"Generate DDL for {label}", "defog.ddl", task=task)
    for label, keys in labels[:1]:
        title = f"Generate DDL for {label} in another dialect…"
        yield CodeAction(title, "defog.ddl", task=Task("generateDdl", keys))
