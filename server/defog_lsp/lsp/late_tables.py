"""As ``late``, of tables that somebody chooses, and the statements that create them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from defog_lsp.lsp.late import warm_up

if TYPE_CHECKING:
    from defog_lsp.ide.code_actions import Choice, Tables
    from defog_metadata.catalog import Catalog, Table
    from defog_metadata.sql.snapshot import Snapshot

__all__ = ["choices", "ddl_dialects", "ddl_document", "tables_at", "tables_of_keys"]

# ruff: noqa: PLC0415 - importing late is what this module is for


def tables_at(snapshot: "Snapshot", offset: int) -> "Tables":
    warm_up()
    from defog_lsp.ide import code_actions as feature

    return feature.tables_at(snapshot, offset)


def choices(at: "Tables | None", catalog: "Catalog") -> "list[Choice]":
    warm_up()
    from defog_lsp.ide import code_actions as feature

    return feature.choices(at, catalog)


def tables_of_keys(catalog: "Catalog", keys: Sequence[str]) -> "list[Table | None]":
    warm_up()
    from defog_metadata.catalog.keyed import table_of_key

    return [table_of_key(catalog, it) for it in keys]


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
