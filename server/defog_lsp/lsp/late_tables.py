"""What commands on tables need, imported when first asked for; as ``late``, called in threads."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp.loading import warm_up

if TYPE_CHECKING:
    from defog_lsp.ide.code_actions import Choice, Tables
    from defog_metadata.catalog import Catalog, Table, TableSummary
    from defog_metadata.execution import Created
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.text import Edit, Span
    from defog_metadata.updates import Change
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import Workspace

__all__ = [
    "change_edits",
    "change_of",
    "choices",
    "create_tables",
    "ddl_dialects",
    "ddl_document",
    "description_file",
    "description_place",
    "key_of",
    "missing_edits",
    "named",
    "same_file",
    "tables_at",
    "tables_named",
    "update_descriptions",
    "write_comments",
    "written_name",
]

# ruff: noqa: PLC0415 - importing late is what this module is for


def tables_at(snapshot: "Snapshot", offset: int) -> "Tables":
    warm_up()
    from defog_lsp.ide import code_actions as feature

    return feature.tables_at(snapshot, offset)


def choices(at: "Tables | None", catalog: "Catalog") -> "list[Choice]":
    warm_up()
    from defog_lsp.ide import code_actions as feature

    return feature.choices(at, catalog)


def key_of(database: str, schema: str, name: str) -> str:
    """How metadata name a table."""
    from defog_metadata.catalog.shapes.keys import join_key

    return join_key(database, schema, name)


def written_name(table: "Table | TableSummary", catalog: "Catalog") -> str:
    """How a statement names the table: quoted, and with its schema, where that is needed."""
    warm_up()
    from defog_metadata.sql.facts.keys import written_name

    return written_name(table, catalog)


def tables_named(keys: Sequence[str], catalog: "Catalog") -> "list[Table]":
    """The tables with *keys*. Raises ``MetadataError`` for one that is unknown."""
    warm_up()
    from defog_metadata.updates import table_named

    return [table_named(it, catalog) for it in keys]


def named(name: str, catalog: "Catalog") -> "tuple[Table, tuple[str, ...]]":
    """The table called *name*, or that of ``table.column`` and its column.

    Raises ``MetadataError`` where there is none, or where it could be both.
    """
    warm_up()
    from defog_metadata.updates import table_or_column

    table, column = table_or_column(name, catalog)
    return table, (column,) if column else ()


def ddl_dialects(first: str) -> list[tuple[str, str]]:
    """Dialects of DDL, *first* before the others, and what people call them."""
    warm_up()
    from defog_lsp.ide import ddl as feature

    return [(it, feature.dialect_title(it)) for it in feature.ddl_dialects(first)]


def ddl_document(
    catalog: "Catalog", tables: "Sequence[Table]", dialect: str, source_dialect: str, origin: str
) -> tuple[str, str]:
    """A name for the document, and its text. Raises ``ConfigurationError``."""
    warm_up()
    from defog_lsp.ide import ddl as feature

    text = feature.ddl_document(
        catalog, tables, dialect, source_dialect=source_dialect, origin=origin
    )
    return feature.ddl_name(tables), text


def change_of(
    table: "Table", description: str | None, columns: Mapping[str, str], catalog: "Catalog"
) -> "Change":
    warm_up()
    from defog_metadata.updates import Change

    return Change(table, description, columns, catalog.is_visible(table))


def description_file(
    workspace: "Workspace", connection: "Connection | None", table: "Table"
) -> Path | None:
    """The metadata file that descriptions of *table* go to; ``None`` for the cache entry.

    Raises ``ConfigurationError`` where there is neither.
    """
    warm_up()
    from defog_metadata.updates import target_of

    target = target_of(workspace, connection, table)
    return None if target.kind == "cache" else target.path


def update_descriptions(
    workspace: "Workspace", connection: "Connection | None", change: "Change"
) -> None:
    """Write *change* to where it is kept. Raises ``DefogError``; the file is then as it was."""
    warm_up()
    from defog_metadata.catalog.shapes.keys import join_key
    from defog_metadata.updates import update_metadata

    update: dict[str, object] = {"columns": dict(change.columns)}
    if change.description is not None:
        update["table_description"] = change.description
    update_metadata(workspace, connection, {join_key(*change.path): update})


def change_edits(text: str, file: Path, change: "Change") -> "Sequence[Edit]":
    """What makes the *text* of the metadata *file* say *change*. Raises ``MetadataError``."""
    warm_up()
    from defog_metadata.checks.metadata.files import file_kind
    from defog_metadata.updates import change_edits

    return change_edits(text, file_kind(file), [change])


def missing_edits(text: str, file: Path, change: "Change") -> "tuple[Sequence[Edit], str]":
    """What puts the descriptions of *change* into *text* that it has no place for, and the result.

    Raises ``MetadataError``.
    """
    warm_up()
    from defog_metadata.checks.metadata.files import file_kind
    from defog_metadata.rules.fixes import applied
    from defog_metadata.updates.places import undescribed

    missing = undescribed(text, file_kind(file), change)
    if missing.description is None and not missing.columns:
        return (), text
    edits = change_edits(text, file, missing)
    return edits, applied(text, edits)


def description_place(text: str, file: Path, change: "Change") -> "Span":
    """Where the first description of *change* stands in *text*, or should."""
    warm_up()
    from defog_metadata.checks.metadata.files import file_kind
    from defog_metadata.updates.places import description_place

    return description_place(text, file_kind(file), change)


def create_tables(
    connection: "Connection", tables: "Sequence[Table]", source_dialect: str
) -> "Created":
    """Create *tables*, without rows; those that are there stay. Raises ``DefogError``."""
    warm_up()
    from defog_metadata.execution import create_tables

    return create_tables(
        connection.db_type,
        connection.resolved_creds(),
        tables,
        if_not_exists=True,
        source_dialect=source_dialect or None,
    )


def write_comments(connection: "Connection", change: "Change") -> tuple[str, ...]:
    """Write *change* to the database as comments; the statements. Raises ``DefogError``."""
    warm_up()
    from defog_metadata.execution import Descriptions, write_comments

    said = Descriptions(change.table, change.description, change.columns)
    return write_comments(connection.db_type, connection.resolved_creds(), [said])


def same_file(one: Path, other: Path) -> bool:
    """Whether both paths lead to one file."""
    return os.path.realpath(one) == os.path.realpath(other)
